"""What may go wrong with an event before it is signed, and with a file on its way."""

from __future__ import annotations

import base64
from collections.abc import Callable
from random import Random

from .canonical import Obj, digest, sha
from .documents import file_order
from .forge import disclose
from .forms import CONTEXT, DECISIONS


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
    if random.random() < 0.34:
        random.choice(CHANGES)(value, random)
        value["envelopes"].sort(key=digest)
        value["key_ends"].sort(key=digest)
        value["resolutions"].sort(key=digest)
        value["documents"].sort(key=file_order)


def _title(value: Obj, random: Random) -> None:
    if value["documents"]:
        at = random.randrange(len(value["documents"]))
        entry = value["documents"][at]
        value["documents"][at] = {**entry, "content": {**entry["content"], "title": "Another"}}


def _hide(value: Obj, random: Random) -> None:
    hide = random.choice([["/title"], ["/description", "/terms/00000"], []])
    value["documents"] = [disclose(one, hide) if random.random() < 0.7 else one for one in value["documents"]]


def _hide_and_change(value: Obj, random: Random) -> None:
    if value["documents"]:
        shown = disclose(random.choice(value["documents"]), ["/title"])
        value["documents"] = [d for d in value["documents"] if d["content"]["revision"] != shown["revision"]]
        leaf = random.choice(shown["disclosed"])["leaf"]
        leaf[0] = "00" * 16
        value["documents"].append(shown)


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


CHANGES: list[Callable[[Obj, Random], None]] = [
    _title, _hide, _hide_and_change, _time, _member, _intent, _not_an_event, _suite, _contract, _statement, _head,
    _proof, _proof_of_nothing, _note, _anchor, _attachment, _no_statement,
]  # fmt: skip
