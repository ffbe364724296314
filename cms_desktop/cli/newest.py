"""Putting a data folder back, and the word of a person that it is the newest: before it, its log stays frozen."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from cms_desktop.cli.agreeing import NotAgreed
from cms_desktop.cli.context import say
from cms_desktop.cli.prompt import NeedsAnswer

Newest = Annotated[
    bool,
    typer.Option(
        "--newest",
        help="Say, without being asked, that nothing was accepted after this state and no other copy goes on.",
    ),
]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the log of a data folder stands; `proven`: something shows that it has gone on elsewhere."""

    size: int
    origin: str
    words: tuple[str, ...]
    proven: bool
    remedy: str | None


def put_back(source: Path, home: Path) -> None:
    """Make the data folder out of a backup. Ends the command with the backend's own exit code if that fails."""
    _backend("restore", home, "--from", str(source))


def look(home: Path) -> Standing:
    """Hold the log of a data folder, on which no backend runs, to all that is known of it."""
    return _standing(_backend("standing", home))


def let_go_on(home: Path, *, newest: bool) -> bool:
    """Say what was found, ask, and let the log go on; False when something shows that it must not.

    NeedsAnswer when nobody is at the terminal and `newest` is not given; NotAgreed.
    """
    found = look(home)
    say(f"{found.origin}: {found.size} leaves.", *(f"  {words}" for words in found.words))
    if not found.words:
        say("Nothing speaks against it: the log goes on.")
        return True
    if found.proven:
        say("The log stays frozen, so that it signs no second history.", f"  {found.remedy}")
        return False
    _ask(newest=newest)
    _backend("resume", home)
    say("The log goes on.")
    return True


def begin_new_log(home: Path, *, agreed: bool) -> bool:
    """Begin a new log in the place of a frozen one, once that is agreed; False when the log is not frozen.

    NeedsAnswer, NotAgreed.
    """
    from cms_backend.core.checkpoint import parse_vkey
    from cms_backend.core.ids import Did
    from cms_desktop.api.logs_seen import LogsSeen, Pin

    found = look(home)
    if not found.words:
        say("The log is not frozen: there is no reason to begin another one.")
        return False
    say(
        f"{found.origin}: {found.size} leaves.",
        *(f"  {words}" for words in found.words),
        "A new log begins, under a new key. Contracts of the old one can be read, verified and exported, and nothing "
        "can be added to them any more: not by a resume, and not by putting a backup back.",
    )
    if not agreed:
        if not sys.stdin.isatty():
            raise NeedsAnswer(
                "This has to be agreed to, and nobody is at the terminal.", remedy="Give --yes."
            )
        if not typer.confirm("Begin a new log?", err=True):
            raise NotAgreed("Nothing was changed.")
    begun: dict[str, Any] = json.loads(_backend("begin-log", home))
    # The person has asked for this log: it is what this home's backend is held to from now on.
    LogsSeen(home).pin_instead(Pin(parse_vkey(begun["vkey"]), Did.parse(begun["operator"])))
    count = int(begun["left"])
    say(
        f"The new log is {begun['origin']}.",
        f"{count} {'contract stays' if count == 1 else 'contracts stay'} in {begun['before']}.",
    )
    return True


def _ask(*, newest: bool) -> None:
    if newest:
        return
    rest = "The log stays frozen; everything can be read, verified and exported."
    if not sys.stdin.isatty():
        raise NeedsAnswer(
            f"Whether this state is the newest has to be said, and nobody is at the terminal. {rest}",
            remedy="If nothing was accepted after it: cms log resume --newest",
        )
    say(
        "If the log accepted anything after this state (a contract, a signature, the end of a key), or if another copy "
        "of this data folder goes on, two histories are signed, and everybody who holds both relies on neither."
    )
    question = "You know that nothing was accepted after this state, and no other copy is used any more?"
    if not typer.confirm(question, err=True):
        raise NotAgreed(
            rest, remedy="Look for a newer copy. When you know: cms log resume. Nothing was lost by waiting."
        )


def _standing(printed: str) -> Standing:
    raw: dict[str, Any] = json.loads(printed)
    causes = raw["causes"]
    return Standing(
        size=int(raw["size"]),
        origin=str(raw["origin"]),
        words=tuple(str(cause["words"]) for cause in causes),
        proven=any(cause["proven"] is True for cause in causes),
        remedy=raw["remedy"],
    )


def _backend(command: str, home: Path, *more: str) -> str:
    """What the backend program prints. Where it fails, the command ends with its words and its exit code."""
    words = [sys.executable, "-m", "cms_backend", command, "--home", str(home), *more]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise typer.Exit(done.returncode)
    return done.stdout
