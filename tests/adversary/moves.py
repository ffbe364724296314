"""The moves of a history, by role. Each does what one person can do in the world as it stands, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from cms_backend.core.hashing import digest_of
from cms_backend.core.signatures import Ed25519Signer
from cms_backend.core.slots import spine_slot

from . import cast
from .cast import ANNA, BORIS, HEIR, MALLORY, PLANT, SECOND, THIEF, Role, h
from .truth import Deed
from .world import World, moment, party


def _revision(world: World, root: str) -> int:
    return world.documents[root].document.revision


def _latest(world: World) -> list[str]:
    """The digests of the decisions on the latest proposal that counts."""
    proposals = [one for one in world.truth.counted if one.action == "proposed"]
    return [one.digest for one in world.truth.decisions(proposals[-1]).values()] if proposals else []


def _spine(world: World, action: str, signer: Ed25519Signer, root: str, details: dict[str, Any],
           on: Deed | None = None) -> dict[str, Any]:  # fmt: skip
    head = on or world.truth.head
    assert head is not None
    after = _latest(world) if on is None else []
    return world.event(
        action, signer, world.documents[root], head.sequence + 1, head.digest, details, after=after
    )


def _propose(world: World, reply_by: str | None = None, **members: Any) -> None:
    now = world.truth
    if now.notice is not None or now.highest is None:
        return
    owner, parties = world.acting(world.anna), members.get("parties") or world.seats()
    if len({one.key for one in parties}) < len(parties):
        return  # one key has come to stand for two: nobody can write such a text
    revision = _revision(world, now.highest.root) + 1
    text = world.text(revision, now.highest.root, **members)
    details = {"reply_by": reply_by, "note": "", "on_behalf_of": None}
    world.log_or_keep(_spine(world, "proposed", owner, str(text.ref.root), details))


def _propose_next(world: World) -> None:
    _propose(world, boris_next=h(str(HEIR.key)))


def _propose_plant(world: World) -> None:
    _propose(world, boris_next=h(str(PLANT.key)))


def _drop_boris(world: World) -> None:
    if world.truth.in_force is not None:
        anna, _, *rest = world.seats()
        _propose(world, parties=(anna, *rest))


def _rekey_boris(world: World) -> None:
    if world.truth.in_force is not None and not world.web:
        anna, boris, *rest = world.seats()
        _propose(world, parties=(anna, party(PLANT, boris.name, boris.role, boris.step or 1), *rest))


def _propose_in_haste(world: World) -> None:
    _propose(world, reply_by=moment(world.minute + 6))


def _decide(world: World, person: Ed25519Signer, action: str) -> None:
    now = world.truth
    on = now.pending
    signer = world.acting(person)
    seat = None if on is None else now.seat_of(on.seats, str(signer.key))
    if on is None or seat is None or seat in now.decisions():
        return
    lower = [at for at, one in enumerate(on.seats) if one.step < on.seats[seat].step]
    if action != "declined" and any(at not in now.decisions() for at in lower):
        return
    after = [now.decisions()[at].digest for at in lower if at in now.decisions()]
    details = {"reason": ""} if action == "declined" else {}
    text = world.documents[on.root]
    world.log_or_keep(
        world.event(action, signer, text, on.sequence, on.digest, details, after=after, party=seat)
    )


def _sign_anna(world: World) -> None:
    _decide(world, world.anna, "signed")


def _sign_boris(world: World) -> None:
    _decide(world, world.boris, "signed")


def _decline(world: World) -> None:
    _decide(world, world.boris, "declined")


def _approve(world: World) -> None:
    _decide(world, cast.CARLA, "approved")


def _withdraw(world: World) -> None:
    if world.truth.pending is not None:
        _end_round(world, "withdrawn", world.acting(world.anna), world.truth.pending.root, {"reason": ""})


def _notice(world: World, person: Ed25519Signer, effective_on: str | None = None) -> None:
    now = world.truth
    if now.in_force is not None and now.notice is None:
        details = {"reason": "", "effective_on": effective_on}
        _end_round(world, "terminated", world.acting(person), now.in_force.root, details)


def _end_round(world: World, action: str, signer: Ed25519Signer, root: str, details: dict[str, Any]) -> None:
    world.log_or_keep(_spine(world, action, signer, root, details))


def _notice_anna(world: World) -> None:
    _notice(world, world.anna)


def _notice_boris(world: World) -> None:
    _notice(world, world.boris)


def _notice_later(world: World) -> None:
    _notice(world, world.boris, "2027-01-01T00:00:00.000Z")


def _comment(world: World) -> None:
    now = world.truth
    if now.head is not None and now.highest is not None:
        details = {"path": None, "text": "Is this net?", "on_behalf_of": None}
        text = world.documents[now.highest.root]
        world.log_or_keep(
            world.event("commented", world.acting(world.anna), text, now.sequence, now.head.digest, details)
        )


def _move(world: World) -> None:
    _move_to(world, "two", SECOND)


def _move_within(world: World) -> None:
    if world.log is not None:
        _move_to(world, "three", world.log.operator)


def _move_to(world: World, name: str, operator: Ed25519Signer) -> None:
    """The owner closes the record in its log and opens it in the next."""
    now, old = world.truth, world.log
    there = next((log for log in world.logs.values() if log.name == name), None)
    if now.highest is None or (there is not None and there.vkey in now.chain):
        return
    slot = spine_slot(world.genesis, now.sequence + 1)
    if there is not None and any(leaf[:32] == slot.raw for leaf in there.leaves):
        return  # that log has something else in the place of the move, and takes nothing more there
    new = there or world.new_log(name, operator)
    checkpoint = old and {
        "origin": old.name and _origin(old.vkey),
        "size": len(old),
        "root": old.root(len(old)).hex(),
    }
    made = _spine(
        world,
        "moved",
        world.acting(world.anna),
        now.highest.root,
        {"log": new.details, "checkpoint": checkpoint},
    )
    if old is None:
        world.loose.append(world.deeds[str(digest_of(made))])
    else:
        world.put(old, made)
    world.put(new, made)


def _origin(vkey: str) -> str:
    return vkey.split("+", 1)[0]


def _log_early(world: World) -> None:
    """A log that the record is not in takes in what there is so far."""
    if "two" not in {log.name for log in world.logs.values()}:
        new = world.new_log("two", SECOND)
        for made in list(world.objects.values()):
            world.put(new, made)


def _echo(world: World) -> None:
    """The operator of a log that the record has left takes in the newest event once more."""
    now = world.truth
    if len(now.chain) > 1 and now.head is not None and now.head.action != "moved":
        world.put(world.logs[now.chain[0]], world.objects[now.head.digest])


def _rotate(world: World) -> None:
    """The operator gives its log a new key, which is a new log."""
    old = world.log
    if old is not None and "one-b" not in {log.name for log in world.logs.values()}:
        new = world.new_log("one-b", old.operator)
        world.state_log(old, new.vkey)


def _rotate_old(world: World) -> None:
    """The operator of a log that the record has left gives it a new key."""
    now = world.truth
    if len(now.chain) > 1 and "one-c" not in {log.name for log in world.logs.values()}:
        old = world.logs[now.chain[0]]
        world.state_log(old, world.new_log("one-c", old.operator).vkey)


def _state_ledger(world: World) -> None:
    if world.log is not None:
        world.state_log(world.log)


def _end_key(world: World, signer: Ed25519Signer, key: str, successor: str | None) -> None:
    log = world.log
    if log is not None and (key not in world.truth.ended or signer is MALLORY):
        world.put(log, world.key_end(signer, key, successor))


def _end_boris(world: World) -> None:
    _end_key(world, BORIS, str(BORIS.key), None)


def _heir_boris(world: World) -> None:
    _end_key(world, BORIS, str(BORIS.key), str(HEIR.key))


def _steal_boris(world: World) -> None:
    _end_key(world, BORIS, str(BORIS.key), str(THIEF.key))


def _boris_names_anna(world: World) -> None:
    if not world.web:  # the did:key of a key that a did:web is pinned with is another person here
        _end_key(world, BORIS, str(BORIS.key), str(ANNA.key))


def _heir_goes_back(world: World) -> None:
    _end_key(world, HEIR, str(HEIR.key), str(BORIS.key))


def _stranger_ends(world: World) -> None:
    _end_key(world, MALLORY, str(BORIS.key), str(MALLORY.key))


def _stranger_names_boris(world: World) -> None:
    _end_key(world, MALLORY, str(MALLORY.key), str(BORIS.key))


def _plant_ends(world: World) -> None:
    _end_key(world, PLANT, str(BORIS.key), str(PLANT.key))


def _plant_signs(world: World) -> None:
    """Who holds the planted key signs in Boris's seat, and Anna on top of it; a careless log takes both in."""
    on = world.truth.pending
    if on is None or world.web or 1 in world.truth.decisions() or len(on.seats) < 2:
        return
    text = world.documents[on.root]
    forged = world.event("signed", PLANT, text, on.sequence, on.digest, {}, party=1)
    if not world.log_or_keep(forged):
        return
    after = [str(digest_of(forged))]
    world.log_or_keep(
        world.event(
            "signed", world.acting(world.anna), text, on.sequence, on.digest, {}, after=after, party=0
        )
    )


def _anchor(world: World) -> None:
    if world.log is not None:
        world.anchor(world.log)


def _state(world: World) -> None:
    for vkey in world.truth.chain:
        world.stated(world.logs[vkey])
    world.older.append(world.evidence())


class Move(NamedTuple):
    """A word of a history."""

    role: Role
    do: Callable[[World], None]


MOVES: Final[dict[str, Move]] = {
    "propose": Move(Role.owner, _propose),
    "propose, Boris names his next key": Move(Role.owner, _propose_next),
    "propose, planting a next key": Move(Role.owner, _propose_plant),
    "propose, to be answered soon": Move(Role.owner, _propose_in_haste),
    "propose without Boris": Move(Role.owner, _drop_boris),
    "propose with another key for Boris": Move(Role.owner, _rekey_boris),
    "withdraw": Move(Role.owner, _withdraw),
    "Anna signs": Move(Role.owner, _sign_anna),
    "Anna gives notice": Move(Role.owner, _notice_anna),
    "Anna comments": Move(Role.owner, _comment),
    "move": Move(Role.owner, _move),
    "move to another log of the operator": Move(Role.owner, _move_within),
    "Boris signs": Move(Role.party, _sign_boris),
    "Boris declines": Move(Role.party, _decline),
    "Boris gives notice": Move(Role.party, _notice_boris),
    "Boris gives notice for next year": Move(Role.party, _notice_later),
    "Carla approves": Move(Role.party, _approve),
    "Boris ends his key": Move(Role.party, _end_boris),
    "Boris changes his key": Move(Role.party, _heir_boris),
    "thief ends Boris's key": Move(Role.thief, _steal_boris),
    "Boris names Anna's key as his next": Move(Role.party, _boris_names_anna),
    "Boris's next key names his first": Move(Role.party, _heir_goes_back),
    "a stranger ends Boris's key": Move(Role.stranger, _stranger_ends),
    "a stranger names Boris's key as their next": Move(Role.stranger, _stranger_names_boris),
    "planted key ends Boris's": Move(Role.owner, _plant_ends),
    "planted key signs": Move(Role.owner, _plant_signs),
    "state": Move(Role.operator, _state),
    "anchor": Move(Role.operator, _anchor),
    "rotate": Move(Role.operator, _rotate),
    "state the ledger again": Move(Role.operator, _state_ledger),
    "rotate the log that was left": Move(Role.operator, _rotate_old),
    "another log takes it in early": Move(Role.other_operator, _log_early),
    "echo": Move(Role.operator, _echo),
}
"""Everything that may happen, and who does it."""

AGREED: Final = ("propose", "Boris signs", "Anna signs")
"""The shortest way into force."""


def play(history: Iterable[str], *, logged: bool = True, web: bool = False, trio: bool = False) -> World:
    """The world after these moves."""
    world = World(logged=logged, web=web, trio=trio)
    for word in history:
        world.history.append(word)
        MOVES[word].do(world)
    return world


__all__ = ["AGREED", "MOVES", "Move", "cast", "play"]
