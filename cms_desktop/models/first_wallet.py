"""The work at the end of the first run: the wallet, its first identity, the keyring, and a sample to look at."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cms_backend.core.errors import CmsError
from cms_desktop import messages
from cms_desktop.paths import resource
from cms_desktop.session import Session
from cms_desktop.wallet.errors import IdentityError

if TYPE_CHECKING:
    from cms_desktop.wallet.keys import Place
    from cms_desktop.wallet.model import Wallet
    from cms_desktop.wallet.service import WalletService

SAMPLE: Final = ("samples", "welcome.md")


@dataclass(frozen=True, slots=True)
class First:
    """Recovery words, and the identity that they give first: its address, and where its key lies (None = first)."""

    words: str = field(default="", repr=False)
    did: str = ""
    place: Place | None = None


def first_of(words: str, did: str = "") -> First:
    """The identity of these words that has the DID; without one, their very first. WordsError, IdentityError. Half a
    second when the DID is none of theirs.
    """
    from cms_desktop.wallet.derivation import normal_words, words_to_seed
    from cms_desktop.wallet.keys import Place, derived, find_place, signer_of_secret

    sentence = normal_words(words)
    seed = words_to_seed(sentence)
    if did:
        place = find_place(seed, did)
        if place is None:
            raise IdentityError(
                "These words do not bring back that address.",
                remedy="Compare it letter by letter, or leave it empty.",
            )
        return First(sentence, did, place)
    place = Place("ed25519")
    signer = signer_of_secret(derived(seed, place.kind, place.number, place.generation), place.kind)
    return First(sentence, str(signer.did), place)


class FirstWallet:
    """Makes or restores the wallet of a home that has none. What may fail without harm is told, not raised."""

    def __init__(self, session: Session, wallets: WalletService) -> None:
        self._session, self._wallets = session, wallets

    async def make(self, passphrase: str, first: First, name: str, organisation: str, *, keep: bool) -> None:
        """A wallet of these confirmed words with one identity; `keep` puts the passphrase into the keyring.

        A wallet that is open already (the program was stopped between two steps) only gets its identity.
        """
        from cms_desktop.clock import system_time
        from cms_desktop.wallet.keys import Place

        wallet = self._wallets.wallet or await self._wallets.create(passphrase, first.words)
        wallet.recover_at(first.place or Place("ed25519"), name, organisation)
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
