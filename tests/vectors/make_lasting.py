"""Vectors of section 9: logs that a record enters and leaves, forms of parts, contract accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cms_backend.core import compose
from cms_backend.core.checkpoint import LogKey
from cms_backend.core.disclosure import Disclosure, disclose
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import Did, Time
from cms_backend.core.signatures import Ed25519Signer, secure
from cms_backend.core.slots import key_slot, log_slot, slot_of, spine_slot
from cms_backend.core.statements import (
    LogStatement,
    log_statement,
)
from tests.support.contract_accounts import accounts_world, answer, facts_with
from tests.support.verify_world import ANNA, BORIS, Log, World, party, person
from tests.vectors.evidence_cases import Case, case, cut, with_events
from tests.vectors.make_unproven import noticed, word

# --- logs -----------------------------------------------------------------------------------------------------


def _moved() -> World:
    world = World().complete()
    world.move()
    world.comment(BORIS)
    for log in world.logs:
        world.anchor(log)
    return world


def moved_stated() -> Case:
    """Both logs have their last word."""
    return case(_moved(), head=True)


def moved_half_stated() -> Case:
    """The log that was left has not: the tail is not known."""
    world = _moved()
    evidence = world.evidence(head=True)
    return case(world, replace(evidence, logs=(replace(evidence.logs[0], head=None), evidence.logs[1])))


def moved_without_a_closing_leaf() -> Case:
    """A notice stands in the log that is left where the `moved` would; the move is logged in the new log only."""
    world, _ = noticed()
    log = Log(LogKey(bytes([202]) * 32, "log.example/two"), person(203))
    before = world.envelopes[-2]
    body = compose.compose_moved(
        world.state, ANNA.did, occurred_at=world.tick(), log=log.details, checkpoint=None
    )
    stands = {"sequence": world.envelopes[1].sequence + 1, "previous": str(world.envelopes[1].digest)}
    decisions = sorted(str(one.digest) for one in world.envelopes[2:4])
    moved = world.sign({**body, **stands, "after": decisions}, ANNA)
    assert before.digest in map(str, decisions)
    log.append(spine_slot(world.genesis, moved.sequence), moved.digest)
    notice = world.envelopes[-1]
    evidence = cut(with_events(world.evidence(), moved), notice.digest)
    section = replace(world.section(log, head=False), head=word(world, log, moved))
    return case(world, replace(evidence, logs=(*evidence.logs, section)))


def moved_out_of_sight() -> Case:
    """The file lacks the log that the record went on to."""
    world = _moved()
    evidence = world.evidence(head=True)
    return case(world, replace(evidence, logs=evidence.logs[:1]))


def another_logs_word() -> Case:
    """The last word of the log that was left, given as that of the log that was entered."""
    world = _moved()
    evidence = world.evidence(head=True)
    lent = replace(evidence.logs[1], head=evidence.logs[0].head)
    return case(world, replace(evidence, logs=(evidence.logs[0], lent)))


def behind_the_closing_leaf() -> Case:
    """The log that was left takes in a leaf of an event that the new log holds: its place stays the new log's."""
    world = World().complete()
    world.anchor()
    world.move()
    notice = world.terminate(BORIS)
    world.logs[0].append(spine_slot(world.genesis, notice.sequence), notice.digest)
    for log in world.logs:
        world.anchor(log)
    return case(world, tail=True)


def successor_of_the_log_key() -> Case:
    """The operator names a successor of the log's key; the record goes on in its log."""
    world = World().complete()
    old, new = world.logs[0], Log(LogKey(bytes([204]) * 32, "log.example/next"))
    body = log_statement(
        actor=old.operator.did,
        vkey=old.key.vkey.text,
        number=1,
        ledgers=(),
        successor=new.key.vkey.text,
        occurred_at=world.tick(),
    )
    statement = LogStatement.from_json(secure(body, old.operator))
    old.statements.append(statement)
    old.append(log_slot(1), statement.digest)
    world.anchor()
    state = world.state
    world.logs.append(new)
    world.state_ledger(new)
    notice = compose.compose_terminated(state, BORIS.did, occurred_at=world.tick())
    world.add(notice, BORIS)
    world.anchor()
    return case(world, head=True)


def _door() -> World:
    world = World(log=False).complete()
    world.open_log()
    return world


def door() -> Case:
    """Agreed without a log, then moved into one; a decline that is made up afterwards counts for nothing."""
    world = World(log=False)
    world.propose()
    declined = world.sign(
        compose.compose_decision(world.state, Action.declined, BORIS.did, occurred_at=world.tick()), BORIS
    )
    world.open_log()
    world.decide(BORIS)
    world.decide(ANNA)
    world.anchor()
    return case(world, with_events(world.evidence(head=True), declined))


def door_and_notice() -> Case:
    """A notice stands on the same event as the `moved` that leads into a log: it is not passed over."""
    world = World(log=False).complete()
    notice = world.sign(compose.compose_terminated(world.state, BORIS.did, occurred_at=world.tick()), BORIS)
    world.open_log()
    world.anchor()
    return case(world, with_events(world.evidence(head=True), notice))


def _door_and_heir() -> tuple[World, Envelope]:
    """Agreed without a log and moved into one; there Boris changes his key, and gives notice with the new one."""
    world, heir = World(log=False).complete(), person(41)
    moved = world.open_log()
    world.end_key(BORIS, successor=heir.key)
    world.terminate(heir)
    world.anchor()
    return world, moved


def door_without_section() -> Case:
    """The section is taken out. The `moved` says that the record is in a log, so the end of Boris's key waits."""
    world, _ = _door_and_heir()
    return case(world, replace(world.evidence(head=True), logs=()))


def door_taken_out() -> Case:
    """The `moved` is taken out, and the notice by the new key stays: what it stands on is a gap."""
    world, moved = _door_and_heir()
    return case(world, cut(world.evidence(head=True), moved.digest, proofs=False))


def _doors(count: int) -> Case:
    """In force without a log; then moves that stand on one another, each into a log of its own."""
    world = World(log=False).complete()
    first = compose.compose_moved(
        world.state, ANNA.did, occurred_at=world.tick(), log=Log(LogKey(bytes(32))).details, checkpoint=None
    )
    before = world.envelopes[1]  # the proposal, on which the first move stands
    for number in range(count):
        log = Log(LogKey(bytes([220 + number]) * 32, f"log.example/door-{number}"))
        log.fill(2)
        stands = {"sequence": before.sequence + 1, "previous": str(before.digest)}
        after = first["after"] if number == 0 else []
        details = {"log": log.details, "checkpoint": None}
        body = {**first, **stands, "after": after, "details": details, "occurred_at": str(world.tick())}
        world.logs.append(log)
        before = world.add(body, ANNA)
    return case(world)


def log_between_taken_out() -> Case:
    """From no log into one and on into another; all that the first one holds is taken out."""
    world = _door()
    world.move()
    world.comment(BORIS)
    for log in world.logs:
        world.anchor(log)
    evidence = world.evidence(head=True)
    return case(world, replace(evidence, logs=evidence.logs[1:]))


def key_end_in_the_log_that_was_left() -> Case:
    """Boris ends his key where the record no longer is: it waits."""
    world = _moved()
    end = world.end_key(BORIS, logged=False)
    world.logs[0].append(key_slot(end.key), end.digest)
    world.anchor(world.logs[0])
    return case(world)


# --- contract accounts ----------------------------------------------------------------------------------------


def _account(*answers: tuple[str, bool, bool]) -> Case:
    """Boris's account is a contract; what it says at the block that he had seen, and at the anchor's."""
    world, owner, signed = accounts_world(seen=True)
    world.decide(ANNA)
    world.anchor()
    assert signed.seen.block is not None
    blocks = {"seen": signed.seen.block.number, "anchor": world.block}
    facts = facts_with(
        world,
        *(answer(signed, owner, block=blocks[at], has_code=code, valid=valid) for at, code, valid in answers),
    )
    return world.evidence(head=True), facts, world.trust, world


# --- forms and words ------------------------------------------------------------------------------------------


def _disclosed(change: Callable[[Disclosure], Disclosure]) -> Case:
    world = World().complete()
    world.anchor()
    evidence = world.evidence(head=True)
    shown = change(disclose(world.documents[-1], ["/terms/00001"]))
    return case(world, replace(evidence, documents=(*evidence.documents[:-1], shown)))


def disclosure_out_of_order() -> Case:
    """The leaves of a disclosure do not ascend: no evidence file."""
    return _disclosed(lambda shown: replace(shown, disclosed=tuple(reversed(shown.disclosed))))


def disclosure_incomplete() -> Case:
    """A disclosure lacks a date, which it must show: DOC-LEAF."""
    return _disclosed(
        lambda shown: replace(
            shown, disclosed=tuple(leaf for leaf in shown.disclosed if leaf.path != "/valid_from")
        )
    )


def note_by_nobody() -> Case:
    """The note of one proof is not signed by the log: LOG-NOTE, and inclusion is not judged for it."""
    world = World().complete()
    world.anchor()
    evidence, signed = world.evidence(), world.envelopes[3]
    section = evidence.logs[0]
    text = section.proofs[signed.digest]
    origin = world.logs[0].key.origin
    forged = {**section.proofs, signed.digest: text.replace(f"\n\n{origin}\n", "\n\nlog.example/other\n")}
    return case(world, replace(evidence, logs=(replace(section, proofs=forged),)))


def receipts_of_no_use() -> Case:
    """Receipts of a logged event, of another origin, and two of one event: nothing hangs on them."""
    world = World().complete()
    world.anchor()
    late = world.comment(BORIS)
    for event in (world.envelopes[2], late, late):
        world.tick()
        world.accept(event)
    world.logs[0].key, key = LogKey(bytes([201]) * 32, "log.example/else"), world.logs[0].key
    world.accept(late)
    world.logs[0].key = key
    world.receipts.sort(key=lambda one: (one.envelope, one.digest))
    return case(world)


def statement_about_another_log() -> Case:
    """The operator's LogStatement names the ledger, but speaks of another vkey: the anchor is of nobody."""
    world = World().complete()
    log = world.logs[0]
    other = Log(LogKey(bytes([205]) * 32, "log.example/beside"), log.operator)
    world.state_ledger(other, 1)
    statement = other.statements[0]
    log.append(log_slot(1), statement.digest)
    log.statements = [statement]
    world.anchor()
    return case(world)


def bound_to_another_key() -> Case:
    """The operator has resolved a did:web party to another key: the first bad event is the first that it signed."""
    boris = Ed25519Signer(bytes([66]) * 32, Did("did:web:boris.example"))
    world = World((party(ANNA, "Anna", step=2), party(boris, "Boris")))
    world.propose()
    world.decide(boris)
    world.decide(ANNA)
    world.resolve(boris.did, person(67).key)
    world.anchor()
    return case(world, head=True)


def late_by_its_claim() -> Case:
    """Boris signs after the time to reply, as he says himself."""
    world = World()
    world.propose(reply_by=Time("2026-05-01T10:03:30.000Z"))
    body = compose.compose_decision(world.state, Action.signed, BORIS.did, occurred_at=world.tick(5))
    world.add(body, BORIS)
    world.anchor()
    return case(world, head=True)


def twin_by_another_key() -> Case:
    """Somebody copies the statement of a did:web party and signs it with a key of his own: another event, void."""
    boris = Ed25519Signer(bytes([66]) * 32, Did("did:web:boris.example"))
    world = World((party(ANNA, "Anna", step=2), party(boris, "Boris")), log=False)
    world.propose()
    signed = world.decide(boris)
    world.decide(ANNA)
    body = {name: value for name, value in signed.json.items() if name != "proof"}
    twins = (world.sign(body, Ed25519Signer(bytes([number]) * 32, boris.did)) for number in range(70, 90))
    return case(world, with_events(world.evidence(), min(twins, key=lambda one: one.digest)))


def before_the_opening_leaf() -> Case:
    """The log that is entered holds a leaf of Boris's signature in front of the opening one: it is no place."""
    world = World(log=False)
    world.propose()
    signed = world.decide(BORIS)
    world.decide(ANNA)
    world.open_log()
    log, moved = world.logs[0], world.envelopes[-1]
    slot, opening = slot_of(signed, world.genesis), slot_of(moved, world.genesis)
    assert slot is not None
    assert opening is not None
    log.leaves.pop()
    log.append(slot, signed.digest)
    log.append(opening, moved.digest)
    world.anchor()
    return case(world, head=True)


def an_old_logs_later_word() -> Case:
    """The log that was left states again, later than the log that was entered: as-of is the latter's."""
    world = _moved()
    evidence = world.evidence(head=True)
    world.tick(60)
    later = world.evidence(head=True)
    return case(world, replace(evidence, logs=(later.logs[0], evidence.logs[1])))


CASES: dict[str, Callable[[], Case]] = {
    "moved-stated": moved_stated,
    "moved-half-stated": moved_half_stated,
    "moved-without-a-closing-leaf": moved_without_a_closing_leaf,
    "moved-out-of-sight": moved_out_of_sight,
    "another-logs-word": another_logs_word,
    "behind-the-closing-leaf": behind_the_closing_leaf,
    "successor-of-the-log-key": successor_of_the_log_key,
    "door": door,
    "door-and-notice": door_and_notice,
    "door-without-section": door_without_section,
    "door-taken-out": door_taken_out,
    "log-between-taken-out": log_between_taken_out,
    "two-doors": lambda: _doors(2),
    "three-doors": lambda: _doors(3),
    "key-end-in-the-log-that-was-left": key_end_in_the_log_that_was_left,
    "disclosure-out-of-order": disclosure_out_of_order,
    "disclosure-incomplete": disclosure_incomplete,
    "note-by-nobody": note_by_nobody,
    "receipts-of-no-use": receipts_of_no_use,
    "statement-about-another-log": statement_about_another_log,
    "bound-to-another-key": bound_to_another_key,
    "late-by-its-claim": late_by_its_claim,
    "twin-by-another-key": twin_by_another_key,
    "before-the-opening-leaf": before_the_opening_leaf,
    "an-old-logs-later-word": an_old_logs_later_word,
    "account-valid": lambda: _account(("seen", True, True), ("anchor", True, True)),
    "account-no-code": lambda: _account(("seen", False, False), ("anchor", False, False)),
    "account-code-at-one": lambda: _account(("seen", False, False), ("anchor", True, True)),
    "account-unasked-at-one": lambda: _account(("seen", False, False)),
}
