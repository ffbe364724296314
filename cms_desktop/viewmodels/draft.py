"""Writing a contract: every edit is a new draft value, saved by itself, shown on the paper a moment later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import CmsError
from cms_backend.core.ids import ContractId, Time
from cms_backend.core.parties import Role
from cms_desktop.models.draft_desk import DraftDesk
from cms_desktop.models.draft_parts import DraftParts
from cms_desktop.models.rows import RowsModel
from cms_desktop.paths import resource
from cms_desktop.presentation import dates, draft_edit, draft_rows, paper, words
from cms_desktop.session import Session
from cms_desktop.workflow.draft_text import read_draft_text
from cms_desktop.workflow.drafts import Draft, DraftParty

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

SAVE_MS: Final = 700
PAPER_MS: Final = 120
SAMPLE: Final = ("samples", "services-agreement.md")


@QmlElement
class DraftViewModel(QObject):
    """One per window; holds one draft at a time."""

    draftChanged = Signal()
    savedChanged = Signal()
    activeChanged = Signal()
    busyChanged = Signal()
    errorChanged = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._desk = DraftDesk(session, self)
        self._parts = DraftParts(session, self._desk, self)
        self._saved, self._error = "", ""
        self._active, self._busy, self._dirty = -1, False, False
        self._render = draft_rows.DraftPaper()
        self._clauses = RowsModel(draft_rows.CLAUSE_ROLES, parent=self, exact=True)
        self._paper = RowsModel(paper.ROLES, parent=self, prose=("html",))
        self._checks = RowsModel(draft_rows.CHECK_ROLES, parent=self)
        self._saving = self._timer(SAVE_MS, self.save)
        self._drawing = self._timer(PAPER_MS, self._draw)
        self._desk.changed.connect(self._show)
        self._desk.edited.connect(self._on_edit)

    def _timer(self, milliseconds: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(call)
        return timer

    # ------------------------------------------------------------------ what the page shows

    @Property(QObject, constant=True)
    def parts(self) -> DraftParts:
        """People, dates, values, files."""
        return self._parts

    @Property(QObject, constant=True)
    def clauses(self) -> RowsModel:
        """The list at the left."""
        return self._clauses

    @Property(QObject, constant=True)
    def paper(self) -> RowsModel:
        """The blocks of the paper."""
        return self._paper

    @Property(QObject, constant=True)
    def checks(self) -> RowsModel:
        """What is done and what is missing."""
        return self._checks

    @Property(str, notify=draftChanged)
    def title(self) -> str:
        """As typed."""
        return self._desk.draft.title

    @Property(str, notify=draftChanged)
    def description(self) -> str:
        """The text before the first clause."""
        return self._desk.draft.description

    @Property(bool, notify=draftChanged)
    def amends(self) -> bool:
        """Whether it is a further revision of a contract."""
        return self._desk.draft.contract is not None

    @Property(bool, notify=draftChanged)
    def complete(self) -> bool:
        """Whether it can be proposed."""
        return not self._desk.missing and self._parts.dates_are_right()

    @Property(str, notify=draftChanged)
    def proposeText(self) -> str:
        """What proposing means, for the dialog."""
        mine = self._session.dids()
        others = [one.name or "a party" for one in self._desk.draft.parties if one.did not in mine]
        who = words.listed(others) or "Nobody else"
        verb = "are" if len(others) > 1 else "is"
        return (
            f"The text becomes revision {self._revision()} and cannot be edited any more; a change is a "
            f"further revision. {who} {verb} asked to act, in the order of the steps. "
            "You can withdraw it until it is complete."
        )

    @Property(str, notify=savedChanged)
    def saved(self) -> str:
        """`Saved 09:41:07`, or empty."""
        return self._saved

    @Property(int, notify=activeChanged)
    def active(self) -> int:
        """The clause being edited; -1 for none."""
        return self._active

    @Property(bool, notify=busyChanged)
    def busy(self) -> bool:
        """Whether it is being proposed."""
        return self._busy

    @Property(str, notify=errorChanged)
    def error(self) -> str:
        """What went wrong last, or empty."""
        return self._error

    # ------------------------------------------------------------------ coming and going

    @Slot(dict)
    def enter(self, params: dict[str, object]) -> None:
        """`id` of a draft, `new`: blank or sample, or `amend`: id of a contract."""
        self._set_error("")
        self._session.tasks.start(self._enter(params), name="draft.enter", failed=self._failed, replace=True)

    @Slot()
    def leave(self) -> None:
        """Nothing typed is lost."""
        if self._dirty:
            self.save()

    @Slot()
    def close(self) -> None:
        """Back to the contract that it amends, or to the register."""
        contract = self._desk.draft.contract
        if contract is None:
            self._session.go("contracts")
        else:
            self._session.go("contract", id=str(contract))

    async def _enter(self, params: dict[str, object]) -> None:
        store, thread = self._session.drafts, self._session.tasks.thread
        if "amend" in params and self._session.workspace is not None:
            view = await self._session.workspace.open(ContractId(str(params["amend"])))
            draft = self._session.workspace.amend(view)
        elif params.get("new") == "sample":
            text = await thread(resource(*SAMPLE).read_text, encoding="utf-8")
            draft = self._with_me(read_draft_text(text))
        elif "id" in params:
            draft = await thread(store.get, str(params["id"]))
        else:
            draft = self._with_me(Draft.new())
        self.show(draft)
        for path in await thread(store.damaged):
            self._session.tell(f"A draft could not be read. It was put aside as {path.name}.")

    def _with_me(self, draft: Draft) -> Draft:
        me = self._session.identity
        if me is None or any(
            self._session.present(party.did) == me.did for party in draft.parties if party.did
        ):
            return draft
        mine = DraftParty(
            did=me.did,
            key=me.key,
            next=me.next,
            name=me.name,
            role=Role.signer,
            step=1,
            capacity=me.organisation or None,
            witness_of=None,
        )
        return replace(draft, parties=(mine, *draft.parties))

    def show(self, draft: Draft) -> None:
        """Work on this draft."""
        self._parts.reset()
        self._desk.lay(draft_edit.with_placeholders(draft))
        self._dirty = False
        never = draft.updated_at < "1971"
        self._saved = "" if never else f"Saved {dates.clock(draft.updated_at, seconds=True)}"
        self._set_active(-1)
        self._draw()
        self.savedChanged.emit()

    # ------------------------------------------------------------------ text

    @Slot(str)
    def set_title(self, text: str) -> None:
        """As one types."""
        self._desk.change(replace(self._desk.draft, title=text))

    @Slot(str)
    def set_description(self, text: str) -> None:
        """As one types."""
        self._desk.change(draft_edit.with_placeholders(replace(self._desk.draft, description=text)))

    @Slot(int)
    def edit(self, index: int) -> None:
        """Open the editor of a clause; -1 closes it and keeps the text."""
        self._set_active(index)

    @Slot(int, str)
    def set_clause(self, index: int, text: str) -> None:
        """As one types."""
        draft = self._desk.draft
        if 0 <= index < len(draft.clauses) and draft.clauses[index] != text:
            self._desk.change(draft_edit.with_clause(draft, index, text))

    @Slot(int)
    def add_clause(self, after: int) -> None:
        """A new one behind `after` (-1: at the end), open for writing."""
        index = after + 1 if after >= 0 else len(self._desk.ids)
        self._desk.ids.insert(index, self._desk.fresh_id())
        self._desk.change(draft_edit.insert_clause(self._desk.draft, index))
        self._set_active(index)

    @Slot(int)
    def remove_clause(self, index: int) -> None:
        """With undo."""
        draft, ids = self._desk.draft, list(self._desk.ids)
        if not 0 <= index < len(ids):
            return
        del ids[index]
        self._set_active(-1)
        heading = paper.heading_of(draft.clauses[index])
        sentence = f"Clause {index + 1}{f', {heading},' if heading else ''} was removed."
        self._desk.change_with_undo(draft_edit.without_clause(draft, index), sentence, ids)

    @Slot(int, int)
    def move_clause(self, old: int, new: int) -> None:
        """Alt+Up, Alt+Down, or dragged by the six dots."""
        ids = self._desk.ids
        if old == new or not (0 <= old < len(ids) and 0 <= new < len(ids)):
            return
        ids.insert(new, ids.pop(old))
        self._clauses.move(old, new)
        if self._active == old:
            self._set_active(new)
        self._desk.change(draft_edit.move_clause(self._desk.draft, old, new))

    # ------------------------------------------------------------------ saving, proposing, deleting

    @Slot()
    def save(self) -> None:
        """Write it now."""
        self._saving.stop()
        self._dirty = False
        self._session.tasks.start(self._save(self._desk.draft), name="draft.save", failed=self._failed)

    async def _save(self, draft: Draft) -> None:
        stored = await self._session.tasks.thread(self._session.drafts.save, draft)
        if stored.id == self._desk.draft.id:
            self._saved = f"Saved {dates.clock(stored.updated_at, seconds=True)}"
            self.savedChanged.emit()

    @Slot()
    def discard(self) -> None:
        """Delete the draft, with undo."""
        draft, store = self._desk.draft, self._session.drafts
        self._saving.stop()
        self._dirty = False
        store.delete(draft.id)
        self._session.go("contracts")

        def undo() -> None:
            store.restore(draft)
            self._session.go("draft", id=draft.id)

        self._session.tell(f"The draft “{draft.title or 'without a title'}” was deleted.", "Undo", undo)

    @Slot(str, str)
    def propose(self, reply_by: str, note: str) -> None:
        """Sign it as a proposal and hand it to the backend."""
        try:
            until = dates.end_of_day(reply_by)
        except ValueError as error:
            self._set_error(str(error))
            return
        self._saving.stop()
        self._session.tasks.start(self._propose(until, note), name="draft.propose", failed=self._failed)

    async def _propose(self, reply_by: Time | None, note: str) -> None:
        session, me = self._session, self._actor()
        if session.workspace is None or session.wallet is None or not me or self._busy:
            self._set_error("The wallet is locked, or the backend is not ready yet. The draft is kept.")
            return
        self._set_busy(True)
        try:
            signer = session.wallet.signer(me)
            outcome = await session.workspace.propose(self._desk.draft, signer, reply_by=reply_by, note=note)
        finally:
            self._set_busy(False)
        self._dirty = False
        session.tell("Proposed. The parties are asked to act, in the order of the steps.")
        session.go("contract", id=str(outcome.contract))

    def _actor(self) -> str:
        """The identity that proposes: one that is a party, the one in use first; empty when locked."""
        wallet, used = self._session.wallet, self._session.identity
        dids = {party.did for party in self._desk.draft.parties}
        if wallet is None or (used is not None and used.did in dids):
            return used.id if used is not None and wallet is not None else ""
        return next((one.id for one in wallet.identities if one.did in dids), used.id if used else "")

    # ------------------------------------------------------------------ within

    def _revision(self) -> int:
        base = self._desk.draft.base_revision
        return 1 if base is None else base + 1

    def _on_edit(self) -> None:
        self._dirty = True
        self._drawing.start()
        self._saving.start()

    def _show(self) -> None:
        draft = self._desk.draft
        self._clauses.set_rows(draft_rows.clause_rows(draft, self._desk.ids))
        self._checks.set_rows(draft_rows.check_rows(draft, self._desk.missing))
        self.draftChanged.emit()

    @Slot()
    def _draw(self) -> None:
        draft = self._desk.draft
        note = f"Draft, revision {self._revision()}, not yet proposed"
        self._paper.set_rows(self._render.blocks(draft, draft_edit.values(draft), note))

    def _set_active(self, index: int) -> None:
        if index != self._active:
            self._active = index
            self.activeChanged.emit()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busyChanged.emit()

    def _set_error(self, text: str) -> None:
        if text != self._error:
            self._error = text
            self.errorChanged.emit()

    def _failed(self, error: CmsError) -> None:
        self._set_error(" ".join(filter(None, (error.detail, error.remedy))))
