"""The wallet page: identities, contacts, the address to give away, and what keeps the keys safe."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import CmsError
from cms_desktop import messages
from cms_desktop.api.values import ContractQuery
from cms_desktop.clock import system_time
from cms_desktop.models.rows import RowsModel
from cms_desktop.presentation import wallet_rows
from cms_desktop.session import Session
from cms_desktop.wallet.cards import qr_matrix, qr_png, vcard
from cms_desktop.wallet.errors import WalletLocked
from cms_desktop.wallet.service import WalletService
from cms_desktop.wallet.words import fingerprint_words, places_to_confirm
from cms_desktop.workflow.key_ends import send_key_ends

if TYPE_CHECKING:
    from cms_desktop.wallet.model import Wallet
    from cms_desktop.wallet.records import Identity, Kind

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class WalletViewModel(QObject):
    """One per window. It shows no secret unless asked with the passphrase, and forgets it when left."""

    changed = Signal()
    secretChanged = Signal()
    done = Signal(str)
    """What a dialog asked for was done; the dialog of that name may close."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._identities = RowsModel(wallet_rows.IDENTITY_ROLES, parent=self)
        self._watched = RowsModel(wallet_rows.IDENTITY_ROLES, parent=self)
        self._contacts = RowsModel(wallet_rows.CONTACT_ROLES, parent=self)
        self._safety = RowsModel(wallet_rows.SAFETY_ROLES, parent=self)
        self._counts: dict[str, int] = {}
        self._keyring = False
        self._shared = ""
        self._busy, self._error = "", ""
        self._secret: list[str] = []
        self._places: tuple[int, ...] = ()
        session.walletChanged.connect(self._show)

    # -- what is shown --------------------------------------------------------

    @Property(QObject, constant=True)
    def identities(self) -> RowsModel:
        """Those that can sign."""
        return self._identities

    @Property(QObject, constant=True)
    def watched(self) -> RowsModel:
        """Those whose key is elsewhere."""
        return self._watched

    @Property(QObject, constant=True)
    def contacts(self) -> RowsModel:
        """Who this person knows."""
        return self._contacts

    @Property(QObject, constant=True)
    def safety(self) -> RowsModel:
        """Recovery words, backup, lock, passphrase, keyring."""
        return self._safety

    @Property(dict, notify=changed)
    def shared(self) -> dict[str, object]:
        """The identity whose address is given away: {name, did, words: [3 lines], rows: QR code}."""
        one = self._shared_identity()
        if one is None:
            return {"name": "", "did": "", "words": [], "rows": []}
        said = fingerprint_words(str(one.did))
        return {
            "name": one.name,
            "did": str(one.did),
            "words": [" ".join(said[place : place + 2]) for place in (0, 2, 4)],
            "rows": ["".join("1" if dark else "0" for dark in row) for row in qr_matrix(str(one.did))],
        }

    @Property(int, notify=changed)
    def lockAfter(self) -> int:
        """Minutes; 0 = never."""
        wallet = self._session.wallet
        return wallet.settings.lock_after if wallet is not None else 0

    @Property(bool, notify=changed)
    def keyring(self) -> bool:
        """Whether the login of this computer opens the wallet."""
        return self._keyring

    @Property(str, notify=changed)
    def busy(self) -> str:
        """What runs, in words."""
        return self._busy

    @Property(str, notify=changed)
    def error(self) -> str:
        """What went wrong in the open dialog."""
        return self._error

    @Property(list, notify=secretChanged)
    def secret(self) -> list[str]:
        """Recovery words or one exported key, while they are shown."""
        return self._secret

    @Property(list, notify=secretChanged)
    def places(self) -> list[int]:
        """Which recovery words the test asks for, from 0."""
        return list(self._places)

    @Slot(dict)
    def enter(self, _params: dict[str, object]) -> None:
        """The page is shown."""
        self._show()
        self._session.tasks.start(self._look(), name="wallet.look", failed=self._quiet, replace=True)

    @Slot()
    def leave(self) -> None:
        """The page is left: no secret stays."""
        self.forget()

    # -- identities -----------------------------------------------------------

    @Slot(str)
    def use(self, identity: str) -> None:
        """New contracts are made as this one."""
        self._do("use", lambda wallet: wallet.use(identity))

    @Slot(str)
    def share(self, identity: str) -> None:
        """Show its address at the right."""
        self._shared = identity
        self.changed.emit()

    @Slot(str, str, str)
    def add(self, kind: str, name: str, organisation: str) -> None:
        """A further identity out of the recovery words."""
        self._do("add", lambda wallet: wallet.add_identity(cast("Kind", kind), name, organisation))

    @Slot(str, str, str)
    def rename(self, identity: str, name: str, organisation: str) -> None:
        """Another name; the address stays."""
        self._do("rename", lambda wallet: wallet.rename(identity, name, organisation))

    @Slot(str, str)
    def watch(self, address: str, name: str) -> None:
        """Show an identity whose key is elsewhere."""
        self._do("add", lambda wallet: wallet.watch(address.strip(), name))

    @Slot(QUrl, str, str, str)
    def import_keystore(self, file: QUrl, password: str, kind: str, name: str) -> None:
        """An identity out of an Ethereum keystore file."""
        self._run(
            self._import_keystore(Path(file.toLocalFile()), password, kind, name), "Opening the keystore"
        )

    @Slot(str, QUrl, str)
    def export_keystore(self, identity: str, file: QUrl, password: str) -> None:
        """Write the key as an Ethereum keystore."""
        self._run(self._export_keystore(identity, Path(file.toLocalFile()), password), "Writing the keystore")

    @Slot(str, str)
    def rotate(self, identity: str, reason: str) -> None:
        """End the key; its successor signs from now on, and the log is told."""
        self._run(self._rotate(identity, reason), "Ending the key")

    # -- contacts -------------------------------------------------------------

    @Slot(str, str)
    def add_contact(self, card: str, name: str) -> None:
        """From a card, a vCard or an address."""
        self._do("contact", lambda wallet: wallet.add_contact_card(card, name))

    @Slot(QUrl)
    def import_contact(self, file: QUrl) -> None:
        """A card or vCard out of a file."""
        self._run(self._import_contact(Path(file.toLocalFile())), "Reading the card")

    @Slot(str, result=str)
    def words_of(self, did: str) -> str:
        """The six words that both sides read out."""
        return " ".join(fingerprint_words(did))

    @Slot(str)
    def compared(self, did: str) -> None:
        """The words were read out and are the same."""
        self._do("compare", lambda wallet: wallet.compared(did))

    @Slot(str)
    def remove_contact(self, did: str) -> None:
        """Forget a contact; it can be taken back."""
        wallet = self._session.wallet
        if wallet is None:
            return
        gone = wallet.remove_contact(did)
        self._session.tell(
            f"{gone.name} is no longer in your contacts.",
            "Undo",
            lambda: self._do("undo", lambda w: w.put_contact(gone)),
        )

    # -- the address ----------------------------------------------------------

    @Slot(bool)
    def copy_address(self, card: bool) -> None:
        """The bare address, or the whole signed card."""
        one, wallet = self._shared_identity(), self._session.wallet
        if one is None or wallet is None:
            return
        QGuiApplication.clipboard().setText(wallet.contact_card(one.id) if card else str(one.did))
        self._session.tell(
            "The signed card is in the clipboard." if card else "The address is in the clipboard."
        )

    @Slot(QUrl)
    def save_picture(self, file: QUrl) -> None:
        """The QR code as PNG, or the card as vCard by the ending of the file."""
        one, wallet = self._shared_identity(), self._session.wallet
        if one is None or wallet is None:
            return
        path = Path(file.toLocalFile())
        data = vcard(wallet.contact_card(one.id)).encode() if path.suffix == ".vcf" else qr_png(str(one.did))
        self._run(self._write(path, data), "Saving")

    # -- safety ---------------------------------------------------------------

    @Slot(QUrl)
    def back_up(self, file: QUrl) -> None:
        """Copy the sealed file."""
        self._run(self._back_up(Path(file.toLocalFile())), "Backing up")

    @Slot(int)
    def set_lock_after(self, minutes: int) -> None:
        """After so many minutes without a touch."""
        self._do("lock", lambda wallet: wallet.set(lock_after=minutes))

    @Slot(str, str)
    def change_passphrase(self, old: str, new: str) -> None:
        """Seal the file anew."""
        self._run(self._change(old, new), "Changing the passphrase")

    @Slot(str)
    def set_keyring(self, passphrase: str) -> None:
        """Keep the passphrase in the system's keyring; an empty one takes it out."""
        self._run(self._set_keyring(passphrase), "Asking the keyring")

    @Slot(str)
    def show_words(self, passphrase: str) -> None:
        """Show the recovery words to the owner."""
        self._run(self._show_words(passphrase), "Checking the passphrase")

    @Slot()
    def begin_test(self) -> None:
        """Ask three of the words back."""
        self._places = places_to_confirm(len(self._open().recovery_words()))
        self._error = ""
        self.secretChanged.emit()

    @Slot(list)
    def test_words(self, typed: list[str]) -> None:
        """Compare with the words of the wallet."""
        said = self._open().recovery_words()
        if [word.strip().lower() for word in typed] == [said[place] for place in self._places]:
            self._do("test", lambda wallet: wallet.set(words_confirmed_at=system_time()))
            self._session.tell("Right: you can restore your keys with these words.")
        else:
            self._fail(
                "Not the words of this wallet. Look at your paper again; after a new start, show the words."
            )

    @Slot()
    def forget(self) -> None:
        """No secret and no error stays in the page."""
        self._secret, self._places, self._error = [], (), ""
        self.secretChanged.emit()
        self.changed.emit()

    @Slot()
    def lock(self) -> None:
        """The button of the head."""
        self._service().lock()

    # -- work -----------------------------------------------------------------

    async def _look(self) -> None:
        from cms_desktop.wallet import vault

        service = self._service()
        self._keyring = await self._session.tasks.thread(vault.recall, service.path) is not None
        wallet, client = self._session.wallet, self._session.client
        if wallet is not None and client is not None:
            dids = [str(one.did) for one in wallet.identities] + [str(one.did) for one in wallet.contacts]
            for did in dids:
                page = await client.contracts(ContractQuery(party=did, limit=1))
                self._counts[did] = page.total
        self._show()

    async def _import_keystore(self, file: Path, password: str, kind: str, name: str) -> None:
        text = await self._session.tasks.thread(file.read_text, "utf-8")
        wallet = self._open()
        await self._session.tasks.thread(wallet.import_keystore_v3, text, password, cast("Kind", kind), name)
        self.done.emit("add")

    async def _export_keystore(self, identity: str, file: Path, password: str) -> None:
        wallet = self._open()
        keystore: dict[str, Any] = await self._session.tasks.thread(
            wallet.export_keystore_v3, identity, password
        )
        await self._write(file, json.dumps(keystore).encode())
        self.done.emit("keystore")

    async def _rotate(self, identity: str, reason: str) -> None:
        client, wallet = self._session.client, self._open()
        if client is None:
            raise messages.Unreachable(
                "The key was not ended: the backend does not answer, and it must be told."
            )
        _, fresh = wallet.rotate(identity, reason)
        await send_key_ends(wallet, client)
        self._session.tell(
            f"The key of {fresh.name} was ended. What it signed stays valid; give out the new address."
        )
        self.done.emit("rotate")

    async def _import_contact(self, file: Path) -> None:
        contact = self._open().add_contact_card(await self._session.tasks.thread(file.read_text, "utf-8"))
        self._session.tell(f"{contact.name} is in your contacts.")
        self.done.emit("contact")

    async def _back_up(self, file: Path) -> None:
        await self._service().back_up(file)
        self._session.tell(f"The backup is in {file.name}. It opens with your passphrase.")

    async def _change(self, old: str, new: str) -> None:
        await self._service().change_passphrase(old, new)
        self._session.tell("The passphrase was changed. Older backups still open with the old one.")
        self.done.emit("passphrase")

    async def _set_keyring(self, passphrase: str) -> None:
        if passphrase:
            await self._service().remember(passphrase)
        else:
            await self._service().forget()
        self._keyring = bool(passphrase)
        self.done.emit("keyring")

    async def _show_words(self, passphrase: str) -> None:
        await self._service().check_passphrase(passphrase)
        self._secret = list(self._open().recovery_words())
        self.secretChanged.emit()

    async def _write(self, file: Path, data: bytes) -> None:
        try:
            await self._session.tasks.thread(file.write_bytes, data)
        except OSError as error:
            raise messages.NotWritten(file.name, error) from error
        self._session.tell(f"Saved as {file.name}.")

    # -- inside ---------------------------------------------------------------

    def _service(self) -> WalletService:
        if self._session.wallets is None:
            raise WalletLocked("The wallet is not there yet.", remedy="Wait a moment.")
        return self._session.wallets

    def _open(self) -> Wallet:
        if self._session.wallet is None:
            raise WalletLocked("The wallet is locked.", remedy="Unlock it.")
        return self._session.wallet

    def _shared_identity(self) -> Identity | None:
        wallet = self._session.wallet
        if wallet is None:
            return None
        chosen = next((one for one in wallet.identities if one.id == self._shared), None)
        return chosen or wallet.in_use

    def _do(self, name: str, change: Callable[[Wallet], object]) -> None:
        """A change that is quick: saved at once, or refused in words."""
        try:
            change(self._open())
        except CmsError as error:
            self._fail(messages.sentence(error))
            return
        self._error = ""
        self.done.emit(name)

    def _run(self, work: Any, words: str) -> None:
        self._busy, self._error = words, ""
        self.changed.emit()
        self._session.tasks.start(self._until_done(work), name="wallet.change", failed=self._failed)

    async def _until_done(self, work: Any) -> None:
        try:
            await work
        finally:
            self._busy = ""
            self._show()

    def _failed(self, error: CmsError) -> None:
        self._fail(messages.sentence(error))

    def _fail(self, sentence: str) -> None:
        self._error = sentence
        self.changed.emit()

    def _quiet(self, error: CmsError) -> None:
        """Counts are a nicety; the page stands without them."""

    def _show(self) -> None:
        wallet = self._session.wallet
        if wallet is None:
            self.forget()
            return
        rows = wallet_rows.identity_rows(wallet.identities, wallet.in_use, self._counts)
        self._identities.set_rows([row for row in rows if not row["watchOnly"]])
        self._watched.set_rows([row for row in rows if row["watchOnly"]])
        self._contacts.set_rows(wallet_rows.contact_rows(wallet.contacts, self._counts))
        self._safety.set_rows(
            wallet_rows.safety_rows(
                wallet.settings, wallet.identities, keyring=self._keyring, now=datetime.now(UTC)
            )
        )
        self.changed.emit()
