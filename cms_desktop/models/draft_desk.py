"""The draft that is worked on: one frozen value, replaced at each edit; undo is keeping the old one."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QObject, Signal

from cms_desktop.session import Session
from cms_desktop.workflow.checklist import Missing, checklist
from cms_desktop.workflow.drafts import Draft


class DraftDesk(QObject):
    """Shared by the parts of the draft page. `ids` tell the clauses apart while they move."""

    changed = Signal()
    """After each edit, and when another draft is laid on the desk."""
    edited = Signal()
    """After each edit: it is to be saved."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._fresh = count(1)
        self.draft = Draft.new()
        self.ids: list[str] = []
        self.missing: tuple[Missing, ...] = ()

    def fresh_id(self) -> str:
        """For one clause more."""
        return str(next(self._fresh))

    def lay(self, draft: Draft) -> None:
        """Another draft."""
        self.ids = [self.fresh_id() for _ in draft.clauses]
        self._set(draft)

    def change(self, draft: Draft) -> bool:
        """An edit; whether it changed anything."""
        if draft == self.draft:
            return False
        self._set(draft)
        self.edited.emit()
        return True

    def change_with_undo(self, draft: Draft, sentence: str, ids: list[str] | None = None) -> None:
        """An edit that takes something away: a toast offers the way back."""
        before, ids_before = self.draft, list(self.ids)
        if ids is not None:
            self.ids = ids
        self.change(draft)

        def undo() -> None:
            if self.draft.id == before.id:
                self.ids = ids_before
                self.change(before)

        self._session.tell(sentence, "Undo", undo)

    def _set(self, draft: Draft) -> None:
        self.draft = draft
        self.missing = checklist(draft)
        self.changed.emit()
