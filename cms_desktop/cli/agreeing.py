"""Before a decision on a text: which text it is, and a person's word, or the root that a script was given, for it."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cms_backend.core.errors import CmsError
from cms_desktop.cli.context import say
from cms_desktop.cli.contract_text import text_words

if TYPE_CHECKING:
    from cms_desktop.workflow.workspace import ContractView

_LEAST: Final = 8
_PREFIX: Final = re.compile(rf"[0-9a-f]{{{_LEAST},64}}")

Root = Annotated[
    str | None,
    typer.Option(
        "--root",
        help="The text you read: its root, or at least 8 digits of its beginning, as cms contract show tells it. "
        "Without a terminal this is required.",
    ),
]


class RootError(CmsError):
    """The root of the text that is decided on is missing, is none, or is that of another text."""

    code = "cli.root"
    status = 400


class NotAgreed(CmsError):
    """The person at the terminal did not agree, or cannot see what there is to agree to."""

    code = "cli.not-agreed"
    status = 400


def check_root(root: str | None) -> None:
    """Before anything is opened. RootError when it is no root, or when there is none and nobody to ask."""
    if root is None and not sys.stdin.isatty():
        raise RootError(
            "Which text is meant has to be said, and nobody is at the terminal.",
            remedy="Read it with: cms contract show ID --text, and give its root: --root ROOT",
        )
    if root is not None and not _PREFIX.fullmatch(root):
        raise RootError(
            f"{root!r} is no root, nor the beginning of one.",
            remedy=f"Give at least {_LEAST} hex digits of it, in lower case.",
        )


def agree(view: ContractView, verb: str, root: str | None) -> None:
    """Name the pending text, and have it agreed to. RootError for another text, NotAgreed.

    Nothing happens when no text is pending: whoever composes the decision refuses it with the reason.
    """
    pending = view.state.pending
    if pending is None:
        return
    document = view.documents.get(pending.ref.root)
    if document is None:
        raise NotAgreed(
            "Your copy hides a part of this text, so that you cannot have read it.",
            remedy="Ask for the whole file before you decide.",
        )
    if root is not None and not pending.ref.root.startswith(root):
        raise RootError(
            f"The text to {verb} is another one than you named: {text_words(pending.ref)}. Nothing was sent.",
            remedy="Read it with: cms contract show ID --text",
        )
    say(f"About to {verb}: {document.title}", f"  {text_words(pending.ref)}")
    if root is None and not typer.confirm(f"You have read this text, and {verb} it?", err=True):
        raise NotAgreed("Nothing was sent.", remedy="Read it with: cms contract show ID --text")
