"""The wallet page: identities, contacts, the address to give away, and what keeps the keys safe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import CmsError
from cms_desktop import messages
from cms_desktop.api.values import ContractQuery
from cms_desktop.files import read_text, refuse_others, spoken
from cms_desktop.models.rows import RowsModel
from cms_desktop.models.screenshot_guard import ScreenshotGuard
from cms_desktop.models.wallet_desk import WalletDesk
from cms_desktop.models.wallet_keys import WalletKeys
from cms_desktop.models.wallet_safety import WalletSafety
from cms_desktop.presentation import exporting, wallet_rows
from cms_desktop.session import Session
from cms_desktop.wallet.cards import qr_matrix, qr_png, vcard
from cms_desktop.wallet.errors import WalletUnreadable
from cms_desktop.wallet.words import fingerprint_words
from cms_desktop.workflow.key_ends import send_key_ends

if TYPE_CHECKING:
    from cms_desktop.wallet.records import Identity, Kind

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class WalletViewModel(QObject):
    """One per window. Keys and secrets are its parts' work (`keys`, `safety`); what they share is a desk."""

    changed = Signal()
    done = Signal(str)
    """What a dialog asked for was done; the dialog of that name may close."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._desk = WalletDesk(session, self)
        self._keys = WalletKeys(self._desk, self)
        self._safety = WalletSafety(self._desk, self)
        self._guard = ScreenshotGuard(self)
        self._identities = RowsModel(wallet_rows.IDENTITY_ROLES, parent=self)
        self._watched = RowsModel(wallet_rows.IDENTITY_ROLES, parent=self)
        self._contacts = RowsModel(wallet_rows.CONTACT_ROLES, parent=self)
        self._counts: dict[str, int] = {}
        self._shared = ""
        self._desk.changed.connect(self.changed)
        self._desk.done.connect(self.done)
        self._desk.settled.connect(self._show)
        session.walletChanged.connect(self._show)

    # -- what is shown --------------------------------------------------------

    @Property(QObject, constant=True)
    def keys(self) -> WalletKeys:
        """Keys in and out."""
        return self._keys

    @Property(QObject, constant=True)
    def safety(self) -> WalletSafety:
        """Recovery words, backup, restore, lock, passphrase, keyring."""
        return self._safety

    @Property(QObject, constant=True)
    def guard(self) -> ScreenshotGuard:
        """Keeps the window out of screenshots while a dialog shows a secret."""
        return self._guard

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

    @Property(str, notify=changed)
    def busy(self) -> str:
        """What runs, in words."""
        return self._desk.busy

    @Property(str, notify=changed)
    def error(self) -> str:
        """What went wrong in the open dialog."""
        return self._desk.error

    @Slot(dict)
    def enter(self, _params: dict[str, object]) -> None:
        """The page is shown."""
        self._show()
        self._session.tasks.start(self._look(), name="wallet.look", failed=self._quiet, replace=True)

    @Slot()
    def leave(self) -> None:
        """The page is left: no secret stays."""
        self._desk.forget()

    # -- identities -----------------------------------------------------------

    @Slot(str)
    def use(self, identity: str) -> None:
        """New contracts are made as this one."""
        self._desk.do("use", lambda wallet: wallet.use(identity))

    @Slot(str)
    def share(self, identity: str) -> None:
        """Show its address at the right."""
        self._shared = identity
        self.changed.emit()

    @Slot(str, str, str)
    def add(self, kind: str, name: str, organisation: str) -> None:
        """A further identity out of the recovery words."""
        self._desk.do("add", lambda wallet: wallet.add_identity(cast("Kind", kind), name, organisation))

    @Slot(str, str, str)
    def rename(self, identity: str, name: str, organisation: str) -> None:
        """Another name; the address stays."""
        self._desk.do("rename", lambda wallet: wallet.rename(identity, name, organisation))

    @Slot(str, str)
    def watch(self, address: str, name: str) -> None:
        """Show an identity whose key is elsewhere."""
        self._desk.do("add", lambda wallet: wallet.watch(address.strip(), name))

    @Slot(str, str)
    def rotate(self, identity: str, reason: str) -> None:
        """End the key; its successor signs from now on, and the log is told."""
        self._desk.run(self._rotate(identity, reason), "Ending the key")

    # -- contacts -------------------------------------------------------------

    @Slot(str, str)
    def add_contact(self, card: str, name: str) -> None:
        """From a card, a vCard or an address."""
        self._desk.do("contact", lambda wallet: wallet.add_contact_card(card, name))

    @Slot(QUrl)
    def import_contact(self, file: QUrl) -> None:
        """A card or vCard out of a file."""
        self._desk.run(self._import_contact(Path(file.toLocalFile())), "Reading the card", aloud=True)

    @Slot(str, result=str)
    def words_of(self, did: str) -> str:
        """The six words that both sides read out."""
        return " ".join(fingerprint_words(did))

    @Slot(str)
    def compared(self, did: str) -> None:
        """The words were read out and are the same."""
        self._desk.do("compare", lambda wallet: wallet.compared(did))

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
            lambda: self._desk.do("undo", lambda w: w.put_contact(gone)),
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

    @Slot(result=QUrl)
    def suggested(self) -> QUrl:
        """Where the picture of the address is saved at first."""
        one = self._shared_identity()
        return QUrl.fromLocalFile(str(exporting.suggested(f"address {one.name if one else ''}", "png")))

    @Slot(QUrl)
    def save_picture(self, file: QUrl) -> None:
        """The QR code as PNG, or the card as vCard by the ending of the file."""
        one, wallet = self._shared_identity(), self._session.wallet
        if one is None or wallet is None:
            return
        path = Path(file.toLocalFile())
        data = vcard(wallet.contact_card(one.id)).encode() if path.suffix == ".vcf" else qr_png(str(one.did))
        self._desk.run(self._write(path, data), "Saving", aloud=True)

    @Slot()
    def forget(self) -> None:
        """No secret and no error stays in the page."""
        self._desk.forget()

    @Slot()
    def lock(self) -> None:
        """The button of the head."""
        self._desk.service().lock()

    # -- work -----------------------------------------------------------------

    async def _look(self) -> None:
        await self._safety.look()
        wallet, client = self._session.wallet, self._session.client
        if wallet is not None and client is not None:
            dids = [str(one.did) for one in wallet.identities] + [str(one.did) for one in wallet.contacts]
            for did in dids:
                page = await client.contracts(ContractQuery(party=did, limit=1))
                self._counts[did] = page.total
        self._show()

    async def _rotate(self, identity: str, reason: str) -> None:
        client, wallet = self._session.client, self._desk.wallet()
        if client is None:
            raise messages.Unreachable(
                "The key was not ended: the backend does not answer, and it must be told."
            )
        _, fresh = wallet.rotate(identity, reason)
        await send_key_ends(wallet, client)
        self._session.tell(
            f"The key of {fresh.name} was ended. What it signed stays valid; give out the new address."
        )
        self._desk.done.emit("rotate")

    async def _import_contact(self, file: Path) -> None:
        contact = self._desk.wallet().add_contact_card(await self._desk.in_thread(_text, file))
        self._session.tell(f"{contact.name} is in your contacts.")
        self._desk.done.emit("contact")

    async def _write(self, file: Path, data: bytes) -> None:
        await self._desk.in_thread(exporting.write, file, data)
        self._session.tell(f"Saved as {file.name}.")

    # -- inside ---------------------------------------------------------------

    def _shared_identity(self) -> Identity | None:
        wallet = self._session.wallet
        if wallet is None:
            return None
        chosen = next((one for one in wallet.identities if one.id == self._shared), None)
        return chosen or wallet.in_use

    def _quiet(self, error: CmsError) -> None:
        """Counts are a nicety; the page stands without them."""

    def _show(self) -> None:
        wallet = self._session.wallet
        if wallet is None:
            self._desk.forget()
            return
        rows = wallet_rows.identity_rows(wallet.identities, wallet.in_use, self._counts)
        self._identities.set_rows([row for row in rows if not row["watchOnly"]])
        self._watched.set_rows([row for row in rows if row["watchOnly"]])
        self._contacts.set_rows(wallet_rows.contact_rows(wallet.contacts, self._counts))
        self._safety.show()
        self.changed.emit()


def _text(file: Path) -> str:
    """A contact card or vCard. WalletUnreadable."""
    try:
        refuse_others(file)
        return read_text(file)
    except OSError as error:
        raise WalletUnreadable(
            f"{file.name} cannot be read. {spoken(error)}", remedy="Choose a contact card or a vCard."
        ) from error
