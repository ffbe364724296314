"""The frame of the window: which page is shown, what stands at its edges, how it looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import Property, QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import CmsError
from cms_desktop import messages
from cms_desktop.preferences import Preferences, write_preferences
from cms_desktop.session import Session

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

OPEN_PAGES: Final = (
    "home", "contracts", "draft", "contract", "sign", "verify", "wallet", "activity", "settings"
)  # fmt: skip
SYSTEM_DARK: Final = Qt.ColorScheme.Dark


class PageModel(Protocol):
    """What the shell asks of the view-model of a page."""

    def enter(self, params: dict[str, object]) -> None:
        """The page is shown."""

    def leave(self) -> None:
        """The page is left."""


@QmlElement
class ShellViewModel(QObject):
    """`stage` is "firstRun", "locked" or "open"; `page` is one of OPEN_PAGES while it is open."""

    stageChanged = Signal()
    pageChanged = Signal()
    lookChanged = Signal()
    edgesChanged = Signal()
    preferencesChanged = Signal()
    toasted = Signal(str, str)
    raised = Signal()
    fileDropped = Signal(QUrl)
    lockWanted = Signal()
    retryWanted = Signal()

    def __init__(
        self, session: Session, preferences: Preferences, *, stage: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._preferences = preferences
        self._stage, self._page = stage, ""
        self._models: dict[str, QObject] = {}
        self._outage = ""
        self._alarm = ""
        self._undo: Callable[[], None] | None = None
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self.lookChanged)
        session.wanted.connect(self.go)
        session.told.connect(self._toast)
        session.walletChanged.connect(self.edgesChanged)

    # -- pages ----------------------------------------------------------------

    def adopt(self, name: str, model: QObject) -> None:
        """Hand in the view-model of a page."""
        self._models[name] = model
        needs = getattr(model, "headChanged", None)
        if name == "home" and needs is not None:
            needs.connect(self.edgesChanged)
        self.edgesChanged.emit()

    @Slot(str, result=QObject)
    def model(self, name: str) -> QObject | None:
        """The view-model of a page, or null while it is on its way."""
        return self._models.get(name)

    @Property(str, notify=stageChanged)
    def stage(self) -> str:
        """Before the wallet is open there are two other stages."""
        return self._stage

    def set_stage(self, stage: str) -> None:
        """Change the stage; leaving "open" forgets the page that was shown."""
        if stage == self._stage:
            return
        if self._page and stage != "open":
            self._leave()
        self._stage = stage
        self.stageChanged.emit()

    @Property(str, notify=pageChanged)
    def page(self) -> str:
        """The page that is shown."""
        return self._page

    @Slot(str)
    def show(self, name: str) -> None:
        """Show a page of the sidebar."""
        self.go(name, {})

    @Slot(str)
    def search(self, text: str) -> None:
        """Show the register with what this text finds among all contracts."""
        self.go("contracts", {"text": text, "filter": "all"})

    @Slot(str, dict)
    def go(self, name: str, params: dict[str, object]) -> None:
        """Show a page: the one before is left, this one is entered."""
        if name not in OPEN_PAGES or name not in self._models or self._stage != "open":
            return
        if self._page and self._page != name:
            self._leave()
        self._page = name
        self._models[name].enter(dict(params))  # type: ignore[attr-defined]  # every page has it: PageModel
        self.pageChanged.emit()

    def _leave(self) -> None:
        model = self._models.get(self._page)
        if model is not None:
            model.leave()  # type: ignore[attr-defined]  # as above
        self._page = ""

    # -- look -----------------------------------------------------------------

    @Property(bool, notify=lookChanged)
    def dark(self) -> bool:
        """Follows the system unless the person chose."""
        if self._preferences.appearance == "system":
            return QGuiApplication.styleHints().colorScheme() == SYSTEM_DARK
        return self._preferences.appearance == "dark"

    @Property(float, notify=lookChanged)
    def scale(self) -> float:
        """Size of text."""
        return self._preferences.scale

    @Property(bool, notify=lookChanged)
    def lessMotion(self) -> bool:
        """No fades, no sliding."""
        return self._preferences.less_motion

    @property
    def preferences(self) -> Preferences:
        """The choices, for code."""
        return self._preferences

    def prefer(self, preferences: Preferences) -> None:
        """Take other choices over and keep them. OSError."""
        write_preferences(self._session.home, preferences)
        self._preferences = preferences
        self.lookChanged.emit()
        self.preferencesChanged.emit()

    # -- edges ----------------------------------------------------------------

    @Property(int, notify=edgesChanged)
    def needs(self) -> int:
        """How many contracts wait for this person."""
        home = self._models.get("home")
        return int(home.property("needsCount") or 0) if home is not None else 0

    @Property(str, notify=edgesChanged)
    def who(self) -> str:
        """The name of the identity in use."""
        return self._session.identity.name if self._session.identity else ""

    @Property(str, notify=edgesChanged)
    def address(self) -> str:
        """The end of its DID, shortened."""
        if self._session.identity is None:
            return ""
        tail = str(self._session.identity.did).rpartition(":")[2]
        return f"{tail[:4]}…{tail[-5:]}" if len(tail) > 12 else tail

    @Property(str, notify=edgesChanged)
    def place(self) -> str:
        """Where contracts live."""
        return "On this computer"

    @Property(str, notify=edgesChanged)
    def outage(self) -> str:
        """What does not answer, and since when; empty when all is well."""
        return self._outage

    @Property(str, notify=edgesChanged)
    def alarm(self) -> str:
        """A red sentence; empty when there is none."""
        return self._alarm

    def set_outage(self, sentence: str) -> None:
        """Show or take away the amber strip."""
        if sentence != self._outage:
            self._outage = sentence
            self.edgesChanged.emit()

    def set_alarm(self, sentence: str) -> None:
        """Show or take away the red strip."""
        if sentence != self._alarm:
            self._alarm = sentence
            self.edgesChanged.emit()

    # -- intents --------------------------------------------------------------

    @Slot()
    def lock(self) -> None:
        """Ctrl+L."""
        if self._stage == "open":
            self.lockWanted.emit()

    @Slot()
    def create(self) -> None:
        """Ctrl+N."""
        self.go("draft", {"new": "blank"})

    @Slot()
    def retry(self) -> None:
        """The button of the strip."""
        self.retryWanted.emit()

    @Slot(list)
    def drop(self, urls: list[QUrl]) -> None:
        """Something was let go over the window: it is checked."""
        verify = self._models.get("verify")
        if verify is None or self._stage != "open" or not urls:
            return
        for url in urls:
            self.fileDropped.emit(url)
        self.go("verify", {})
        verify.drop_urls(urls)  # type: ignore[attr-defined]  # the view-model of the verify page

    @Slot()
    def undo(self) -> None:
        """The button of the toast."""
        action, self._undo = self._undo, None
        if action is not None:
            action()

    def report(self, error: CmsError) -> None:
        """An error that no page takes: a toast."""
        self._toast(messages.sentence(error), "", None)

    def _toast(self, text: str, label: str, action: object) -> None:
        self._undo = action if callable(action) else None
        self.toasted.emit(text, label if self._undo else "")
