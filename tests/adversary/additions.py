"""What people add to a file who hold keys: strangers, the owner, a party, a thief, operators of other logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cms_backend.core.base58 import b58encode
from cms_backend.core.signatures import Ed25519Signer, Signer

from . import made
from .cast import MALLORY, RIVAL, SECOND, THIEF, Role, actor, sign
from .file_parts import (
    File,
    changed,
    created,
    digest,
    logged_order,
    spine,
    with_section,
    without,
    without_proofs,
)
from .logs import SimLog
from .removals import Change
from .surroundings import Surroundings

Event = dict[str, Any]


def added(
    file: File, events: Sequence[Event] = (), *, ends: Sequence[Event] = (), texts: Sequence[Any] = ()
) -> File:
    """A copy with more objects."""
    return changed(
        file,
        envelopes=[*file["envelopes"], *events],
        key_ends=[*file["key_ends"], *ends],
        documents=[*file["documents"], *texts],
    )


def _stranger(name: str, apply: Callable[[File], File]) -> Change:
    return Change(f"stranger: {name}", Role.stranger, "addition", apply)


# --- strangers ----------------------------------------------------------------------------------------------


def strangers(file: File, around: Surroundings) -> Iterator[Change]:
    """Objects that nobody of the contract has anything to do with, all validly signed by who they say."""
    if not spine(file):
        return
    yield from _strangers_events(file)
    yield from _strangers_sections(file)
    yield from _strangers_statements(file)


def _strangers_events(file: File) -> Iterator[Change]:
    head, first = spine(file)[-1], created(file) or spine(file)[0]
    for action in made.DETAILS:
        on = None if action == "created" else head
        if action in made.DECISIONS:
            on = made.latest(file) or head
        for party in (None, 1) if action in ("signed", "declined", "terminated") else (None,):
            yield _stranger(
                f"{action} as {party}",
                lambda f, a=action, on=on, p=party: added(f, [made.event(f, a, MALLORY, on, party=p)]),
            )
    yield _stranger(
        "a proposal on the first event", lambda f: added(f, [made.event(f, "proposed", MALLORY, first)])
    )
    yield _stranger("a decision on nothing", lambda f: added(f, [_on_nothing(f, "signed")]))
    yield _stranger("a notice on nothing", lambda f: added(f, [_on_nothing(f, "terminated")]))
    yield _stranger("a text of their own", _own_text)
    yield _stranger("an event that only a contract account could judge", _undecided_event)
    yield _stranger("a KeyEnd that only a contract account could judge", _undecided_end)
    for one in (*file["envelopes"], *[_in_the_name_of(file, did) for did in _web(file)]):
        if one["actor"].startswith("did:web"):
            yield _stranger(
                f"{one['action']} {one['sequence']} in the name of {one['actor']}",
                lambda f, one=one: added(f, [_by_own_key(one)]),
            )
    log = SimLog("mallory", MALLORY)
    yield _stranger("a move", lambda f: added(f, [_moved(f, MALLORY, spine(f)[-1], log)]))
    yield _stranger("a move on the first event", lambda f: added(f, [_moved(f, MALLORY, first, log)]))


def _web(file: File) -> list[str]:
    return [one["did"] for one in made.parties(file) if one["did"].startswith("did:web")]


def _in_the_name_of(file: File, did: str) -> Event:
    """A notice that somebody else's DID is written under; `_by_own_key` signs it."""
    seat = next(at for at, one in enumerate(made.parties(file)) if one["did"] == did)
    return {**made.event(file, "terminated", MALLORY, spine(file)[-1], party=seat), "actor": did}


def _by_own_key(event: Event) -> Event:
    """The statement under its did:web, signed with a key of the stranger's."""
    body = {name: value for name, value in event.items() if name != "proof"}
    return sign(body, actor("Mallory", body["actor"]))


def _on_nothing(file: File, action: str) -> Event:
    lost = {**spine(file)[-1], "occurred_at": made.LATER}
    return made.event(file, action, MALLORY, lost)


def _own_text(file: File) -> File:
    found = made.strangers_text(file)
    if found is None:
        return file
    text, ref = found
    return added(file, [made.event(file, "proposed", MALLORY, spine(file)[-1], document=ref)], texts=[text])


class _Account:
    """Signs as a contract account: nobody but the account's contract could tell whether it holds."""

    did = "did:pkh:eip155:1:0x" + "ab" * 20

    @staticmethod
    def sign(body: Event) -> Event:
        """The object with 65 bytes that recover to nobody in particular."""
        proof = {
            "@context": body["@context"], "type": "DataIntegrityProof", "cryptosuite": "cms-eip712-v1",
            "verificationMethod": f"{body['actor']}#blockchainAccountId", "proofPurpose": "assertionMethod",
            "proofValue": "z" + b58encode(b"\x11" * 200),
        }  # fmt: skip
        return {**body, "proof": proof}


def _undecided_event(file: File) -> File:
    body = dict(made.event(file, "commented", MALLORY, spine(file)[-1]))
    del body["proof"]
    return added(file, [_Account.sign({**body, "actor": _Account.did})])


def _undecided_end(file: File) -> File:
    body = dict(made.key_end(MALLORY, str(RIVAL.key), None))
    del body["proof"]
    return added(file, ends=[_Account.sign({**body, "actor": _Account.did})])


def _moved(file: File, signer: Signer, on: Event, log: SimLog, **members: Any) -> Event:
    highest = max(
        (one for one in spine(file) if one["sequence"] <= on["sequence"]),
        key=lambda one: one["document"]["revision"],
    )
    checkpoint = {"origin": "log.example/one", "size": 1000, "root": "ab" * 32}
    details = {"log": log.details, "checkpoint": checkpoint}
    return made.event(file, "moved", signer, on, document=highest["document"], details=details, **members)


def _with_section(
    file: File, name: str, operator: Signer, objects: list[Event], *, sequence: int, front: bool
) -> File:
    log = made.hostile_log(file, name, operator, objects)
    section = made.hostile_section(file, log, objects, sequence=sequence)
    return changed(file, logs=[section, *file["logs"]] if front else [*file["logs"], section])


def _strangers_sections(file: File) -> Iterator[Change]:
    head = spine(file)[-1]
    everything = [*file["envelopes"], *file["key_ends"]]
    for front in (False, True):
        where = "in front" if front else "behind"
        yield _stranger(
            f"an empty section {where}",
            lambda f, w=front: _with_section(f, "mallory", MALLORY, [], sequence=head["sequence"], front=w),
        )
        yield _stranger(
            f"everything logged once more {where}",
            lambda f, w=front: _with_section(
                f, "mallory", MALLORY, everything, sequence=head["sequence"], front=w
            ),
        )
        yield _stranger(f"a move with its section {where}", lambda f, w=front: _strangers_move(f, w))
    yield _stranger("a KeyEnd of each key, in an own log", _strangers_ends)
    yield _stranger("a statement that names a next log", _strangers_successor)


def _strangers_move(file: File, front: bool) -> File:
    head = spine(file)[-1]
    moved = _moved(file, MALLORY, head, SimLog("mallory", MALLORY))
    more = added(file, [moved])
    return _with_section(more, "mallory", MALLORY, [moved], sequence=moved["sequence"], front=front)


def _strangers_ends(file: File) -> File:
    ends = [made.key_end(MALLORY, one["key"], str(MALLORY.key)) for one in made.parties(file)]
    more = added(file, ends=ends)
    return _with_section(more, "mallory", MALLORY, ends, sequence=spine(file)[-1]["sequence"], front=False)


def _strangers_successor(file: File) -> File:
    if not file["logs"]:
        return file
    own = SimLog("mallory", MALLORY)
    section = file["logs"][-1]
    statement = made.log_statement(MALLORY, section["vkey"], 77, own.log_id, own.vkey)
    more = with_section(file, len(file["logs"]) - 1, statements=[*section["statements"], statement])
    return _with_section(more, "mallory", MALLORY, [], sequence=spine(file)[-1]["sequence"], front=False)


def _strangers_statements(file: File) -> Iterator[Change]:
    for at, one in enumerate(made.parties(file)):
        end = made.key_end(MALLORY, one["key"], str(MALLORY.key))
        yield _stranger(f"a KeyEnd of party {at}", lambda f, e=end: added(f, ends=[e]))
        word = made.resolution(RIVAL, one["did"], str(MALLORY.key))
        yield _stranger(
            f"a Resolution of party {at}", lambda f, w=word: changed(f, resolutions=[*f["resolutions"], w])
        )
    for at, section in enumerate(file["logs"]):
        yield _stranger(f"a Receipt in section {at}", lambda f, at=at: _with_receipt(f, at))
        yield _stranger(f"a statement about the log of section {at}", lambda f, at=at: _with_statement(f, at))
        if section["head"] is None:
            yield _stranger(f"a HeadStatement in section {at}", lambda f, at=at: _with_head(f, at, MALLORY))
    if file["anchors"]:
        yield _stranger("an anchor on a chain that nobody asks", _anchored_elsewhere)


def _with_receipt(file: File, at: int) -> File:
    note = made.event(file, "commented", MALLORY, spine(file)[-1])
    word = made.receipt(MALLORY, note, file["logs"][at]["vkey"].split("+")[0])
    return added(with_section(file, at, receipts=[*file["logs"][at]["receipts"], word]), [note])


def _with_statement(file: File, at: int) -> File:
    section = file["logs"][at]
    word = made.log_statement(MALLORY, section["vkey"], 78, "ab" * 32, None)
    return with_section(file, at, statements=[*section["statements"], word])


def _with_head(file: File, at: int, signer: Signer) -> File:
    """Somebody else states the end of the contract in a log, and names all that the file holds."""
    named = [
        digest(one)
        for one in (*file["envelopes"], *file["key_ends"])
        if digest(one) in file["logs"][at]["proofs"]
    ]
    statement = SimLog("mallory", MALLORY).head(
        file["contract"],
        file["genesis"],
        spine(file)[-1]["sequence"],
        named,
        10**6,
        made.LATER,
        by=signer,
        root="ab" * 32,
        about=file["logs"][at]["vkey"],
    )
    return with_section(file, at, head=statement)


def _anchored_elsewhere(file: File) -> File:
    return changed(file, anchors=[*file["anchors"], {**file["anchors"][-1], "chain": "eip155:424242"}])


# --- people of the contract, thieves, operators -------------------------------------------------------------


def insiders(file: File, around: Surroundings) -> Iterator[Change]:
    """Moves of people whose keys the contract knows, and of operators of other logs."""
    if not spine(file):
        return
    yield from _owners(file, around)
    yield from _parties(file, around)
    yield from twins(file, around)
    yield from _operators(file, around)


def _change(role: Role, name: str, apply: Callable[[File], File]) -> Change:
    return Change(f"{role}: {name}", role, "rewrite", apply)


def _owners(file: File, around: Surroundings) -> Iterator[Change]:
    first = created(file)
    owner = None if first is None else around.signer_of(first["actor"])
    if owner is None:
        return
    for on in spine(file)[:-1] or spine(file):
        for keeps in ("drops", "strips", "logs elsewhere"):
            yield _change(
                Role.owner,
                f"moves on {on['sequence']} {on['action']}, {keeps} the rest",
                lambda f, on=on, k=keeps: _move_past(f, owner, on, k),
            )
    for action in ("withdrawn", "terminated", "proposed"):
        yield _change(
            Role.owner,
            f"{action}, not logged",
            lambda f, a=action: _unlogged(f, a, owner, spine(f)[-1]),
        )


def _unlogged(file: File, action: str, signer: Signer, on: Event) -> File:
    seat = next((at for at, one in enumerate(made.parties(file)) if one["did"] == signer.did), None)
    one = made.event(file, action, signer, on, party=seat)
    return added(file, [one])


def _behind(file: File, on: Event) -> list[str]:
    """What was logged behind a spine event, its own decisions excepted."""
    order, d = logged_order(file), digest(on)
    by_digest = {digest(one): one for one in (*file["envelopes"], *file["key_ends"])}
    if d not in order:
        return [x for x, one in by_digest.items() if one.get("sequence", 0) > on["sequence"]]
    later = [by_digest[name] for name in order[order.index(d) + 1 :]]
    return [
        digest(one) for one in later if one.get("previous") != d or one.get("action") not in made.DECISIONS
    ]


def _move_past(file: File, owner: Signer, on: Event, keeps: str) -> File:
    """The owner moves the record to an own log, on an event before something that they dislike."""
    seats = [at for at, one in enumerate(made.parties(file)) if one["did"] == owner.did]
    moved = _moved(file, owner, on, SimLog("evil", RIVAL), party=next(iter(seats), None))
    late = _behind(file, on)
    rest = [one for one in (*file["envelopes"], *file["key_ends"]) if digest(one) in late]
    base = without(file, late) if keeps == "drops" else without_proofs(file, late)
    base = changed(base, logs=[{**one, "head": None} for one in base["logs"]])
    objects = [moved, *(rest if keeps == "logs elsewhere" else [])]
    return _with_section(
        added(base, [moved]), "evil", RIVAL, objects, sequence=moved["sequence"], front=False
    )


def twins(file: File, around: Surroundings) -> Iterator[Change]:
    """Ed25519 lets a signer make more than one signature of a statement: two envelopes, one event."""
    for one in (*file["envelopes"], *file["key_ends"]):
        signer = around.signer_of(one["actor"])
        if not isinstance(signer, Ed25519Signer):
            continue
        if not one["proof"]["verificationMethod"].endswith(f"#{signer.key}"):
            continue  # somebody else signed it in this name, with a key that the signer does not have
        name = f"{one.get('action', one['type'])} {one.get('sequence', '')}"
        if one["type"] == "ContractEvent":
            yield Change(
                f"{Role.party}: a second envelope of {name}",
                Role.party,
                "twin",
                lambda f, one=one, s=signer: added(f, [made.twin(one, s)]),
            )
        yield _change(
            Role.party,
            f"another envelope in the place of {name}",
            lambda f, one=one, s=signer: _replaced(f, one, made.twin(one, s)),
        )


def _replaced(file: File, one: Event, other: Event) -> File:
    gone = without_proofs(file, [digest(one)])
    where = "envelopes" if one["type"] == "ContractEvent" else "key_ends"
    return changed(gone, **{where: [other if x is one else x for x in gone[where]]})


def _parties(file: File, around: Surroundings) -> Iterator[Change]:
    for at, one in enumerate(made.parties(file)):
        signer = around.signer_of(one["did"])
        if signer is None:
            continue
        on = made.latest(file) or spine(file)[-1]
        for action, where in (("declined", on), ("terminated", spine(file)[-1])):
            yield _change(
                Role.party,
                f"{at} {action}, not logged",
                lambda f, a=action, w=where, s=signer: _unlogged(f, a, s, w),
            )
        if signer.did.startswith("did:key"):
            yield _change(
                Role.thief,
                f"puts a key in the place of party {at}'s",
                lambda f, s=signer: _stolen(f, s, False),
            )
            yield _change(
                Role.thief,
                f"puts a key in the place of party {at}'s, in another log",
                lambda f, s=signer: _stolen(f, s, True),
            )


def _stolen(file: File, victim: Signer, logged: bool) -> File:
    """A thief ends the key in their own favour, and signs with the new one."""
    end = made.key_end(victim, str(victim.key), str(THIEF.key))
    on = made.latest(file)
    seat = next(at for at, one in enumerate(made.parties(file)) if one["did"] == victim.did)
    events = [] if on is None else [made.event(file, "signed", THIEF, on, party=seat)]
    more = added(file, events, ends=[end])
    if not logged:
        return more
    return _with_section(
        more, "evil", RIVAL, [end, *events], sequence=spine(file)[-1]["sequence"], front=False
    )


def _operators(file: File, around: Surroundings) -> Iterator[Change]:
    objects = [*file["envelopes"], *file["key_ends"]]
    last = spine(file)[-1]["sequence"]
    for at, _ in enumerate(file["logs"]):
        yield _change(
            Role.other_operator,
            f"logs all of section {at} in another log",
            lambda f, at=at: _relogged(f, at, objects, last),
        )
        log = around.logs.get(file["logs"][at]["vkey"])
        for other in (RIVAL, SECOND):
            if log is None or log.operator.did != other.did:
                yield _change(
                    Role.other_operator,
                    f"{other.did[-4:]} states the end of section {at}",
                    lambda f, at=at, other=other: _with_head(f, at, other),
                )


def _relogged(file: File, at: int, objects: list[Event], sequence: int) -> File:
    log = made.hostile_log(file, "evil", RIVAL, objects)
    section = made.hostile_section(file, log, objects, sequence=sequence)
    return changed(file, logs=[section if k == at else one for k, one in enumerate(file["logs"])])
