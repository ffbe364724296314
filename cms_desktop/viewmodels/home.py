"""The home page: what needs this person, what others do, what settles by itself, what happened, alarms."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import CmsError
from cms_backend.core.ids import ContractId
from cms_desktop.api.values import BackendStatus, ContractQuery, Row
from cms_desktop.log_keeper import LogKeeper
from cms_desktop.models.rows import RowsModel
from cms_desktop.presentation import dates, doubts, log_words, today, words
from cms_desktop.session import Session
from cms_desktop.workflow.findings import AnswerFalse
from cms_desktop.workflow.sample import SAMPLE_ID
from cms_desktop.workflow.workspace import ContractView, Workspace

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

REFRESH_MS: Final = 400
OPENED: Final = 8
"""So many contracts are read in full for the sentences of this page."""


@QmlElement
class HomeViewModel(QObject):
    """One per window."""

    headChanged = Signal()
    loadedChanged = Signal()
    alarmChanged = Signal()

    def __init__(self, session: Session, keeper: LogKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._keeper = session, keeper
        self._needs = RowsModel(today.ROW_ROLES, parent=self)
        self._waiting = RowsModel(today.ROW_ROLES, parent=self)
        self._settling = RowsModel(today.ROW_ROLES, parent=self)
        self._happened = RowsModel(today.HAPPENED_ROLES, parent=self)
        self._loaded, self._any, self._sample = False, False, False
        self._error, self._false = "", ""
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.reload)
        session.backendChanged.connect(self._refresh.start)
        session.walletChanged.connect(self._refresh.start)
        session.changed.connect(self._on_change)
        keeper.changed.connect(self.alarmChanged)

    @Property(QObject, constant=True)
    def needs(self) -> RowsModel:
        """What needs this person."""
        return self._needs

    @Property(QObject, constant=True)
    def waiting(self) -> RowsModel:
        """What waits for others."""
        return self._waiting

    @Property(QObject, constant=True)
    def settling(self) -> RowsModel:
        """What settles by itself."""
        return self._settling

    @Property(QObject, constant=True)
    def happened(self) -> RowsModel:
        """The newest events."""
        return self._happened

    @Property(str, notify=headChanged)
    def greeting(self) -> str:
        """`Good morning, Katrin`."""
        identity = self._session.identity
        hello = dates.greeting(datetime.now(UTC))
        return f"{hello}, {identity.name.split()[0]}" if identity and identity.name.strip() else hello

    @Property(str, notify=headChanged)
    def sentence(self) -> str:
        """The day, and the page in one sentence."""
        head = dates.long_day(datetime.now().astimezone())
        if not self._loaded:
            return f"{head}."
        needs, waits = self._needs.rowCount(), self._waiting.rowCount()
        one = words.capital(f"{words.number(needs)} contract{'' if needs == 1 else 's'}")
        need = f"{one} need{'s' if needs == 1 else ''} you" if needs else "Nothing needs you"
        other = f", {words.number(waits)} wait{'s' if waits == 1 else ''} for others" if waits else ""
        return f"{head}. {need}{other}."

    @Property(int, notify=headChanged)
    def needsCount(self) -> int:
        """For the number in the sidebar."""
        return self._needs.rowCount()

    @Property(bool, notify=loadedChanged)
    def loaded(self) -> bool:
        """Whether the first answer came."""
        return self._loaded

    @Property(bool, notify=loadedChanged)
    def empty(self) -> bool:
        """Whether this installation holds no contract at all."""
        return self._loaded and not self._any

    @Property(bool, notify=loadedChanged)
    def sampleWaits(self) -> bool:
        """Whether the sample of the first run is still among the drafts."""
        return self._sample

    @Property(str, notify=loadedChanged)
    def error(self) -> str:
        """What went wrong, or empty."""
        return self._error

    @Property(dict, notify=alarmChanged)
    def alarm(self) -> dict[str, object]:
        """{state, text}: whether the log has shown one history."""
        return log_words.alarm_row(self._keeper.found)

    @Slot(dict)
    def enter(self, _params: dict[str, object]) -> None:
        """The page is shown."""
        self.headChanged.emit()
        self.reload()

    @Slot()
    def leave(self) -> None:
        """The page is left; it stays up to date, for the number in the sidebar."""

    @Slot(str, str)
    def open(self, page: str, contract: str) -> None:
        """A row or its button."""
        if page == "activity":
            self._session.go("activity")
        else:
            self._session.go(page, id=contract)

    @Slot()
    def new_contract(self) -> None:
        """The button of the head."""
        self._session.go("draft", new="blank")

    @Slot()
    def from_sample(self) -> None:
        """The sample of the first run; when that is gone, the sample agreement as a fresh draft."""
        if self._sample:
            self._session.go("draft", id=SAMPLE_ID)
        else:
            self._session.go("draft", new="sample")

    @Slot()
    def reload(self) -> None:
        """Read everything again."""
        if self._session.workspace is not None:
            self._session.tasks.start(self._load(), name="home.load", failed=self._failed, replace=True)

    def _on_change(self, _change: object) -> None:
        if not self._refresh.isActive():
            self._refresh.start()

    def _failed(self, error: CmsError) -> None:
        self._error = " ".join(filter(None, (error.detail, error.remedy)))
        self.loadedChanged.emit()

    async def _load(self) -> None:
        session, workspace, client = self._session, self._session.workspace, self._session.client
        if workspace is None or client is None:
            return
        now, dids = datetime.now(UTC), session.dids()
        mine = tuple(sorted(dids))
        needs = (
            (await workspace.list(ContractQuery(needs=mine, sort="reply_by", limit=50))).items if mine else ()
        )
        pending = (await workspace.list(ContractQuery(status=("pending",), limit=50))).items
        ending = (
            await workspace.list(ContractQuery(status=("in_force",), sort="valid_until", limit=20))
        ).items
        latest = (await workspace.list(ContractQuery(limit=50))).items
        views = await self._open(workspace, [*needs[:OPENED], *latest[:OPENED]])
        status = await client.status()
        self._needs.set_rows(today.needs(needs, ending, views, dids, session.petname, now))
        proposals = {row.id: row for row in (*pending, *latest)}
        self._waiting.set_rows(today.waiting(proposals.values(), dids, session.petname, now))
        self._settling.set_rows(today.settling(latest, _ledger_sentence(status)))
        self._happened.set_rows(today.happened(views.values(), session.petname, dids, now))
        self._any = bool(latest)
        drafts = await session.tasks.thread(session.drafts.list)
        self._sample = any(draft.id == SAMPLE_ID for draft in drafts)
        self._loaded, self._error = True, self._false
        self.loadedChanged.emit()
        self.headChanged.emit()

    async def _open(self, workspace: Workspace, rows: list[Row]) -> dict[str, ContractView]:
        ids = list(dict.fromkeys(str(row.id) for row in rows))
        found = await asyncio.gather(*(_open(workspace, ContractId(one)) for one in ids))
        views = [one for one in found if isinstance(one, ContractView)]
        false = [one.detail for one in found if isinstance(one, AnswerFalse)]
        self._false = " ".join((*false, *filter(None, map(doubts.line, views))))
        return {str(view.id): view for view in views}


async def _open(workspace: Workspace, contract: ContractId) -> ContractView | AnswerFalse:
    """One false answer must not hide the other contracts."""
    try:
        return await workspace.open(contract)
    except AnswerFalse as error:
        return error


def _ledger_state(status: BackendStatus) -> str:
    return "not ready yet" if status.ledger is None else status.ledger.state


def _ledger_sentence(status: BackendStatus) -> str:
    state = _ledger_state(status)
    if state != "ready":
        return f"Accepted and logged. The ledger is {state}; it is tried again by itself."
    return "Accepted and logged. The ledger usually answers within a minute."
