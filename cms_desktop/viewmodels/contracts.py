"""The register: search as you type, filters with counts, sorting, and a preview of the row that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, cast

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import CmsError
from cms_backend.core.ids import ContractId
from cms_backend.report.letters import one_line
from cms_desktop.api.values import ContractQuery, Row
from cms_desktop.models.contract_views import ALL, ContractViews
from cms_desktop.models.contracts import ContractsModel
from cms_desktop.models.rows import RowsModel
from cms_desktop.preferences import Preferences, SavedView
from cms_desktop.presentation import dates, doubts, party_rows, revision, words
from cms_desktop.presentation.register import draft_map, row_map
from cms_desktop.presentation.turn import turn
from cms_desktop.session import Session
from cms_desktop.workflow.drafts import Draft
from cms_desktop.workflow.workspace import ContractView

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

TYPING_MS: Final = 120
PREVIEW_MS: Final = 120
REFRESH_MS: Final = 250
PAGE: Final = 200
SORTS: Final = {"title": "title", "ends": "valid_until", "changed": "updated"}


@dataclass(frozen=True, slots=True)
class _Filter:
    id: str
    text: str
    statuses: tuple[str, ...] = ()
    needs: bool = False
    party: bool = False


FILTERS: Final = (
    _Filter("all", "All"),
    _Filter("mine", "Waiting for you", needs=True),
    _Filter("pending", "Open proposals", ("pending",)),
    _Filter("force", "In force", ("in_force", "notice_given")),
    _Filter("drafts", "Drafts", ("draft",)),
    _Filter("closed", "Ended", ("expired", "terminated", "declined", "withdrawn", "lapsed")),
)


@QmlElement
class ContractsViewModel(QObject):
    """One per window."""

    queryChanged = Signal()
    loadedChanged = Signal()
    previewChanged = Signal()
    chosenChanged = Signal()

    def __init__(
        self,
        session: Session,
        preferences: Preferences,
        keep: Callable[[Preferences], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._text, self._filter, self._sort = ALL.text, ALL.filter, ALL.sort
        self._cursor: str | None = None
        self._drafts: tuple[Draft, ...] = ()
        self._loaded = False
        self._took = ""
        self._error = ""
        self._chosen = -1
        self._preview: dict[str, object] = {}
        self._model = ContractsModel(self._format, self)
        self._model.wanted.connect(self._more)
        self._filters = RowsModel(("key", "text", "count", "active"), parent=self)
        self._parties = RowsModel(party_rows.ROLES, parent=self)
        self._counts: dict[str, int] = {}
        self._views = ContractViews(session, preferences, keep, self)
        self._views.wanted.connect(self._use)
        self.queryChanged.connect(self._follow)
        self._shown = False
        self._typing = self._timer(TYPING_MS, self.reload)
        self._refresh = self._timer(REFRESH_MS, self.reload)
        self._look = self._timer(PREVIEW_MS, self._open_preview)
        session.backendChanged.connect(self._stale)
        session.walletChanged.connect(self._stale)
        session.changed.connect(self._stale)
        self._show_filters()

    def _timer(self, milliseconds: int, call: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(call)
        return timer

    # ------------------------------------------------------------------ what the page shows

    @Property(QObject, constant=True)
    def contracts(self) -> ContractsModel:
        """The rows."""
        return self._model

    @Property(QObject, constant=True)
    def filters(self) -> RowsModel:
        """The chips."""
        return self._filters

    @Property(QObject, constant=True)
    def views(self) -> ContractViews:
        """Saved views and columns."""
        return self._views

    @Property(QObject, constant=True)
    def previewParties(self) -> RowsModel:
        """The parties of the chosen contract."""
        return self._parties

    @Property(str, notify=queryChanged)
    def text(self) -> str:
        """What is searched for."""
        return self._text

    @Property(str, notify=queryChanged)
    def filter(self) -> str:
        """The id of the active chip."""
        return self._filter

    @Property(str, notify=queryChanged)
    def sortColumn(self) -> str:
        """title, ends or changed."""
        name = self._sort.removeprefix("-")
        return next(column for column, sort in SORTS.items() if sort == name)

    @Property(bool, notify=queryChanged)
    def descending(self) -> bool:
        """The direction."""
        return self._sort.startswith("-")

    @Property(bool, notify=loadedChanged)
    def loaded(self) -> bool:
        """Whether the first answer came."""
        return self._loaded

    @Property(bool, notify=loadedChanged)
    def nothingAtAll(self) -> bool:
        """No contract and no draft, whatever one asks for."""
        return self._loaded and not self._text and self._filter == "all" and self._model.rowCount() == 0

    @Property(str, notify=loadedChanged)
    def took(self) -> str:
        """How long the answer took."""
        return self._took

    @Property(str, notify=loadedChanged)
    def error(self) -> str:
        """What went wrong, or empty."""
        return self._error

    @Property(int, notify=chosenChanged)
    def chosen(self) -> int:
        """The row whose preview is shown; -1 for none."""
        return self._chosen

    @Property(dict, notify=previewChanged)
    def preview(self) -> dict[str, object]:
        """The preview: id, badge, title, text, action, label, facts; empty for none."""
        return self._preview

    # ------------------------------------------------------------------ what a person asks for

    @Slot(dict)
    def enter(self, params: dict[str, object]) -> None:
        """The page is shown; `filter` and `text` may be given. ValueError for another name, which would do nothing."""
        if unknown := params.keys() - {"filter", "text"}:
            raise ValueError(f"the register knows no {', '.join(sorted(unknown))}")
        self._shown = True
        self._filter = str(params.get("filter", self._filter))
        self._text = str(params.get("text", self._text))
        self._show_filters()
        self.queryChanged.emit()
        self.reload()

    @Slot()
    def leave(self) -> None:
        """The page is left."""
        self._shown = False

    @Slot(str)
    def search(self, text: str) -> None:
        """Filter as one types."""
        if text != self._text:
            self._text = text
            self.queryChanged.emit()
            self._typing.start()

    @Slot(str)
    def choose_filter(self, filter_id: str) -> None:
        """A chip; the active one again means all."""
        self._filter = "all" if filter_id == self._filter else filter_id
        self._show_filters()
        self.queryChanged.emit()
        self.reload()

    @Slot(str)
    def sort_by(self, column: str) -> None:
        """A column head: again turns the direction."""
        name = SORTS.get(column)
        if name is None:
            return
        first = f"-{name}" if name == "updated" else name
        self._sort = (
            (name if self._sort.startswith("-") else f"-{name}") if self._sort.endswith(name) else first
        )
        self.queryChanged.emit()
        self.reload()

    def take(self, preferences: Preferences) -> None:
        """The choices as the window has them."""
        self._views.take(preferences)

    @Slot()
    def _follow(self) -> None:
        self._views.follow(SavedView(text=self._text, filter=self._filter, sort=self._sort))

    @Slot(object)
    def _use(self, view: SavedView) -> None:
        """A saved view; a chip or a sort that there is no more means the usual one."""
        known = {one.id for one in FILTERS}
        self._text = view.text
        self._filter = view.filter if view.filter in known else ALL.filter
        self._sort = view.sort if view.sort.removeprefix("-") in SORTS.values() else ALL.sort
        self._typing.stop()
        self._show_filters()
        self.queryChanged.emit()
        self.reload()

    @Slot(int)
    def choose(self, row: int) -> None:
        """Show the preview of a row; -1 closes it."""
        if row == self._chosen:
            return
        self._chosen = row
        self.chosenChanged.emit()
        shown = self._model.at(row)
        self._preview = (
            shown | {"text": "", "action": "", "label": "", "secondary": [], "facts": []} if shown else {}
        )
        self._parties.set_rows(())
        self.previewChanged.emit()
        if shown:
            self._look.start()

    @Slot(int)
    def open(self, row: int) -> None:
        """Enter, or a click on the chosen row."""
        shown = self._model.at(row)
        if shown:
            self._session.go(str(shown["page"]), id=shown["id"])

    @Slot(int)
    def sign(self, row: int) -> None:
        """S: what waits for this person's signature."""
        shown = self._model.at(row)
        if shown and shown["badge"] == "waitingForYou":
            self._session.go("sign", id=shown["id"])

    @Slot(int)
    def verify(self, row: int) -> None:
        """V: the proof."""
        shown = self._model.at(row)
        if shown and shown["page"] == "contract":
            self._session.go("verify", contract=shown["id"])

    @Slot(str)
    def act(self, action: str) -> None:
        """A button of the preview."""
        page, contract = str(self._preview.get("page", "")), str(self._preview.get("id", ""))
        if not contract:
            return
        if action == "sign":
            self._session.go("sign", id=contract)
        elif action == "verify":
            self._session.go("verify", contract=contract)
        else:
            self._session.go(page, id=contract, **({"ask": action} if page == "contract" and action else {}))

    @Slot()
    def new_contract(self) -> None:
        """Ctrl+N."""
        self._session.go("draft", new="blank")

    @Slot()
    def take_in(self) -> None:
        """A file that somebody sent: it is verified first, then taken in."""
        self._session.go("verify", choose=True)

    @Slot()
    def from_sample(self) -> None:
        """The sample agreement as a draft."""
        self._session.go("draft", new="sample")

    # ------------------------------------------------------------------ fetching

    @Slot()
    def reload(self) -> None:
        """Ask again from the first page."""
        self._session.tasks.start(self._load(), name="contracts.load", failed=self._failed, replace=True)

    def _stale(self, *_: object) -> None:
        if self._shown:
            self._refresh.start()

    def _failed(self, error: CmsError) -> None:
        self._error = " ".join(filter(None, (error.detail, error.remedy)))
        self.loadedChanged.emit()

    def _query(self, filter_id: str, *, limit: int, cursor: str | None = None) -> ContractQuery:
        chosen = next(one for one in FILTERS if one.id == filter_id)
        needs = tuple(sorted(self._session.dids())) if chosen.needs else ()
        return ContractQuery(
            q=self._text, status=chosen.statuses, needs=needs, sort=self._sort, cursor=cursor, limit=limit
        )

    def _own_drafts(self) -> tuple[Draft, ...]:
        return self._found_drafts() if self._filter in ("all", "drafts") else ()

    def _found_drafts(self) -> tuple[Draft, ...]:
        wanted = self._text.casefold().split()
        return tuple(draft for draft in self._drafts if all(word in _findable(draft) for word in wanted))

    async def _load(self) -> None:
        workspace = self._session.workspace
        self._drafts = await self._session.tasks.thread(self._session.drafts.list)
        drafts = self._own_drafts()
        nobody = self._filter == "mine" and not self._session.dids()
        if workspace is None or nobody:
            self._model.replace(drafts, len(drafts), more=False)
            return
        begun = datetime.now(UTC)
        page = await workspace.list(self._query(self._filter, limit=PAGE))
        took = (datetime.now(UTC) - begun).total_seconds()
        self._cursor = page.next
        self._model.replace((*drafts, *page.items), page.total + len(drafts), more=page.next is not None)
        self._loaded, self._error = True, ""
        self._took = f"searched in {max(1, round(took * 1000))} ms" if self._text else ""
        self.loadedChanged.emit()
        if self._chosen >= self._model.rowCount():
            self.choose(-1)
        elif self._chosen >= 0:
            self._look.start()
        await self._count()

    async def _count(self) -> None:
        workspace = self._session.workspace
        if workspace is None:
            return
        for one in FILTERS:
            empty = one.needs and not self._session.dids()
            page = None if empty else await workspace.list(self._query(one.id, limit=1))
            extra = len(self._found_drafts()) if one.id in ("all", "drafts") else 0
            self._counts[one.id] = (page.total if page else 0) + extra
        self._show_filters()

    def _show_filters(self) -> None:
        self._filters.set_rows(
            [
                {
                    "key": one.id,
                    "text": one.text,
                    "count": self._counts.get(one.id, 0),
                    "active": one.id == self._filter,
                }
                for one in FILTERS
            ]
        )

    @Slot()
    def _more(self) -> None:
        self._session.tasks.start(self._next_page(), name="contracts.more", failed=self._failed)

    async def _next_page(self) -> None:
        workspace, cursor = self._session.workspace, self._cursor
        if workspace is None or cursor is None:
            return
        page = await workspace.list(self._query(self._filter, limit=PAGE, cursor=cursor))
        if cursor == self._cursor:  # else another question was asked meanwhile
            self._cursor = page.next
            drafts = len(self._own_drafts())
            self._model.append(page.items, page.total + drafts, more=page.next is not None)

    def _format(self, row: object) -> dict[str, object]:
        now, session = datetime.now(UTC), self._session
        if isinstance(row, Draft):
            return draft_map(row, session.dids(), now)
        return row_map(cast(Row, row), session.dids(), session.petname, now)

    # ------------------------------------------------------------------ the preview

    @Slot()
    def _open_preview(self) -> None:
        self._session.tasks.start(
            self._read_preview(), name="contracts.preview", failed=self._failed, replace=True
        )

    async def _read_preview(self) -> None:
        row, workspace = self._model.raw(self._chosen), self._session.workspace
        if isinstance(row, Draft):
            text = "A draft of this computer. Nobody else has seen it."
            self._preview = self._format(row) | {"text": text, "action": "open", "label": "Go on writing"}
            self._preview |= {"secondary": [], "facts": []}
            self.previewChanged.emit()
        elif isinstance(row, Row) and workspace is not None:
            self._show_preview(row, await workspace.open(ContractId(row.id)))

    def _show_preview(self, row: Row, view: ContractView) -> None:
        session, now = self._session, datetime.now(UTC)
        preferred = session.identity.did if session.identity else None
        told = turn(view, session.dids(), preferred, session.petname, now, present=session.present)
        document = view.current
        facts: list[dict[str, object]] = []
        if document is not None:
            proposal = view.state.pending or view.state.in_force
            rows = party_rows.party_rows(document, view.state, proposal, session.petname, session.dids())
            self._parties.set_rows(rows)
            facts.append({"label": "Runs", "value": revision.runs(document), "digest": ""})
            files = words.listed([one_line(one.name) for one in document.attachments])
            if files:
                facts.append({"label": "Attachments", "value": files, "digest": ""})
            root = next((root for root, one in view.documents.items() if one is document), "")
            facts.append({"label": f"Text, revision {document.revision}", "value": "", "digest": str(root)})
        facts.append({"label": "Changed", "value": dates.stamp(row.updated_at), "digest": ""})
        self._preview = row_map(row, session.dids(), session.petname, now) | told.to_map() | {"facts": facts}
        if line := doubts.line(view):
            self._preview["text"] = line
        self.previewChanged.emit()


def _findable(draft: Draft) -> str:
    """What the search looks through: title, description, parties, clauses, names of attachments."""
    names = (*(party.name for party in draft.parties), *(file.name for file in draft.attachments))
    return "\n".join((draft.title, draft.description, *names, *draft.clauses)).casefold()
