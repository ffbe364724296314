"""The work at the end of the first run: the wallet, its first identity, the keyring, and a sample to look at."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cms_backend.core.errors import CmsError
from cms_desktop import messages
from cms_desktop.paths import resource
from cms_desktop.session import Session

if TYPE_CHECKING:
    from cms_desktop.wallet.model import Wallet
    from cms_desktop.wallet.service import WalletService

SAMPLE: Final = ("samples", "welcome.md")


class FirstWallet:
    """Makes or restores the wallet of a home that has none. What may fail without harm is told, not raised."""

    def __init__(self, session: Session, wallets: WalletService) -> None:
        self._session, self._wallets = session, wallets

    async def make(self, passphrase: str, words: str, name: str, organisation: str, *, keep: bool) -> None:
        """A wallet of these confirmed words with one identity; `keep` puts the passphrase into the keyring.

        A wallet that is open already (the program was stopped between two steps) only gets its identity.
        """
        from cms_desktop.clock import system_time

        wallet = self._wallets.wallet or await self._wallets.create(passphrase, words)
        wallet.add_identity("ed25519", name, organisation)
        wallet.set(words_confirmed_at=system_time())
        await self._finish(wallet, passphrase, keep=keep)

    async def restore(self, file: Path, passphrase: str, *, keep: bool) -> None:
        """The wallet of a backup. WrongPassphrase, WalletDamaged, ... before anything is written."""
        wallet = await self._wallets.restore_file(file, passphrase)
        await self._finish(wallet, passphrase, keep=keep)

    async def _finish(self, wallet: Wallet, passphrase: str, *, keep: bool) -> None:
        await self._told(self._lay_out_sample(wallet))
        if keep:
            await self._told(self._wallets.remember(passphrase))

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except CmsError as error:
            self._session.tell(messages.sentence(error))

    async def _lay_out_sample(self, wallet: Wallet) -> None:
        from cms_desktop.workflow.sample import lay_out_sample

        thread, drafts = self._session.tasks.thread, self._session.drafts
        text = await thread(resource(*SAMPLE).read_text, encoding="utf-8")
        draft = await thread(lay_out_sample, drafts, text, wallet.in_use)
        if draft is not None:
            identity = draft.id
            self._session.tell(
                "A sample contract is among your drafts.",
                "Look at it",
                lambda: self._session.go("draft", id=identity),
            )


def first_did(words: tuple[str, ...]) -> str:
    """The DID that the first identity of these words has."""
    from cms_desktop.wallet.derivation import words_to_seed
    from cms_desktop.wallet.keys import derived, signer_of_secret

    return str(signer_of_secret(derived(words_to_seed(" ".join(words)), "ed25519", 0, 0), "ed25519").did)
