"""What the program does and did: work that runs, the health of backend and ledger, events, the log of the backend."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import Property, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import CmsError
from cms_desktop import messages
from cms_desktop.api.stream import Change
from cms_desktop.api.values import BackendStatus
from cms_desktop.backend.supervisor import BackendState, Supervisor
from cms_desktop.backend.supervisor import Status as Backing
from cms_desktop.log_keeper import LogKeeper
from cms_desktop.models.rows import RowsModel
from cms_desktop.presentation import dates, log_words, words
from cms_desktop.session import Session
from cms_desktop.tasks import TaskRunner

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

AFTER_MS: Final = 300
REFRESH_MS: Final = 3_000
KEPT: Final = 40
LOG_BYTES: Final = 32_768
LOG_LINES: Final = 200
STATES: Final = {
    BackendState.READY: ("passed", "Running"),
    BackendState.STARTING: ("pending", "Starting"),
    BackendState.STOPPING: ("pending", "Stopping"),
    BackendState.STOPPED: ("notChecked", "Stopped"),
    BackendState.FAILED: ("failed", "Not running"),
}
HAPPENED: Final = {
    "contract": ("file-text", "A contract changed"),
    "log": ("tree-structure", "The log published a checkpoint"),
    "anchor": ("cube", "An anchor on the ledger moved on"),
    "backend": ("hard-drives", "The backend said"),
    "connected": ("link-simple", "Connected to the backend"),
    "lost": ("link-break", "The connection to the backend was lost"),
    "refused": ("lock", "The backend refused this program"),
}

CONTRACT_WORDS: Final = {
    "accepted": "An event of a contract was accepted",
    "held": "An event of a contract is held until the log takes it",
    "logged": "An event of a contract was logged",
    "anchored": "An event of a contract was anchored",
    "checkpoint": "The log published a checkpoint",
}


@QmlElement
class ActivityViewModel(QObject):
    """One per window; it keeps the last events even while the page is not shown."""

    changed = Signal()
    logChanged = Signal()

    def __init__(
        self,
        session: Session,
        tasks: TaskRunner,
        supervisor: Supervisor,
        keeper: LogKeeper,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._supervisor, self._keeper = session, tasks, supervisor, keeper
        self._work = RowsModel(("key", "text", "note"), parent=self)
        self._happened = RowsModel(("key", "time", "icon", "text", "second", "contract"), parent=self)
        self._health = RowsModel(("key", "icon", "title", "second", "mark", "word"), parent=self)
        self._rows: deque[dict[str, object]] = deque(maxlen=KEPT)
        self._count = 0
        self._log: list[str] = []
        self._status: BackendStatus | None = None
        self._error = ""
        self._settle = _timer(self, AFTER_MS, self._show_work)
        self._refresh = QTimer(self)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.reload)
        tasks.signals.changed.connect(self._settle.start)
        session.changed.connect(self._came)
        session.backendChanged.connect(self._show_health)
        keeper.changed.connect(self._show_health)

    @Property(QObject, constant=True)
    def work(self) -> RowsModel:
        """What runs for longer than 300 ms."""
        return self._work

    @Property(QObject, constant=True)
    def happened(self) -> RowsModel:
        """What the backend told since the window was opened, newest first."""
        return self._happened

    @Property(QObject, constant=True)
    def health(self) -> RowsModel:
        """Backend, log, ledger, anchors."""
        return self._health

    @Property(list, notify=logChanged)
    def log(self) -> list[str]:
        """The last lines of the backend's log, newest last."""
        return self._log

    @Property(str, notify=changed)
    def error(self) -> str:
        """Why the state could not be asked for."""
        return self._error

    @Property(bool, notify=changed)
    def stopped(self) -> bool:
        """Whether "Start it again" makes sense."""
        return self._supervisor.state in {BackendState.FAILED, BackendState.STOPPED}

    @Slot(dict)
    def enter(self, _params: dict[str, object]) -> None:
        """The page is shown."""
        self._show_health()
        self._show_work()
        self.reload()
        self._refresh.start()

    @Slot()
    def leave(self) -> None:
        """The page is left; events are still kept."""
        self._refresh.stop()

    @Slot()
    def reload(self) -> None:
        """Ask for the state, and read the log."""
        self._session.tasks.start(self._load(), name="activity.load", failed=self._failed, replace=True)

    @Slot(str)
    def cancel(self, name: str) -> None:
        """End a piece of work."""
        self._tasks.cancel(name)

    @Slot()
    def retry(self) -> None:
        """Start the backend again."""
        self._session.tasks.start(self._supervisor.retry(), name="backend.retry", replace=True)

    @Slot(str)
    def open(self, contract: str) -> None:
        """The contract of a row."""
        if contract:
            self._session.go("contract", id=contract)

    @Slot()
    def show_logs(self) -> None:
        """In the system's file manager."""
        folder = self._session.home / "logs"
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._session.tell(f"The logs are in {folder}.")

    async def _load(self) -> None:
        self._log = await self._session.tasks.thread(tail, self._session.home / "logs" / "backend.log")
        self.logChanged.emit()
        client = self._session.client
        self._status = await client.status() if client is not None else None
        self._error = ""
        self._show_health()

    def _failed(self, error: CmsError) -> None:
        self._error = messages.sentence(error)
        self._status = None
        self._show_health()

    def _came(self, change: Change) -> None:
        icon, text = HAPPENED[change.kind]
        text, second = CONTRACT_WORDS.get(change.what, text), change.what
        if text == CONTRACT_WORDS.get(change.what):
            second = ""
        self._count += 1
        self._rows.appendleft(
            {
                "key": str(self._count),
                "time": dates.clock(datetime.now(UTC)),
                "icon": icon,
                "text": text,
                "second": second,
                "contract": str(change.contract or ""),
            }
        )
        self._happened.set_rows(list(self._rows))

    def _show_work(self) -> None:
        shown: dict[str, dict[str, object]] = {}
        for work in self._tasks.running():
            if work.name in messages.LASTING or work.name == "activity.load":
                continue
            since = f"since {dates.clock(work.since)}"
            shown[work.name] = {"key": work.name, "text": messages.work_words(work.name), "note": since}
        self._work.set_rows(list(shown.values()))
        self.changed.emit()

    def _show_health(self) -> None:
        rows = [*_backend_rows(self._supervisor.status), *_status_rows(self._status)]
        found = self._keeper.found
        if found is not None:
            said = log_words.second(found), log_words.mark(found), log_words.word(found)
            rows.append(_health_row("history", "git-branch", "History of the log", *said))
        self._health.set_rows(rows)
        self.changed.emit()


def _timer(parent: QObject, interval: int, then: object) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval)
    timer.timeout.connect(then)
    return timer


def _backend_rows(backing: Backing) -> list[dict[str, object]]:
    mark, word = STATES[backing.state]
    second = backing.reason or f"since {dates.clock(backing.since)}"
    if backing.endpoint is not None:
        second += f", version {backing.endpoint.version}, process {backing.endpoint.pid}"
    return [_health_row("backend", "hard-drives", "Backend", second, mark, word)]


def _status_rows(status: BackendStatus | None) -> list[dict[str, object]]:
    if status is None:
        return []
    waiting, done = status.anchors_pending, status.anchors_confirmed
    ledger = status.ledger
    reach = ledger is not None and ledger.state in {"ok", "ready", "reachable", "up"}
    log_line = f"{words.plural(status.log_size, 'event')}, {status.log_origin}"
    block = (
        f"{ledger.kind}, {ledger.chain}, block {words.grouped(ledger.head or 0)}"
        if ledger
        else "None is set up."
    )
    if ledger is not None and ledger.reason is not None:
        block = f"{ledger.kind}. {ledger.reason}"
    state = ledger.state if ledger else "Not set up"
    anchors = f"{words.grouped(done)} confirmed, {words.grouped(waiting)} on their way"
    return [
        _log_row(status, log_line),
        _health_row(
            "ledger",
            "cube",
            "Ledger",
            block,
            *(("passed", "Reachable") if reach else ("pending", state)),
        ),
        _health_row(
            "anchors",
            "anchor",
            "Anchors",
            anchors,
            *(("pending", "Waiting") if waiting else ("passed", "Settled")),
        ),
    ]


def _log_row(status: BackendStatus, line: str) -> dict[str, object]:
    if status.log_frozen:
        return _health_row("log", "tree-structure", "Log", f"{line}. {status.log_frozen}", "failed", "Frozen")
    if status.log_trouble:
        return _health_row(
            "log", "tree-structure", "Log", f"{line}. {status.log_trouble}", "pending", "Waiting"
        )
    return _health_row("log", "tree-structure", "Log", line, "passed", "Answering")


def _health_row(key: str, icon: str, title: str, second: str, mark: str, word: str) -> dict[str, object]:
    return {"key": key, "icon": icon, "title": title, "second": second, "mark": mark, "word": word}


def tail(path: Path) -> list[str]:
    """The last lines of a file; none when there is no such file."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - LOG_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    lines = text.splitlines()
    return lines[1 if size > LOG_BYTES else 0 :][-LOG_LINES:]
