"""The words and the looks of states, actions and roles. One word for one thing, those of the protocol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from cms_backend.core.events import Action
from cms_backend.core.parties import Role

BADGE: Final = {
    "draft": ("draft", "Draft"),
    "pending": ("proposed", "Proposed"),
    "lapsed": ("expired", "Lapsed"),
    "in_force": ("active", "In force"),
    "notice_given": ("active", "In force, notice given"),
    "expired": ("expired", "Expired"),
    "terminated": ("terminated", "Terminated"),
    "declined": ("declined", "Declined"),
    "withdrawn": ("withdrawn", "Withdrawn"),
}
"""Reported state -> the look of its badge (a name in tokens.json) and its words."""

DONE: Final = {
    Action.created: "Created",
    Action.proposed: "Proposed",
    Action.withdrawn: "Withdrawn",
    Action.terminated: "Notice given",
    Action.moved: "Moved",
    Action.approved: "Approved",
    Action.signed: "Signed",
    Action.witnessed: "Witnessed",
    Action.declined: "Declined",
    Action.commented: "Commented",
}
ACTION_ICON: Final = {
    Action.created: "file-plus",
    Action.proposed: "paper-plane-tilt",
    Action.withdrawn: "arrow-u-up-left",
    Action.terminated: "prohibit",
    Action.moved: "arrows-left-right",
    Action.approved: "check-square",
    Action.signed: "pen-nib",
    Action.witnessed: "eye",
    Action.declined: "x-circle",
    Action.commented: "chat-text",
}
ROLE: Final = {
    Role.signer: "Signer",
    Role.approver: "Approver",
    Role.witness: "Witness",
    Role.viewer: "Viewer",
    Role.leaver: "Leaves with this revision",
}
ROLE_ICON: Final = {
    Role.signer: "pen-nib",
    Role.approver: "check-square",
    Role.witness: "eye",
    Role.viewer: "user",
    Role.leaver: "sign-out",
}
TURN: Final = {
    Role.signer: "signs",
    Role.leaver: "signs",
    Role.approver: "approves",
    Role.witness: "witnesses",
}
DECIDES: Final = {
    Role.signer: Action.signed,
    Role.leaver: Action.signed,
    Role.approver: Action.approved,
    Role.witness: Action.witnessed,
}
NUMBERS: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def badge(status: str, *, mine: bool = False, others: bool = False) -> tuple[str, str]:
    """Look and words of a state as this person meets it: `mine`, my step now; `others`, I wait for them."""
    if mine:
        return "waitingForYou", "Waiting for you"
    if others and status == "pending":
        return "waitingForOthers", "Waiting for others"
    return BADGE.get(status, ("draft", status.replace("_", " ").capitalize()))


def number(count: int) -> str:
    """Small numbers in words."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else grouped(count)


def grouped(count: int) -> str:
    """`1,284`."""
    return f"{count:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 event`, `2 events`."""
    return f"{grouped(count)} {one if count == 1 else many or one + 's'}"


def listed(items: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def capital(text: str) -> str:
    """The first letter upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def shortened(value: str, head: int = 10, tail: int = 8) -> str:
    """The middle left out: `b256f5536d…8c6a7c1d`."""
    return value if len(value) <= head + tail + 1 else f"{value[:head]}…{value[-tail:]}"


def short_did(did: str) -> str:
    """`did:key:z6Mkqk4G…c2bLyp`: the method stays whole."""
    method, _, rest = did.rpartition(":")
    return f"{method}:{shortened(rest, 8, 6)}" if method else shortened(did)


def initials(name: str) -> str:
    """At most two letters for an avatar."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def place(path: str, heading: str = "") -> str:
    """What a leaf path means to a reader: `Clause 3, Fees`."""
    fixed = {"/title": "Title", "/description": "Description", "/valid_from": "Start", "/valid_until": "End"}
    if path in fixed:
        return fixed[path]
    part, _, index = path.strip("/").partition("/")
    names = {"terms": "Clause", "parties": "Party", "attachments": "Attachment", "variables": "Variable"}
    if part not in names or not index.isdigit():
        return "The whole text"
    words = f"{names[part]} {int(index) + 1}"
    return f"{words}, {heading}" if heading else words


def clauses(numbers: Iterable[int]) -> str:
    """`clause 3`, `clauses 3 and 7`, `clauses 1 to 9`."""
    every = sorted(set(numbers))
    if len(every) == 1:
        return f"clause {every[0]}"
    if len(every) > 3 and every[-1] - every[0] == len(every) - 1:
        return f"clauses {every[0]} to {every[-1]}"
    if len(every) > 6:
        return f"{number(len(every))} clauses"
    return f"clauses {listed([str(one) for one in every])}"
