"""`cms wallet restore` and `recover`: back to one's keys by recovery words, by a backup file, or by a DID."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cms_desktop.cli.context import home, run, run_async, say
from cms_desktop.cli.options import PassphraseFile, kind_of
from cms_desktop.cli.prompt import NeedsAnswer, ask_passphrase, ask_secret, open_wallet, read_secret_file

if TYPE_CHECKING:
    from cms_desktop.wallet.keys import Place
    from cms_desktop.wallet.records import Identity
    from cms_desktop.wallet.service import WalletService


def restore(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Option(help="The name that others know you by; asked for when not given.")
    ] = "",
    words_file: Annotated[
        Path | None, typer.Option(help="Read the words from this file's first line.")
    ] = None,
    backup: Annotated[
        Path | None, typer.Option(help="Restore from a backup of the wallet file instead.")
    ] = None,
    did: Annotated[
        str | None, typer.Option(help="The DID that you used last: finds its key, also after rotations.")
    ] = None,
    generation: Annotated[
        int | None,
        typer.Option(min=0, max=9999, help="How often the key was rotated, if you know it; 0: never."),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="ed25519 (the default), secp256k1 or ethereum. A DID names it itself.")
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Bring a wallet back: from its recovery words, or from a backup file.

    The words alone give the first key again (generation 0). If you rotated it, that key was ended and signs no more:
    give the DID that you used last (--did), or how often you rotated it (--generation).
    Further identities, and a rotation that was forgotten: cms wallet recover DID

    Example: cms wallet restore --name "Katrin Ostermann" --generation 1
    """
    chosen = [one for one in ("did", "generation", "kind") if ctx.params[one] is not None]
    if backup is not None and (chosen or words_file is not None):
        raise typer.BadParameter(
            "A backup file holds its identities; it goes with none of the other ways back."
        )
    if did is not None and len(chosen) > 1:
        raise typer.BadParameter("--did finds kind and generation; give no others beside it.")

    async def work() -> None:
        from cms_desktop.wallet.service import WalletService

        service = WalletService(home(ctx))
        service.must_be_new()
        if backup is not None:
            await _from_backup(service, backup, passphrase_file)
            return
        await _from_words(
            service, words_file, name, lambda seed: _place(seed, did, kind, generation), passphrase_file
        )
        if not chosen:
            say(
                "This is the first key of these words. If you rotated it, it was ended and signs no more: bring"
            )
            say(
                "its successor back by the DID that you used last: cms wallet recover DID (or restore --did DID)."
            )

    run_async(work)


async def _from_backup(service: WalletService, backup: Path, passphrase_file: Path | None) -> None:
    wallet = await service.restore_file(backup, ask_passphrase(passphrase_file))
    for one in wallet.identities:
        _tell(one)
    say("If you rotated a key after this backup was made, bring it back with: cms wallet recover DID")


async def _from_words(
    service: WalletService,
    words_file: Path | None,
    name: str,
    find: Callable[[bytes], Place],
    passphrase_file: Path | None,
) -> None:
    from cms_desktop.wallet.derivation import words_to_seed

    # All that can be wrong is found before the wallet is there.
    if words_file is not None:
        words = read_secret_file(words_file)
    else:
        words = ask_secret("Recovery words", remedy="Give --words-file FILE, or --backup FILE.")
    place = find(words_to_seed(words))
    called = _name(name)
    fresh = ask_passphrase(passphrase_file, text="New passphrase", confirm=True)
    wallet = await service.create(fresh, words)
    _tell(wallet.recover_at(place, called))


def recover(
    ctx: typer.Context,
    did: Annotated[str, typer.Argument(help="The DID that you used last.")],
    name: Annotated[
        str, typer.Option(help="Its name. An identity that is here with an earlier key keeps its own.")
    ] = "",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Bring back an identity of the recovery words of this wallet by its DID, also after rotations of its key.

    One that is here with an earlier, ended key goes on with this one.
    """

    def work() -> None:
        wallet = open_wallet(home(ctx), passphrase_file=passphrase_file)
        _tell(wallet.recover(did, name))

    run(work)


def _place(seed: bytes, did: str | None, kind: str | None, generation: int | None) -> Place:
    from cms_desktop.wallet.errors import IdentityError
    from cms_desktop.wallet.keys import Place, find_place

    if did is None:
        return Place(kind_of(kind or "ed25519"), 0, generation or 0)
    found = find_place(seed, did.strip())
    if found is None:
        raise IdentityError(
            "These recovery words do not give this DID.", remedy="Check the DID and the words, word by word."
        )
    return found


def _name(given: str) -> str:
    from cms_desktop.wallet.records import identity_name

    if not given and not sys.stdin.isatty():
        raise NeedsAnswer("A name is needed, and there is nobody to type it.", remedy="Give --name NAME.")
    return identity_name(given or str(typer.prompt("Your name", err=True)))


def described(one: Identity) -> str:
    """The key of an identity in words; its generation counts the rotations before it."""
    if one.watch_only:
        return "watch only"
    return f"{one.kind}, key {one.generation + 1}, generation {one.generation}"


def _tell(one: Identity) -> None:
    say(f"{one.name}  ({described(one)})")
    say(f"    {one.did}")
