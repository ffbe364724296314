"""Signing, approving, witnessing: what changed first, then the whole, then one deliberate act.

Nothing is sent before the button was held, or the passphrase given, and not before every change was in view.
"""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from cms_backend.core.document import Document, DocumentRef
from cms_backend.core.errors import CmsError
from cms_backend.core.events import INTENT, Action
from cms_backend.core.ids import ContractId, Did
from cms_backend.core.lifecycle_state import Awaited, Proposal
from cms_backend.core.parties import Role
from cms_backend.report.letters import one_line
from cms_desktop.models.rows import RowsModel
from cms_desktop.presentation import changes, dates, paper, words
from cms_desktop.session import Session
from cms_desktop.wallet.words import fingerprint_words
from cms_desktop.workflow.redline import redline
from cms_desktop.workflow.workspace import ContractView

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

_PAGE = {
    Action.signed: (
        "Review and sign",
        "sign",
        "Signed. It is accepted and stored; the log and the ledger follow.",
    ),
    Action.approved: ("Review and approve", "approve", "Approved. The signers can go on."),
    Action.witnessed: ("Review and witness", "witness", "Witnessed."),
}
_DONE = {Action.signed: "Signed.", Action.approved: "Approved.", Action.witnessed: "Witnessed."}


@QmlElement
class SignViewModel(QObject):
    """One per window; holds one decision at a time."""

    viewChanged = Signal()
    textChanged = Signal()
    """Right before another text stands in `blocks`: what was in view of the one before counts no more."""
    seenChanged = Signal()
    busyChanged = Signal()
    errorChanged = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._id: ContractId | None = None
        self._view: ContractView | None = None
        self._did: Did | None = None
        self._step: Awaited | None = None
        self._places: dict[str, bool] = {}
        self._text: DocumentRef | None = None  # which text stands in `blocks`
        self._busy = False
        self._error = ""
        self._first_sight = False
        self._blocks = RowsModel(paper.ROLES, parent=self, prose=("html",))
        session.changed.connect(self._on_change)

    # ------------------------------------------------------------------ what the page shows

    @Property(QObject, constant=True)
    def blocks(self) -> RowsModel:
        """Changes, then the whole text."""
        return self._blocks

    @Property(dict, notify=viewChanged)
    def head(self) -> dict[str, object]:
        """{page, title, hold, holding, intent, says, stale}."""
        view, action = self._view, self._action
        page, verb, _ = _PAGE[action]
        return {
            "page": page,
            "title": one_line(view.row.title) if view else "",
            "hold": f"Hold to {verb}",
            "holding": f"Keep holding to {verb}",
            "verb": verb,
            "intent": INTENT[action],
            "says": self._says(),
            "open": self._step is not None and self._step.ready,
        }

    @Property(dict, notify=viewChanged)
    def identity(self) -> dict[str, object]:
        """{name, initials, capacity, did, shortDid} of who signs."""
        return (
            self._person(self._did)
            if self._did
            else {"name": "", "initials": "", "capacity": "", "shortDid": ""}
        )

    @Property(list, notify=viewChanged)
    def identities(self) -> list[dict[str, object]]:
        """Every identity of this wallet that could act now."""
        awaited = self._view.state.awaited if self._view else ()
        return [self._person(Did(one.did)) for one in awaited if one.ready and self._session.me(one.did)]

    @Property(list, notify=viewChanged)
    def fingerprint(self) -> list[str]:
        """Six words of the text root."""
        proposal = self._proposal
        return list(fingerprint_words(proposal.ref.root)) if proposal else []

    @Property(str, notify=viewChanged)
    def root(self) -> str:
        """The text root."""
        proposal = self._proposal
        return str(proposal.ref.root) if proposal else ""

    @Property(list, notify=seenChanged)
    def checks(self) -> list[dict[str, object]]:
        """{ok, text}: what has to be so before a signature."""
        total, seen = len(self._places), sum(self._places.values())
        what = "part" if self._first_sight else "change"
        if seen == total:
            first = "The whole text was in view" if self._first_sight else f"Every {what} was in view"
            first = first if total else "Nothing changed since you last saw it"
        else:
            first = f"{seen} of {words.plural(total, what)} in view so far. Scroll through the rest."
        return [{"ok": seen == total, "text": first}, *self._order_check()]

    @Property(bool, notify=seenChanged)
    def ready(self) -> bool:
        """Whether the button may be held."""
        return self._is_ready()

    def _is_ready(self) -> bool:
        pending = self._proposal
        shown = pending is not None and pending.ref == self._text
        return shown and self._step is not None and self._step.ready and all(self._places.values())

    @Property(bool, notify=busyChanged)
    def busy(self) -> bool:
        """Whether a signature is on its way."""
        return self._busy

    @Property(str, notify=errorChanged)
    def error(self) -> str:
        """What went wrong last, or empty."""
        return self._error

    @property
    def _proposal(self) -> Proposal | None:
        return self._view.state.pending if self._view else None

    @property
    def _action(self) -> Action:
        role = self._step.role if self._step else Role.signer
        return words.DECIDES[role]

    def _person(self, did: Did) -> dict[str, object]:
        document = self._proposal.document if self._proposal else None
        party = document.party_of(did) if document is not None else None
        name = self._session.petname(did, words.short_did(did))
        capacity = (
            "" if document is None or party is None else one_line(document.parties[party].capacity or "")
        )
        return {
            "name": name,
            "initials": words.initials(name),
            "capacity": capacity,
            "did": str(did),
            "shortDid": words.short_did(did),
        }

    def _says(self) -> str:
        view, proposal, step = self._view, self._proposal, self._step
        if view is None or proposal is None or step is None:
            return ""
        before = sum(1 for one in view.envelopes if one.action is not Action.commented)
        after = "" if before == 0 else f", after {words.plural(before, 'event')}"
        seen: list[str] = []
        if view.seen.checkpoint is not None:
            seen.append(f"checkpoint {words.grouped(view.seen.checkpoint.size)}")
        if view.seen.block is not None:
            seen.append(f"ledger block {words.grouped(view.seen.block.number)}")
        tail = f", having seen {words.listed(seen)}" if seen else ""
        return f"Revision {proposal.ref.revision}, as {step.role.value} in step {step.step}{after}{tail}."

    def _order_check(self) -> list[dict[str, object]]:
        view = self._view
        if view is None:
            return []
        void = len(view.state.void)
        if void:
            return [
                {
                    "ok": False,
                    "text": f"{words.plural(void, 'event')} before it {'is' if void == 1 else 'are'} void",
                }
            ]
        count = sum(1 for one in view.envelopes if one.action is not Action.commented)
        return [
            {"ok": True, "text": f"{words.capital(words.plural(count, 'event'))} before it, all in order"}
        ]

    # ------------------------------------------------------------------ coming and going

    @Slot(dict)
    def enter(self, params: dict[str, object]) -> None:
        """`id` of the contract."""
        self._id = ContractId(str(params.get("id", "")))
        self._view, self._did, self._step = None, None, None
        self._text, self._places = None, {}
        self._blocks.set_rows(())
        self._set_error("")
        self.viewChanged.emit()
        self.seenChanged.emit()
        self._session.tasks.start(self._load(), name="sign.load", failed=self._failed, replace=True)

    @Slot()
    def leave(self) -> None:
        """Nothing is kept of a page that was left."""
        self._view, self._id = None, None

    def _on_change(self, change: object) -> None:
        mine = getattr(change, "contract", None) == self._id
        # After an outage something may have been missed. Other checkpoints and anchors change nothing here.
        back = getattr(change, "kind", "") in ("connected", "backend")
        if self._id is not None and (mine or back) and not self._busy:
            self._session.tasks.start(self._look_again(), name="sign.look", failed=self._failed, replace=True)

    async def _look_again(self) -> None:
        """Another party acted: only a change of what waits for this person starts the page anew."""
        if self._session.workspace is None or self._id is None or self._view is None:
            return
        view = await self._session.workspace.open(self._id)
        before, after = self._proposal, view.state.pending
        if before is None or after is None or before.ref != after.ref:
            await self._show(view)
            if after is not None:
                self._set_error(
                    "A new revision took the place of the one that you were reading. Read it first."
                )
        else:
            self._view = view
            self._step = self._my_step(view, self._did)
            self.viewChanged.emit()
            self.seenChanged.emit()

    async def _load(self) -> None:
        if self._session.workspace is not None and self._id is not None:
            await self._show(await self._session.workspace.open(self._id))

    def _my_step(self, view: ContractView, did: Did | None) -> Awaited | None:
        mine = [one for one in view.state.awaited if one.ready and self._session.me(one.did)]
        present = self._session.present
        return next((one for one in mine if present(one.did) == did), mine[0] if mine else None)

    async def _show(self, view: ContractView) -> None:
        preferred = self._did or (self._session.identity.did if self._session.identity else None)
        # Until the text of this view stands on the page nothing can be signed.
        self._view, self._text = view, None
        self._step = self._my_step(view, preferred)
        self._did = self._session.present(self._step.did) if self._step else preferred
        proposal = view.state.pending
        if proposal is None or proposal.document is None or self._did is None:
            self._places = {}
            self._blocks.set_rows(())
            self._set_error("Nothing of this contract waits for you now.")
        elif not isinstance(proposal.document, Document):
            self._step = None
            self._set_error("Your copy hides a part of this text. Ask for the whole file before you decide.")
        else:
            baseline = view.baseline(self._did) or (view.baseline(self._step.did) if self._step else None)
            await self._compare(view, baseline, proposal.document)
            self._text = proposal.ref
        self.viewChanged.emit()
        self.seenChanged.emit()

    async def _compare(self, view: ContractView, old: Document | None, new: Document) -> None:
        red = await self._session.tasks.thread(redline, old, new)
        self._first_sight = old is None
        count = sum(1 for one in changes.change_blocks(red) if one["kind"] == "change")
        headline = (
            f"{words.capital(words.number(count))} change{'' if count == 1 else 's'} since you last saw it"
        )
        headline = headline if count else "Nothing changed since you last saw it"
        note = self._note(view, old, new)
        same = "" if old is None else changes.unchanged(red, new)
        # Parsing what a stranger wrote may take long. Of Qt it asks only the locale, which any thread may.
        blocks = await self._session.tasks.thread(
            changes.review_blocks, red, old, new, headline, f"{note} {same}".strip()
        )
        self._places = dict.fromkeys((str(one["place"]) for one in blocks if one["place"]), False)
        self.textChanged.emit()
        self._blocks.set_rows(blocks)

    def _note(self, view: ContractView, old: Document | None, new: Document) -> str:
        now = datetime.now(UTC)
        proposal = view.state.pending
        if proposal is None:
            return ""
        maker = proposal.envelope.actor
        index = new.party_of(maker)
        known = "" if index is None else new.parties[index].name
        who = (
            "You"
            if self._session.me(maker)
            else self._session.petname(maker, known or words.short_did(maker))
        )
        on = dates.short_day(proposal.envelope.occurred_at, now)
        said = f"{who} proposed revision {new.revision} on {on}."
        if old is None:
            first = "Read it" if self._session.me(maker) else "You have not seen this text before: read it"
            return f"{said} {first} to the end."
        if old.revision == new.revision:
            return said
        return f"{said} It is compared with revision {old.revision}, which you saw last."

    # ------------------------------------------------------------------ what a person does

    @Slot(str)
    def seen(self, place: str) -> None:
        """A change came into view."""
        if self._places.get(place) is False:
            self._places[place] = True
            self.seenChanged.emit()

    @Slot(str)
    def choose_identity(self, did: str) -> None:
        """Another of this wallet's identities."""
        if self._view is not None and did != self._did:
            self._did = Did(did)
            self._session.tasks.start(
                self._show(self._view), name="sign.load", failed=self._failed, replace=True
            )

    @Slot()
    def held(self) -> None:
        """The button was held to its end."""
        self._session.tasks.start(self._sign(), name="sign.sign", failed=self._refused)

    @Slot(str)
    def with_passphrase(self, passphrase: str) -> None:
        """The equal way, for those who cannot hold a button."""
        self._session.tasks.start(self._check_and_sign(passphrase), name="sign.sign", failed=self._refused)

    async def _check_and_sign(self, passphrase: str) -> None:
        if not self._is_ready():
            return
        self._set_busy(True)
        try:
            await self._session.check_passphrase(passphrase)
        finally:
            self._set_busy(False)
        await self._sign()

    async def _sign(self) -> None:
        session, view, did = self._session, self._view, self._did
        if view is None or did is None or self._busy or not self._is_ready():
            return
        me = (
            next((one for one in session.wallet.identities if one.did == did), None)
            if session.wallet
            else None
        )
        if session.workspace is None or session.wallet is None or me is None:
            self._set_error("The wallet is locked, or the backend is not ready yet. Nothing was sent.")
            return
        action = self._action
        self._set_busy(True)
        try:
            outcome = await session.workspace.decide(view, action, session.wallet.signer(me.id))
        finally:
            self._set_busy(False)
        held = f"{_DONE[action]} Its log is elsewhere: send the file there, and take the answer in."
        session.tell(held if outcome.state == "held" else _PAGE[action][2])
        session.go("contract", id=str(view.id))

    @Slot(str)
    def decline(self, reason: str) -> None:
        """Close the proposal, with a reason for the others."""
        self._session.tasks.start(self._decline(reason), name="sign.sign", failed=self._refused)

    async def _decline(self, reason: str) -> None:
        session, view, did = self._session, self._view, self._did
        me = (
            next((one for one in session.wallet.identities if one.did == did), None)
            if session.wallet
            else None
        )
        if view is None or me is None or session.wallet is None or session.workspace is None:
            self._set_error("The wallet is locked, or the backend is not ready yet. Nothing was sent.")
            return
        await session.workspace.decide(view, Action.declined, session.wallet.signer(me.id), reason=reason)
        session.tell("Declined. The others see your reason.")
        session.go("contract", id=str(view.id))

    @Slot()
    def back(self) -> None:
        """Nothing was sent."""
        if self._id is not None:
            self._session.go("contract", id=str(self._id))

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
        """What was refused has changed meanwhile: say it, and show the contract as it is now."""
        self._failed(error)
        if self._id is not None:
            self._session.tasks.start(self._look_again(), name="sign.look", failed=self._failed, replace=True)
