"""How a person looks at the register: views that were saved under a name, and the columns that are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from cms_backend.report.letters import one_line
from cms_desktop.preferences import (
    COLUMNS,
    LONGEST_NAME,
    LONGEST_SEARCH,
    MOST_VIEWS,
    Preferences,
    SavedView,
)
from cms_desktop.session import Session

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

ALL_NAME: Final = "All contracts"
ALL: Final = SavedView()
"""What the register shows before anybody asks for anything. It has no name of its own and is never kept."""


@QmlElement
class ContractViews(QObject):
    """One per register. Emits `wanted` with the view that the register is to show; is told what it shows."""

    changed = Signal()
    columnsChanged = Signal()
    wanted = Signal(object)

    def __init__(
        self,
        session: Session,
        preferences: Preferences,
        keep: Callable[[Preferences], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._preferences, self._keep_them = session, preferences, keep
        self._used, self._shown = ALL, ALL

    # ------------------------------------------------------------------ what the page shows

    @Property(list, notify=changed)
    def names(self) -> list[str]:
        """The saved views, in the order in which they were saved."""
        return [one_line(view.name) for view in self._preferences.views]

    @Property(int, notify=changed)
    def place(self) -> int:
        """Which of them is in use; -1 for all contracts."""
        views = self._preferences.views
        return views.index(self._used) if self._used in views else -1

    @Property(str, notify=changed)
    def title(self) -> str:
        """The view in use."""
        return one_line(self._used.name) or ALL_NAME

    @Property(bool, notify=changed)
    def differs(self) -> bool:
        """Whether something else is asked for by now."""
        return replace(self._shown, name=self._used.name) != self._used

    @Property(list, notify=columnsChanged)
    def hidden(self) -> list[str]:
        """The columns that are not shown."""
        return list(self._preferences.hidden)

    # ------------------------------------------------------------------ what a person asks for

    @Slot(int)
    def use(self, place: int) -> None:
        """Show a saved view as it was saved; -1 shows all contracts."""
        views = self._preferences.views
        self._used = views[place] if 0 <= place < len(views) else ALL
        self.wanted.emit(self._used)
        self.changed.emit()

    @Slot(str, result=str)
    def save(self, name: str) -> str:
        """Keep what is shown under that name and use it; why not in words, else empty."""
        view = replace(self._shown, name=" ".join(name.split()))
        refusal = self._refusal(view)
        if not refusal:
            refusal = self._keep(views=(*self._preferences.views, view))
        if not refusal:
            self._used = view
            self.changed.emit()
        return refusal

    @Slot()
    def remove(self) -> None:
        """Forget the view in use; the register goes on showing the same."""
        view, place = self._used, self.property("place")
        if place < 0:
            return
        refusal = self._keep(views=tuple(one for one in self._preferences.views if one != view))
        if refusal:
            self._session.tell(refusal)
            return
        self._used = ALL
        self.changed.emit()
        self._session.tell(f"The view “{view.name}” is removed.", "Undo", lambda: self._restore(view, place))

    @Slot(str)
    def toggle(self, column: str) -> None:
        """Show a column or leave it out."""
        before = self._preferences.hidden
        after = tuple(one for one in COLUMNS if (one in before) != (one == column))
        refusal = self._keep(hidden=after)
        if refusal:
            self._session.tell(refusal)

    # ------------------------------------------------------------------ for the view-model

    def follow(self, shown: SavedView) -> None:
        """The register shows this now."""
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    def take(self, preferences: Preferences) -> None:
        """The choices as the window has them."""
        self._preferences = preferences
        self.changed.emit()
        self.columnsChanged.emit()

    def _refusal(self, view: SavedView) -> str:
        taken = {ALL_NAME.casefold(), *(one.name.casefold() for one in self._preferences.views)}
        if not view.name:
            return "Give the view a name."
        if len(view.name) > LONGEST_NAME:
            return f"A name has at most {LONGEST_NAME} letters."
        if view.name.casefold() in taken:
            return f"There is a view called “{one_line(view.name)}”. Choose another name."
        if len(self._preferences.views) >= MOST_VIEWS:
            return f"There are {MOST_VIEWS} views already. Remove one first."
        if len(view.text) > LONGEST_SEARCH:
            return f"The search is too long to be kept: at most {LONGEST_SEARCH} letters."
        return ""

    def _restore(self, view: SavedView, place: int) -> None:
        views = self._preferences.views
        refusal = self._refusal(view) or self._keep(views=(*views[:place], view, *views[place:]))
        if refusal:
            self._session.tell(refusal)
        elif self._used == ALL:
            self._used = view
            self.changed.emit()

    def _keep(self, **choices: object) -> str:
        preferences = self._preferences.with_(**choices)
        try:
            self._keep_them(preferences)
        except OSError as error:
            return f"It could not be kept: {error.strerror}."
        self.take(preferences)
        return ""
