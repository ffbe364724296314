"""Options and arguments that several commands share, and what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cms_desktop.wallet.records import Kind

PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="Read the passphrase from this file's first line.")
]
Kinds = Annotated[str, typer.Option(help="ed25519 (did:key), secp256k1 (did:key) or ethereum (did:pkh).")]
PasswordFile = Annotated[
    Path | None, typer.Option(help="Read the keystore's password from this file's first line.")
]
Identity = Annotated[str, typer.Argument(help="Name, id or DID of an identity, or its beginning.")]


def kind_of(text: str) -> Kind:
    """The kind of identity of a word. IdentityError for another."""
    from cms_desktop.wallet.errors import IdentityError
    from cms_desktop.wallet.records import KINDS

    for kind in KINDS:
        if text == kind:
            return kind
    raise IdentityError(f"{text} is no kind of identity.", remedy=f"Choose one of {', '.join(KINDS)}.")
