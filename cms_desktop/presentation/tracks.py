"""The geometry of the verification timeline: one scale for all, claimed time above, proven window below.

Fractions are of the axis (0 at its left end, 1 at its right). The axis counts from the newest block that an
event's signer had seen, so events that lie days apart share one scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cms_desktop.presentation.dates import DAY, HOUR, MINUTE, span

_ENDS: Final = (
    (2 * MINUTE, MINUTE / 2, "minutes"),
    (8 * MINUTE, 2 * MINUTE, "minutes"),
    (30 * MINUTE, 10 * MINUTE, "minutes"),
    (2 * HOUR, HOUR / 2, "hours"),
    (12 * HOUR, 3 * HOUR, "hours"),
    (3 * DAY, DAY, "days"),
    (30 * DAY, 10 * DAY, "days"),
)
"""(end, distance of the ticks, unit), in seconds: the choices of the axis."""
_UNIT: Final = {"minutes": MINUTE, "hours": HOUR, "days": DAY}


@dataclass(frozen=True, slots=True)
class Window:
    """What is claimed and what is proven of one event. A bound that is not proven is None."""

    claimed: datetime
    not_before: datetime | None
    not_after: datetime | None

    @property
    def base(self) -> datetime:
        """Where the axis of this event begins."""
        return self.not_before or self.claimed

    @property
    def reach(self) -> float:
        """How much of the axis it needs, in seconds."""
        last = max(self.claimed, self.not_after or self.claimed)
        return max(0.0, (last - self.base).total_seconds())


@dataclass(frozen=True, slots=True)
class Axis:
    """The common scale: its length in seconds, its ticks as (fraction, label), its unit."""

    length: float
    ticks: tuple[tuple[float, str], ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Track:
    """One row. `kind`: bar, open (not after is not proven yet), none (nothing is proven)."""

    kind: str
    claim: float
    bar: float
    """Where the proven window ends; 1 when it is cut."""
    cut: bool
    outside: bool
    """The claimed time does not lie in the proven window."""
    length: str

    def to_map(self) -> dict[str, object]:
        """For the page."""
        return {
            "kind": self.kind,
            "claim": self.claim,
            "bar": self.bar,
            "cut": self.cut,
            "outside": self.outside,
            "length": self.length,
        }


def axis(windows: Iterable[Window]) -> Axis:
    """The shortest scale that fits the longest window; a single much longer one is cut instead."""
    reaches = sorted((window.reach for window in windows), reverse=True)
    need = reaches[0] if reaches else 0.0
    if len(reaches) > 2 and reaches[1] > 0 and reaches[0] > 20 * reaches[1]:
        need = reaches[1]
    length, step, unit = next((one for one in _ENDS if one[0] >= need), _ENDS[-1])
    count = round(length / step)
    ticks = tuple((place * step / length, f"{place * step / _UNIT[unit]:g}") for place in range(count + 1))
    return Axis(length, ticks, unit)


def track(window: Window, scale: Axis, *, checked: bool = True) -> Track:
    """Where one event's marks lie."""
    offset = (window.claimed - window.base).total_seconds()
    claim = min(1.0, max(0.0, offset / scale.length))
    if not checked or (window.not_before is None and window.not_after is None):
        return Track("none", claim, 0.0, False, False, "")
    if window.not_after is None:
        return Track("open", claim, 1.0, False, offset < 0, "open")
    reach = (window.not_after - window.base).total_seconds()
    outside = offset < 0 or window.claimed > window.not_after
    length = span(reach) if window.not_before is not None else "start open"
    return Track(
        "bar", claim, min(1.0, max(0.0, reach / scale.length)), reach > scale.length, outside, length
    )


MOST_STEPS: Final = 12
KEPT: Final = 4
RISE: Final = 9


@dataclass(frozen=True, slots=True)
class PathStep:
    """A node on the way to the root: its place (0 to 1 of the width), its height in steps, its sibling."""

    x: float
    y: int
    computed: str
    sibling: str
    gap: int
    """So many steps are left out before this one."""
    from_x: float
    """The place of the node below."""

    def to_map(self) -> dict[str, object]:
        """For the page."""
        return {
            "x": self.x,
            "y": self.y * RISE,
            "fromX": self.from_x,
            "fromY": (self.y - 1) * RISE,
            "computed": self.computed,
            "sibling": self.sibling,
            "short": self.sibling[:4],
            "gap": self.gap,
        }


def path_steps(nodes: Sequence[tuple[str, str]]) -> list[PathStep]:
    """(computed, sibling) from the leaf up; over twelve, the first and last four, and a gap that counts."""
    kept = list(nodes)
    gap_at, gap = -1, 0
    if len(nodes) > MOST_STEPS:
        gap = len(nodes) - 2 * KEPT
        kept = [*nodes[:KEPT], *nodes[-KEPT:]]
        gap_at = KEPT
    count = max(1, len(kept))
    return [
        PathStep(
            (place + 1) / count, place + 1, computed, sibling, gap if place == gap_at else 0, place / count
        )
        for place, (computed, sibling) in enumerate(kept)
    ]
