"""The second reader over every case of tests/vectors."""

from __future__ import annotations

import json
from pathlib import Path

import coincurve
import pytest
from nacl.bindings import crypto_sign_seed_keypair

from . import documents, forms, merkle, notes, proofs, texts
from .canonical import Obj, Refused, canonical, digest, parse, sha
from .proofs import event_of
from .replay import LoggedKeyEnd, replay_logged, replay_logless
from .standing import Event, World
from .verify import verify_evidence

VECTORS = Path(__file__).parents[1] / "vectors"
FILES = {path.stem: json.loads(path.read_text()) for path in sorted(VECTORS.glob("*.json"))}


def cases(name: str, *lists: str) -> pytest.MarkDecorator:
    """All cases of these lists of a file, each with its list and id as its name."""
    found = [(kind, case) for kind in lists for case in FILES[name][kind]]
    return pytest.mark.parametrize(
        ("kind", "case"), found, ids=[f"{kind}-{case['id']}" for kind, case in found]
    )


@cases("bytes", "accepted", "refused")
def test_bytes(kind: str, case: Obj) -> None:
    data = bytes.fromhex(case["input_hex"])
    if kind == "refused":
        with pytest.raises(Refused):
            parse(data)
        return
    value = parse(data)
    assert canonical(value).hex() == case["canonical_hex"]
    assert digest(value) == case["digest"]


CHECKS = {
    "time": texts.is_time, "contract": texts.is_contract, "digest": texts.is_digest, "chain": texts.is_chain,
    "leaf_path": texts.is_leaf_path,
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES["texts"]["kinds"])
def test_texts(kind: str) -> None:
    case = FILES["texts"]["kinds"][kind]
    assert all(CHECKS[kind](text) for text in case["accepted"])
    assert [text for text in case["refused"] if CHECKS[kind](text)] == []


@cases("keys", "keys", "refused_keys", "refused_dids")
def test_keys(kind: str, case: Obj) -> None:
    if kind == "refused_keys":
        # Some have the form of a key, and are no point: they verify nothing.
        assert not texts.is_key(case["input"]) or not texts.parse_key(case["input"]).valid
        return
    if kind == "refused_dids":
        assert not texts.is_did(case["input"])
        return
    key = texts.parse_key(case["key"])
    assert key.raw.hex() == case["raw"]
    assert texts.is_did(case["did"])
    assert texts.own_key(case["did"]) == case["key"]
    assert proofs.method_of(case["did"], case["key"]) == case["verification_method"]
    assert proofs.method_of("did:web:example.com", case["key"]) == case["under_did_web"]
    assert case["suite"] == ("eddsa-jcs-2022" if key.kind == "ed25519" else "cms-eip712-v1")
    secret = bytes.fromhex(case["secret"])
    if key.kind == "ed25519":
        assert crypto_sign_seed_keypair(secret)[0] == key.raw
        assert "z" + texts.base58_encode(b"\xed\x01" + key.raw) == case["key"]
    else:
        assert case["address"] == "0x" + key.address.hex()
        uncompressed = coincurve.PrivateKey(secret).public_key.format(compressed=False)
        assert texts.keccak256(uncompressed[1:])[-20:] == key.address


def _faults(parties: list[Obj], proposer: str | None) -> list[str]:
    """The DOC-RULES that a proposal breaks, without a log when a proposer is named."""
    place = next((at for at, p in enumerate(parties) if p["did"] == proposer), None)
    return documents.proposal_faults(parties, logless=proposer is not None, proposer=place)


@cases("documents", "sealed", "refused", "rules")
def test_documents(kind: str, case: Obj) -> None:
    content = parse(canonical(case["content"]))
    if kind == "refused":
        assert not forms.content(content)
        return
    assert forms.content(content)
    if kind == "rules":
        assert _faults(content["parties"], case["logless_proposer"]) != []
        return
    leaves = documents.leaves_of(content, case["seed"])
    expected = [(leaf["path"], leaf["salt"], leaf["data_hex"], leaf["hash"]) for leaf in case["leaves"]]
    assert [(p, s, d.hex(), merkle.leaf_hash(d).hex()) for p, s, d in leaves] == expected
    assert documents.hold(case).ref == case["ref"]


def test_a_disclosure_holds_and_names_what_it_hides() -> None:
    case = FILES["disclosures"]
    assert documents.is_disclosure(case["disclosure"])
    held = documents.check_disclosure(case["disclosure"], case["ref"])
    assert held.hidden == case["hidden"]


def refused_for(secured: Obj, key: str) -> str:
    """The reason of section 4, or "passed"."""
    try:
        proofs.verify(secured, key)
    except proofs.Undecided:
        return "undecided"
    except proofs.BadProof as fault:
        return fault.reason
    return "passed"


def check_secured(case: Obj) -> None:
    secured = parse(canonical(case["secured"]))
    assert proofs.hash_data(secured).hex() == case["hash_data"]
    assert digest(secured) == case["digest"]
    assert documents.statement_digest(secured) == case["statement_digest"]
    if case["eip712_digest"] is not None:
        assert proofs.eip712_digest(secured).hex() == case["eip712_digest"]
    assert texts.base58_decode(secured["proof"]["proofValue"][1:]).hex() == case["signature"]
    assert refused_for(secured, case["key"]) == "passed"


@cases("events", "accepted", "refused")
def test_events(kind: str, case: Obj) -> None:
    fault = forms.event_fault(parse(canonical(case["secured"])))
    if kind == "refused":
        assert fault == ("EVT-INTENT" if "EVT-INTENT" in case["rule"] else "EVT-FORM")
        return
    assert fault is None
    check_secured(case)


@cases("statements", "accepted")
def test_statements(kind: str, case: Obj) -> None:
    assert forms.statement(case["secured"]["type"])(case["secured"])
    check_secured(case)


@cases("proofs-refused", "refused")
def test_proofs_refused(kind: str, case: Obj) -> None:
    assert forms.event_fault(case["secured"]) is None
    assert refused_for(case["secured"], case["key"]) == case["reason"]


@cases("logins", "logins")
def test_logins(kind: str, case: Obj) -> None:
    if case["eip191_digest"] is not None:
        assert proofs.login_digest(case["text"]).hex() == case["eip191_digest"]
    key = texts.own_key(case["did"])
    assert key is not None
    proofs.verify_login(case["text"], case["signature"], case["did"], key)


@cases("log", "inclusion", "consistency", "vkeys", "slots")
def test_log(kind: str, case: Obj) -> None:
    log = FILES["log"]
    if kind == "slots":
        named = case["id"].split("-")
        slots = {
            "spine": lambda: merkle.spine_slot(log["genesis"], int(named[1])),
            "party": lambda: merkle.party_slot(log["genesis"], 3, int(named[1])),
            "note": lambda: digest(["cms-slot-v1", log["genesis"], 3, f"note:{log['digests'][0]}"]),
            "key": lambda: merkle.key_slot(log["key"]),
            "log": lambda: digest(["cms-log-v1", int(named[1])]),
        }
        assert slots[named[0]]() == case["slot"]
    elif kind == "vkeys":
        key = notes.parse_vkey(case["vkey"])
        assert (key.origin, key.public.hex()) == (case["origin"], case["public"])
        assert notes.ledger_key(key.origin, key.public).hex() == case["ledger_key"]
        if case["id"] == "embedded":
            assert key.origin == "cms.local/" + sha(key.public).hex()[:32]
    elif kind == "consistency":
        roots = [bytes.fromhex(case[name]) for name in ("old_root", "new_root")]
        path = [bytes.fromhex(step) for step in case["path"]]
        assert merkle.consistent(case["old"], case["new"], roots[0], roots[1], path)
        assert not merkle.consistent(case["old"], case["new"], roots[0], roots[1], [*path, roots[0]])
    else:
        proof = notes.parse_proof(case["tlog_proof"])
        root, leaf = bytes.fromhex(case["root"]), bytes.fromhex(case["leaf"])
        assert (proof.index, [step.hex() for step in proof.path]) == (case["index"], case["path"])
        checkpoint = notes.open_note(proof.note, notes.parse_vkey(log["vkeys"][0]["vkey"]))
        assert (checkpoint.size, checkpoint.root) == (case["size"], root)
        assert merkle.included(leaf, proof.index, case["size"], proof.path, root)
        assert not merkle.included(leaf, proof.index, case["size"], [*proof.path, root], root)


def test_the_log_has_the_heads_of_its_leaves() -> None:
    log = FILES["log"]
    hashes = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in log["leaves"]]
    assert [leaf.hex() for leaf in hashes] == log["leaf_hashes"]
    assert [merkle.head(hashes[:size]).hex() for size in range(len(hashes) + 1)] == log["heads"]
    checkpoint = notes.open_note(log["note"], notes.parse_vkey(log["vkeys"][0]["vkey"]))
    expected = log["checkpoint"]
    assert (checkpoint.origin, checkpoint.size, checkpoint.root.hex()) == tuple(expected.values())


@cases("states", "cases")
def test_states(kind: str, case: Obj) -> None:
    held = [documents.hold(one) for one in case["documents"]]
    events = [
        Event(one["event"], digest(one["event"]), event_of(one["event"]), 0, one["index"])
        if case["log"]
        else Event(one["event"], digest(one["event"]), event_of(one["event"]))
        for one in case["events"]
    ]
    world = World(
        {(d.revision, d.root, d.leaves): d for d in held},
        {event.digest: event.statement for event in events},
        {event.statement: event for event in events},
    )
    genesis = next(event.bare for event in events if event.action == "created")
    ends = [LoggedKeyEnd(one["key_end"], 0, one["index"]) for one in case["key_ends"]]
    created = next(event.env for event in events if event.bare == genesis)
    out = (
        replay_logged(world, events, ends, genesis, [created["details"]["log"]["vkey"]])
        if case["log"]
        else replay_logless(world, events, genesis)
    )
    state, pending = out.state, out.state.pending
    assert case["state"] == {
        "status": state.status(case["now"]),
        "owner": state.owner,
        "in_force": state.in_force.event.env["document"] if state.in_force else None,
        "pending": pending.event.env["document"] if pending else None,
        "awaited": [{"party": at, "ready": pending.ready(at)} for at in pending.awaited()] if pending else [],
        "void": sorted([event.digest, rule] for event, rule in out.void),
        "forks": [here.digest for here, _ in out.forks],
    }


@cases("evidence", "cases")
def test_evidence(kind: str, case: Obj) -> None:
    report = verify_evidence(canonical(case["file"]), case["facts"], case["trust"], case["now"])
    expected = {name: value for name, value in case["report"].items() if name != "headline"}
    found = {
        "verdict": report.verdict, "state": report.state, "as_of": report.as_of, "tail": report.tail,
        "open_items": list(report.open_items), "failed": list(report.failed), "undecided": list(report.undecided),
        "void": [list(one) for one in report.void], "first_bad": report.first_bad,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
