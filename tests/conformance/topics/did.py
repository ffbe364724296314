"""DID syntax, DID URLs, did:web, did:pkh, did:ethr and CAIP, as far as they are parsed without a network."""

from __future__ import annotations

from collections.abc import Iterator

from cms_backend.core.did import did_web_url, parse_did, parse_did_url
from cms_backend.core.did_syntax import split_did
from cms_backend.core.errors import CmsError
from cms_backend.core.keys import account_key, address_of, parse_key, secp256k1_key
from cms_backend.core.references import check_chain
from tests.conformance.model import (
    Result,
    Vectors,
    case_id,
    each,
    equal,
    failed,
    not_applicable,
    verdict,
    whole_file,
)


def _syntax(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        text = case["input"]
        if case["kind"] == "did":
            yield verdict(case_id(case), case["valid"], split_did, text)
            continue
        bare = case.get("isBareDid")
        if bare is not None and _is_did(text) != bare:
            yield failed(case_id(case), "told DID from DID URL wrongly")
        else:
            yield verdict(case_id(case), case["valid"], parse_did_url, text)


def _is_did(text: str) -> bool:
    try:
        split_did(text)
    except CmsError:
        return False
    return True


def _url_parts(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        url = parse_did_url(case["input"])
        found = {"did": url.did, "path": url.path, "query": url.query, "fragment": url.fragment}
        yield equal(case_id(case), found, case["expected"])


def _web(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        if case["valid"]:
            yield equal(case_id(case), did_web_url(case["did"]), case["url"])
        else:
            yield verdict(case_id(case), False, did_web_url, case["did"])


def _pkh(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        name = case_id(case)
        if not case["valid"]:
            yield verdict(name, False, parse_did, case["did"])
        elif not case["accountId"].startswith("eip155:"):
            yield not_applicable(name, "the protocol has accounts of eip155 only")
        else:
            yield equal(name, parse_did(case["did"]).key, case["accountId"])


def _ethr(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        name = case_id(case)
        if case["kind"] == "verificationMethod":
            yield not_applicable(name, "attributes of the on-chain registry are not read")
        elif case["kind"] == "invalid":
            yield verdict(name, False, parse_did, case["did"])
        elif case["kind"] == "document":
            method = case["didDocument"]["verificationMethod"][0]
            account = method["blockchainAccountId"]
            parts = parse_did(case["did"])
            address = parts.address or _address(parts.public_key or "")
            yield equal(name, f"eip155:{parts.chain}:{address}", account.lower())
        else:
            parts = parse_did(case["did"])
            found = (parts.chain, parts.address, parts.public_key)
            key = case.get("publicKeyHex")
            yield equal(
                name, found, (case["chainId"], None if key else case["address"], f"0x{key}" if key else None)
            )


def _address(public_key: str) -> str:
    return address_of(secp256k1_key(bytes.fromhex(public_key[2:])))


def _caip(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        name, text = case_id(case), case["input"]
        if case["caip"] == 19:
            yield not_applicable(name, "the protocol names no assets")
        elif case["valid"] and not text.startswith("eip155:"):
            yield not_applicable(name, "the protocol has chains of eip155 only")
        elif case["caip"] == 2:
            yield verdict(name, case["valid"], check_chain, text)
        else:
            yield verdict(name, case["valid"], _account, text)


def _account(text: str) -> object:
    chain, _, address = text.rpartition(":")
    check_chain(chain)
    return parse_key(account_key(int(chain.removeprefix("eip155:")), address).text)


FILES = {
    "did/did-syntax.json": _syntax,
    "did/did-url-parts.json": _url_parts,
    "did/did-web.json": _web,
    "did/did-pkh.json": _pkh,
    "did/did-ethr.json": _ethr,
    "did/caip.json": _caip,
    "did/did-documents.json": whole_file("DID documents are resolved outside the kernel"),
    "did/did-web-documents-invalid.json": whole_file("DID documents are not fetched yet"),
    "did/resolution-executions.json": whole_file("there is no DID resolver with these options"),
}
