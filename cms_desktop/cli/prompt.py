"""Asking a person at the terminal: passphrases (prompt, file or keyring, never an argument) and choices."""

from __future__ import annotations

import errno
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from cms_backend.core.errors import CmsError
from cms_backend.report.letters import one_line

if TYPE_CHECKING:
    from cms_desktop.wallet.model import Wallet
    from cms_desktop.wallet.records import Identity
    from cms_desktop.wallet.service import WalletService


_MOST_SECRET: Final = 64 * 1024


class NeedsAnswer(CmsError):
    """A question has to be answered, and nobody is at the terminal."""

    code = "cli.needs-answer"
    status = 400


def read_secret_file(path: Path) -> str:
    """The first line of a file or a pipe, without its line break. OSError that names it, also when the line has more
    than 64 KiB or is no text.
    """
    with path.open("rb") as file:
        line = file.readline(_MOST_SECRET + 1)
    if len(line) > _MOST_SECRET:
        raise OSError(errno.EFBIG, f"Its first line is longer than {_MOST_SECRET // 1024} KiB.", str(path))
    try:
        return line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise OSError(errno.EILSEQ, "It is not a text in UTF-8.", str(path)) from None


def ask_passphrase(
    file: Path | None,
    *,
    text: str = "Passphrase",
    confirm: bool = False,
    option: str = "--passphrase-file",
) -> str:
    """From the file when given, else typed without echo. OSError, NeedsAnswer."""
    if file is not None:
        return read_secret_file(file)
    kept = (
        "" if confirm or option != "--passphrase-file" else ", or keep it in the keyring: cms wallet remember"
    )
    return ask_secret(text, confirm=confirm, remedy=f"Give {option} FILE{kept}")


def ask_secret(text: str, *, remedy: str, confirm: bool = False) -> str:
    """Typed without echo; what it is called is `text`. NeedsAnswer when nobody is at the terminal."""
    if not sys.stdin.isatty():
        raise NeedsAnswer(f"{text}: this is needed, and there is nobody to type it.", remedy=remedy)
    return str(typer.prompt(text, hide_input=True, confirmation_prompt=confirm, err=True))


def open_service(home: Path, *, passphrase_file: Path | None) -> WalletService:
    """The unlocked wallet service of a home: by file, keyring or prompt. NoWallet, WrongPassphrase, ..."""
    from cms_desktop.wallet.service import WalletService
    from cms_desktop.wallet.store import check_form

    service = WalletService(home)
    check_form(service.path)
    if passphrase_file is None and service.unlock_from_keyring() is not None:
        return service
    service.unlock_now(ask_passphrase(passphrase_file))
    return service


def open_wallet(home: Path, *, passphrase_file: Path | None) -> Wallet:
    """The unlocked wallet of a home. NoWallet, WrongPassphrase, ..."""
    wallet = open_service(home, passphrase_file=passphrase_file).wallet
    if wallet is None:
        raise NeedsAnswer("The wallet did not open.")
    return wallet


def choose_identity(wallet: Wallet, wanted: str | None, *, among: Collection[str] = ()) -> Identity:
    """By id, name or DID (or a unique beginning); else the only one that may act; else asked for. IdentityError,
    NeedsAnswer.
    """
    able = [one for one in wallet.identities if not one.watch_only and (not among or one.did in among)]
    if wanted is not None:
        from cms_desktop.wallet.records import only

        return only([(one, (one.id, one.name, one.did)) for one in able], wanted, "identity that may do this")
    if not able:
        raise NeedsAnswer(
            "No identity of this wallet may do this.", remedy="See who may with: cms contract show ID"
        )
    if len(able) == 1:
        return able[0]
    in_use = wallet.in_use
    if in_use in able and not sys.stdin.isatty():
        return in_use
    if not sys.stdin.isatty():
        raise NeedsAnswer(
            "Several identities may do this: " + ", ".join(one.name for one in able) + ".",
            remedy="Choose one with --as NAME.",
        )
    for number, one in enumerate(able, 1):
        typer.echo(f"  {number}  {one_line(one.name)}  {one.did}", err=True)
    while True:
        answer = int(typer.prompt("Which identity", type=int, default=1, err=True))
        if 1 <= answer <= len(able):
            return able[answer - 1]
        typer.echo(f"A number from 1 to {len(able)}.", err=True)
