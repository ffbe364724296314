"""`cms contact`: the people you make contracts with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cms_desktop.cli.context import home, run, say, say_exactly, say_json
from cms_desktop.cli.options import PassphraseFile
from cms_desktop.cli.prompt import choose_identity, open_wallet
from cms_desktop.files import read_text, write_whole

Contact = Annotated[str, typer.Argument(help="Name or DID of a contact, or its beginning.")]

app = typer.Typer(no_args_is_help=True, help="Contacts, and the signed card that makes you one of theirs.")


@app.command()
def add(
    ctx: typer.Context,
    card: Annotated[str, typer.Argument(help="A contact card, a file with one, or a bare DID.")],
    name: Annotated[str, typer.Option(help="Your own name for them.")] = "",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Add somebody by the card or DID that they gave you. Somebody known keeps your name for them, unless you give one.

    Example: cms contact add idris.card --name "Idris Calloway"
    """

    def work() -> None:
        text = card if card.startswith(("did:", "cms-contact:")) else read_text(Path(card))
        contact = open_wallet(home(ctx), passphrase_file=passphrase_file).add_contact_card(text, name)
        say(f"{contact.name}  {contact.did}")

    run(work)


@app.command(name="list")
def list_(
    ctx: typer.Context,
    passphrase_file: PassphraseFile = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List the contacts, by name."""

    def work() -> None:
        contacts = open_wallet(home(ctx), passphrase_file=passphrase_file).contacts
        if as_json:
            say_json([one.to_json() for one in contacts])
            return
        for one in contacts:
            say(f"{one.name}  {one.did}")

    run(work)


@app.command()
def rename(
    ctx: typer.Context,
    contact: Contact,
    name: Annotated[str, typer.Option(help="Your own name for them.", prompt="New name")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Give a contact another name of your own; what contracts call them stays."""

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        one = wallet.rename_contact(wallet.find_contact(contact).did, name)
        say(f"{one.name}  {one.did}")

    run(work)


@app.command()
def remove(ctx: typer.Context, contact: Contact, passphrase_file: PassphraseFile = None) -> None:
    """Forget a contact; contracts with them stay."""

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        gone = wallet.remove_contact(wallet.find_contact(contact).did)
        say(f"Forgotten: {gone.name}  {gone.did}")

    run(work)


@app.command()
def card(
    ctx: typer.Context,
    identity: Annotated[
        str | None, typer.Argument(help="Which of your identities; the one in use by default.")
    ] = None,
    vcard: Annotated[bool, typer.Option(help="As a vCard for address books.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Into this file; .png writes a QR code of the DID.")
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write your own signed contact card, to hand to somebody."""

    def work() -> None:
        from cms_desktop.wallet import cards

        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        one = choose_identity(wallet, identity)
        if out is not None and out.suffix == ".png":
            write_whole(out, cards.qr_png(one.did))
            return
        text = wallet.contact_card(one.id)
        text = cards.vcard(text) if vcard else text + "\n"
        if out is None:
            say_exactly(text.rstrip("\r\n"))
        else:
            write_whole(out, text.encode())

    run(work)


@app.command()
def show(ctx: typer.Context, contact: Contact, passphrase_file: PassphraseFile = None) -> None:
    """Show a contact, and the six words to compare by telephone."""

    def work() -> None:
        from cms_desktop.wallet.words import fingerprint_words

        one = open_wallet(home(ctx), passphrase_file=passphrase_file).find_contact(contact)
        say(one.name, str(one.did))
        if one.organisation:
            say(one.organisation)
        say(f"Words: {' '.join(fingerprint_words(one.did))}")
        say("Never compared." if one.compared_at is None else f"Compared on {one.compared_at}.")

    run(work)


@app.command()
def compared(ctx: typer.Context, contact: Contact, passphrase_file: PassphraseFile = None) -> None:
    """Note that you compared the six words of a contact by telephone, and that they were the same.

    See the words with: cms contact show NAME
    """

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        one = wallet.compared(wallet.find_contact(contact).did)
        say(f"Compared: {one.name}  {one.did}")

    run(work)
