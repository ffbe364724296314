import pytest

from cms_backend.core.did import (
    did_from_outside,
    did_key,
    did_pkh,
    did_web_url,
    key_of_did,
    parse_did,
    parse_did_url,
    verification_method,
)
from cms_backend.core.errors import DidError
from tests.support.core_samples import account, ed25519, secp256k1

ADDRESS = "0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f"


def test_did_key_and_did_pkh_certify_their_own_key() -> None:
    for signer in (ed25519(1), secp256k1(1)):
        assert key_of_did(did_key(signer.public)) == signer.key
    assert key_of_did(did_pkh(account(1).public)) == account(1).key
    assert key_of_did("did:web:example.com") is None


def test_a_key_and_an_account_have_their_own_method_only() -> None:
    with pytest.raises(DidError):
        did_key(account(1).public)
    with pytest.raises(DidError):
        did_pkh(ed25519(1).public)


def test_the_verification_method_follows_from_did_and_key() -> None:
    key = ed25519(1).key
    assert verification_method(ed25519(1).did, key) == f"did:key:{key}#{key}"
    assert verification_method(account(1).did, account(1).key) == f"{account(1).did}#blockchainAccountId"
    assert verification_method("did:web:example.com", key) == f"did:web:example.com#{key}"


def test_each_method_is_taken_apart() -> None:
    assert parse_did(ed25519(1).did).key == ed25519(1).key
    pkh = parse_did(f"did:pkh:eip155:137:{ADDRESS}")
    assert (pkh.chain, pkh.address, pkh.key) == (137, ADDRESS, f"eip155:137:{ADDRESS}")
    web = parse_did("did:web:example.com%3A3000:user:alice")
    assert (web.host, web.port, web.path) == ("example.com", 3000, ("user", "alice"))
    assert parse_did(f"did:ethr:{ADDRESS}").chain == 1
    sepolia = parse_did(f"did:ethr:0xaa36a7:{ADDRESS}")
    assert (sepolia.chain, sepolia.address) == (11155111, ADDRESS)
    by_key = parse_did("did:ethr:sepolia:0x02" + "ab" * 32)
    assert (by_key.chain, by_key.address, by_key.public_key) == (11155111, None, "0x02" + "ab" * 32)


def test_an_unknown_method_is_named_with_the_known_ones() -> None:
    with pytest.raises(DidError, match="'ion' is not supported") as caught:
        parse_did("did:ion:abc")
    assert "did:web" in str(caught.value.remedy)


@pytest.mark.parametrize(
    "text",
    [
        "did:pkh:eip155:1:0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F",
        f"did:pkh:eip155:01:{ADDRESS}",
        f"did:pkh:solana:1:{ADDRESS}",
        f"did:ethr:0x9D{ADDRESS[4:]}",
        f"did:ethr:unknownnet:{ADDRESS}",
        f"did:ethr:0x01:{ADDRESS}",
        "did:ethr:0x04" + "ab" * 32,
        "did:web:",
        "did:web:Example.com",
        "did:web:192.168.1.1",
        "did:web:example.com%3A99999",
        "did:web:example.com%3Aabc",
        "did:web:example.com::x",
        "did:web:example.com:..:x",
        "did:web:example.com:%2e%2e:x",
        "did:web:example.com%2Fadmin",
        "did:web:user%40example.com",
        "did:key:zQ3s",
        "did:KEY:abc",
        "did:key:z6Mk/path",
        "did:x:" + "a" * 3000,
    ],
)
def test_a_did_has_one_form(text: str) -> None:
    with pytest.raises(DidError):
        parse_did(text)


def test_a_did_web_names_one_address_over_https() -> None:
    assert did_web_url("did:web:example.com") == "https://example.com/.well-known/did.json"
    assert (
        did_web_url("did:web:example.com%3A3000:user:alice") == "https://example.com:3000/user/alice/did.json"
    )
    with pytest.raises(DidError):
        did_web_url(ed25519(1).did)


def test_a_did_url_is_split_and_the_absent_is_told_from_the_empty() -> None:
    url = parse_did_url("did:example:123/a/b?c=d#e")
    assert (url.did, url.path, url.query, url.fragment) == ("did:example:123", "/a/b", "c=d", "e")
    bare = parse_did_url("did:example:123")
    assert (bare.path, bare.query, bare.fragment) == ("", None, None)
    assert parse_did_url("did:example:123?#").query == ""
    for bad in [
        "did:example:123#a#b",
        "did:example:123/ö",
        "did:example",
        "x/did:example:1",
        "did:example:1 #a",
    ]:
        with pytest.raises(DidError):
            parse_did_url(bad)


MIXED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"  # of EIP-55


@pytest.mark.parametrize("before", ["did:pkh:eip155:1:", "did:ethr:", "did:ethr:sepolia:", "did:ethr:0x5:"])
def test_an_address_from_outside_passes_its_checksum_and_is_then_in_lower_case(before: str) -> None:
    for written in (MIXED, MIXED.lower(), "0x" + MIXED[2:].upper()):
        assert did_from_outside(before + written) == before + MIXED.lower()
    with pytest.raises(DidError, match="checksum"):
        did_from_outside(before + MIXED.replace("A", "a", 1))


@pytest.mark.parametrize(
    "text",
    [
        "did:pkh:eip155:1:" + MIXED[:-1],
        "did:pkh:eip155:1:0X" + MIXED[2:],
        "did:pkh:EIP155:1:" + MIXED,
        "did:PKH:eip155:1:" + MIXED,
        "did:pkh:" + MIXED,
        "did:web:Example.com",
        "did:ethr:Mainnet:" + MIXED,
        "",
    ],
)
def test_nothing_else_of_a_did_from_outside_is_put_right(text: str) -> None:
    with pytest.raises(DidError):
        did_from_outside(text)
