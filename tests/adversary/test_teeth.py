"""Every rule is taken out once: then the search must find a broken invariant, by the same edits as in the suite.

A rule that could go without the search noticing is either not needed or not tested.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from random import Random
from types import MappingProxyType
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest

from cms_backend.core import lifecycle_machine, lifecycle_rules
from cms_backend.core import merge as merging
from cms_backend.core.events import Action
from cms_backend.core.lifecycle import Entry, Handover, Signer, signer_of
from cms_backend.core.report_model import Tail, Verdict
from cms_backend.core.verify import chain, order, outcome, replaying, tail, waiting
from cms_backend.core.verify.findings import UNDECIDED, Findings, LogView, Place
from tests.adversary.moves import AGREED
from tests.adversary.quick import quick
from tests.adversary.search import SETTINGS, Setting, Story, Violation, examine

NOTICE = (*AGREED, "Boris gives notice")
MOVED = (*AGREED, "move", "Boris gives notice")
FAR = 2**40


class Rule(NamedTuple):
    """A rule, how it is taken out, the histories that are tried, and an invariant that must be found broken."""

    name: str
    taken_out: Sequence[tuple[object, str, Any]]
    stories: Sequence[Story]
    breaks: str


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _no_one_waits(findings: Findings, state: Any) -> None:
    findings.participants = waiting.participants(findings, state)


def _held_is_enough(findings: Findings, state: Any, scans: Any, heads: Any) -> Any:
    """TAIL as it was: an object without its proof satisfied it."""
    held = {one.digest for one in (*findings.events, *findings.evidence.key_ends)}
    for view in findings.logs:
        view.proven |= dict.fromkeys(held - view.proven.keys(), FAR)
    return _LACKING(findings, state, scans, heads)


def _only_the_last_log_speaks(findings: Findings, state: Any, scans: Any, heads: Any) -> None:
    """TAIL as it was: what a log that the record has left says was not asked."""
    head = heads[-1]
    if head is not None and tail._is_last_word(findings, state, len(heads) - 1, head):
        findings.tail, findings.tail_time = Tail.stated, head.occurred_at


def _moves_without_a_closing_leaf(findings: Findings, event: Any) -> Entry:
    """A `moved` counted by its leaf in the log that it enters."""
    entry = _ENTRY(findings, event)
    if event.action is not Action.moved or not findings.logs or event.details["log"] is None:
        return entry
    here = len(findings.logs) - 1 if entry.log is None else entry.log
    if entry.log is not None and findings.logs[here].vkey == event.details["log"]["vkey"]:
        here -= 1
    elif entry.log is not None:
        return entry
    return Entry(event, here, FAR, findings.doors.get(event.event_digest))


def _every_leaf_is_a_place(findings: Findings, _state: Any) -> bool:
    """The first leaf in the order of the logs, wherever it lies."""
    places: dict[Any, Any] = {}
    for ordinal, view in enumerate(findings.logs):
        for digest, index in view.proven.items():
            places.setdefault(digest, Place(ordinal, index))
    findings.places = places
    return False


def _commits_everybody(machine: Any, envelope: Any) -> None:
    """The `next` of every party, by whoever proposes."""
    text = machine.text_of(envelope.document)
    for party in () if text is None else text.parties:
        if party.next is not None:
            machine.commitments.setdefault(party.key, party.next)


def _undecided_makes_undecided(findings: Findings) -> None:
    for digest, state in findings.account_states.items():
        findings.add("SIG-ACTOR", state, digest, counts_as=Verdict.undecided if state is UNDECIDED else None)


def _head_of_anybody(_findings: Findings, view: LogView) -> Any:
    head = view.section.head
    return None if head is None or head.vkey != view.vkey else head


def _next_log_by_anybody(findings: Findings, ordinal: int) -> Handover | None:
    statements = findings.logs[ordinal].section.statements
    return next((Handover(ordinal, FAR, one.successor) for one in statements if one.successor), None)


def _all_take_part(findings: Findings, _state: Any) -> set[Signer]:
    return {signer_of(event) for event in findings.events}


def _without_rule(action: Action) -> MappingProxyType[Action, Any]:
    row = lifecycle_rules.TABLE[action]
    return MappingProxyType({**lifecycle_rules.TABLE, action: lifecycle_rules.Row(_nothing, row.when)})


def _last_word_of_any_size(findings: Findings, state: Any, ordinal: int, head: Any) -> bool:
    spine = [one for one in state.spine if one.digest in findings.logs[ordinal].proven]
    return bool(spine) and spine[-1].sequence == head.sequence


_LACKING, _ENTRY = tail._lacking, replaying._entry


def _logged(*histories: Sequence[str]) -> list[Story]:
    return [Story(tuple(moves)) for moves in histories]


RULES = (
    Rule(
        "what is not proven waits, and TAIL asks for proofs (hole A)",
        [(order, "check_waiting", _no_one_waits), (tail, "_lacking", _held_is_enough)],
        _logged(NOTICE, MOVED),
        "I2",
    ),
    Rule("what is not proven waits", [(order, "check_waiting", _no_one_waits)], _logged(NOTICE, MOVED), "I3"),
    Rule(
        "only the owner moves the record (hole B)",
        [(lifecycle_rules, "TABLE", _without_rule(Action.moved)), (chain, "_is_owners", lambda *_: True)],
        [Story(AGREED, False), Story(NOTICE, False)],
        "I4",
    ),
    Rule(
        "a key commits only by what it signs itself (hole C)",
        [(lifecycle_machine.Machine, "_commit", _commits_everybody)],
        _logged(("propose, planting a next key", "planted key ends Boris's", "planted key signs")),
        "I1",
    ),
    Rule(
        "a move has its leaf in the log that is left (hole D)",
        [(replaying, "_entry", _moves_without_a_closing_leaf), (tail, "_settle", _only_the_last_log_speaks)],
        _logged(NOTICE),
        "I2",
    ),
    Rule(
        "what does not count makes nothing undecided (hole E)",
        [(order, "report_accounts", _undecided_makes_undecided)],
        _logged(AGREED),
        "I4",
    ),
    Rule(
        "a HeadStatement is heard from the operator only",
        [(tail, "_head", _head_of_anybody)],
        _logged(AGREED),
        "I4",
    ),
    Rule(
        "a last word speaks of all that the file proves",
        [(tail, "_is_last_word", _last_word_of_any_size)],
        _logged(("propose", "state", "Boris signs", "Anna signs")),
        "I2",
    ),
    Rule(
        "a LogStatement that the file lacks leaves the tail open",
        [(tail, "_says_more", lambda *_: False), (tail, "_head", _nothing)],
        _logged((*AGREED, "rotate", "Boris gives notice")),
        "I2",
    ),
    Rule(
        "only the operator names the next log",
        [(chain, "_handover", _next_log_by_anybody)],
        _logged(AGREED),
        "I4",
    ),
    Rule(
        "leaves behind a closing leaf are no places",
        [
            (replaying, "settle_places", _every_leaf_is_a_place),
            (chain, "settle_places", _every_leaf_is_a_place),
        ],
        _logged((*MOVED, "echo")),
        "I0",
    ),
    Rule("strangers take no part", [(waiting, "participants", _all_take_part)], _logged(AGREED), "I4"),
    Rule("KEY-PIN", [(lifecycle_rules, "key_pin", _nothing)], [Story(("propose",), False)], "I4"),
    Rule(
        "KEY-END",
        [(lifecycle_rules, "key_end", _nothing)],
        _logged(("propose", "Boris ends his key", "Boris signs", "Anna signs")),
        "I0",
    ),
    Rule(
        "DOC-RULES of an amendment",
        [(lifecycle_rules, "document_rules", _nothing)],
        _logged((*AGREED, "propose without Boris", "Anna signs")),
        "I0",
    ),
    Rule(
        "not_logged lets no requirement pass",
        [(outcome, "open_items", lambda findings: _without_not_logged(findings))],
        _logged(NOTICE),
        "I3",
    ),
    Rule(
        "merging keeps no event whose signature fails",
        [(merging, "event_holds", lambda *_: True)],
        _logged(AGREED),
        "I6",
    ),
)


def _without_not_logged(findings: Findings) -> Any:
    return tuple(one for one in _ITEMS(findings) if one.value != "not_logged")


_ITEMS = outcome.open_items


def _searched(rule: Rule, settings: Sequence[Setting]) -> Iterator[Violation]:
    """All edits of all its stories, in these settings."""
    with quick(), ExitStack() as stack:
        for owner, name, instead in rule.taken_out:
            stack.enter_context(patch.object(owner, name, instead))
        for story in rule.stories:
            for setting in settings:
                yield from examine(story, Random(1), setting=setting)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_without_the_rule_the_search_finds_a_broken_invariant(rule: Rule) -> None:
    settings = [Setting(True, "none", merges=True)] if rule.breaks == "I6" else SETTINGS
    found = []
    for violation in _searched(rule, settings):
        found.append(violation)
        if violation.invariant == rule.breaks:
            return
    pytest.fail(f"{rule.breaks} holds; broken are {[str(one) for one in found[:3]]}")


def test_with_the_rules_it_finds_none_in_the_same_histories() -> None:
    stories = tuple(dict.fromkeys(story for rule in RULES for story in rule.stories))
    found = [
        violation
        for at, story in enumerate(stories)
        for violation in _searched(Rule("none", (), [story], ""), [SETTINGS[at % len(SETTINGS)]])
    ]
    assert found == [], str(found[0])
