import base64
import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from cms_backend.core.canonical import encode, parse
from cms_backend.core.checkpoint import open_note, parse_tlog_proof, parse_vkey
from cms_backend.core.disclosure import Disclosure
from cms_backend.core.document import Document, DocumentRef, SealedDocument, check_leaf_path, rule_violations
from cms_backend.core.errors import CmsError, SignatureError
from cms_backend.core.events import Envelope
from cms_backend.core.ids import ContractId, Did, Digest, KeyText, Time
from cms_backend.core.keys import parse_key
from cms_backend.core.merkle import verify_consistency, verify_inclusion
from cms_backend.core.references import check_chain
from cms_backend.core.signatures import verify_login, verify_secured
from cms_backend.core.statements import check_statement
from tests.vectors.generate import FOLDER, files, main


def load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / name).read_text())
    return content


def test_the_files_are_those_that_the_script_makes() -> None:
    assert main(["--check"]) == 0
    assert {path.name for path in Path(FOLDER).glob("*.json")} == set(files())


def test_bytes_are_read_and_written_as_section_1_says() -> None:
    vectors = load("bytes.json")
    for case in vectors["accepted"]:
        value = parse(bytes.fromhex(case["input_hex"]), limit=10**6)
        assert encode(value).hex() == rfc8785.dumps(value).hex() == case["canonical_hex"]
        assert sha256(encode(value)).hexdigest() == case["digest"]
    for case in vectors["refused"]:
        with pytest.raises(CmsError):
            parse(bytes.fromhex(case["input_hex"]), limit=10**6)


def test_texts_are_accepted_or_refused_by_their_kind() -> None:
    checks: dict[str, Any] = {
        "time": Time.parse,
        "contract": ContractId.parse,
        "digest": Digest.parse,
        "chain": check_chain,
        "leaf_path": check_leaf_path,
    }
    kinds = load("texts.json")["kinds"]
    assert set(kinds) == set(checks)
    for kind, texts in kinds.items():
        for text in texts["accepted"]:
            assert checks[kind](text) == text
        for text in texts["refused"]:
            with pytest.raises(CmsError):
                checks[kind](text)


def test_keys_and_dids_have_one_form() -> None:
    vectors = load("keys.json")
    for case in vectors["keys"]:
        assert parse_key(case["key"]).raw.hex() == case["raw"]
    for case in vectors["barren_keys"]:
        assert KeyText.parse(case["input"]) == case["input"]
        with pytest.raises(CmsError):
            parse_key(case["input"])
    for case in vectors["refused_keys"]:
        with pytest.raises(CmsError):
            parse_key(case["input"])
    for case in vectors["refused_dids"]:
        with pytest.raises(CmsError):
            Did.parse(case["input"])


def test_logins_are_signed_by_their_did() -> None:
    for case in load("logins.json")["logins"]:
        assert verify_login(case["text"], case["signature"], case["did"]).nonce == "a1b2c3d4e5f6"


def _head(hashes: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, written plainly: not the code under test."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + _head(hashes[:split]) + _head(hashes[split:])).digest()


def test_roots_follow_from_content_and_seed() -> None:
    vectors = load("documents.json")
    for case in vectors["sealed"]:
        sealed = SealedDocument.from_json({"content": case["content"], "seed": case["seed"]})
        assert sealed.ref.to_json() == case["ref"]
        assert [leaf.path for leaf in sealed.leaves] == [leaf["path"] for leaf in case["leaves"]]
        hashes = [sha256(b"\x00" + bytes.fromhex(leaf["data_hex"])).digest() for leaf in case["leaves"]]
        assert [hashed.hex() for hashed in hashes] == [leaf["hash"] for leaf in case["leaves"]]
        assert _head(hashes).hex() == case["ref"]["root"]
    for case in vectors["refused"]:
        with pytest.raises(CmsError):
            Document.from_json(case["content"])
    for case in vectors["rules"]:
        document = Document.from_json(case["content"])
        assert rule_violations(document, logless_proposer=case["logless_proposer"])


def test_a_disclosure_hides_what_it_says() -> None:
    vectors = load("disclosures.json")
    shown = Disclosure.from_json(vectors["disclosure"]).check(DocumentRef.from_json(vectors["ref"]))
    assert list(shown.hidden) == vectors["hidden"]


@pytest.mark.parametrize("name", ["events.json", "statements.json"])
def test_signed_objects_verify_and_have_their_digests(name: str) -> None:
    for case in load(name)["accepted"]:
        secured = case["secured"]
        verify_secured(secured, parse_key(case["key"]))
        body = {member: value for member, value in secured.items() if member != "proof"}
        options = {member: value for member, value in secured["proof"].items() if member != "proofValue"}
        hash_data = sha256(rfc8785.dumps(options)).digest() + sha256(rfc8785.dumps(body)).digest()
        assert hash_data.hex() == case["hash_data"]
        assert sha256(rfc8785.dumps(secured)).hexdigest() == case["digest"]
        assert sha256(rfc8785.dumps(body)).hexdigest() == case["statement_digest"]
        check_statement(body)


def test_malformed_events_are_refused() -> None:
    for case in load("events.json")["refused"]:
        with pytest.raises(CmsError):
            Envelope.from_json(case["secured"])


def test_proofs_that_do_not_hold_are_refused_for_their_reason() -> None:
    for case in load("proofs-refused.json")["refused"]:
        Envelope.from_json(case["secured"])
        with pytest.raises(SignatureError) as caught:
            verify_secured(case["secured"], parse_key(case["key"]))
        assert caught.value.reason == case["reason"], case["id"]


def test_the_log_holds_together() -> None:
    log = load("log.json")
    hashes = [sha256(b"\x00" + bytes.fromhex(data)).digest() for data in log["leaves"]]
    assert [hashed.hex() for hashed in hashes] == log["leaf_hashes"]
    assert log["heads"][0] == sha256(b"").hexdigest()
    assert log["heads"][1:] == [_head(hashes[: size + 1]).hex() for size in range(len(hashes))]
    vkey = parse_vkey(log["vkeys"][0]["vkey"])
    assert open_note(log["note"], vkey).root == log["checkpoint"]["root"]
    for case in log["inclusion"]:
        path, root = [bytes.fromhex(step) for step in case["path"]], bytes.fromhex(case["root"])
        verify_inclusion(bytes.fromhex(case["leaf"]), case["index"], case["size"], path, root)
        proof = parse_tlog_proof(case["tlog_proof"])
        assert (proof.index, list(proof.path)) == (case["index"], path)
        assert base64.b64encode(root).decode() in proof.note
    for case in log["consistency"]:
        roots = (bytes.fromhex(case["old_root"]), bytes.fromhex(case["new_root"]))
        verify_consistency(case["old"], case["new"], *roots, [bytes.fromhex(step) for step in case["path"]])


def test_the_protocol_page_names_files_and_cases_that_exist() -> None:
    page = (Path(FOLDER).parents[1] / "docs" / "protocol.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z-]+\.json)(?:#([a-z0-9-]+))?`", page))
    assert {name for name, _ in named} <= set(files())
    for name, case in named:
        assert not case or f'"id": "{case}"' in files()[name]
    assert {name for name, _ in named} >= {
        "bytes.json",
        "documents.json",
        "events.json",
        "statements.json",
        "log.json",
    }
