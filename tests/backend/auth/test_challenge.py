"""Logins: the text that was asked for, signed by the DID that asked, once and in time."""

from datetime import UTC, datetime, timedelta

import pytest

from cms_backend.auth.challenge import Challenges, MemoryAnsweredStore
from cms_backend.core.errors import DidError, LoginError, SignatureError
from cms_backend.core.ids import Time
from cms_backend.core.keys import checksum_address
from cms_backend.core.login import LoginMessage
from cms_backend.core.signatures import Ed25519Signer, Secp256k1Signer, sign_login

ALICE = Ed25519Signer(bytes(range(32)))
BOB = Ed25519Signer(bytes(range(1, 33)))
ACCOUNT = Secp256k1Signer(bytes(range(32)), chain=1)
CURVE = Secp256k1Signer(bytes(range(32)))


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 5, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def challenges(clock: Clock) -> Challenges:
    return Challenges(MemoryAnsweredStore(4), "cms.local/00ff", timedelta(minutes=5), clock)


@pytest.mark.parametrize("signer", [ALICE, ACCOUNT, CURVE], ids=["ed25519", "account", "secp256k1"])
async def test_who_signs_the_text_in_time_is_logged_in(
    challenges: Challenges, signer: Ed25519Signer | Secp256k1Signer
) -> None:
    asked = await challenges.ask(signer.did)
    assert asked.text.startswith("cms.local wants you to sign in with your ")
    assert await challenges.check(signer.did, asked.text, sign_login(asked.text, signer)) == signer.did


async def test_a_text_can_be_used_once(challenges: Challenges) -> None:
    asked = await challenges.ask(ALICE.did)
    signature = sign_login(asked.text, ALICE)
    await challenges.check(ALICE.did, asked.text, signature)
    with pytest.raises(LoginError, match="has been used"):
        await challenges.check(ALICE.did, asked.text, signature)


async def test_a_failed_attempt_leaves_the_text_to_who_was_asked(challenges: Challenges) -> None:
    asked = await challenges.ask(ALICE.did)
    with pytest.raises(SignatureError):
        await challenges.check(ALICE.did, asked.text, "z" + "1" * 64)
    assert await challenges.check(ALICE.did, asked.text, sign_login(asked.text, ALICE)) == ALICE.did


async def test_a_text_expires(challenges: Challenges, clock: Clock) -> None:
    asked = await challenges.ask(ALICE.did)
    clock.now += timedelta(minutes=5)
    with pytest.raises(LoginError, match="expired"):
        await challenges.check(ALICE.did, asked.text, sign_login(asked.text, ALICE))


async def test_nobody_logs_in_with_a_text_for_another(challenges: Challenges) -> None:
    asked = await challenges.ask(ALICE.did)
    with pytest.raises(LoginError):
        await challenges.check(BOB.did, asked.text, "z1")


async def test_a_text_of_ones_own_making_is_refused(challenges: Challenges) -> None:
    asked = await challenges.ask(ALICE.did)
    own = asked.text.replace("I log in", "I log on")
    with pytest.raises(LoginError, match="not asked for"):
        await challenges.check(ALICE.did, own, sign_login(own, ALICE))


@pytest.mark.parametrize("did", ["did:web:example.com", "did:ethr:0x" + "ab" * 20])
async def test_a_did_whose_key_is_not_in_it_is_told_so(challenges: Challenges, did: str) -> None:
    with pytest.raises(LoginError, match="cannot log in"):
        await challenges.ask(did)


@pytest.mark.parametrize("did", ["", "alice", "did:key:nonsense", "did:unknown:x\ny"])
async def test_what_is_no_did_is_refused(challenges: Challenges, did: str) -> None:
    with pytest.raises((DidError, LoginError)):
        await challenges.ask(did)


async def test_a_text_with_other_times_or_another_nonce_is_refused(
    challenges: Challenges, clock: Clock
) -> None:
    asked = await challenges.ask(ALICE.did)
    later = Time.from_datetime(clock.now + timedelta(minutes=60))
    nonce = LoginMessage.parse(asked.text).nonce
    for own in (
        asked.text.replace(Time.from_datetime(asked.expires), later),
        asked.text.replace(Time.from_datetime(clock.now), later),
        asked.text.replace(nonce, "0" * 32 + nonce[32:]),
        asked.text.replace(nonce, nonce[:32] + "0" * 64),
        asked.text.replace(nonce, nonce[:32]),
        asked.text.replace("\nExpiration Time: " + Time.from_datetime(asked.expires), ""),
    ):
        assert own != asked.text
        with pytest.raises(LoginError):
            await challenges.check(ALICE.did, own, sign_login(own, ALICE))


async def test_a_challenge_of_another_process_is_none_here(challenges: Challenges, clock: Clock) -> None:
    other = Challenges(MemoryAnsweredStore(4), "cms.local/00ff", timedelta(minutes=5), clock)
    asked = await other.ask(ALICE.did)
    with pytest.raises(LoginError, match="not asked for"):
        await challenges.check(ALICE.did, asked.text, sign_login(asked.text, ALICE))


async def test_ten_thousand_open_logins_shut_nobody_out(challenges: Challenges) -> None:
    mine = await challenges.ask(ALICE.did)
    for _ in range(10_000):
        await challenges.ask(BOB.did)
    assert await challenges.check(ALICE.did, mine.text, sign_login(mine.text, ALICE)) == ALICE.did


async def test_ten_times_as_many_answers_as_are_remembered_shut_nobody_out_and_none_is_good_twice(
    challenges: Challenges, clock: Clock
) -> None:
    answered = []
    for _ in range(40):
        clock.now += timedelta(milliseconds=1)
        asked = await challenges.ask(BOB.did)
        signature = sign_login(asked.text, BOB)
        assert await challenges.check(BOB.did, asked.text, signature) == BOB.did
        answered.append((asked.text, signature))
    for text, signature in answered:
        with pytest.raises(LoginError, match="has been used"):
            await challenges.check(BOB.did, text, signature)
    clock.now += timedelta(milliseconds=1)
    mine = await challenges.ask(ALICE.did)
    assert await challenges.check(ALICE.did, mine.text, sign_login(mine.text, ALICE)) == ALICE.did


async def test_logins_of_one_moment_are_never_good_twice_either(challenges: Challenges) -> None:
    asked = [await challenges.ask(BOB.did) for _ in range(12)]
    good = 0
    for _ in range(2):
        for challenge in asked:
            try:
                await challenges.check(BOB.did, challenge.text, sign_login(challenge.text, BOB))
            except LoginError:
                continue
            good += 1
    assert 4 <= good <= len(asked)


async def test_an_account_logs_in_with_its_address_in_mixed_case(challenges: Challenges) -> None:
    """Wallets of Ethereum write addresses after EIP-55."""
    before, _, address = ACCOUNT.did.rpartition(":")
    mixed = f"{before}:{checksum_address(address)}"
    assert mixed != ACCOUNT.did
    for first, second in ((mixed, mixed), (mixed, ACCOUNT.did), (ACCOUNT.did, mixed)):
        asked = await challenges.ask(first)
        assert asked.did == ACCOUNT.did
        assert await challenges.check(second, asked.text, sign_login(asked.text, ACCOUNT)) == ACCOUNT.did
    swapped = f"{before}:{checksum_address(address).swapcase().replace('X', 'x')}"
    with pytest.raises(DidError, match="checksum"):
        await challenges.ask(swapped)
