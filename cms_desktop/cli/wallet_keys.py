"""`cms wallet import-key, export-key, import-keystore, export-keystore, rotate`: single keys, in, out and ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cms_desktop.cli.context import home, run, run_async, say
from cms_desktop.cli.options import Identity, Kinds, PassphraseFile, PasswordFile, kind_of
from cms_desktop.cli.prompt import ask_passphrase, choose_identity, open_wallet


def import_key(
    ctx: typer.Context,
    file: Path,
    name: Annotated[str, typer.Option(prompt="Name")],
    kind: Kinds = "secp256k1",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Take in a raw key: a file with 64 hex digits. The recovery words will not restore it."""

    def work() -> None:
        from cms_desktop.wallet.errors import IdentityError
        from cms_desktop.wallet.key_files import read_key_file

        wanted, found = kind_of(kind), read_key_file(file)
        if found.form != "raw":
            raise IdentityError(
                f"{file.name} is an Ethereum keystore.", remedy="Take it in with: cms wallet import-keystore"
            )
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        say(wallet.import_key(found.secret, wanted, name).did)

    run(work)


def export_key(
    ctx: typer.Context,
    identity: Identity,
    out: Annotated[Path, typer.Option(help="A new file (mode 0600).")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write the raw key of an identity into a private file. Whoever has it can sign as you."""

    def work() -> None:
        from cms_desktop.wallet.key_files import write_private

        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        one = choose_identity(wallet, identity)
        write_private(out, wallet.export_key(one.id).hex() + "\n")
        say(f"The key is in {out}. Whoever has this file can sign as you.")

    run(work)


def import_keystore(
    ctx: typer.Context,
    file: Path,
    name: Annotated[str, typer.Option(prompt="Name")],
    password_file: PasswordFile = None,
    kind: Kinds = "ethereum",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Take in an Ethereum keystore (version 3)."""

    def work() -> None:
        from cms_desktop.wallet.errors import KeystoreError
        from cms_desktop.wallet.key_files import read_key_file

        wanted, found = kind_of(kind), read_key_file(file)
        if found.form != "keystore":
            raise KeystoreError(f"{file.name} is a raw key.", remedy="Take it in with: cms wallet import-key")
        password = ask_passphrase(password_file, text="Password of the keystore", option="--password-file")
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        say(wallet.import_keystore_v3(found.keystore, password, wanted, name).did)

    run(work)


def export_keystore(
    ctx: typer.Context,
    identity: Identity,
    out: Annotated[Path, typer.Argument(help="A new file (mode 0600).")],
    password_file: PasswordFile = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write the Ethereum keystore (version 3) of a secp256k1 identity."""

    def work() -> None:
        from cms_desktop.wallet.key_files import write_private

        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        one = choose_identity(wallet, identity)
        password = ask_passphrase(
            password_file, text="Password for the keystore", confirm=True, option="--password-file"
        )
        write_private(out, json.dumps(wallet.export_keystore_v3(one.id, password)) + "\n")
        say(f"The keystore is in {out}. Whoever has it and its password can sign as you.")

    run(work)


def rotate(
    ctx: typer.Context, identity: Identity, reason: str = "", passphrase_file: PassphraseFile = None
) -> None:
    """End the key of an identity and go on with its pre-committed successor.

    What it signed before stays valid. The end is logged, so that nobody can sign with the old key afterwards.
    """

    async def work() -> None:
        from cms_backend.core.errors import CmsError
        from cms_desktop.cli.context import backend
        from cms_desktop.wallet.errors import IdentityError
        from cms_desktop.workflow.key_ends import send_key_ends

        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        one = choose_identity(wallet, identity)
        async with backend(home(ctx)) as client:
            ended, now = wallet.rotate(one.id, reason)
            # Said before it is sent: from here on only the successor signs, whatever the log answers.
            say(f"Ended:     {ended.key}")
            say(f"Successor: {now.key}")
            say(f"New DID:   {now.did}")
            say(
                "Write the new DID down beside your recovery words: cms wallet restore --did DID brings it back."
            )
            # Ends that an outage kept back earlier go along.
            try:
                await send_key_ends(wallet, client)
            except CmsError as error:
                kept = any(one.key == ended.key for one in wallet.unsent_key_ends())
                what = "The key" if kept else "An earlier key"
                raise IdentityError(
                    f"{what} is ended here, but no log has its end yet. {error.detail}",
                    remedy="The wallet keeps the end, and hands it in again when the window is open.",
                ) from error

    run_async(work)
