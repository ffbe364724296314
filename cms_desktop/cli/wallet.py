"""`cms wallet`: make, show, restore, change; identities and their keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cms_desktop.cli import wallet_keys, wallet_restore
from cms_desktop.cli.context import home, run, run_async, say, say_json
from cms_desktop.cli.options import Identity, Kinds, kind_of
from cms_desktop.cli.options import PassphraseFile as PassphraseFile
from cms_desktop.cli.prompt import ask_passphrase, choose_identity, open_wallet

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Your identities and keys. The wallet is one encrypted file; its keys never leave this computer.\n\n"
        "A passphrase is typed, read from a file (--passphrase-file) or kept in the keyring (cms wallet remember); "
        "it is never an argument."
    ),
)


@app.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Option(help="The name that others know you by.", prompt="Your name")],
    organisation: Annotated[str, typer.Option(help="Your company, if you sign for one.")] = "",
    kind: Kinds = "ed25519",
    passphrase_file: PassphraseFile = None,
    words_file: Annotated[
        Path | None, typer.Option(help="Write the recovery words here instead of showing them.")
    ] = None,
) -> None:
    """Make a wallet with a first identity, and show its recovery words once.

    Example: cms wallet create --name "Katrin Ostermann"
    """

    def work() -> None:
        from cms_desktop.wallet.derivation import new_words
        from cms_desktop.wallet.key_files import write_private
        from cms_desktop.wallet.records import identity_name, plain
        from cms_desktop.wallet.service import WalletService

        service = WalletService(home(ctx))
        service.must_be_new()
        # All that can be wrong is found before the wallet is there: its words are shown only once.
        wanted = kind_of(kind), identity_name(name), plain(organisation)
        secret = ask_passphrase(passphrase_file, text="New passphrase", confirm=True)
        sentence = new_words()
        if words_file is not None:
            write_private(words_file, sentence + "\n")
        try:
            wallet = service.create_now(secret, sentence)
        except BaseException:
            if words_file is not None:
                words_file.unlink(missing_ok=True)
            raise
        identity = wallet.add_identity(*wanted)
        if words_file is not None:
            say(f"The recovery words are in {words_file}. Copy them onto paper, then delete the file.")
        else:
            say("Write these words on paper. They are the only way back to your keys.")
            _say_words(wallet.recovery_words())
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
            say(f"{one.id}  {one.name}  ({wallet_restore.described(one)})")
            say(f"    {one.did}")

    run(work)


@app.command()
def words(ctx: typer.Context, passphrase_file: PassphraseFile = None) -> None:
    """Show the recovery words. Only when nobody else can see the screen."""

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        say(" ".join(wallet.recovery_words()))

    run(work)


app.command()(wallet_restore.restore)
app.command()(wallet_restore.recover)


@app.command()
def passphrase(
    ctx: typer.Context,
    passphrase_file: PassphraseFile = None,
    new_passphrase_file: Annotated[
        Path | None, typer.Option(help="Read the new passphrase from this file's first line.")
    ] = None,
) -> None:
    """Change the passphrase."""

    async def work() -> None:
        from cms_desktop.wallet.service import WalletService
        from cms_desktop.wallet.store import check_form

        service = WalletService(home(ctx))
        check_form(service.path)
        old = ask_passphrase(passphrase_file, text="Present passphrase")
        await service.unlock(old)
        new = ask_passphrase(
            new_passphrase_file, text="New passphrase", confirm=True, option="--new-passphrase-file"
        )
        await service.change_passphrase(old, new)
        say("The passphrase is changed. Backups made before still open with the old one.")

    run_async(work)


@app.command()
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Option(prompt="Name")],
    organisation: Annotated[str, typer.Option(help="Your company, if you sign for one.")] = "",
    kind: Kinds = "ed25519",
    watch: Annotated[str | None, typer.Option(help="Only watch this DID or contact card; no key.")] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Add an identity: ed25519 and secp256k1 (did:key), or ethereum (did:pkh)."""

    def work() -> None:
        wanted = kind_of(kind)
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        made = (
            wallet.watch(watch, name, organisation)
            if watch
            else wallet.add_identity(wanted, name, organisation)
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


@app.command()
def use(ctx: typer.Context, identity: Identity, passphrase_file: PassphraseFile = None) -> None:
    """Make an identity the one that new contracts are made as, here and in the window."""

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        one = choose_identity(wallet, identity)
        wallet.use(one.id)
        say(f"In use: {one.name}  {one.did}")

    run(work)


app.command(name="import-key")(wallet_keys.import_key)
app.command(name="export-key")(wallet_keys.export_key)
app.command(name="import-keystore")(wallet_keys.import_keystore)
app.command(name="export-keystore")(wallet_keys.export_keystore)
app.command()(wallet_keys.rotate)


@app.command()
def backup(ctx: typer.Context, out: Annotated[Path, typer.Argument(help="A new file.")]) -> None:
    """Copy the encrypted wallet file. The copy opens with the same passphrase: cms wallet restore --backup FILE

    Make a new one after each change: it holds what the recovery words do not (imported keys, contacts, names).
    """

    async def work() -> None:
        from cms_desktop.wallet.service import WalletService

        await WalletService(home(ctx)).back_up(out)
        say(f"The wallet is copied to {out}.")

    run_async(work)


@app.command()
def remember(ctx: typer.Context, passphrase_file: PassphraseFile = None) -> None:
    """Keep the passphrase in the operating system's keyring, so that it need not be typed."""

    async def work() -> None:
        from cms_desktop.wallet.service import WalletService
        from cms_desktop.wallet.store import check_form

        service = WalletService(home(ctx))
        check_form(service.path)
        await service.remember(ask_passphrase(passphrase_file))
        say("The keyring has the passphrase. Take it out again with: cms wallet forget")

    run_async(work)


@app.command()
def forget(ctx: typer.Context) -> None:
    """Take the passphrase out of the keyring again."""

    async def work() -> None:
        from cms_desktop.wallet.service import WalletService

        await WalletService(home(ctx)).forget()
        say("The keyring no longer has the passphrase.")

    run_async(work)


def _say_words(words: tuple[str, ...]) -> None:
    for row in range(4):
        say("   " + "".join(f"{place + 1:>3} {words[place]:<12}" for place in (row, row + 4, row + 8)))
