"""What keeps the keys of the wallet page safe: recovery words, backups and restore, passphrase, keyring, lock."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtQml import QmlElement

from cms_desktop.clock import system_time
from cms_desktop.models.rows import RowsModel
from cms_desktop.models.wallet_desk import WalletDesk
from cms_desktop.presentation import exporting, wallet_rows
from cms_desktop.wallet import vault
from cms_desktop.wallet.replacing import FromWords, replace_by_file, replace_by_words
from cms_desktop.wallet.words import places_to_confirm

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class WalletSafety(QObject):
    """One per wallet page. It shows no secret unless asked with the passphrase, and forgets it when left."""

    changed = Signal()
    secretChanged = Signal()

    def __init__(self, desk: WalletDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rows = RowsModel(wallet_rows.SAFETY_ROLES, parent=self)
        self._keyring = False
        self._words: list[str] = []
        self._places: tuple[int, ...] = ()
        self._backup: Path | None = None
        desk.left.connect(self._forget)

    # -- what is shown --------------------------------------------------------

    @Property(QObject, constant=True)
    def rows(self) -> RowsModel:
        """One line for each thing that keeps the keys safe."""
        return self._rows

    @Property(int, notify=changed)
    def lockAfter(self) -> int:
        """Minutes; 0 = never."""
        wallet = self._desk.session.wallet
        return wallet.settings.lock_after if wallet is not None else 0

    @Property(bool, notify=changed)
    def keyring(self) -> bool:
        """Whether the login of this computer opens the wallet."""
        return self._keyring

    @Property(str, notify=changed)
    def holds(self) -> str:
        """`two identities and three contacts`: what the present wallet holds."""
        wallet = self._desk.session.wallet
        return "" if wallet is None else wallet_rows.holds(wallet.identities, wallet.contacts)

    @Property(str, notify=changed)
    def backup(self) -> str:
        """The name of the file that is to be restored from."""
        return "" if self._backup is None else self._backup.name

    @Property(list, notify=secretChanged)
    def words(self) -> list[str]:
        """The recovery words while they are shown."""
        return self._words

    @Property(list, notify=secretChanged)
    def places(self) -> list[int]:
        """Which recovery words the test asks for, from 0."""
        return list(self._places)

    def show(self) -> None:
        """The lines as they are now."""
        wallet = self._desk.session.wallet
        if wallet is not None:
            now = datetime.now(UTC)
            self._rows.set_rows(
                wallet_rows.safety_rows(wallet.settings, wallet.identities, keyring=self._keyring, now=now)
            )
        self.changed.emit()

    async def look(self) -> None:
        """Ask the keyring whether it opens this wallet."""
        path = self._desk.service().path
        self._keyring = await self._desk.in_thread(vault.recall, path) is not None

    # -- recovery words -------------------------------------------------------

    @Slot()
    def begin_test(self) -> None:
        """Ask three of the words back."""
        self._places = places_to_confirm(len(self._desk.wallet().recovery_words()))
        self.secretChanged.emit()

    @Slot(list)
    def test_words(self, typed: list[str]) -> None:
        """Compare with the words of the wallet."""
        said = self._desk.wallet().recovery_words()
        if [word.strip().lower() for word in typed] == [said[place] for place in self._places]:
            self._desk.do("test", lambda wallet: wallet.set(words_confirmed_at=system_time()))
            self._desk.tell("Right: you can restore your keys with these words.")
        else:
            self._desk.fail(
                "Not the words of this wallet. Look at your paper again; after a new start, show the words."
            )

    @Slot(str)
    def show_words(self, passphrase: str) -> None:
        """Show the recovery words to the owner."""
        self._desk.run(self._show_words(passphrase), "Checking the passphrase")

    async def _show_words(self, passphrase: str) -> None:
        await self._desk.service().check_passphrase(passphrase)
        self._words = list(self._desk.wallet().recovery_words())
        self.secretChanged.emit()

    # -- backup and restore ---------------------------------------------------

    @Slot(result=QUrl)
    def suggested(self) -> QUrl:
        """Where a backup is saved at first."""
        return QUrl.fromLocalFile(str(exporting.suggested(f"wallet backup {system_time()[:10]}", "cms")))

    @Slot(QUrl)
    def back_up(self, file: QUrl) -> None:
        """Copy the sealed file."""
        self._desk.run(self._back_up(Path(file.toLocalFile())), "Backing up", aloud=True)

    @Slot(QUrl)
    def choose_backup(self, file: QUrl) -> None:
        """The file that is to be restored from."""
        self._backup = Path(file.toLocalFile())
        self.changed.emit()

    @Slot(str)
    def restore_file(self, passphrase: str) -> None:
        """The chosen backup takes the place of the present wallet, which is kept aside."""
        if self._backup is not None:
            self._desk.run(self._restore_file(self._backup, passphrase), "Opening the backup")

    @Slot(str, str, str, str)
    def restore_words(self, words: str, passphrase: str, name: str, address: str) -> None:
        """A wallet of these words takes the place of the present one, which is kept aside."""
        made = FromWords(words, passphrase, name, did=address.strip())
        self._desk.run(self._restore_words(made), "Making the keys from the words")

    async def _back_up(self, file: Path) -> None:
        await self._desk.service().back_up(file)
        self._desk.tell(f"The backup is in {file.name}. It opens with your passphrase.")

    async def _restore_file(self, file: Path, passphrase: str) -> None:
        self._restored(await replace_by_file(self._desk.service(), file, passphrase, system_time()))

    async def _restore_words(self, made: FromWords) -> None:
        self._restored(await replace_by_words(self._desk.service(), made, system_time()))

    def _restored(self, aside: Path) -> None:
        self._desk.tell(f"Your wallet is restored. The one before is kept as {aside.name} in {aside.parent}.")
        self._desk.done.emit("restore")

    # -- lock, passphrase, keyring --------------------------------------------

    @Slot(int)
    def set_lock_after(self, minutes: int) -> None:
        """After so many minutes without a touch."""
        self._desk.do("lock", lambda wallet: wallet.set(lock_after=minutes))

    @Slot(str, str)
    def change_passphrase(self, old: str, new: str) -> None:
        """Seal the file anew."""
        self._desk.run(self._change(old, new), "Changing the passphrase")

    @Slot(str)
    def set_keyring(self, passphrase: str) -> None:
        """Keep the passphrase in the system's keyring; an empty one takes it out."""
        self._desk.run(self._set_keyring(passphrase), "Asking the keyring")

    async def _change(self, old: str, new: str) -> None:
        await self._desk.service().change_passphrase(old, new)
        self._desk.tell("The passphrase was changed. Older backups still open with the old one.")
        self._desk.done.emit("passphrase")

    async def _set_keyring(self, passphrase: str) -> None:
        if passphrase:
            await self._desk.service().remember(passphrase)
        else:
            await self._desk.service().forget()
        self._keyring = bool(passphrase)
        self._desk.done.emit("keyring")

    def _forget(self) -> None:
        self._words, self._places, self._backup = [], (), None
        self.secretChanged.emit()
        self.changed.emit()
