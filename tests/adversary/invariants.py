"""What must hold of every report on every file, whoever made it: told by what really happened, not by the verifier.

Each function gives None, or the words that say what is broken. `Case` is one file before a verifier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cms_backend.core.errors import EvidenceError
from cms_backend.core.evidence import Evidence
from cms_backend.core.ids import Time
from cms_backend.core.merge import merge, restrict
from cms_backend.core.report_model import Report, Tail, Verdict
from cms_backend.core.verify import LedgerFacts, exit_code, verify_evidence

from .cast import Role, h
from .file_parts import File, digest, document_roots
from .removals import Change
from .truth import Deed
from .world import TRUST, World, written

REQUIRED: Final = tuple(
    frozenset(names) for names in ((), ("in-force",), ("tail",), ("in-force", "tail"), ("anchor",))
)
STRICT: Final = frozenset({"in-force", "tail"})
_SETTLED: Final = (Tail.absent, Tail.stated)


@dataclass(frozen=True)
class Known:
    """What the verifier knows beside the file."""

    facts: LedgerFacts
    reads: Mapping[str, int]
    """How far it has read each log itself."""
    now: str


@dataclass(frozen=True)
class Case:
    """One file before a verifier: the genuine file of a world, the changes made to it, and the report."""

    world: World
    genuine: File
    file: File
    known: Known
    changes: tuple[Change, ...] = ()
    before: Case | None = None
    """The case without the last change."""
    merges: bool = False
    """Merging is asked of this case too (it costs as much as five verifications)."""
    merged: bool = False
    """The file is a merged one."""
    reports: list[Report] = field(default_factory=list, repr=False)

    @property
    def report(self) -> Report:
        """What the verifier says; asked once."""
        if not self.reports:
            data = written(self.file)
            self.reports.append(verify_evidence(data, self.known.facts, TRUST, Time(self.known.now)))
        return self.reports[0]

    @property
    def base(self) -> Case:
        """The case of the genuine file."""
        return self if self.before is None else self.before.base

    def exit(self, require: frozenset[str] = STRICT) -> int:
        """The exit code under a set of requirements."""
        return exit_code(self.report, require)

    def then(self, change: Change) -> Case:
        """The case after one more change."""
        changes, file = (*self.changes, change), change.apply(self.file)
        return Case(self.world, self.genuine, file, self.known, changes, self, self.merges)

    @property
    def kinds(self) -> set[str]:
        """Of the changes."""
        return {change.kind for change in self.changes}


def reach(case: Case) -> dict[str, int]:
    """How far into each real log the verifier was told what it holds: by its own reading, or by the operator."""
    known: dict[str, int] = {}
    for section in case.file["logs"]:
        log = case.world.logs.get(section["vkey"])
        if log is not None and section["head"] in log.heads:
            known[log.vkey] = section["head"]["size"]
    return {
        vkey: max(known.get(vkey, 0), case.known.reads.get(vkey, 0)) for vkey in {*known, *case.known.reads}
    }


def nobody_is_bound_by_what_their_key_did_not_sign(case: Case) -> str | None:
    """I1. Whoever a report names as having decided has signed this very decision on this very text: with the pinned
    key, or with one that this key has itself named or committed to in something that it signed."""
    report = case.report
    words = _words_of_keys(case)
    for party in report.parties:
        if party.decision is None:
            continue
        signed = {
            key for key, root, action in words.signatures if (root, action) == (report.root, party.decision)
        }
        if not signed & words.heirs_of(str(party.key)):
            return f"{party.name} is said to have {party.decision}, and never did"
    if report.state in ("in_force", "terminated") and report.verdict is Verdict.verified:
        silent = [party.name for party in report.parties if party.role == "signer" and party.decision is None]
        if silent:
            return f"{report.state} without {', '.join(silent)}"
    return None


@dataclass
class _Words:
    """What keys have really signed: (key, root, action), successors that they named, and those they committed to."""

    signatures: set[tuple[str, str, str]]
    named: set[tuple[str, str]]
    promised: dict[str, set[str]]

    def heirs_of(self, key: str) -> set[str]:
        """The key, and all that it has itself named or committed to, and these, and so on."""
        everybody = {one for one, _, _ in self.signatures}
        found, new = set[str](), {key}
        while new:
            found |= new
            promised = {digest for one in new for digest in self.promised.get(one, ())}
            new = {other for one, other in self.named if one in new}
            new |= {one for one in everybody if h(one) in promised}
            new -= found
        return found


def _words_of_keys(case: Case) -> _Words:
    """By the history, and by what the case's own edits made people sign: every signature there holds."""
    world = case.world
    words = _Words(
        set(world.signatures), set(world.heirs), {key: set(found) for key, found in world.promises.items()}
    )
    texts = {
        root: one["content"]["parties"]
        for one, root in zip(case.file["documents"], document_roots(case.file), strict=True)
        if root is not None
    }
    for one in _signed_in_edits(case):
        key, root = one["proof"]["verificationMethod"].partition("#")[2], one["document"]["root"]
        words.signatures.add((key, root, one["action"]))
        for party in texts.get(root, ()):
            if party["key"] == key and party["next"] is not None:
                words.promised.setdefault(key, set()).add(party["next"])
    for end in case.file["key_ends"]:
        if end["actor"].endswith(f":{end['key']}") and end["successor"] is not None:
            words.named.add((end["key"], end["successor"]))
    return words


def _signed_in_edits(case: Case) -> Iterator[dict[str, Any]]:
    """The envelopes that edits added; a damage adds none, for what it spoils nobody has signed."""
    step: Case | None = case
    while step is not None and step.before is not None:
        if not step.merged and step.changes[-1].kind != "damage":
            held = {digest(one) for one in step.before.file["envelopes"]}
            yield from (one for one in step.file["envelopes"] if digest(one) not in held)
        step = step.before


def what_is_named_cannot_be_undone(case: Case) -> str | None:
    """I2. Under `--require in-force,tail` a file passes only when the logs, as far as a heard HeadStatement or the
    verifier's own reading reaches, say that this very text is in force."""
    if case.exit() != 0:
        return None
    return _contradiction(case, reach(case))


def in_force_as_of(case: Case) -> str | None:
    """I5. Under `--require in-force,tail` the contract is in force with all that was logged up to the as-of time."""
    if case.exit() != 0:
        return None
    as_of, known = case.report.as_of, reach(case)
    if as_of is not None:
        for vkey in list(known):
            times = case.world.logs[vkey].times
            known[vkey] = max(known[vkey], sum(time <= as_of for time in times))
    return _contradiction(case, known)


def _contradiction(case: Case, known: Mapping[str, int]) -> str | None:
    truth = case.world.truth_at(known)
    if case.world.first is None and any(change.role is Role.owner for change in case.changes):
        # A record that began without a log: who owns it may take it to one at any time, and then this log has the
        # word. What others hold comes back when their files are merged.
        return (
            f"merged, in force, and really {truth.status}"
            if case.merged and truth.notice is not None and truth.status != case.report.state
            else None
        )
    if case.world.first is None and not known:
        return "settled, and nobody who knows the record has said so"
    if truth.uncovered:
        return f"settled, and nothing is known of {truth.chain[-1]}"
    if truth.status != case.report.state:
        return f"{case.report.state}, and really {truth.status}"
    if truth.root != case.report.root:
        return "another text is really in force"
    return None


def taking_out_never_helps(case: Case) -> str | None:
    """I3. Taking something out of a genuine file never makes a requirement pass that did not pass before. Whole objects
    may be cut off when the tail is open, and when no log that the verifier was told of holds them: then they have
    not happened yet."""
    if not case.changes or case.kinds != {"removal"}:
        return None
    gained = [r for r in REQUIRED if case.base.exit(r) != 0 and case.exit(r) == 0]
    if not gained or _is_honest_cut(case):
        return None
    return f"passes {[sorted(names) for names in gained]}, and did not"


def _is_honest_cut(case: Case) -> bool:
    touched = {digest for change in case.changes for digest in change.touches}
    deeds = [case.world.deeds[digest] for digest in touched if digest in case.world.deeds]
    pinned = case.world.truth.pinned | set(case.world.truth.ended.values())
    idle = {deed.digest for deed in deeds if _is_idle(deed, pinned)}
    decisive = {deed.digest for deed in deeds} - idle
    cuts = [change for change in case.changes if decisive & set(change.touches)]
    whole = all(change.whole for change in cuts) or _is_out_of_sight(case, touched)
    if not touched or not (len(idle) == len(deeds) or whole):
        return False
    if case.report.tail not in _SETTLED:
        return True
    known = reach(case)
    logged = {
        d for vkey, size in known.items() for d in case.world.logs[vkey].digests[:size]
    }  # fmt: skip
    return all(deed.digest in idle or deed.digest not in logged for deed in deeds)


def _is_idle(deed: Deed, pinned: set[str]) -> bool:
    """Comments, the ends of keys that no text of the contract pins, and what an operator says of ledgers alone change
    nothing that anybody could require."""
    if deed.action == "LogStatement":
        return deed.log is None
    return deed.action == "commented" or (deed.ends is not None and deed.ends not in pinned)


def _is_out_of_sight(case: Case, touched: set[str]) -> bool:
    """What was touched is neither in the file nor named in a log that is heard: a record that went on to a log of
    which the file lacks the opening leaf is cut there, and the tail is open for it. The move itself stays proven."""
    heard = {row.vkey for row in case.report.logs}
    proven = {d for section in case.file["logs"] if section["vkey"] in heard for d in section["proofs"]}
    held = {digest(one) for one in (*case.file["envelopes"], *case.file["key_ends"])}
    moves = {d for d in touched if d in case.world.deeds and case.world.deeds[d].action == "moved"}
    return all((d in proven) if d in moves else d not in held | proven for d in touched)


def strangers_change_nothing(case: Case) -> str | None:
    """I4. What strangers add, validly signed, changes no verdict, state, open item, tail, as-of or exit code. Nor
    does a second envelope of an event, or a hidden clause."""
    last = case.changes[-1] if case.changes else None
    if case.before is None or last is None or "damage" in case.kinds:
        return None
    if last.role is not Role.stranger and last.kind not in ("twin", "hiding"):
        return None
    old, new = _face(case.before), _face(case)
    changed = [name for name in old if old[name] != new[name]]
    return f"changes {', '.join(f'{n}: {old[n]} -> {new[n]}' for n in changed)}" if changed else None


def _face(case: Case) -> dict[str, object]:
    report = case.report
    return {
        "verdict": report.verdict.value,
        "state": report.state,
        "root": report.root,
        "open items": tuple(sorted(one.value for one in report.open_items)),
        "tail": report.tail.value,
        "as-of": report.as_of,
        "exit codes": tuple(case.exit(names) for names in REQUIRED),
    }


def merging_with_the_genuine_file_mends(case: Case) -> str | None:
    """I6. Merging gives the same bytes in both orders. With the genuine file it undoes what a holder took out and what
    strangers put in; and whoever changed the file, no requirement passes that the genuine file does not pass."""
    if not case.merges:
        return None
    if not case.changes:
        return _older_files_add_nothing(case)
    try:
        genuine, other = Evidence.from_bytes(written(case.genuine)), Evidence.from_bytes(written(case.file))
        one, two = merge(genuine, other), merge(other, genuine)
    except EvidenceError as error:
        return f"does not merge: {error.detail}"
    if one.to_json() != two.to_json():
        return "merging gives another file in the other order"
    merged = Case(case.world, case.genuine, one.to_json(), case.known, case.changes, case, merged=True)
    operators = {row.vkey: row.operator for row in merged.report.logs}
    if operators:
        roots = {ref.ref.root for ref in case.world.documents.values()}
        kept = restrict(one, (genuine, other), operators, roots)
        merged = Case(case.world, case.genuine, kept.to_json(), case.known, case.changes, case, merged=True)
    for holds in (
        nobody_is_bound_by_what_their_key_did_not_sign,
        what_is_named_cannot_be_undone,
        in_force_as_of,
    ):
        words = holds(merged)
        if words is not None:
            return f"merged: {words}"
    mends = case.kinds <= {"removal", "damage"} or all(
        change.role is Role.stranger for change in case.changes
    )
    lost = [names for names in REQUIRED if case.base.exit(names) == 0 and merged.exit(names) != 0]
    report = merged.report
    if mends and (lost or report.state != case.base.report.state):
        return f"merged: {report.verdict.value}, {report.state}, {_why(report)}"
    return None


def _older_files_add_nothing(case: Case) -> str | None:
    genuine = Evidence.from_bytes(written(case.genuine))
    for older in case.world.older:
        merged = merge(Evidence.from_bytes(written(older)), genuine)
        after = Case(case.world, case.genuine, merged.to_json(), case.known)
        lost = [names for names in REQUIRED if case.exit(names) == 0 and after.exit(names) != 0]
        if lost or after.report.state != case.report.state:
            report = after.report
            return f"merged with an older file: {report.verdict.value}, {report.state}, {_why(report)}"
    return None


def genuine_files_pass(case: Case) -> str | None:
    """I0. A genuine, complete file verifies, and its state is what really happened.

    Else the other invariants would hold of a verifier that refuses everything."""
    if case.changes:
        return None
    report, truth = case.report, case.world.truth
    # Without the log of an operator nobody has said which key did:web names.
    unknown = case.world.web and not case.world.logged and report.verdict is Verdict.not_recognised
    if report.verdict is not Verdict.verified and not unknown:
        return f"the genuine file is {report.verdict.value}: {_why(report)}"
    seats = [at for at, party in enumerate(report.parties) if party.decision is not None]
    decided = sorted(truth.decisions(truth.in_force))
    if report.state in ("pending", "in_force") and seats != decided:
        return f"the genuine file names decisions of {seats}, and really they are of {decided}"
    if report.state != truth.status or (truth.status == "in_force" and report.root != truth.root):
        return f"the genuine file says {report.state}, and it is {truth.status}"
    logs = [case.world.logs[vkey] for vkey in truth.chain]
    stated = all(section["head"] is not None for section in case.file["logs"])
    read = all(case.known.reads.get(log.vkey, 0) == len(log) for log in logs)
    settled = report.tail in _SETTLED and "not_logged" not in {item.value for item in report.open_items}
    if logs and (stated or read) and not settled:
        return f"the genuine file's tail is {report.tail.value}, {[i.value for i in report.open_items]}"
    return None


def _why(report: Report) -> str:
    bad = [
        f"{c.id} {c.state.value}: {c.found}"
        for c in report.checks
        if c.state.value in ("failed", "undecided")
    ]
    return "; ".join(bad[:3])


INVARIANTS: Final[Mapping[str, Callable[[Case], str | None]]] = {
    "I0": genuine_files_pass,
    "I1": nobody_is_bound_by_what_their_key_did_not_sign,
    "I2": what_is_named_cannot_be_undone,
    "I3": taking_out_never_helps,
    "I4": strangers_change_nothing,
    "I5": in_force_as_of,
    "I6": merging_with_the_genuine_file_mends,
}
"""By their names in reports."""


def broken(case: Case) -> list[tuple[str, str]]:
    """The invariants that a case breaks, with words."""
    return [(name, words) for name, holds in INVARIANTS.items() if (words := holds(case)) is not None]
