"""One contract: its paper, its parties, the one main action, and the steps that settle while one looks on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import Property, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtQml import QmlElement

from cms_backend.core.document import Document
from cms_backend.core.errors import CmsError
from cms_backend.core.events import Action
from cms_backend.core.ids import ContractId, Time
from cms_backend.report.letters import one_line
from cms_desktop.models.rows import RowsModel
from cms_desktop.presentation import comments, dates, exporting, paper, party_rows, steps, words
from cms_desktop.presentation.changes import compared_blocks
from cms_desktop.presentation.revision import revision_blocks
from cms_desktop.presentation.summary import party_name
from cms_desktop.presentation.turn import Turn, turn
from cms_desktop.session import Session
from cms_desktop.workflow.redline import redline
from cms_desktop.workflow.workspace import ContractView, Outcome

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

REFRESH_MS: Final = 150


@QmlElement
class ContractViewModel(QObject):
    """One per window; shows one contract at a time."""

    viewChanged = Signal()
    paperChanged = Signal()
    busyChanged = Signal()
    errorChanged = Signal()
    asked = Signal()
    """A dialog to open: decline, withdraw, terminate, comment or export."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._id: ContractId | None = None
        self._view: ContractView | None = None
        self._turn: Turn | None = None
        self._revision, self._base = -1, -1
        self._comparing, self._busy, self._shown = False, False, False
        self._error, self._asked = "", ""
        self._paper = RowsModel(paper.ROLES, parent=self, prose=("html",))
        self._revisions = RowsModel(("key", "text", "active"), parent=self)
        self._bases = RowsModel(("key", "text", "active"), parent=self)
        self._parties = RowsModel(party_rows.ROLES, parent=self)
        self._steps = RowsModel(steps.ROLES, parent=self)
        self._comments = RowsModel(comments.ROLES, parent=self, prose=("text",))
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.reload)
        session.changed.connect(self._on_change)
        session.walletChanged.connect(self._show)
        session.backendChanged.connect(self._on_backend)

    # ------------------------------------------------------------------ what the page shows

    @Property(QObject, constant=True)
    def paper(self) -> RowsModel:
        """The blocks of the paper."""
        return self._paper

    @Property(QObject, constant=True)
    def revisions(self) -> RowsModel:
        """The chips, newest first."""
        return self._revisions

    @Property(QObject, constant=True)
    def bases(self) -> RowsModel:
        """What the shown revision can be compared with."""
        return self._bases

    @Property(QObject, constant=True)
    def parties(self) -> RowsModel:
        """The parties of the shown revision."""
        return self._parties

    @Property(QObject, constant=True)
    def steps(self) -> RowsModel:
        """The timeline at the bottom."""
        return self._steps

    @Property(QObject, constant=True)
    def comments(self) -> RowsModel:
        """What the parties said."""
        return self._comments

    @Property(dict, notify=viewChanged)
    def head(self) -> dict[str, object]:
        """{id, title, badge, badgeText, away}."""
        view = self._view
        if view is None:
            return {"id": "", "title": "", "badge": "", "badgeText": "", "away": False}
        mine = self._turn is not None and self._turn.action == "sign"
        others = self._turn is not None and self._turn.action == "export"
        badge, text = words.badge(view.state.status.value, mine=mine, others=others)
        return {
            "id": str(view.id),
            "title": one_line(view.row.title) or "Without a title",
            "badge": badge,
            "badgeText": text,
            "away": view.row.home == "elsewhere",
        }

    @Property(dict, notify=viewChanged)
    def turn(self) -> dict[str, object]:
        """Headline, text and actions of the side."""
        empty = Turn("", "", "", "", "", "", None, ())
        return (self._turn or empty).to_map()

    @Property(str, notify=paperChanged)
    def root(self) -> str:
        """The text root of the shown revision."""
        view, document = self._view, self._document()
        if view is None or document is None:
            return ""
        return next((str(root) for root, one in view.documents.items() if one is document), "")

    @Property(bool, notify=paperChanged)
    def comparing(self) -> bool:
        """Whether the marks of a comparison are shown."""
        return self._comparing

    @Property(bool, notify=viewChanged)
    def loaded(self) -> bool:
        """Whether there is a contract to show."""
        return self._view is not None

    @Property(bool, notify=busyChanged)
    def busy(self) -> bool:
        """Whether an action is on its way."""
        return self._busy

    @Property(str, notify=errorChanged)
    def error(self) -> str:
        """What went wrong last, or empty."""
        return self._error

    # ------------------------------------------------------------------ coming and going

    @Slot(dict)
    def enter(self, params: dict[str, object]) -> None:
        """`id` of the contract; `ask` opens a dialog at once; `revision` shows another than the newest."""
        self._shown = True
        wanted = ContractId(str(params.get("id", self._id or "")))
        if wanted != self._id:
            self._view, self._turn = None, None
            self._revision, self._base, self._comparing = -1, -1, False
            self.viewChanged.emit()
        self._id = wanted
        self._set_error("")
        self._session.tasks.start(
            self._load(str(params.get("ask", ""))), name="contract.load", failed=self._failed, replace=True
        )

    @Slot()
    def leave(self) -> None:
        """The page is left."""
        self._shown = False

    @Slot()
    def close(self) -> None:
        """Back to the register."""
        self._session.go("contracts")

    @Slot()
    def reload(self) -> None:
        """Read it again."""
        if self._id is not None:
            self._session.tasks.start(self._load(""), name="contract.load", failed=self._failed, replace=True)

    def _on_change(self, change: object) -> None:
        contract = getattr(change, "contract", None)
        if self._shown and self._id is not None and contract in (None, self._id):
            self._refresh.start()

    def _on_backend(self) -> None:
        if self._shown and self._id is not None:
            self._refresh.start()

    async def _load(self, ask: str) -> None:
        if self._session.workspace is None or self._id is None:
            return
        self._take(await self._session.workspace.open(self._id))
        if ask:
            self.act(ask)

    def _take(self, view: ContractView) -> None:
        self._view = view
        self._show()

    @Slot()
    def _show(self) -> None:
        view, session, now = self._view, self._session, datetime.now(UTC)
        if view is None:
            return
        preferred = session.identity.did if session.identity else None
        self._turn = turn(view, session.dids(), preferred, session.petname, now, present=session.present)
        self._steps.set_rows(steps.steps(view, session.petname, session.dids(), now))
        self._comments.set_rows(comments.comment_rows(view, session.petname, session.dids(), now))
        self._show_paper()
        self.viewChanged.emit()

    # ------------------------------------------------------------------ the paper

    @Slot(str)
    def show_revision(self, revision: str) -> None:
        """A chip."""
        self._revision, self._base = int(revision), -1
        self._show_paper()

    @Slot(bool)
    def compare(self, on: bool) -> None:
        """Mark what differs from the revision before."""
        self._comparing = on
        self._show_paper()

    @Slot(str)
    def compare_with(self, revision: str) -> None:
        """Another revision to compare with."""
        self._base = int(revision)
        self._show_paper()

    def _document(self) -> Document | None:
        view = self._view
        if view is None:
            return None
        return (view.document(self._revision) if self._revision >= 0 else None) or view.current

    def _base_document(self, document: Document) -> Document | None:
        view = self._view
        if view is None:
            return None
        if self._base >= 0:
            return view.document(self._base)
        earlier = [one.revision for one in view.documents.values() if one.revision < document.revision]
        return view.document(max(earlier)) if earlier else None

    def _show_paper(self) -> None:
        view, document, session = self._view, self._document(), self._session
        if view is None or document is None:
            return
        base = self._base_document(document)
        self._show_chips(view, document, base)
        proposal = next((one for one in view.state.proposals if one.document is document), view.state.pending)
        rows = party_rows.party_rows(document, view.state, proposal, session.petname, session.dids())
        self._parties.set_rows(rows)
        if self._comparing and base is not None:
            note = f"Revision {document.revision}, compared with revision {base.revision}"
            blocks = compared_blocks(redline(base, document), document, note)
        else:
            blocks = revision_blocks(document)
        self._paper.set_rows(blocks)
        self.paperChanged.emit()

    def _show_chips(self, view: ContractView, document: Document, base: Document | None) -> None:
        documents = sorted(view.documents.values(), key=lambda one: -one.revision)
        chips: list[dict[str, object]] = []
        for one in documents:
            if one.revision == 0 and len(documents) > 1:
                continue  # the text at hand when the record was opened; revision 1 is the first proposal
            maker = next(
                (p.envelope.actor for p in view.state.proposals if p.ref.revision == one.revision), None
            )
            who = "" if maker is None else party_name(view.state, one, maker, self._session.petname)
            who = "you" if maker is not None and self._session.me(maker) else who
            text = f"Revision {one.revision}, {who}" if who else f"Revision {one.revision}"
            chips.append({"key": str(one.revision), "text": text, "active": one is document})
        self._revisions.set_rows(chips)
        others = [one for one in documents if one is not document and one.revision > 0]
        self._bases.set_rows(
            [
                {"key": str(one.revision), "text": f"with revision {one.revision}", "active": one is base}
                for one in others
            ]
        )

    # ------------------------------------------------------------------ actions

    @Slot(str)
    def act(self, action: str) -> None:
        """A button, or a key. What cannot be undone asks first."""
        if self._view is None:
            return
        contract = str(self._view.id)
        if action == "sign":
            self._session.go("sign", id=contract)
        elif action in ("amend", "propose"):
            self._session.go("draft", amend=contract)
        elif action == "verify":
            self._session.go("verify", contract=contract)
        elif action in ("decline", "withdraw", "terminate", "comment", "export"):
            self._asked = action
            self.asked.emit()

    @Slot(result=str)
    def take_asked(self) -> str:
        """The dialog to open, once: a page that is still being loaded asks for it when it stands."""
        asked, self._asked = self._asked, ""
        return asked

    @Slot(str, result=str)
    def consequence(self, action: str) -> str:
        """What an action means, for its dialog."""
        view = self._view
        revision = view.state.pending.ref.revision if view and view.state.pending else 0
        stays = " What is in force now stays in force." if view and view.state.in_force else ""
        return {
            "decline": f"Revision {revision} is closed for everybody, and cannot be signed any more.{stays} "
            "The others see your reason.",
            "withdraw": f"Revision {revision} is closed, and cannot be signed any more.{stays} "
            "A new proposal can take its place.",
            "terminate": "Your notice becomes part of the record for good, and cannot be taken back. "
            "The contract ends on the day that you set, or at once if you set none.",
        }.get(action, "")

    @Slot(str, str, str)
    def confirm(self, action: str, reason: str, effective_on: str) -> None:
        """What the dialog was confirmed with."""
        try:
            effective = dates.start_of_day(effective_on)
        except ValueError as error:
            self._set_error(str(error))
            return
        work = self._confirm(action, reason, effective)
        self._session.tasks.start(work, name="contract.act", failed=self._refused)

    async def _confirm(self, action: str, reason: str, effective: Time | None) -> None:
        view, workspace, wallet = self._view, self._session.workspace, self._session.wallet
        did = self._turn.did if self._turn else None
        me = next((one for one in wallet.identities if one.did == did), None) if wallet else None
        if view is None or workspace is None or wallet is None or me is None or self._busy:
            self._set_error("The wallet is locked, or the backend is not ready yet. Nothing was sent.")
            return
        self._set_busy(True)
        try:
            signer = wallet.signer(me.id)
            outcome: Outcome
            if action == "decline":
                outcome = await workspace.decide(view, Action.declined, signer, reason=reason)
            elif action == "withdraw":
                outcome = await workspace.withdraw(view, signer, reason=reason)
            elif action == "terminate":
                outcome = await workspace.terminate(view, signer, reason=reason, effective_on=effective)
            else:
                outcome = await workspace.comment(view, signer, reason)
        finally:
            self._set_busy(False)
        self._set_error("")
        self._take(outcome.view)

    @Slot(str, result=QUrl)
    def suggested(self, kind: str) -> QUrl:
        """Where a file is saved at first, and what it is called."""
        title = self._view.row.title if self._view else ""
        document = self._document()
        path = exporting.suggested(title, kind, document.revision if document else None)
        return QUrl.fromLocalFile(str(path))

    @Slot(str, QUrl)
    def export(self, kind: str, url: QUrl) -> None:
        """Save the evidence file, or the report as pdf, html or json."""
        work = self._export(kind, Path(url.toLocalFile()))
        self._session.tasks.start(work, name="contract.export", failed=self._failed)

    async def _export(self, kind: str, path: Path) -> None:
        if self._view is None or self._session.workspace is None:
            return
        evidence = await self._session.workspace.export_evidence(self._view.id)
        data, thread = evidence, self._session.tasks.thread
        if kind != "cmsproof":
            report = await self._session.workspace.verify(evidence, rpc=self._session.rpc)
            data = await thread(exporting.render, kind, report, evidence)
        await thread(exporting.write, path, data)
        self._session.tell(f"Saved as {path.name}.")

    # ------------------------------------------------------------------ within

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busyChanged.emit()

    def _set_error(self, text: str) -> None:
        if text != self._error:
            self._error = text
            self.errorChanged.emit()

    def _failed(self, error: CmsError) -> None:
        self._set_error(" ".join(filter(None, (error.detail, error.remedy))))

    def _refused(self, error: CmsError) -> None:
        self._failed(error)
        self.reload()
