"""Choices of a person. Each is saved at once, and the page says so."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Property, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtQml import QmlElement

from cms_desktop.api.node_address import NodeAddressError, node_address
from cms_desktop.preferences import APPEARANCES, LARGEST, SMALLEST, Preferences
from cms_desktop.presentation import words
from cms_desktop.session import Session

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

SAID_MS: Final = 2_500
KEYS: Final = (
    ("Ctrl K", "Commands"), ("Ctrl N", "New contract"), ("Ctrl L", "Lock the wallet"), ("F1", "These settings"),
    ("Alt 1 to 6", "Go to a place of the sidebar"), ("/", "Search in the list of contracts"),
    ("Enter", "Open what is chosen"), ("Space", "Preview what is chosen; hold it on the sign button to sign"),
    ("S", "Sign the chosen contract"), ("V", "Verify the chosen contract"),
    ("Alt ↑, Alt ↓", "Move a clause"), ("Esc", "Leave an editor or a dialog; the text stays"),
    ("Ctrl C", "Copy the whole digest or address that has the focus"),
)  # fmt: skip


@QmlElement
class SettingsViewModel(QObject):
    """One per window."""

    changed = Signal()

    def __init__(
        self,
        session: Session,
        preferences: Preferences,
        keep: Callable[[Preferences], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._keep_them = keep
        self._preferences = preferences
        self._saved = False
        self._error = ""
        self._size = ""
        self._node_error = ""
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(SAID_MS)
        self._said.timeout.connect(self._unsay)

    @Slot(dict)
    def enter(self, _params: dict[str, object]) -> None:
        """The page is shown."""
        self._session.tasks.start(self._measure(), name="settings.measure", replace=True)

    @Slot()
    def leave(self) -> None:
        """The page is left."""
        self._unsay()

    # -- what is shown --------------------------------------------------------

    @Property(int, notify=changed)
    def appearance(self) -> int:
        """Place in "As the system", "Light", "Dark"."""
        return APPEARANCES.index(self._preferences.appearance)

    @Property(float, notify=changed)
    def scale(self) -> float:
        """Size of text."""
        return self._preferences.scale

    @Property(float, constant=True)
    def smallest(self) -> float:
        """The least size."""
        return SMALLEST

    @Property(float, constant=True)
    def largest(self) -> float:
        """The greatest size."""
        return LARGEST

    @Property(bool, notify=changed)
    def lessMotion(self) -> bool:
        """No fades, no sliding."""
        return self._preferences.less_motion

    @Property(str, notify=changed)
    def node(self) -> str:
        """A further ledger node that is asked when a file is verified."""
        return self._preferences.rpc[0] if self._preferences.rpc else ""

    @Property(str, notify=changed)
    def nodeError(self) -> str:
        """What is wrong with the address of the node."""
        return self._node_error

    @Property(str, notify=changed)
    def size(self) -> str:
        """What the data folder holds."""
        return self._size

    @Property(str, constant=True)
    def folder(self) -> str:
        """The data folder."""
        return str(self._session.home)

    @Property(bool, notify=changed)
    def saved(self) -> bool:
        """Whether a choice was kept just now."""
        return self._saved

    @Property(str, notify=changed)
    def error(self) -> str:
        """Why a choice could not be kept."""
        return self._error

    @Property(list, constant=True)
    def keys(self) -> list[dict[str, str]]:
        """[{keys, text}]."""
        return [{"keys": keys, "text": text} for keys, text in KEYS]

    @Property(str, constant=True)
    def version(self) -> str:
        """Of this program."""
        try:
            return importlib.metadata.version("contract-management-system")
        except importlib.metadata.PackageNotFoundError:
            return "from a checkout"

    # -- intents --------------------------------------------------------------

    def take(self, preferences: Preferences) -> None:
        """The choices as the window has them."""
        self._preferences = preferences
        self.changed.emit()

    @Slot(int)
    def set_appearance(self, place: int) -> None:
        """Light, dark, or as the system."""
        self._keep(self._preferences.with_(appearance=APPEARANCES[place]))

    @Slot(float)
    def set_scale(self, scale: float) -> None:
        """80 to 150 %."""
        self._keep(self._preferences.with_(scale=round(min(LARGEST, max(SMALLEST, scale)), 2)))

    @Slot(bool)
    def set_less_motion(self, less: bool) -> None:
        """No fades, no sliding."""
        self._keep(self._preferences.with_(less_motion=less))

    @Slot(str)
    def set_node(self, address: str) -> None:
        """Ask this node too; an empty text asks none."""
        text = address.strip()
        try:
            if text:
                node_address(text)
        except NodeAddressError:
            self._node_error = "An address begins with https:// and names a host; a port is 1 to 65535."
            self.changed.emit()
            return
        self._node_error = ""
        self._session.rpc = (text,) if text else ()
        self._keep(self._preferences.with_(rpc=self._session.rpc))

    @Slot()
    def show_folder(self) -> None:
        """In the system's file manager."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.home))):
            self._session.tell(f"The data folder is {self._session.home}.")

    def _keep(self, preferences: Preferences) -> None:
        self._preferences = preferences
        try:
            self._keep_them(preferences)
        except OSError as error:
            self._saved, self._error = False, f"The choice could not be kept: {error.strerror}."
        else:
            self._saved, self._error = True, ""
            self._said.start()
        self.changed.emit()

    def _unsay(self) -> None:
        self._saved = False
        self.changed.emit()

    async def _measure(self) -> None:
        total = await self._session.tasks.thread(_bytes_in, self._session.home)
        client, events = self._session.client, ""
        if client is not None:
            status = await client.status()
            events = f"{words.plural(status.log_size, 'event')}, "
        self._size = f"{events}{max(1, round(total / 1_000_000))} MB"
        self.changed.emit()


def _bytes_in(folder: Path) -> int:
    """What the files of a folder take."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total
