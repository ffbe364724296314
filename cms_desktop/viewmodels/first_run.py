"""The first start in three steps: protect, write down, name. Or: restore from words or from a file."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import CmsError
from cms_desktop import messages
from cms_desktop.models.first_wallet import First, FirstWallet, first_of
from cms_desktop.models.screenshot_guard import ScreenshotGuard
from cms_desktop.presentation.strength import strength
from cms_desktop.session import Session

if TYPE_CHECKING:
    from cms_desktop.wallet.service import WalletService

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

ASKED: Final = 3


@QmlElement
class FirstRunViewModel(QObject):
    """`step` is 0 protect, 1 write down, 2 name; `mode` is "new", "words" or "file"."""

    changed = Signal()
    finished = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._guard = ScreenshotGuard(self)
        self._step, self._mode = 0, "new"
        self._passphrase = self._again = ""
        self._keep = False
        self._words: tuple[str, ...] = ()
        self._places: tuple[int, ...] = ()
        self._answers: dict[int, str] = {}
        self._typed_words = self._typed_address = ""
        self._file: Path | None = None
        self._name = self._organisation = ""
        self._new, self._restored = First(), First()
        self._busy = ""
        self._error = ""

    def enter(self, params: dict[str, object]) -> None:
        """Shown by the stage, not by the sidebar."""

    def leave(self) -> None:
        """Nothing runs."""

    # -- what is shown --------------------------------------------------------

    @Property(QObject, constant=True)
    def guard(self) -> ScreenshotGuard:
        """Keeps the window out of screenshots while words are shown."""
        return self._guard

    @Property(bool, notify=changed)
    def sampleWaits(self) -> bool:
        """Whether a sample contract will be inside: only in a home where no draft was ever kept."""
        return self._session.drafts.untouched

    @Property(int, notify=changed)
    def step(self) -> int:
        """Where one is."""
        return self._step

    @Property(str, notify=changed)
    def mode(self) -> str:
        """New keys, or restored ones."""
        return self._mode

    @Property(dict, notify=changed)
    def strength(self) -> dict[str, object]:
        """Of the passphrase as it is typed."""
        return strength(self._passphrase)

    @Property(list, notify=changed)
    def words(self) -> list[str]:
        """The twelve words, while they are to be written down."""
        return list(self._words) if self._step == 1 else []

    @Property(list, notify=changed)
    def asked(self) -> list[dict[str, object]]:
        """The words that are asked back: {place, right, wrong}."""
        return self._asked()

    def _asked(self) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = []
        for place in self._places:
            typed = self._answers.get(place, "")
            right = bool(self._words) and typed == self._words[place]
            wrong = bool(self._words) and bool(typed) and not self._words[place].startswith(typed)
            rows.append({"place": place, "number": place + 1, "right": right, "wrong": wrong})
        return rows

    @Property(str, notify=changed)
    def file(self) -> str:
        """The name of the chosen backup."""
        return self._file.name if self._file else ""

    @Property(str, notify=changed)
    def did(self) -> str:
        """The address of the identity that this wallet will have."""
        return self._first().did

    @Property(str, notify=changed)
    def inWords(self) -> str:
        """The address in six words."""
        return self._in_words()

    def _in_words(self) -> str:
        if not self._first().did:
            return ""
        from cms_desktop.wallet.words import fingerprint_words

        return " ".join(fingerprint_words(self._first().did))

    @Property(str, notify=changed)
    def name(self) -> str:
        """As typed."""
        return self._name

    @Property(str, notify=changed)
    def organisation(self) -> str:
        """As typed."""
        return self._organisation

    @Property(str, notify=changed)
    def busy(self) -> str:
        """What runs, in words."""
        return self._busy

    @Property(str, notify=changed)
    def error(self) -> str:
        """What went wrong, or empty."""
        return self._error

    @Property(str, notify=changed)
    def why(self) -> str:
        """Why one can not go on yet; empty when one can."""
        return self._why()

    def _why(self) -> str:
        if self._busy:
            return self._busy
        if self._step == 1:
            left = sum(1 for row in self._asked() if not row["right"])
            return ("", "One word left", "Two words left", "Three words left")[left]
        if self._step == 2:
            return "" if self._name.strip() else "Write your name"
        if self._mode == "words" and len(self._typed_words.split()) not in (12, 15, 18, 21, 24):
            return "Write all the words"
        if self._mode == "file":
            return self._why_file()
        if not strength(self._passphrase)["good"]:
            return "Choose a longer passphrase" if self._passphrase else "Choose a passphrase"
        return "" if self._again == self._passphrase else "Write it once more, the same"

    def _why_file(self) -> str:
        if self._file is None:
            return "Choose the backup file"
        return "" if self._passphrase else "Write the passphrase of the backup"

    # -- what is typed --------------------------------------------------------

    @Slot(str)
    def set_passphrase(self, text: str) -> None:
        """As it is typed."""
        self._passphrase = text
        self._tell()

    @Slot(str)
    def set_again(self, text: str) -> None:
        """The second time."""
        self._again = text
        self._tell()

    @Slot(bool)
    def set_keep(self, keep: bool) -> None:
        """Whether the system's keyring keeps the passphrase."""
        self._keep = keep

    @Slot(int, str)
    def answer(self, place: int, text: str) -> None:
        """A word asked back."""
        self._answers[place] = text.strip().lower()
        self._tell()

    @Slot(str)
    def set_words(self, text: str) -> None:
        """The words of an earlier wallet."""
        self._typed_words = text
        self._tell()

    @Slot(str)
    def set_address(self, text: str) -> None:
        """The address that was used last; empty brings back the first one."""
        self._typed_address = text.strip()
        self._tell()

    @Slot(QUrl)
    def set_file(self, url: QUrl) -> None:
        """A backup of an earlier wallet."""
        self._file = Path(url.toLocalFile())
        self._tell()

    @Slot(str)
    def set_name(self, text: str) -> None:
        """How others call this person."""
        self._name = text
        self._tell()

    @Slot(str)
    def set_organisation(self, text: str) -> None:
        """For whom this person signs."""
        self._organisation = text
        self._tell()

    def name_only(self) -> None:
        """The wallet is open and holds no identity: the program was stopped between two steps."""
        self._step, self._mode = 2, "new"
        self._tell()

    # -- the card -------------------------------------------------------------

    @Slot(result=QUrl)
    def suggested(self) -> QUrl:
        """Where the card is saved at first."""
        from cms_desktop.presentation import exporting

        return QUrl.fromLocalFile(str(exporting.suggested("recovery words", "pdf")))

    @Slot(QUrl)
    def save_card(self, url: QUrl) -> None:
        """A sheet with numbered empty lines, to print and write the words on. It holds no word."""
        from cms_desktop.presentation import exporting
        from cms_desktop.presentation.words_card import words_card

        file = Path(url.toLocalFile())
        try:
            exporting.write(file, words_card(self._first().did, self._in_words()))
        except CmsError as error:
            self._failed(error)
            return
        self._error = ""
        self._tell()
        self._session.tell(
            f"{file.name} has twelve empty lines. Print it, and write the words by hand.",
            "Open",
            lambda: self._open(url),
        )

    def _open(self, url: QUrl) -> None:
        QDesktopServices.openUrl(url)

    # -- steps ----------------------------------------------------------------

    @Slot(str)
    def choose(self, mode: str) -> None:
        """New, or restored from words or a file."""
        self._mode, self._step, self._error = mode, 0, ""
        self._tell()

    @Slot()
    def back(self) -> None:
        """One step back; what was typed stays, the words are made only once."""
        if self._step > 0 and not self._busy and self._wallets().wallet is None:
            self._step -= 2 if self._step == 2 and self._mode != "new" else 1
            self._error = ""
            self._tell()

    @Slot()
    def go_on(self) -> None:
        """One step on, if nothing is missing."""
        if self._why():
            return
        self._error = ""
        if self._step == 0 and self._mode == "new":
            self._prepare()
        elif self._step == 0 and self._mode == "file":
            self._run(self._restore_file(), "Opening the backup")
        elif self._step == 0:
            self._run(self._take_typed_words(), "Looking for your keys")
        elif self._step == 1:
            self._step = 2
            self._tell()
        else:
            self._run(self._create(), "Locking your keys with the passphrase")

    def _prepare(self) -> None:
        from cms_desktop.wallet.derivation import new_words
        from cms_desktop.wallet.words import places_to_confirm

        if not self._words:
            self._new = first_of(new_words())
            self._words = tuple(self._new.words.split())
            self._places = places_to_confirm(len(self._words), ASKED)
        self._step = 1
        self._tell()

    async def _take_typed_words(self) -> None:
        thread = self._session.tasks.thread
        self._restored = await thread(first_of, self._typed_words, self._typed_address)
        self._step = 2

    def _first(self) -> First:
        return self._restored if self._mode == "words" else self._new

    async def _create(self) -> None:
        first, name, company = self._first(), self._name, self._organisation
        await self._maker().make(self._passphrase, first, name, company, keep=self._keep)
        self._done()

    async def _restore_file(self) -> None:
        if self._file is None:
            return
        await self._maker().restore(self._file, self._passphrase, keep=self._keep)
        self._done()

    def _maker(self) -> FirstWallet:
        return FirstWallet(self._session, self._wallets())

    def _wallets(self) -> WalletService:
        wallets = self._session.wallets
        if wallets is None:
            raise messages.Fault("wallet.create", RuntimeError("no wallet service"))
        return wallets

    def _run(self, work: Awaitable[None], words: str) -> None:
        self._busy = words
        self._tell()
        self._session.tasks.start(self._guarded(work), name="wallet.create", failed=self._failed)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        finally:
            self._busy = ""
            self._tell()

    def _failed(self, error: CmsError) -> None:
        self._error = messages.sentence(error)
        self._tell()

    def _done(self) -> None:
        """Forget every secret that was typed or shown."""
        self._passphrase = self._again = self._typed_words = ""
        self._words, self._places, self._answers = (), (), {}
        self._new, self._restored = First(), First()
        self.finished.emit()

    def _tell(self) -> None:
        self.changed.emit()
