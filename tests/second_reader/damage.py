"""What may go wrong with an event before it is signed, and with a file on its way."""

from __future__ import annotations

import base64
from collections.abc import Callable
from random import Random

from .canonical import Obj, digest, sha
from .documents import file_order
from .forge import disclose
from .forms import CONTEXT, DECISIONS
from .texts import base58_decode, base58_encode


def moment(second: int) -> str:
    """A time some seconds into the story."""
    return f"2026-05-01T{10 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.000Z"


def spoil(event: Obj, envelopes: list[Obj], random: Random) -> None:
    """Now and then something is wrong in an event before it is signed."""
    fault = random.random()
    if fault < 0.02:
        event["party"] = random.choice([None, 0, 1, 7])
    elif fault < 0.04:
        event["sequence"] += 1
    elif fault < 0.07:
        others = [digest(e) for e in envelopes if e["action"] in DECISIONS]
        event["after"] = sorted(set(random.sample(others, min(len(others), random.randint(0, 2)))))
    elif fault < 0.08:
        event["document"] = envelopes[0]["document"]
    elif fault < 0.09:
        event["previous"] = random.choice([digest(e) for e in envelopes])
    elif fault < 0.1:
        event["after"] = sorted({*event["after"], "77" * 32})
    elif fault < 0.12:
        event["occurred_at"] = moment(random.randint(0, 100))


def damage(value: Obj, random: Random) -> None:
    """Change a file, in a third of all cases."""
    for share in (0.34, 0.2):
        if random.random() < share:
            random.choice(CHANGES)(value, random)
        value["envelopes"].sort(key=digest)
        value["key_ends"].sort(key=digest)
        value["resolutions"].sort(key=digest)
        value["documents"].sort(key=file_order)


def _whole(value: Obj) -> list[Obj]:
    """The documents that are not yet disclosures."""
    return [entry for entry in value["documents"] if "content" in entry]


def _title(value: Obj, random: Random) -> None:
    if _whole(value):
        entry = random.choice(_whole(value))
        other = {**entry, "content": {**entry["content"], "title": "Another"}}
        value["documents"] = [other if one is entry else one for one in value["documents"]]


def _hide(value: Obj, random: Random) -> None:
    hide = random.choice([["/title"], ["/description", "/terms/00000"], []])
    hidden = [entry for entry in _whole(value) if random.random() < 0.7]
    kept = [entry for entry in value["documents"] if all(entry is not one for one in hidden)]
    value["documents"] = [*kept, *(disclose(entry, hide) for entry in hidden)]


def _hide_and_change(value: Obj, random: Random) -> None:
    if _whole(value):
        entry = random.choice(_whole(value))
        shown = disclose(entry, ["/title"])
        leaf = random.choice(shown["disclosed"])["leaf"]
        leaf[0] = "00" * 16
        value["documents"] = [*(one for one in value["documents"] if one is not entry), shown]


def _event(value: Obj, random: Random, **change: object) -> None:
    if value["envelopes"]:
        at = random.randrange(len(value["envelopes"]))
        value["envelopes"][at] = {**value["envelopes"][at], **change}


def _time(value: Obj, random: Random) -> None:
    _event(value, random, occurred_at="2026-05-01T10:00:01.000Z")


def _member(value: Obj, random: Random) -> None:
    _event(value, random, extra=None)


def _intent(value: Obj, random: Random) -> None:
    _event(value, random, intent="I do.")


def _not_an_event(value: Obj, random: Random) -> None:
    value["envelopes"].append(random.choice([{"@context": CONTEXT}, 7, None, "event"]))


def _suite(value: Obj, random: Random) -> None:
    if value["envelopes"]:
        at = random.randrange(len(value["envelopes"]))
        proof = dict(value["envelopes"][at]["proof"])
        name, text = random.choice([
            ("cryptosuite", "ecdsa-jcs-2019"), ("cryptosuite", "cms-eip712-v1"), ("proofValue", "z1"),
            ("proofValue", "uAAAA"), ("proofValue", proof["proofValue"][:-1]), ("verificationMethod", "did:key:z#z"),
        ])  # fmt: skip
        value["envelopes"][at] = {**value["envelopes"][at], "proof": {**proof, name: text}}


def _contract(value: Obj, random: Random) -> None:
    _event(value, random, contract="6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f13")


def _statement(value: Obj, random: Random) -> None:
    for name, member in random.sample([("key_ends", "reason"), ("resolutions", "document_sha256")], 1):
        text = "changed" if member == "reason" else "ab" * 32
        value[name] = [{**one, member: text} for one in value[name]]


def _head(value: Obj, random: Random) -> None:
    for log in value["logs"]:
        if log["head"] is not None:
            change: Obj = random.choice([{"size": 1}, {"sequence": 99}, {"genesis": "12" * 32}])
            log["head"] = {**log["head"], **change}


def _proof(value: Obj, random: Random) -> None:
    for log in value["logs"]:
        if log["proofs"]:
            name = random.choice(sorted(log["proofs"]))
            text = log["proofs"][name]
            lines = text.split("\n")
            log["proofs"][name] = random.choice([
                text.replace("index ", "index 1"), "\n".join([*lines[:2], *lines[3:]]), text + "x", "",
                text.replace("tlog-proof@v1", "tlog-proof@v2"), text.replace("log.example", "log.examples"),
                log["proofs"][random.choice(sorted(log["proofs"]))],
            ])  # fmt: skip


def _proof_of_nothing(value: Obj, random: Random) -> None:
    for log in value["logs"]:
        if log["proofs"]:
            log["proofs"]["13" * 32] = log["proofs"][random.choice(sorted(log["proofs"]))]


def _note(value: Obj, random: Random) -> None:
    for log in value["logs"]:
        for entry in log["consistency"]:
            entry["note"] = random.choice(
                [entry["note"] + "x", entry["note"].replace("— log", "— Log"), "note"]
            )
        log["consistency"] = log["consistency"][:1]


def _anchor(value: Obj, random: Random) -> None:
    for anchor in value["anchors"]:
        name, text = random.choice([
            ("root", "ef" * 32), ("log_id", "ef" * 32), ("ledger", "0x" + "ef" * 20), ("chain", "eip155:5"),
            ("block", 5), ("time", "2026-05-01T00:00:00.000Z"),
        ])  # fmt: skip
        anchor[name] = text
    value["anchors"] = value["anchors"][:1]


def _attachment(value: Obj, random: Random) -> None:
    data = b"data"
    name = random.choice([sha(data).hex(), "ac" * 32])
    value["attachments"][name] = base64.b64encode(data).decode()


def _no_statement(value: Obj, random: Random) -> None:
    for log in value["logs"]:
        gone = {digest(one) for one in log["statements"]}
        log["statements"] = []
        if random.random() < 0.7:
            log["proofs"] = {name: text for name, text in log["proofs"].items() if name not in gone}


def _strip(value: Obj, random: Random) -> None:
    for log in random.sample(value["logs"], min(1, len(value["logs"]))):
        for name in random.sample(sorted(log["proofs"]), min(len(log["proofs"]), random.randint(1, 4))):
            del log["proofs"][name]


def _strip_everywhere(value: Obj, random: Random) -> None:
    """Take all proofs of an event, the last ones rather."""
    events = sorted(
        (e for e in value["envelopes"] if isinstance(e, dict)), key=lambda e: e.get("sequence", 0)
    )
    for event in random.sample(events[-4:], min(2, len(events[-4:]))):
        for log in value["logs"]:
            log["proofs"].pop(digest(event), None)


def _drop(value: Obj, random: Random) -> None:
    name = random.choice(["logs", "anchors", "envelopes", "key_ends", "documents", "resolutions"])
    if value[name]:
        value[name] = [one for one in value[name] if one is not random.choice(value[name])]


def _heads(value: Obj, random: Random) -> None:
    """The last word of one log in another's section."""
    heads = [log["head"] for log in value["logs"] if log["head"]]
    for log in value["logs"]:
        log["head"] = random.choice([None, *heads])


def _statements_elsewhere(value: Obj, random: Random) -> None:
    """A statement about one log in another's section; its leaf may be there."""
    if len(value["logs"]) > 1:
        one, other = random.sample(value["logs"], 2)
        kind = random.choice(["statements", "receipts"])
        met = {digest(entry) for entry in one[kind]}
        one[kind] += [entry for entry in other[kind] if digest(entry) not in met]
        one["statements"].sort(key=lambda entry: (entry["number"], digest(entry)))
        one["receipts"].sort(key=lambda entry: (entry["envelope"], digest(entry)))


def _proof_elsewhere(value: Obj, random: Random) -> None:
    if len(value["logs"]) > 1:
        one, other = random.sample(value["logs"], 2)
        for name in random.sample(sorted(other["proofs"]), min(2, len(other["proofs"]))):
            one["proofs"][name] = other["proofs"][name]


def _disclosed(value: Obj, random: Random) -> None:
    """A disclosure that is unordered, doubled, ill-typed or incomplete."""
    if _whole(value):
        entry = random.choice(_whole(value))
        shown = disclose(
            entry, random.choice([["/title"], ["/title", "/valid_until"], ["/parties/00000"], [""]])
        )
        leaves = shown["disclosed"]
        fault = random.randrange(8)
        if fault == 0:
            leaves.reverse()
        elif fault == 1 and leaves:
            leaves.append(leaves[-1])
        elif fault == 2 and leaves:
            leaves[-1] = {**leaves[-1], "proof": leaves[-1]["proof"][:-1]}
        elif fault == 3 and leaves:
            salt, path, _ = leaves[-1]["leaf"]
            leaves[-1] = {**leaves[-1], "leaf": [salt, path, random.choice([7, None, {"a": []}, "text"])]}
        elif fault == 4:
            shown["revision"] += 1
        elif fault == 5 and leaves:
            leaves[-1] = {**leaves[-1], "leaf": [leaves[-1]["leaf"][0], "/unknown/00000", 1]}
        elif fault == 6 and leaves:
            leaves[0] = {**leaves[0], "leaf": ["0", *leaves[0]["leaf"][1:]]}
        kept = [other for other in value["documents"] if other is not entry]
        value["documents"] = [*kept, shown] if shown not in kept else kept


def _small_order(value: Obj, random: Random) -> None:
    """A signature whose R is a point of small order, or whose S is too great, or of another length."""
    at = random.randrange(len(value["envelopes"])) if value["envelopes"] else 0
    event = value["envelopes"][at] if value["envelopes"] else None
    if isinstance(event, dict) and isinstance(event.get("proof"), dict):
        signature = base58_decode(event["proof"]["proofValue"][1:])
        other = random.choice([
            bytes(32) + signature[32:], b"\1" + bytes(31) + signature[32:], signature[:32] + b"\xff" * 32,
            signature[:-1], signature + b"\0", b"", signature[:64] + b"\0", signature[:64] + b"\x1d",
        ])  # fmt: skip
        value["envelopes"][at] = {
            **event,
            "proof": {**event["proof"], "proofValue": "z" + base58_encode(other)},
        }


def _no_point(value: Obj, random: Random) -> None:
    """A key that has the form of one and is no point, as an actor."""
    key = "z" + base58_encode(
        random.choice([b"\xed\1" + bytes(32), b"\xe7\1\2" + b"\xff" * 32, b"\xed\1" + b"\2" * 32])
    )
    at = random.randrange(len(value["envelopes"])) if value["envelopes"] else 0
    event = value["envelopes"][at] if value["envelopes"] else None
    if isinstance(event, dict) and isinstance(event.get("proof"), dict):
        did = random.choice([f"did:key:{key}", event.get("actor")])
        proof = {**event["proof"], "verificationMethod": f"{did}#{key}"}
        value["envelopes"].append({**event, "actor": did, "proof": proof})


CHANGES: list[Callable[[Obj, Random], None]] = [
    _title, _hide, _hide_and_change, _time, _member, _intent, _not_an_event, _suite, _contract, _statement, _head,
    _proof, _proof_of_nothing, _note, _anchor, _attachment, _no_statement, _strip, _strip, _strip_everywhere,
    _strip_everywhere, _drop, _heads, _statements_elsewhere, _proof_elsewhere, _disclosed, _small_order, _no_point,
]  # fmt: skip
