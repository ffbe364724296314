"""TAIL: absent to a size, stated, or not known; and what lies behind a log that changed hands."""

from __future__ import annotations

from dataclasses import replace

from cms_backend.core.report_model import Tail, Verdict
from cms_backend.core.verify import LedgerFacts
from tests.support.verify_world import ANNA, BORIS, World, failing, person, states


def test_all_leaves_recomputed_show_that_nothing_came_later() -> None:
    world = World().complete()
    world.anchor()
    world.logs[0].fill(20)
    report = world.verify(tail=True)
    assert report.tail is Tail.absent
    assert states(report, "TAIL") == {"passed"}


def test_leaves_that_do_not_give_the_signed_root_are_no_answer() -> None:
    world = World().complete()
    world.anchor()
    facts = world.facts(tail=True)
    short = replace(facts.logs[0], leaves=facts.logs[0].leaves[:-1])
    assert world.verify(facts=replace(facts, logs=(short,))).tail is Tail.not_known


def test_an_older_scan_than_the_file_is_no_answer() -> None:
    world = World()
    world.propose()
    old = world.facts(tail=True).logs
    world.decide(BORIS)
    world.decide(ANNA)
    world.anchor()
    assert world.verify(facts=LedgerFacts(world.facts().chains, old)).tail is Tail.not_known


def test_a_decision_of_an_open_party_is_found() -> None:
    world = World()
    world.propose()
    world.anchor()
    evidence = world.evidence()
    world.decide(BORIS)
    report = world.verify(evidence, tail=True)
    assert report.verdict is Verdict.incomplete
    assert failing(report) == {"TAIL"}


def test_a_statement_by_somebody_else_states_nothing() -> None:
    world = World().complete()
    world.anchor()
    evidence = world.evidence(head=True)
    world.logs[0].operator = person(99)
    forged = world.head(world.logs[0], len(world.logs[0].leaves))
    logs = (replace(evidence.logs[0], head=forged),)
    assert world.verify(replace(evidence, logs=logs)).tail is Tail.not_known


def test_an_older_statement_says_nothing_about_newer_events() -> None:
    world = World().complete()
    old = world.evidence(head=True).logs[0].head
    world.terminate(ANNA)
    world.anchor()
    evidence = world.evidence()
    logs = (replace(evidence.logs[0], head=old),)
    assert world.verify(replace(evidence, logs=logs)).tail is Tail.not_known
