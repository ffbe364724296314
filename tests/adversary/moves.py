"""The moves of a history, by role. Each does what one person can do in the world as it stands, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from cms_backend.core.hashing import digest_of
from cms_backend.core.signatures import Ed25519Signer

from . import cast
from .cast import ANNA, BORIS, HEIR, PLANT, SECOND, THIEF, Role, h
from .truth import Deed
from .world import World


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


def _propose(world: World, words: str = "", **members: Any) -> None:
    now = world.truth
    if now.notice or now.highest is None:
        return
    owner = world.acting(ANNA)
    revision = _revision(world, now.highest.root) + 1
    text = world.text(revision, now.highest.root, words, **members)
    details = {"reply_by": None, "note": "", "on_behalf_of": None}
    world.log_or_keep(_spine(world, "proposed", owner, str(text.ref.root), details))


def _propose_next(world: World) -> None:
    _propose(world, boris_next=h(str(HEIR.key)))


def _propose_plant(world: World) -> None:
    _propose(world, boris_next=h(str(PLANT.key)))


def _drop_boris(world: World) -> None:
    if world.truth.in_force is not None:
        _propose(world, parties=world.seats()[:1])


def _rekey_boris(world: World) -> None:
    if world.truth.in_force is not None and not world.web:
        anna, boris = world.seats()
        _propose(world, parties=(anna, cast_party(boris, PLANT)))


def cast_party(party: Any, signer: Ed25519Signer) -> Any:
    """The party with another person's DID and key."""
    return type(party)(signer.did, signer.key, None, party.name, party.role, party.step, None, None)


def _decide(world: World, person: Ed25519Signer, action: str) -> None:
    now = world.truth
    on = now.pending
    signer = world.acting(person)
    seat = None if on is None else now.seat_of(on.seats, str(signer.key))
    if on is None or seat is None or seat in now.decisions():
        return
    lower = [at for at, one in enumerate(on.seats) if one.step < on.seats[seat].step]
    if action == "signed" and any(at not in now.decisions() for at in lower):
        return
    after = [now.decisions()[at].digest for at in lower if at in now.decisions()]
    details = {"reason": ""} if action == "declined" else {}
    text = world.documents[on.root]
    world.log_or_keep(
        world.event(action, signer, text, on.sequence, on.digest, details, after=after, party=seat)
    )


def _sign_anna(world: World) -> None:
    _decide(world, ANNA, "signed")


def _sign_boris(world: World) -> None:
    _decide(world, world.boris, "signed")


def _decline(world: World) -> None:
    _decide(world, world.boris, "declined")


def _withdraw(world: World) -> None:
    if world.truth.pending is not None:
        _end_round(world, "withdrawn", world.acting(ANNA), world.truth.pending.root, {"reason": ""})


def _notice(world: World, person: Ed25519Signer) -> None:
    now = world.truth
    if now.in_force is not None and not now.notice:
        details = {"reason": "", "effective_on": None}
        _end_round(world, "terminated", world.acting(person), now.in_force.root, details)


def _end_round(world: World, action: str, signer: Ed25519Signer, root: str, details: dict[str, Any]) -> None:
    world.log_or_keep(_spine(world, action, signer, root, details))


def _notice_anna(world: World) -> None:
    _notice(world, ANNA)


def _notice_boris(world: World) -> None:
    _notice(world, world.boris)


def _comment(world: World) -> None:
    now = world.truth
    if now.head is not None and now.highest is not None:
        details = {"path": None, "text": "Is this net?", "on_behalf_of": None}
        text = world.documents[now.highest.root]
        world.log_or_keep(
            world.event("commented", world.acting(ANNA), text, now.sequence, now.head.digest, details)
        )


def _move(world: World) -> None:
    _move_to(world, "two", SECOND)


def _move_within(world: World) -> None:
    if world.log is not None:
        _move_to(world, "three", world.log.operator)


def _move_to(world: World, name: str, operator: Ed25519Signer) -> None:
    """The owner closes the record in its log and opens it in the next."""
    now, old = world.truth, world.log
    if now.highest is None or name in {log.name for log in world.logs.values()}:
        return
    new = world.new_log(name, operator)
    checkpoint = old and {
        "origin": old.name and _origin(old.vkey),
        "size": len(old),
        "root": old.root(len(old)).hex(),
    }
    made = _spine(
        world, "moved", world.acting(ANNA), now.highest.root, {"log": new.details, "checkpoint": checkpoint}
    )
    if old is None:
        world.loose.append(world.deeds[str(digest_of(made))])
    else:
        world.put(old, made)
    world.put(new, made)


def _origin(vkey: str) -> str:
    return vkey.split("+", 1)[0]


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


def _end_key(world: World, signer: Ed25519Signer, key: str, successor: str | None) -> None:
    log = world.log
    if log is not None and key not in world.truth.ended:
        world.put(log, world.key_end(signer, key, successor))


def _end_boris(world: World) -> None:
    _end_key(world, BORIS, str(BORIS.key), None)


def _heir_boris(world: World) -> None:
    _end_key(world, BORIS, str(BORIS.key), str(HEIR.key))


def _steal_boris(world: World) -> None:
    _end_key(world, BORIS, str(BORIS.key), str(THIEF.key))


def _plant_ends(world: World) -> None:
    _end_key(world, PLANT, str(BORIS.key), str(PLANT.key))


def _plant_signs(world: World) -> None:
    """Who holds the planted key signs in Boris's seat, and Anna on top of it; a careless log takes both in."""
    on = world.truth.pending
    if on is None or world.web or 1 in world.truth.decisions() or len(on.seats) < 2:
        return
    text = world.documents[on.root]
    forged = world.event("signed", PLANT, text, on.sequence, on.digest, {}, party=1)
    world.log_or_keep(forged)
    after = [str(digest_of(forged))]
    world.log_or_keep(
        world.event("signed", world.acting(ANNA), text, on.sequence, on.digest, {}, after=after, party=0)
    )


def _anchor(world: World) -> None:
    if world.log is not None:
        world.anchor(world.log)


def _state(world: World) -> None:
    for vkey in world.truth.chain:
        world.stated(world.logs[vkey])


class Move(NamedTuple):
    """A word of a history."""

    role: Role
    do: Callable[[World], None]


MOVES: Final[dict[str, Move]] = {
    "propose": Move(Role.owner, _propose),
    "propose, Boris names his next key": Move(Role.owner, _propose_next),
    "propose, planting a next key": Move(Role.owner, _propose_plant),
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
    "Boris ends his key": Move(Role.party, _end_boris),
    "Boris changes his key": Move(Role.party, _heir_boris),
    "thief ends Boris's key": Move(Role.thief, _steal_boris),
    "planted key ends Boris's": Move(Role.owner, _plant_ends),
    "planted key signs": Move(Role.owner, _plant_signs),
    "state": Move(Role.operator, _state),
    "anchor": Move(Role.operator, _anchor),
    "rotate": Move(Role.operator, _rotate),
    "echo": Move(Role.operator, _echo),
}
"""Everything that may happen, and who does it."""

AGREED: Final = ("propose", "Boris signs", "Anna signs")
"""The shortest way into force."""


def play(history: Iterable[str], *, logged: bool = True, web: bool = False) -> World:
    """The world after these moves."""
    world = World(logged=logged, web=web)
    for word in history:
        world.history.append(word)
        MOVES[word].do(world)
    return world


__all__ = ["AGREED", "MOVES", "Move", "cast", "play"]
