"""Keys of identities in and out of the wallet page: raw, and as Ethereum keystores of version 3."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import KeyTextError
from cms_desktop.clipboard import SecretClipboard
from cms_desktop.models.wallet_desk import WalletDesk
from cms_desktop.presentation import exporting
from cms_desktop.wallet import keystore_v3
from cms_desktop.wallet.errors import IdentityError, WalletLocked
from cms_desktop.wallet.key_files import KeyFile, read_key_file, write_private
from cms_desktop.wallet.keys import signer_of_secret

if TYPE_CHECKING:
    from cms_desktop.wallet.records import Kind

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

NOTHING: dict[str, object] = {"file": "", "form": "", "address": ""}
FEWEST = 8


@QmlElement
class WalletKeys(QObject):
    """One per wallet page. A key leaves the wallet only after its passphrase was given again, and for one dialog."""

    changed = Signal()

    def __init__(self, desk: WalletDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._clipboard = SecretClipboard(self)
        self._file: Path | None = None
        self._found: KeyFile | None = None
        self._allowed = ""
        self._shown = ""
        desk.left.connect(self._forget)

    @property
    def clipboard(self) -> SecretClipboard:
        """Where a copied key stays for half a minute."""
        return self._clipboard

    # -- in -------------------------------------------------------------------

    @Property(dict, notify=changed)
    def found(self) -> dict[str, object]:
        """The chosen file: {file: its name, form: "raw", "keystore" or "", address that a keystore claims}."""
        if self._file is None or self._found is None:
            return NOTHING
        return {"file": self._file.name, "form": self._found.form, "address": self._found.address}

    @Slot(QUrl)
    def choose(self, file: QUrl) -> None:
        """Look into a file that was chosen or let go over the dialog."""
        self._file = self._found = None
        self.changed.emit()
        self._desk.run(self._look(Path(file.toLocalFile())), "Reading the file")

    @Slot(str, result=str)
    def address(self, kind: str) -> str:
        """The address that the raw key in the chosen file has as that kind; "" when it is none."""
        if self._found is None or self._found.form != "raw":
            return ""
        try:
            return str(signer_of_secret(self._found.secret, cast("Kind", kind)).did)
        except KeyTextError:
            return ""

    @Slot(str, str, str)
    def take(self, kind: str, name: str, password: str) -> None:
        """The key of the chosen file becomes an identity. The password opens a keystore."""
        if self._found is not None:
            self._desk.run(self._take(self._found, cast("Kind", kind), name, password), "Opening the key")

    async def _look(self, file: Path) -> None:
        self._found = await self._desk.in_thread(read_key_file, file)
        self._file = file
        self.changed.emit()

    async def _take(self, found: KeyFile, kind: Kind, name: str, password: str) -> None:
        secret = found.secret
        if found.form == "keystore":
            secret = await self._desk.in_thread(keystore_v3.decrypt, found.keystore, password)
        made = self._desk.wallet().import_key(secret.rjust(32, b"\0"), kind, name)
        self._desk.tell(
            f"The key of {made.name} is in your wallet. Back it up: your words do not bring it back."
        )
        self._desk.done.emit("import")

    # -- out ------------------------------------------------------------------

    @Property(bool, notify=changed)
    def allowed(self) -> bool:
        """Whether the passphrase was given for the identity of the open dialog."""
        return self._allowed != ""

    @Property(str, notify=changed)
    def shown(self) -> str:
        """The raw key in hexadecimal digits while its owner wishes to see it, else ""."""
        return self._shown

    @Slot(str, str)
    def allow(self, identity: str, passphrase: str) -> None:
        """Open the way out for the key of one identity."""
        self._desk.run(self._allow(identity, passphrase), "Checking the passphrase")

    @Slot(str, result=QUrl)
    def suggested(self, form: str) -> QUrl:
        """Where the file is saved at first."""
        name = self._desk.wallet().identity(self._allowed).name if self._allowed else "identity"
        return QUrl.fromLocalFile(
            str(exporting.suggested(f"key {name}", "json" if form == "keystore" else "txt"))
        )

    @Slot(QUrl)
    def save_raw(self, file: QUrl) -> None:
        """The 64 digits, in a file that only its owner may read."""
        self._desk.run(self._save_raw(Path(file.toLocalFile())), "Writing the key")

    @Slot(QUrl, str)
    def save_keystore(self, file: QUrl, password: str) -> None:
        """An Ethereum keystore under a password of its own."""
        self._desk.run(self._save_keystore(Path(file.toLocalFile()), password), "Writing the keystore")

    @Slot()
    def show(self) -> None:
        """Show the raw key."""
        self._desk.run(self._show(), "Opening the key")

    @Slot()
    def copy(self) -> None:
        """The shown key to the clipboard, which is emptied after half a minute."""
        if self._shown:
            self._clipboard.put(self._shown)
            self._desk.tell("The key is in the clipboard for 30 seconds.")

    async def _allow(self, identity: str, passphrase: str) -> None:
        self._desk.wallet().identity(identity)
        await self._desk.service().check_passphrase(passphrase)
        self._allowed = identity
        self.changed.emit()

    async def _save_raw(self, file: Path) -> None:
        await self._desk.in_thread(write_private, file, self._secret().hex() + "\n")
        self._saved(file)

    async def _save_keystore(self, file: Path, password: str) -> None:
        if len(password) < FEWEST:
            raise IdentityError(f"The password of the file is shorter than {FEWEST} characters.")
        wallet, identity = self._desk.wallet(), self._may()
        keystore: dict[str, Any] = await self._desk.in_thread(wallet.export_keystore_v3, identity, password)
        await self._desk.in_thread(write_private, file, json.dumps(keystore) + "\n")
        self._saved(file)

    async def _show(self) -> None:
        self._shown = self._secret().hex()
        self.changed.emit()

    def _saved(self, file: Path) -> None:
        self._desk.tell(f"The key is in {file.name}. Whoever has this file can sign as you.")
        self._desk.done.emit("export")

    def _may(self) -> str:
        if not self._allowed:
            raise WalletLocked("The key stays in the wallet.", remedy="Give the passphrase first.")
        return self._allowed

    def _secret(self) -> bytes:
        return self._desk.wallet().export_key(self._may())

    def _forget(self) -> None:
        self._file = self._found = None
        self._allowed = self._shown = ""
        self.changed.emit()
