"""People, dates, values and files of a draft: the forms beside its text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtQml import QmlElement

from cms_backend.core.errors import CmsError
from cms_backend.core.parties import Role
from cms_desktop.files import spoken
from cms_desktop.models.draft_desk import DraftDesk
from cms_desktop.models.rows import RowsModel
from cms_desktop.presentation import dates, draft_edit, draft_rows, words
from cms_desktop.session import Session
from cms_desktop.wallet.records import Contact, Identity
from cms_desktop.workflow.drafts import DraftParty

QML_IMPORT_NAME = "Cms.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class DraftParts(QObject):
    """One per draft page."""

    changed = Signal()
    errorChanged = Signal()
    peopleChanged = Signal()

    def __init__(self, session: Session, desk: DraftDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk = session, desk
        self._date_errors: dict[str, str] = {}
        self._error = ""
        self._parties = RowsModel(draft_rows.PARTY_ROLES, parent=self, exact=True)
        self._variables = RowsModel(draft_rows.VARIABLE_ROLES, parent=self, exact=True)
        self._files = RowsModel(draft_rows.FILE_ROLES, parent=self, exact=True)
        desk.changed.connect(self._show)
        session.walletChanged.connect(self.peopleChanged)

    # ------------------------------------------------------------------ what the page shows

    @Property(QObject, constant=True)
    def parties(self) -> RowsModel:
        """The cards."""
        return self._parties

    @Property(QObject, constant=True)
    def variables(self) -> RowsModel:
        """The form."""
        return self._variables

    @Property(QObject, constant=True)
    def files(self) -> RowsModel:
        """The attachments."""
        return self._files

    @Property(dict, notify=changed)
    def validity(self) -> dict[str, object]:
        """{start, end, startError, endError}, as a person types it."""
        draft = self._desk.draft
        return {
            "start": dates.typed(draft.valid_from),
            "end": dates.typed(draft.valid_until),
            "startError": self._date_errors.get("start", ""),
            "endError": self._date_errors.get("end", ""),
        }

    @Property(str, notify=changed)
    def emptyVariables(self) -> str:
        """`1 of 6 empty`, or nothing."""
        variables = self._desk.draft.variables
        empty = sum(1 for one in variables if not one.value)
        return f"{empty} of {len(variables)} empty" if empty else ""

    @Property(str, notify=errorChanged)
    def error(self) -> str:
        """Why nobody was added, or empty."""
        return self._error

    @Property(list, notify=peopleChanged)
    def people(self) -> list[dict[str, object]]:
        """Identities and contacts that can be added."""
        inside = {party.did for party in self._desk.draft.parties}
        return [
            {
                "did": str(one.did),
                "name": one.name or words.short_did(one.did),
                "organisation": one.organisation or "",
                "shortDid": words.short_did(one.did),
            }
            for one in self._known()
            if one.did not in inside
        ]

    def _known(self) -> list[Identity | Contact]:
        wallet = self._session.wallet
        return [] if wallet is None else [*wallet.identities, *wallet.contacts]

    def dates_are_right(self) -> bool:
        """Whether no date field holds what is no date."""
        return not any(self._date_errors.values())

    def reset(self) -> None:
        """Another draft is on the desk."""
        self._date_errors.clear()
        self._set_error("")

    def _show(self) -> None:
        draft = self._desk.draft
        self._parties.set_rows(draft_rows.party_rows(draft, self._session.dids()))
        self._variables.set_rows(draft_rows.variable_rows(draft))
        self._files.set_rows(draft_rows.file_rows(draft))
        self.changed.emit()
        self.peopleChanged.emit()

    # ------------------------------------------------------------------ dates and values

    @Slot(str, str)
    def set_date(self, which: str, text: str) -> None:
        """`start` or `end`; what is no date is said beside the field and changes nothing."""
        draft = self._desk.draft
        try:
            time = dates.start_of_day(text) if which == "start" else dates.end_of_day(text)
        except ValueError as error:
            self._date_errors[which] = str(error)
            self._desk.changed.emit()
            return
        self._date_errors[which] = ""
        new = replace(draft, valid_from=time) if which == "start" else replace(draft, valid_until=time)
        if not self._desk.change(new):
            self._desk.changed.emit()

    @Slot(str, str)
    def set_variable(self, name: str, value: str) -> None:
        """As one types."""
        self._desk.change(draft_edit.with_variable(self._desk.draft, name, value=value))

    @Slot(str, str)
    def set_variable_type(self, name: str, kind: str) -> None:
        """text, number, date, money, choice, did."""
        self._desk.change(draft_edit.with_variable(self._desk.draft, name, kind=kind))

    # ------------------------------------------------------------------ people

    @Slot(str, result=bool)
    def add_person(self, text: str) -> bool:
        """A DID of the wallet's people, a pasted DID, or a contact card. False, with `error`, when none."""
        try:
            self._desk.change(draft_edit.with_party(self._desk.draft, self._person(text)))
        except CmsError as error:
            self._set_error(" ".join(filter(None, (error.detail, error.remedy))))
            return False
        self._set_error("")
        return True

    def _person(self, text: str) -> DraftParty:
        wallet, draft = self._session.wallet, self._desk.draft
        step = max((party.step for party in draft.parties if party.step is not None), default=0) + 1
        found = next((one for one in self._known() if one.did == text.strip()), None)
        if found is None and wallet is not None and not text.strip().startswith("did:"):
            found = wallet.add_contact_card(text)
        if found is None:
            return draft_edit.party_from_did(text, step)
        return DraftParty(
            did=found.did,
            key=found.key,
            next=found.next,
            name=found.name,
            role=Role.signer,
            step=step,
            capacity=found.organisation or None,
            witness_of=None,
        )

    @Slot(int, str, str)
    def change_party(self, place: int, what: str, value: str) -> None:
        """name, capacity, role, step, witness_of."""
        if 0 <= place < len(self._desk.draft.parties):
            self._desk.change(draft_edit.change_party(self._desk.draft, place, {what: value}))

    @Slot(int, result=dict)
    def party_at(self, place: int) -> dict[str, object]:
        """One party with its choices, for the dialog."""
        return draft_rows.party_form(self._desk.draft, place)

    @Slot(int)
    def remove_party(self, place: int) -> None:
        """With undo."""
        draft = self._desk.draft
        name = draft.parties[place].name or "The party"
        self._desk.change_with_undo(draft_edit.without_party(draft, place), f"{name} was removed.")

    # ------------------------------------------------------------------ files

    @Slot(list)
    def attach(self, urls: list[QUrl]) -> None:
        """Files that were dropped or chosen: hashed in the background."""
        paths = [Path(QUrl(url).toLocalFile()) for url in urls if QUrl(url).isLocalFile()]
        self._session.tasks.start(self._attach(paths), name="draft.attach")

    async def _attach(self, paths: list[Path]) -> None:
        for path in paths:
            try:
                found = await self._session.tasks.thread(draft_edit.attachment, path)
            except OSError as error:
                self._session.tell(f"{path.name} could not be read. {spoken(error)}")
                continue
            draft = self._desk.draft
            self._desk.change(replace(draft, attachments=(*draft.attachments, found)))

    @Slot(int)
    def detach(self, place: int) -> None:
        """With undo."""
        draft = self._desk.draft
        files = draft.attachments
        new = replace(draft, attachments=(*files[:place], *files[place + 1 :]))
        self._desk.change_with_undo(new, f"{files[place].name} was removed.")

    def _set_error(self, text: str) -> None:
        if text != self._error:
            self._error = text
            self.errorChanged.emit()
