"""When all is quiet again: was anything lost, doubled or forked, and do the homes tell one story?"""

from __future__ import annotations

import base64
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from cms_backend.core.ids import Time
from cms_backend.core.merkle import leaf_hash, tree_head
from cms_backend.core.report_model import Report, Verdict
from cms_backend.core.verify import LedgerFacts, Trust, verify_evidence
from tests.chaos.soak.deeds import Tale, carry
from tests.chaos.soak.home import Home

_SETTLE_SECONDS = 120.0
_PAGE = 10_000


def settle(home: Home) -> None:
    """Wait until everything that was accepted is logged and anchored."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < deadline:
        status = home.get("/status").json()
        newest = home.get("/anchors", params={"limit": 1}).json()["items"]
        anchored = bool(newest) and newest[0]["size"] == status["log"]["size"]
        if (
            not status["queue"]
            and not status["anchors"]["pending"]
            and (anchored or not status["log"]["size"])
        ):
            return
    home.tally.find(f"home {home.number}: it did not settle within {_SETTLE_SECONDS:.0f} s: {status}")


def leaves_of(home: Home) -> list[bytes]:
    """The whole log: 64 bytes a leaf, slot and digest."""
    size = home.get("/log/info").json()["size"]
    found: list[bytes] = []
    while len(found) < size:
        page = home.get(
            "/log/leaves", params={"start": len(found), "end": min(size, len(found) + _PAGE)}
        ).json()
        found += [base64.b64decode(leaf) for leaf in page["leaves"]]
    return found


def judge_log(home: Home, leaves: list[bytes]) -> None:
    """Every checkpoint that was ever signed is one of this log, and no leaf is there twice."""
    hashes = [leaf_hash(leaf) for leaf in leaves]
    for seen in home.checkpoints:
        if seen.size > len(hashes) or tree_head(hashes[: seen.size]) != seen.root.raw:
            home.tally.count("forked")
            home.tally.find(
                f"home {home.number}: a checkpoint of {seen.size} leaves was signed that is not of its log"
            )
    for digest, times in Counter(leaf[32:] for leaf in leaves).items():
        if times > 1:
            home.tally.count("doubled")
            home.tally.find(f"home {home.number}: leaf {digest.hex()} is in the log {times} times")


def judge_contract(home: Home, tale: Tale, leaves: set[str]) -> Report | None:
    """What was acknowledged is there once, in its own log; the file that goes out verifies."""
    known = home.acknowledged[tale.story.contract]
    if not known:
        return None
    entries: list[dict[str, Any]] = home.get(tale.path).json().get("entries", [])
    times = Counter(entry["digest"] for entry in entries)
    _lost(home, tale, known - times.keys())
    if home is tale.own:
        _lost(home, tale, known - leaves)
    for digest, number in times.items():
        if number > 1:
            home.tally.count("doubled")
            home.tally.find(f"home {home.number}: {tale.story.contract}: {digest} is listed {number} times")
    data = home.get(f"{tale.path}/evidence").content
    report = verify_evidence(data, LedgerFacts(), Trust(), Time.from_datetime(datetime.now(UTC)))
    home.tally.count("files verified")
    if report.verdict not in (Verdict.verified, Verdict.not_recognised):
        home.tally.find(f"home {home.number}: {tale.story.contract}: {report.verdict}: {report.headline}")
    return report


def _lost(home: Home, tale: Tale, digests: Iterable[str]) -> None:
    for digest in digests:
        home.tally.count("lost")
        home.tally.find(f"home {home.number}: {tale.story.contract}: {digest} was acknowledged, and is lost")


def judge(homes: list[Home], tales: list[Tale]) -> None:
    """Judge the homes; all run on sound disks by now, and nothing else is at work."""
    for home in homes:
        settle(home)
    for tale in tales:
        for home in tale.homes[1:]:
            if home.acknowledged[tale.story.contract]:
                carry(tale, home, tale.own)
    settled = {}
    for home in homes:
        settle(home)
        leaves = leaves_of(home)
        judge_log(home, leaves)
        settled[home.number] = {leaf[32:].hex() for leaf in leaves}
        home.tally.count("leaves", len(leaves))
    for tale in tales:
        reports = []
        for home in tale.homes:
            if home is not tale.own and home.acknowledged[tale.story.contract]:
                carry(tale, tale.own, home)
            reports.append(judge_contract(home, tale, settled[home.number]))
        states = {report.state for report in reports if report is not None}
        if len(states) > 1:
            tale.own.tally.find(f"{tale.story.contract}: the homes differ: {sorted(map(str, states))}")
