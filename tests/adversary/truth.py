"""What really happened: the state of a contract by the leaves of its logs, told without the verifier.

This is a second, much smaller statement of the lifecycle. It knows deeds of made-up people (no bytes, signatures
or proofs), and asks one question: how does the contract stand when each log has so many leaves?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .cast import h

POSITIVE = ("approved", "signed", "witnessed")


@dataclass(frozen=True)
class Seat:
    """A party of a text: the key that it is pinned with, the digest of its next key, its step."""

    key: str
    next: str | None
    step: int


@dataclass(frozen=True)
class Deed:
    """A signed act. `key` signed it; `seat` is the party that it speaks as."""

    digest: str
    action: str
    key: str
    seat: int | None = None
    sequence: int = 0
    previous: str | None = None
    root: str = ""
    seats: tuple[Seat, ...] = ()
    log: str | None = None
    """The log that `created`, `moved` or a LogStatement names."""
    ends: str | None = None
    successor: str | None = None
    about: str | None = None
    """The log that a LogStatement is about."""


@dataclass
class Standing:
    """How the contract stands."""

    owner: str = ""
    head: Deed | None = None
    sequence: int = -1
    highest: Deed | None = None
    pending: Deed | None = None
    in_force: Deed | None = None
    notice: bool = False
    last: str = "draft"
    decided: dict[str, dict[int, Deed]] = field(default_factory=dict)
    """By proposal and seat."""
    ended: dict[str, str | None] = field(default_factory=dict)
    committed: dict[str, str] = field(default_factory=dict)
    chain: list[str] = field(default_factory=list)
    uncovered: bool = False
    """The record went on in a log of which nothing is known."""
    counted: list[Deed] = field(default_factory=list)
    pinned: set[str] = field(default_factory=set)

    @property
    def status(self) -> str:
        """As a report names it. Notice takes effect at once here."""
        if self.notice:
            return "terminated"
        if self.in_force is not None:
            return "in_force"
        return "pending" if self.pending is not None else self.last

    @property
    def root(self) -> str | None:
        """Of the text in force."""
        return None if self.in_force is None else self.in_force.root

    def heirs(self, key: str) -> list[str]:
        """The key, its logged successor, and so on."""
        found = [key]
        while (after := self.ended.get(found[-1])) is not None and after not in found:
            found.append(after)
        return found

    def seat_of(self, seats: Sequence[Seat], key: str) -> int | None:
        """The seat that a key sits in, by itself or as an heir."""
        own = [at for at, seat in enumerate(seats) if seat.key == key]
        return next(iter(own + [at for at, seat in enumerate(seats) if key in self.heirs(seat.key)]), None)

    def decisions(self, on: Deed | None = None) -> dict[int, Deed]:
        """The decisions on a proposal, else on the pending one."""
        on = on or self.pending
        return {} if on is None else self.decided.get(on.digest, {})

    # --- deeds --------------------------------------------------------------------------------------------

    def meet(self, deed: Deed) -> bool:
        """Let a deed take effect if it may; whether it did."""
        if deed.action == "KeyEnd":
            return self._end(deed)
        if deed.key in self.ended or (deed.seats and self.seat_of(deed.seats, deed.key) != deed.seat):
            return False
        if deed.action in (*POSITIVE, "declined"):
            counts = self._decide(deed)
        else:
            counts = self._link(deed)
        if counts:
            self.counted.append(deed)
            self._commit(deed)
        return counts

    def _end(self, deed: Deed) -> bool:
        key, committed = deed.ends or "", self.committed.get(deed.ends or "")
        by_itself = deed.key == key
        if key in self.ended or not (by_itself or (committed is not None and h(deed.key) == committed)):
            return False
        if committed is not None and deed.successor is not None and h(deed.successor) != committed:
            return False
        self.ended[key] = deed.successor
        return True

    def _link(self, deed: Deed) -> bool:
        """The spine: on the head, by who may, when it may."""
        if not (self._is_first(deed) if deed.action == "created" else self._is_next(deed)):
            return False
        if deed.action == "proposed":
            self.pending = self.highest = deed
        elif deed.action == "withdrawn":
            self.pending, self.last = None, "withdrawn"
        elif deed.action == "terminated":
            self.pending, self.notice = None, True
        self.highest = self.highest or deed
        self.head, self.sequence = deed, deed.sequence
        if deed.action in ("created", "proposed"):
            self.pinned |= {seat.key for seat in deed.seats}
        return True

    def _is_first(self, deed: Deed) -> bool:
        if self.head is None:
            self.owner = deed.key
            return True
        return False

    def _is_next(self, deed: Deed) -> bool:
        if self.head is None or (deed.previous, deed.sequence) != (self.head.digest, self.sequence + 1):
            return False
        allowed: bool = getattr(self, f"_may_be_{deed.action}")(deed)
        return allowed

    def _is_owner(self, deed: Deed) -> bool:
        return deed.key in self.heirs(self.owner)

    def _may_be_proposed(self, deed: Deed) -> bool:
        signers = () if self.in_force is None else self.in_force.seats
        in_force = self.seat_of(signers, deed.key) is not None
        stays = all(
            any(now.key == old.key or now.key in self.heirs(old.key) for now in deed.seats) for old in signers
        )
        mine = self.pending is None or self.pending.key in self.heirs(deed.key) or self._is_owner(deed)
        return not self.notice and (self._is_owner(deed) or in_force) and stays and mine

    def _may_be_withdrawn(self, deed: Deed) -> bool:
        return self.pending is not None and self._is_owner(deed)

    def _may_be_terminated(self, deed: Deed) -> bool:
        return (
            self.in_force is not None
            and not self.notice
            and self.seat_of(self.in_force.seats, deed.key) is not None
        )

    def _may_be_moved(self, deed: Deed) -> bool:
        return self._is_owner(deed) and deed.log is not None and deed.log not in self.chain

    def _decide(self, deed: Deed) -> bool:
        on = self.pending
        if on is None or deed.previous != on.digest or deed.root != on.root or deed.seat is None:
            return False
        done = self.decided.setdefault(on.digest, {})
        if deed.seat in done:
            return False
        if deed.action == "declined":
            done[deed.seat] = deed
            self.pending, self.last = None, "declined"
            return True
        if any(at not in done for at, seat in enumerate(on.seats) if seat.step < on.seats[deed.seat].step):
            return False
        done[deed.seat] = deed
        if len(done) == len(on.seats):
            self.in_force, self.pending = on, None
        return True

    def _commit(self, deed: Deed) -> None:
        """A key commits to its next by what it signs itself; nobody else's word does."""
        if deed.action in ("created", "proposed", *POSITIVE):
            for seat in deed.seats:
                if seat.key == deed.key and seat.next is not None:
                    self.committed.setdefault(seat.key, seat.next)


def standing(deeds: Mapping[str, Deed], leaves: Mapping[str, Sequence[str]], known: Mapping[str, int],
             first: str | None, loose: Iterable[Deed] = ()) -> Standing:  # fmt: skip
    """The state by the first `known` leaves of each log. `first`: the log that the record began in.

    `leaves`: digests in the order of a log. `loose`: the deeds that a record without a log holds, in the order in
    which they were done.
    """
    now, log, opening, seen = Standing(), first, None, set[str]()
    if first is None:
        for deed in loose:
            if now.meet(deed) and deed.action == "moved":
                log, opening = deed.log, deed.digest
                break
    while log is not None:
        now.chain.append(log)
        if log not in known:
            now.uncovered = True
            break
        log, opening = _in_log(
            now, log, opening, [deeds[d] for d in leaves[log][: known[log]] if d in deeds], seen
        )
    return now


def _in_log(
    now: Standing, log: str, opening: str | None, met: Sequence[Deed], seen: set[str]
) -> tuple[str | None, str | None]:
    """Live through one log; the log that the record goes on in, and the leaf that opens it there."""
    is_open = opening is None
    for deed in met:
        if deed.digest in seen and deed.digest != opening:
            continue
        seen.add(deed.digest)
        if deed.digest == opening:
            is_open = True
        elif deed.action == "KeyEnd":
            now.meet(deed)
        elif deed.action == "LogStatement":
            if is_open and deed.about == log and deed.log is not None and deed.log not in now.chain:
                return deed.log, None
        elif is_open and now.meet(deed) and deed.action == "moved":
            return deed.log, deed.digest
    return None, None
