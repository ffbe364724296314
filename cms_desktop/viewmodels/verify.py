"""Verification of what is dropped: the work runs in the executor, the page shows the report as it is."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import CmsError, FormError
from cms_backend.core.ids import ContractId, Digest
from cms_backend.core.report_model import Check, Report
from cms_backend.report.letters import one_line
from cms_desktop.models.rows import RowsModel
from cms_desktop.presentation import dates, dropped, exporting, offering, report_view, revision, tamper, words
from cms_desktop.session import Session

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class _File:
    """What is looked at: its bytes, where they came from, when."""

    data: bytes
    name: str
    origin: str
    own: ContractId | None


def _load_verifier() -> None:
    """The verifier is loaded at its first use, and not on the window's thread: that takes 100 ms."""
    importlib.import_module("cms_backend.core.verify")
    importlib.import_module("cms_desktop.exchange.judging")


_NOTHING = report_view.ReportView({}, [], [], {"ticks": [], "unit": ""}, [], {}, -1)


@QmlElement
class VerifyViewModel(QObject):
    """One per window; shows one report at a time."""

    reportChanged = Signal()
    selectedChanged = Signal()
    busyChanged = Signal()
    errorChanged = Signal()
    labChanged = Signal()
    chooseAsked = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._file: _File | None = None
        self._report: Report | None = None
        self._original: Report | None = None
        self._view = _NOTHING
        self._shown_original: report_view.ReportView | None = None
        self._selected, self._opened = -1, ""
        self._busy, self._error, self._answer, self._offer = "", "", "", ""
        self._lab, self._mended, self._choose = False, True, False
        self._targets: list[tamper.Target] = []
        self._tampered = ""
        self._events = RowsModel(report_view.EVENT_ROLES, parent=self)
        self._checks = RowsModel(report_view.CHECK_ROLES, parent=self, prose=("expected", "found"))
        self._lab_rows = RowsModel(("key", "label", "value"), parent=self)
        session.changed.connect(self._on_change)

    # ------------------------------------------------------------------ what the page shows

    @Property(QObject, constant=True)
    def events(self) -> RowsModel:
        """The timeline."""
        return self._events

    @Property(QObject, constant=True)
    def checks(self) -> RowsModel:
        """The checks of the selected event, or of the whole file."""
        return self._checks

    @Property(QObject, constant=True)
    def targets(self) -> RowsModel:
        """What the tamper lab can change."""
        return self._lab_rows

    @Property(bool, notify=reportChanged)
    def hasReport(self) -> bool:
        """Whether there is something to show."""
        return self._report is not None

    @Property(dict, notify=reportChanged)
    def verdict(self) -> dict[str, object]:
        """Seal, headline, subtitle, counts."""
        return self._view.verdict

    @Property(list, notify=reportChanged)
    def questions(self) -> list[dict[str, object]]:
        """The five."""
        return self._view.questions

    @Property(dict, notify=reportChanged)
    def axis(self) -> dict[str, object]:
        """{ticks, unit}."""
        return self._view.axis

    @Property(str, notify=reportChanged)
    def limits(self) -> str:
        """What this does not prove."""
        return self._report.limits if self._report else ""

    @Property(dict, notify=reportChanged)
    def file(self) -> dict[str, object]:
        """{name, origin}."""
        found = self._file
        return {"name": one_line(found.name) if found else "", "origin": found.origin if found else ""}

    @Property(str, notify=reportChanged)
    def offer(self) -> str:
        """`Take this contract in`, or why there is nothing to take in."""
        return self._offer

    @Property(int, notify=selectedChanged)
    def selected(self) -> int:
        """The row of the timeline; -1 for the whole file."""
        return self._selected

    @Property(dict, notify=selectedChanged)
    def details(self) -> dict[str, object]:
        """{title, digest} of the selected event."""
        report = self._report
        if report is None or not 0 <= self._selected < len(report.events):
            return {"title": "The whole file", "digest": ""}
        row = report.events[self._selected]
        who = one_line(row.actor_name) or words.short_did(row.actor)
        return {"title": f"Event {self._selected}: {row.title.lower()} by {who}", "digest": str(row.digest)}

    @Property(dict, notify=selectedChanged)
    def path(self) -> dict[str, object]:
        """From the leaf of the selected event to the root; empty without one."""
        report = self._report
        if report is None or not 0 <= self._selected < len(report.events):
            return {}
        return report_view.path(report, report.events[self._selected].digest)

    @Property(str, notify=busyChanged)
    def busy(self) -> str:
        """What is being done, in words; empty when nothing is."""
        return self._busy

    @Property(str, notify=errorChanged)
    def error(self) -> str:
        """What went wrong last, or empty."""
        return self._error

    @Property(str, notify=errorChanged)
    def answer(self) -> str:
        """What is known of a digest that was asked for."""
        return self._answer

    @Property(bool, notify=labChanged)
    def lab(self) -> bool:
        """Whether the tamper lab is open."""
        return self._lab

    @Property(bool, notify=labChanged)
    def mended(self) -> bool:
        """Whether the file's own digest is recomputed after a change, as a forger would."""
        return self._mended

    @Property(str, notify=labChanged)
    def tampered(self) -> str:
        """What was changed in the copy that is shown; empty for the original."""
        return self._tampered

    @Property(int, notify=reportChanged)
    def fileSize(self) -> int:
        """In bytes."""
        return len(self._file.data) if self._file else 0

    # ------------------------------------------------------------------ coming and going

    @Slot(dict)
    def enter(self, params: dict[str, object]) -> None:
        """`contract`: of the own store; `choose`: ask for a file; nothing: what was shown last."""
        if "contract" in params:
            work = self._from_store(ContractId(str(params["contract"])))
            self._session.tasks.start(work, name="verify.run", failed=self._failed, replace=True)

        elif "choose" in params:
            self._choose = True
            self.chooseAsked.emit()

    @Slot(result=bool)
    def take_choose(self) -> bool:
        """Whether to ask for a file, once: a page that is still being loaded asks when it stands."""
        choose, self._choose = self._choose, False
        return choose

    @Slot()
    def leave(self) -> None:
        """The report stays, to come back to."""

    @Slot(list)
    def drop_urls(self, urls: list[QUrl]) -> None:
        """The first file of a drop, or the one that was chosen."""
        first = next((QUrl(url) for url in urls if QUrl(url).isLocalFile()), None)
        if first is not None:
            self.open_file(first)

    @Slot(QUrl)
    def open_file(self, url: QUrl) -> None:
        """An evidence file, or a certificate that carries one."""
        work = self._from_file(Path(url.toLocalFile()))
        self._session.tasks.start(work, name="verify.run", failed=self._failed, replace=True)

    @Slot(str)
    def drop_text(self, text: str) -> None:
        """A digest: is it in the log of this installation?"""
        self._session.tasks.start(
            self._ask(text.strip()), name="verify.ask", failed=self._failed, replace=True
        )

    @Slot()
    def clear(self) -> None:
        """Check another."""
        self._file, self._report, self._original = None, None, None
        self._view, self._shown_original = _NOTHING, None
        self._answer, self._tampered, self._lab = "", "", False
        self._set_error("")
        self._events.set_rows(())
        self.reportChanged.emit()
        self.labChanged.emit()

    async def _from_file(self, path: Path) -> None:
        self._set_busy(f"Reading {path.name}")
        try:
            found = await self._session.tasks.thread(dropped.read, path)
        finally:
            self._set_busy("")
        origin = f"{revision.size(found.size)}, dropped {dates.stamp(datetime.now(UTC))[:-3]}"
        await self._run(_File(found.data, found.name, origin, None))

    async def _from_store(self, contract: ContractId) -> None:
        if self._session.workspace is None:
            return
        self._set_busy("Collecting the evidence")
        try:
            data = await self._session.workspace.export_evidence(contract)
        finally:
            self._set_busy("")
        origin = f"{revision.size(len(data))}, from this installation, {dates.stamp(datetime.now(UTC))[:-3]}"
        await self._run(_File(data, exporting.file_name("contract", "cmsproof"), origin, contract))

    async def _ask(self, text: str) -> None:
        try:
            digest = Digest.parse(text.lower())
        except FormError:
            self._set_error(
                "That is no digest of 64 hexadecimal digits. Drop an evidence file, or a certificate."
            )
            return
        client = self._session.client
        if client is None:
            self._set_error("The backend is not ready yet. Try again in a moment.")
            return
        found = await client.inclusion(digest)
        self._answer = (
            f"It is entry {words.grouped(int(found['index']))} of {words.grouped(int(found['size']))} in the log "
            "of this installation. That shows that something with this digest was logged. What it says, and "
            "who signed it, is in the evidence file."
        )
        self._error = ""
        self.errorChanged.emit()

    # ------------------------------------------------------------------ the run

    async def _run(self, file: _File) -> None:
        report, seconds = await self._verify(file.data)
        self._file, self._original, self._tampered, self._lab = file, report, "", False
        self._answer = ""
        self._set_error("")
        await self._take(report, seconds)
        self._shown_original = self._view
        self.labChanged.emit()
        await self._look_for_offer(file, report)

    async def _verify(self, data: bytes) -> tuple[Report, float]:
        session = self._session
        if session.workspace is None:
            raise CmsError(
                "The backend is not ready yet.", remedy="It starts by itself; try again in a moment."
            )
        self._set_busy("Checking every signature, every proof, every anchor")
        begun = time.perf_counter()
        try:
            await session.tasks.thread(_load_verifier)
            report = await session.workspace.verify(data, rpc=session.rpc)
        finally:
            self._set_busy("")
        return report, time.perf_counter() - begun

    async def _take(self, report: Report, seconds: float) -> None:
        now = datetime.now(UTC)
        view = await self._session.tasks.thread(report_view.build, report, self._tampered, now, seconds)
        # In three steps, a turn of the event loop after each: at once they keep the window from answering.
        self._show_events(report, view)
        await asyncio.sleep(0)
        self.reportChanged.emit()
        await asyncio.sleep(0)
        self.select(view.first)

    def _show(self, report: Report, view: report_view.ReportView) -> None:
        self._show_events(report, view)
        self.reportChanged.emit()
        self.select(view.first)

    def _show_events(self, report: Report, view: report_view.ReportView) -> None:
        self._report, self._view = report, view
        self._selected = -1
        self._events.set_rows(view.events)

    @Slot(int, int, result=list)
    def brackets_between(self, first: int, last: int) -> list[dict[str, object]]:
        """What joins these rows."""
        return self._view.brackets_between(first, last)

    @Slot(int)
    def select(self, row: int) -> None:
        """A row of the timeline; -1 for the checks of the whole file."""
        report = self._report
        if report is None:
            return
        self._selected = row if 0 <= row < len(report.events) else -1
        self._opened = report_view.first_open(report_view.check_rows(self._chosen_checks(), ""))
        self._show_checks()
        self.selectedChanged.emit()

    @Slot(str)
    def toggle_check(self, key: str) -> None:
        """One is open at a time."""
        self._opened = "" if self._opened == key else key
        self._show_checks()

    def _chosen_checks(self) -> list[Check]:
        report = self._report
        if report is None:
            return []
        digest = report.events[self._selected].digest if self._selected >= 0 else None
        return self._view.checks.get(digest, [])

    def _show_checks(self) -> None:
        self._checks.set_rows(report_view.check_rows(self._chosen_checks(), self._opened))

    def _on_change(self, change: object) -> None:
        """A pending anchor settled: an own contract is verified anew, so that the page settles by itself."""
        file = self._file
        if (
            file is None
            or file.own is None
            or self._tampered
            or self._busy
            or self._view.verdict.get("seal") != "pending"
        ):
            return
        if getattr(change, "kind", "") in ("anchor", "contract"):
            self._session.tasks.start(
                self._from_store(file.own), name="verify.run", failed=self._failed, replace=True
            )

    # ------------------------------------------------------------------ taking it in, saving

    async def _look_for_offer(self, file: _File, report: Report) -> None:
        """Offered is what is sound, and holds something that this installation has not."""
        self._offer = ""
        client = self._session.client
        if (
            file.own is None
            and client is not None
            and report.contract is not None
            and offering.is_sound(report)
        ):
            try:
                known = {one.digest: one.index for one in (await client.contract(report.contract)).entries}
            except CmsError:
                known = {}
            self._offer = offering.offer(report, known)
        self.reportChanged.emit()

    @Slot()
    def take_in(self) -> None:
        """Merge the file into the own store."""
        if self._file is not None and not self._tampered:
            self._session.tasks.start(self._take_in(self._file), name="verify.import", failed=self._failed)

    async def _take_in(self, file: _File) -> None:
        if self._session.workspace is None:
            return
        done = await self._session.workspace.import_evidence(file.data)
        nothing = "What the log has proven was" if self._offer == offering.PROOFS else "Nothing new"
        new = words.plural(done.added, "new event") if done.added else nothing
        self._session.tell(f"{new} taken in.{offering.left_out(done.refused, done.undecided)}")
        self._offer = ""
        self.reportChanged.emit()
        self._session.go("contract", id=str(done.contract))

    @Slot(str, result=QUrl)
    def suggested(self, kind: str) -> QUrl:
        """Where a report is saved at first, and what it is called."""
        title = self._report.title if self._report else ""
        path = exporting.suggested(title or "report", kind, self._report.revision if self._report else None)
        return QUrl.fromLocalFile(str(path))

    @Slot(str, QUrl)
    def export(self, kind: str, url: QUrl) -> None:
        """The report as pdf, html or json, or the evidence itself."""
        work = self._export(kind, Path(url.toLocalFile()))
        self._session.tasks.start(work, name="verify.export", failed=self._failed)

    async def _export(self, kind: str, path: Path) -> None:
        file, report, thread = self._file, self._report, self._session.tasks.thread
        if file is None or report is None:
            return
        data = file.data if kind == "cmsproof" else await thread(exporting.render, kind, report, file.data)
        await thread(exporting.write, path, data)
        self._session.tell(f"Saved as {path.name}.")

    # ------------------------------------------------------------------ the tamper lab

    @Slot(bool)
    def open_lab(self, on: bool) -> None:
        """Open it, or close it and show the original again."""
        self._lab = on
        if on and self._file is not None:
            self._session.tasks.start(self._list_targets(self._file), name="verify.lab", failed=self._failed)
        elif not on:
            self.restore()
        self.labChanged.emit()

    async def _list_targets(self, file: _File) -> None:
        self._targets = await self._session.tasks.thread(tamper.targets, file.data)
        self._lab_rows.set_rows([target.to_map(place) for place, target in enumerate(self._targets)])

    @Slot(bool)
    def set_mended(self, on: bool) -> None:
        """Recompute the file's own digest, as a forger would."""
        self._mended = on
        self.labChanged.emit()

    @Slot(int)
    def change_target(self, place: int) -> None:
        """Change one value in a copy, and check the copy."""
        if self._file is not None and 0 <= place < len(self._targets):
            work = self._try(tamper.changed, self._file.data, self._targets[place], mended=self._mended)
            self._session.tasks.start(work, name="verify.run", failed=self._failed, replace=True)

    @Slot(int)
    def flip_byte(self, offset: int) -> None:
        """Flip one bit of a copy, and check the copy."""
        if self._file is not None:
            work = self._try(tamper.flipped, self._file.data, offset)
            self._session.tasks.start(work, name="verify.run", failed=self._failed, replace=True)

    async def _try(self, change: Callable[..., tuple[bytes, str]], *args: object, **named: object) -> None:
        data, sentence = await self._session.tasks.thread(change, *args, **named)
        report, seconds = await self._verify(data)
        self._tampered = sentence
        await self._take(report, seconds)
        self.labChanged.emit()

    @Slot()
    def restore(self) -> None:
        """The original, which was never touched."""
        if self._original is not None and self._tampered:
            self._tampered = ""
            if self._shown_original is not None:
                self._show(self._original, self._shown_original)
        self.labChanged.emit()

    # ------------------------------------------------------------------ within

    def _set_busy(self, busy: str) -> None:
        self._busy = busy
        self.busyChanged.emit()

    def _set_error(self, text: str) -> None:
        self._error = text
        self.errorChanged.emit()

    def _failed(self, error: CmsError) -> None:
        self._set_error(" ".join(filter(None, (error.detail, error.remedy))))
