"""`cms wallet`: make, show, restore, change; identities and their keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cms_desktop.cli.context import home, run, run_async, say, say_json
from cms_desktop.cli.prompt import (
    ask_passphrase,
    choose_identity,
    open_wallet,
    read_secret_file,
)

if TYPE_CHECKING:
    from cms_desktop.wallet.records import Kind

app = typer.Typer(
    no_args_is_help=True,
    help="Your identities and keys. The wallet is one encrypted file; its keys never leave this computer.",
)

PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="Read the passphrase from this file's first line.")
]
Identity = Annotated[str, typer.Argument(help="Name, id or DID of an identity, or its beginning.")]


@app.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Option(help="The name that others know you by.", prompt="Your name")],
    organisation: Annotated[str, typer.Option(help="Your company, if you sign for one.")] = "",
    kind: Annotated[
        str, typer.Option(help="ed25519 (did:key), secp256k1 (did:key) or ethereum (did:pkh).")
    ] = "ed25519",
    passphrase_file: PassphraseFile = None,
    words_file: Annotated[
        Path | None, typer.Option(help="Write the recovery words here instead of showing them.")
    ] = None,
) -> None:
    """Make a wallet with a first identity, and show its recovery words once.

    Example: cms wallet create --name "Katrin Ostermann"
    """

    def work() -> None:
        from cms_desktop.wallet.service import WalletService

        service = WalletService(home(ctx))
        wallet = service.create_now(ask_passphrase(passphrase_file, text="New passphrase", confirm=True))
        identity = wallet.add_identity(_kind(kind), name, organisation)
        words = wallet.recovery_words()
        if words_file is not None:
            _write_private(words_file, " ".join(words) + "\n")
            say(f"The recovery words are in {words_file}. Copy them onto paper, then delete the file.")
        else:
            say("Write these words on paper. They are the only way back to your keys.")
            for row in range(4):
                say(
                    "   " + "".join(f"{place + 1:>3} {words[place]:<12}" for place in (row, row + 4, row + 8))
                )
        say(f"Identity: {identity.name}")
        say(f"DID:      {identity.did}")

    run(work)


@app.command()
def show(
    ctx: typer.Context,
    passphrase_file: PassphraseFile = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List the identities of the wallet."""

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        if as_json:
            names = ("id", "name", "organisation", "did", "key", "next", "kind", "generation", "watch_only")
            say_json([{name: getattr(one, name) for name in names} for one in wallet.identities])
            return
        for one in wallet.identities:
            mark = "watch only" if one.watch_only else f"{one.kind}, key {one.generation + 1}"
            say(f"{one.id}  {one.name}  ({mark})")
            say(f"    {one.did}")

    run(work)


@app.command()
def words(ctx: typer.Context, passphrase_file: PassphraseFile = None) -> None:
    """Show the recovery words. Only when nobody else can see the screen."""

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        say(" ".join(wallet.recovery_words()))

    run(work)


@app.command()
def restore(
    ctx: typer.Context,
    name: Annotated[str, typer.Option(prompt="Your name")],
    words_file: Annotated[
        Path | None, typer.Option(help="Read the words from this file's first line.")
    ] = None,
    backup: Annotated[
        Path | None, typer.Option(help="Restore from a backup of the wallet file instead.")
    ] = None,
    did: Annotated[
        str | None, typer.Option(help="The DID to bring back, also after its key was rotated.")
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Bring a wallet back: from its recovery words, or from a backup file.

    Without --did the words give the first key again, which was ended if you rotated it.
    After a key was rotated, name the DID that you used last with --did: the words give it back too.
    """

    async def work() -> None:
        from cms_desktop.wallet.service import WalletService

        service = WalletService(home(ctx))
        if backup is not None:
            wallet = await service.restore_file(backup, ask_passphrase(passphrase_file))
        else:
            sentence = (
                read_secret_file(words_file)
                if words_file
                else str(typer.prompt("Recovery words", hide_input=True))
            )
            fresh = ask_passphrase(passphrase_file, text="New passphrase", confirm=True)
            wallet = await service.create(fresh, sentence)
            if did is None:
                wallet.add_identity("ed25519", name)
            else:
                wallet.recover(did, name)
        for one in wallet.identities:
            say(f"{one.name}  {one.did}")

    run_async(work)


@app.command()
def passphrase(
    ctx: typer.Context,
    passphrase_file: PassphraseFile = None,
    new_passphrase_file: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """Change the passphrase."""

    async def work() -> None:
        old = ask_passphrase(passphrase_file, text="Present passphrase")
        from cms_desktop.wallet.service import WalletService

        service = WalletService(home(ctx))
        await service.unlock(old)
        await service.change_passphrase(
            old, ask_passphrase(new_passphrase_file, text="New passphrase", confirm=True)
        )
        say("The passphrase is changed. Backups made before still open with the old one.")

    run_async(work)


@app.command()
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Option(prompt="Name")],
    organisation: str = "",
    kind: str = "ed25519",
    watch: Annotated[str | None, typer.Option(help="Only watch this DID or contact card; no key.")] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Add an identity: ed25519 and secp256k1 (did:key), or ethereum (did:pkh)."""

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        made = (
            wallet.watch(watch, name, organisation)
            if watch
            else wallet.add_identity(_kind(kind), name, organisation)
        )
        say(made.did)

    run(work)


@app.command()
def rename(
    ctx: typer.Context,
    identity: Identity,
    name: Annotated[str, typer.Option(prompt="New name")],
    organisation: Annotated[str | None, typer.Option(help="Left as it is when not given.")] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Give an identity another name; its DID stays."""

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        one = wallet.find(identity)
        wallet.rename(one.id, name, one.organisation if organisation is None else organisation)

    run(work)


@app.command(name="import-key")
def import_key(
    ctx: typer.Context,
    file: Path,
    name: Annotated[str, typer.Option(prompt="Name")],
    kind: str = "secp256k1",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Take in a raw key: a file with 64 hex digits. The recovery words will not restore it."""

    def work() -> None:
        from cms_desktop.wallet.errors import IdentityError

        text = read_secret_file(file).strip().removeprefix("0x")
        try:
            secret = bytes.fromhex(text)
        except ValueError:
            raise IdentityError("The file holds no key of 64 hex digits.") from None
        say(open_wallet(home(ctx), passphrase_file=passphrase_file).import_key(secret, _kind(kind), name).did)

    run(work)


@app.command(name="export-key")
def export_key(
    ctx: typer.Context,
    identity: Identity,
    out: Annotated[Path, typer.Option(help="A new file (mode 0600).")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write the raw key of an identity into a private file. Whoever has it can sign as you."""

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        _write_private(out, wallet.export_key(choose_identity(wallet, identity).id).hex() + "\n")
        say(f"The key is in {out}. Whoever has this file can sign as you.")

    run(work)


@app.command(name="import-keystore")
def import_keystore(
    ctx: typer.Context,
    file: Path,
    name: Annotated[str, typer.Option(prompt="Name")],
    password_file: Annotated[Path | None, typer.Option()] = None,
    kind: str = "ethereum",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Take in an Ethereum keystore (version 3)."""

    def work() -> None:
        password = ask_passphrase(password_file, text="Password of the keystore")
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        say(wallet.import_keystore_v3(file.read_text("utf-8"), password, _kind(kind), name).did)

    run(work)


@app.command(name="export-keystore")
def export_keystore(
    ctx: typer.Context,
    identity: Identity,
    out: Path,
    password_file: Annotated[Path | None, typer.Option()] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write the Ethereum keystore (version 3) of a secp256k1 identity."""

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        password = ask_passphrase(password_file, text="Password for the keystore", confirm=True)
        _write_private(
            out, json.dumps(wallet.export_keystore_v3(choose_identity(wallet, identity).id, password)) + "\n"
        )

    run(work)


@app.command()
def rotate(
    ctx: typer.Context, identity: Identity, reason: str = "", passphrase_file: PassphraseFile = None
) -> None:
    """End the key of an identity and go on with its pre-committed successor.

    What it signed before stays valid. The end is logged, so that nobody can sign with the old key afterwards.
    """

    async def work() -> None:
        from cms_desktop.cli.context import backend
        from cms_desktop.workflow.key_ends import send_key_ends

        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        one = choose_identity(wallet, identity)
        async with backend(home(ctx)) as client:
            ended, now = wallet.rotate(one.id, reason)
            # Ends that an outage kept back earlier go along.
            await send_key_ends(wallet, client)
        say(f"Ended:     {ended.key}")
        say(f"Successor: {now.key}")
        say(f"New DID:   {now.did}")

    run_async(work)


@app.command()
def backup(ctx: typer.Context, out: Path) -> None:
    """Copy the encrypted wallet file. The copy opens with the same passphrase."""

    async def work() -> None:
        from cms_desktop.wallet.service import WalletService

        await WalletService(home(ctx)).back_up(out)

    run_async(work)


@app.command()
def remember(ctx: typer.Context, passphrase_file: PassphraseFile = None) -> None:
    """Keep the passphrase in the operating system's keyring, so that it need not be typed."""

    async def work() -> None:
        from cms_desktop.wallet.service import WalletService

        await WalletService(home(ctx)).remember(ask_passphrase(passphrase_file))

    run_async(work)


@app.command()
def forget(ctx: typer.Context) -> None:
    """Take the passphrase out of the keyring again."""

    async def work() -> None:
        from cms_desktop.wallet.service import WalletService

        await WalletService(home(ctx)).forget()

    run_async(work)


def _kind(text: str) -> Kind:
    from cms_desktop.wallet.errors import IdentityError
    from cms_desktop.wallet.records import KINDS

    for kind in KINDS:
        if text == kind:
            return kind
    raise IdentityError(f"{text} is no kind of identity.", remedy=f"Choose one of {', '.join(KINDS)}.")


def _write_private(path: Path, text: str) -> None:
    import os

    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
