"""A record on its way from log to log, replayed once, however many logs it has been in (section 6).

What a log holds behind the leaf by which the record left it changes nothing any more, so the replay of the next log
goes on from where the last one stood.
"""

from __future__ import annotations

from cms_backend.core.ids import Digest
from cms_backend.core.lifecycle import ContractState, Entry, LoggedKeyEnd, LogRef
from cms_backend.core.lifecycle_machine import Machine
from cms_backend.core.lifecycle_replay import LogItem, counted, meet
from cms_backend.core.verify.findings import Findings
from cms_backend.core.verify.replaying import closing_leaves


class Trail:
    """The replay of the logs that were read so far."""

    def __init__(self, findings: Findings, state: ContractState) -> None:
        """`state`: the record as its first log shows it, the only one that was read."""
        self.machine = Machine.of(state)
        self._findings = findings
        self._events = {one.digest: one for one in findings.events if one.digest not in findings.unsigned}
        self._ends = {
            one.digest: one for one in findings.evidence.key_ends if one.digest not in findings.unsigned
        }
        self._met = counted(self.machine)
        self._placed: set[Digest] = set()
        end = closing_leaves(findings, state)[0]
        for digest, index in self._leaves():
            if end is None or index <= end:
                self._put(digest)

    def next_log(self) -> LogRef | None:
        """Where the record went on from the last log that was read."""
        known = len(self._findings.logs)
        return self.machine.logs[known] if len(self.machine.logs) > known else None

    def read(self) -> None:
        """Replay the log that was added last, up to the leaf by which the record leaves it."""
        findings, machine = self._findings, self.machine
        log = len(findings.logs) - 1
        machine.opened = findings.logs[log].opened
        handovers = [one for one in findings.handovers if one.log == log]
        for digest, index in self._leaves():
            for handover in handovers:
                if handover.index < index:
                    meet(machine, handover, self._met)
            item = self._item(digest, log, index)
            if machine.log > log:
                return
            if item is not None:
                meet(machine, item, self._met)
            self._put(digest)
        for handover in handovers:
            meet(machine, handover, self._met)

    def _item(self, digest: Digest, log: int, index: int) -> LogItem | None:
        if digest in self._placed:
            return None
        if digest in self._events:
            return Entry(self._events[digest], log, index)
        return LoggedKeyEnd(self._ends[digest], log, index) if digest in self._ends else None

    def _leaves(self) -> list[tuple[Digest, int]]:
        """The leaves of the last log in their order, but for those of events in front of the opening one."""
        view, events = self._findings.logs[-1], self._events
        leaves = [
            (index, digest)
            for digest, index in view.proven.items()
            if index >= view.opened or digest not in events
        ]
        return [(digest, index) for index, digest in sorted(leaves)]

    def _put(self, digest: Digest) -> None:
        self._placed.add(digest)
        if digest in self._events:
            self._met.add(self._events[digest].event_digest)
