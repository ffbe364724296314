"""Parties whose accounts are contracts: their signatures are judged by what the account's contract answers."""

from __future__ import annotations

from dataclasses import replace

from cms_backend.core import compose
from cms_backend.core.base58 import b58encode
from cms_backend.core.errors import UndecidedSignature
from cms_backend.core.events import Action, Envelope, Seen
from cms_backend.core.hashing import H
from cms_backend.core.ids import Digest
from cms_backend.core.signatures import Secp256k1Signer, verify_envelope
from cms_backend.core.suites import secp256k1_sign
from cms_backend.core.verify import Erc1271Fact, LedgerFacts
from tests.support.core_samples import account
from tests.support.verify_world import ANNA, World, party


def accounts_world(*, seen: bool = False) -> tuple[World, Secp256k1Signer, Envelope]:
    """Boris signs through a contract account: his key is not the account's."""
    owner, key = account(21), account(22)
    wallet = Secp256k1Signer(bytes([22]) * 32, chain=1)
    world = World((party(ANNA, "Anna", step=2), party(owner, "Boris")))
    world.propose()
    block = world.seen() if seen else Seen.nothing()
    signed = world.sign({**_decision(world, owner, block), "actor": str(owner.did)}, Posing(wallet, owner))
    assert key.did != owner.did
    world.take(signed)
    return world, owner, signed


class Posing:
    """Signs with one key under the name of another: what a contract account's owner does."""

    def __init__(self, key: Secp256k1Signer, name: Secp256k1Signer) -> None:
        self._key, self.did, self.key = key, name.did, name.key

    def sign(self, statement: object) -> str:
        return "z" + b58encode(secp256k1_sign(statement.eip712_digest, self._key._secret))  # type: ignore[attr-defined]

    def sign_login(self, message: object) -> str:
        raise NotImplementedError(message)


def _decision(world: World, signer: Secp256k1Signer, seen: Seen) -> dict[str, object]:
    return compose.compose_decision(
        world.state, Action.signed, signer.did, occurred_at=world.tick(), seen=seen
    )


def answer(signed: Envelope, owner: Secp256k1Signer, *, block: int, **changes: object) -> Erc1271Fact:
    """What the account's contract says at a block."""
    try:
        verify_envelope(signed, owner.public)
    except UndecidedSignature as error:
        asked, signature = Digest.of(error.digest), H(error.signature)
    fact = Erc1271Fact(owner.key, asked, signature, block, has_code=True, valid=True)
    return replace(fact, **changes)  # type: ignore[arg-type]


def facts_with(world: World, *answers: Erc1271Fact) -> LedgerFacts:
    """The world's facts with the answers of the account's contract."""
    return world.facts(erc1271=answers)
