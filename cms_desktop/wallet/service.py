"""One wallet of one home over time: made, unlocked, saved, locked by itself. No Qt; slow work runs in a thread.

Callbacks of `subscribe` run in the thread that made the change: the window's event loop or the command line's.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from cms_backend.core.ids import Time
from cms_desktop.clock import idle_seconds, system_time
from cms_desktop.wallet import vault
from cms_desktop.wallet.derivation import new_words, normal_words
from cms_desktop.wallet.erasing import erase
from cms_desktop.wallet.errors import (
    KeyringError,
    NoWallet,
    WalletError,
    WalletLocked,
    WalletUnreadable,
    WrongPassphrase,
)
from cms_desktop.wallet.kdf import KdfParams
from cms_desktop.wallet.model import State, Wallet
from cms_desktop.wallet.store import (
    FILE_NAME,
    WalletFile,
    give_copy,
    only_writer,
    refuse_existing,
    take_copy,
)

MIN_PASSPHRASE = 8


class WalletService:
    """See the module. `wallet` is None while locked; `exists` tells whether there is a file."""

    def __init__(
        self,
        home: Path,
        *,
        now: Callable[[], Time] = system_time,
        clock: Callable[[], float] = idle_seconds,
        kdf: KdfParams | None = None,
    ) -> None:
        self.path = home / FILE_NAME
        self._now, self._clock, self._kdf = now, clock, kdf
        self._file: WalletFile | None = None
        self.wallet: Wallet | None = None
        self._touched = clock()
        self._subscribers: list[Callable[[], None]] = []

    @property
    def exists(self) -> bool:
        """Whether this home has a wallet file, or a link that should lead to one."""
        return os.path.lexists(self.path)

    def must_be_new(self) -> None:
        """WalletExists when this home has a wallet file, before anything is asked for another."""
        refuse_existing(self.path)

    @property
    def locked(self) -> bool:
        """Whether no keys are in memory."""
        return self.wallet is None

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after each change, unlock and lock; returns how to end that."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    # -- opening and closing --------------------------------------------------

    async def create(self, passphrase: str, words: str | None = None) -> Wallet:
        """A new wallet from fresh or given recovery words, without identities yet. WalletExists, WordsError."""
        return self._opened(await asyncio.to_thread(self._create, passphrase, words))

    def create_now(self, passphrase: str, words: str | None = None) -> Wallet:
        """As `create`, in this thread (command line)."""
        return self._opened(self._create(passphrase, words))

    async def unlock(self, passphrase: str) -> Wallet:
        """Open the file. NoWallet, WrongPassphrase, WalletDamaged, NewerWallet; the file is only read."""
        return self._opened(await asyncio.to_thread(WalletFile.open, self.path, passphrase))

    def unlock_now(self, passphrase: str) -> Wallet:
        """As `unlock`, in this thread (command line)."""
        return self._opened(WalletFile.open(self.path, passphrase))

    def lock(self) -> None:
        """Forget the keys, and overwrite what is held of them. Signers that were handed out sign no more."""
        if self.wallet is not None:
            self.wallet.close()
        if self._file is not None:
            self._file.wipe()
        self.wallet = self._file = None
        self._tell()

    def touch(self) -> None:
        """The person did something: the time until the lock starts anew."""
        self._touched = self._clock()

    def lock_if_idle(self) -> bool:
        """Lock when the chosen minutes passed without `touch`; True when it did."""
        if self.wallet is None or self.wallet.settings.lock_after == 0:
            return False
        if self._clock() - self._touched < 60 * self.wallet.settings.lock_after:
            return False
        self.lock()
        return True

    # -- passphrase and copies ------------------------------------------------

    async def check_passphrase(self, passphrase: str) -> None:
        """WrongPassphrase unless it opens the file; takes as long as unlocking."""
        (await asyncio.to_thread(WalletFile.open, self.path, passphrase)).wipe()

    async def change_passphrase(self, old: str, new: str) -> None:
        """Seal the file under another passphrase. WrongPassphrase when `old` is not it; WalletLocked; KeyringError when
        the change is made, and the keyring did not take it.
        """
        file = self._needs_file()
        _good_enough(new)
        await self.check_passphrase(old)
        await asyncio.to_thread(
            file.change_passphrase, new, self._kdf and KdfParams.fresh(self._kdf.memory, 1)
        )
        if self.wallet is not None:
            self.wallet.set(passphrase_changed_at=self._now())
        if await asyncio.to_thread(vault.recall, self.path) is not None:
            try:
                await asyncio.to_thread(vault.remember, self.path, new)
            except KeyringError as error:
                raise KeyringError(
                    f"The passphrase is changed, but the keyring still has the old one. {error.detail}",
                    remedy="Keep the new one there later: cms wallet remember",
                ) from error

    async def back_up(self, target: Path) -> None:
        """Copy the sealed file to a new one. The copy opens with the same passphrase. WalletExists, WalletError."""
        await asyncio.to_thread(give_copy, self.path, target)
        if self.wallet is not None:
            self.wallet.set(backed_up_at=self._now())

    async def restore_file(self, source: Path, passphrase: str) -> Wallet:
        """Take a backup as this home's wallet. WalletExists when there is one; WrongPassphrase, WalletDamaged,
        WalletUnreadable, ... of the backup before anything is written.
        """
        self.must_be_new()
        try:
            opened = await asyncio.to_thread(WalletFile.open, source, passphrase)
        except NoWallet:
            raise WalletUnreadable(
                f"There is no backup {source.name}.", remedy="Check the name of the file, and its folder."
            ) from None
        opened.wipe()
        await asyncio.to_thread(take_copy, source, self.path)
        return await self.unlock(passphrase)

    async def remember(self, passphrase: str) -> None:
        """Keep the passphrase in the keyring, after seeing that it is right. WrongPassphrase, KeyringError."""
        await self.check_passphrase(passphrase)
        await asyncio.to_thread(vault.remember, self.path, passphrase)

    async def forget(self) -> None:
        """Take the passphrase out of the keyring. KeyringError."""
        await asyncio.to_thread(vault.forget, self.path)

    def unlock_from_keyring(self) -> Wallet | None:
        """Open with the kept passphrase; None when none is kept or it is no longer right."""
        kept = vault.recall(self.path)
        if kept is None:
            return None
        try:
            return self.unlock_now(kept)
        except WrongPassphrase:
            return None

    # -- inside ---------------------------------------------------------------

    def _create(self, passphrase: str, words: str | None) -> WalletFile:
        _good_enough(passphrase)
        sentence = new_words() if words is None else normal_words(words)
        content = State(words=sentence).to_bytes()
        try:
            return WalletFile.create(self.path, passphrase, content, self._kdf)
        finally:
            erase(sentence, content)

    def _opened(self, file: WalletFile) -> Wallet:
        # Whoever opens it again is no longer in the middle of a save; a folder that cannot be written stays as it is.
        with contextlib.suppress(WalletError), only_writer(self.path):
            pass
        state = State.from_bytes(file.content)
        wallet = Wallet(state, self._save, self._now)
        state.erase()
        self._file, self.wallet = file, wallet
        self.touch()
        self._tell()
        return wallet

    def _save(self, state: State) -> None:
        content = state.to_bytes()
        try:
            self._needs_file().save(content)
        finally:
            erase(content)
        self.touch()
        # The wallet takes the new state over when this returns; who listens reads it afterwards.
        loop = _running_loop()
        if loop is None:
            self._tell()
        else:
            loop.call_soon(self._tell)

    def _needs_file(self) -> WalletFile:
        if self._file is None:
            raise WalletLocked("The wallet is locked.", remedy="Unlock it with your passphrase.")
        return self._file

    def _tell(self) -> None:
        for callback in tuple(self._subscribers):
            callback()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _good_enough(passphrase: str) -> None:
    if len("".join(passphrase.split())) < MIN_PASSPHRASE:
        raise WalletError(
            f"The passphrase is shorter than {MIN_PASSPHRASE} characters.",
            remedy="Choose four or more words that do not belong together.",
        )
