"""Another wallet in the place of the present one, from a backup or from recovery words. The present one is kept aside.

At each moment there is a whole wallet file in the home; a crash leaves the present one, or both.
"""

import asyncio
import contextlib
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from cms_backend.core.ids import Time
from cms_desktop.wallet import vault
from cms_desktop.wallet.errors import KeyringError, NoWallet, WalletError, WalletExists, WalletUnreadable
from cms_desktop.wallet.model import State
from cms_desktop.wallet.service import WalletService
from cms_desktop.wallet.store import WalletFile, give_copy, only_writer, read_file, write_file

_TRIES: Final = 100


@dataclass(frozen=True, slots=True)
class FromWords:
    """What a wallet is made of: its recovery words, a new passphrase, a name; the DID to bring back, "" = the first."""

    words: str = field(repr=False)
    passphrase: str = field(repr=False)
    name: str
    organisation: str = ""
    did: str = ""


async def replace_by_file(service: WalletService, source: Path, passphrase: str, now: Time) -> Path:
    """Open a backup in the place of the present wallet, which is locked; returns where that one is kept.

    Before anything is written: WrongPassphrase, WalletDamaged, NewerWallet, WalletUnreadable of the backup; WalletError
    while the end of a key waits for the log, for only the present wallet can hand it in.
    """
    if service.wallet is not None and service.wallet.unsent_key_ends():
        raise WalletError(
            "The end of a key has not reached the log yet, and only this wallet can hand it in.",
            remedy="Wait until the backend answers, then restore.",
        )
    data = await asyncio.to_thread(_checked, source, passphrase, service.path.parent)
    aside = await asyncio.to_thread(_exchange, service.path, data, now)
    with contextlib.suppress(KeyringError):  # what it keeps opens nothing any more
        await asyncio.to_thread(vault.forget, service.path)
    service.lock()
    await service.unlock(passphrase)
    return aside


async def replace_by_words(service: WalletService, made: FromWords, now: Time) -> Path:
    """Make the wallet of recovery words in the place of the present one. WordsError, IdentityError; as above."""
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=service.path.parent) as folder:
        await asyncio.to_thread(_make, Path(folder), made, now)
        return await replace_by_file(service, WalletService(Path(folder)).path, made.passphrase, now)


def _checked(source: Path, passphrase: str, home: Path) -> bytes:
    """The sealed bytes of a backup that opens and holds a wallet. They are looked at in a copy: nobody changes that."""
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=home) as folder:
        copy = Path(folder) / "wallet.cms"
        try:
            give_copy(source, copy)
        except NoWallet:
            raise WalletUnreadable(
                f"There is no backup {source.name}.", remedy="Check the name of the file, and its folder."
            ) from None
        file = WalletFile.open(copy, passphrase)
        State.from_bytes(file.content).erase()
        file.wipe()
        return read_file(copy)


def _exchange(path: Path, data: bytes, now: Time) -> Path:
    """Copy the present file to a name of its own, then put the other in its place in one step."""
    with only_writer(path):
        aside = _set_aside(path, now)
        try:
            write_file(path, data)
        except WalletError:
            aside.unlink(missing_ok=True)
            raise
    return aside


def _set_aside(path: Path, now: Time) -> Path:
    stamp = now.datetime.strftime("%Y-%m-%d-%H%M%S")
    for number in count(1):
        more = "" if number == 1 else f"-{number}"
        aside = path.with_name(f"{path.stem}-before-{stamp}{more}{path.suffix}")
        try:
            give_copy(path, aside)
        except WalletExists:
            if number == _TRIES:
                raise
        else:
            return aside
    raise AssertionError("count never ends")


def _make(folder: Path, made: FromWords, now: Time) -> None:
    service = WalletService(folder, now=lambda: now)
    wallet = service.create_now(made.passphrase, made.words)
    if made.did:
        wallet.recover(made.did, made.name, made.organisation)
    else:
        wallet.add_identity("ed25519", made.name, made.organisation)
    wallet.set(words_confirmed_at=now)
    service.lock()
