"""What people do with contracts, one method each: compose, sign, hand in, replay. Window and command line share it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cms_backend.core.checkpoint import open_note, parse_vkey
from cms_backend.core.compose import (
    compose_commented,
    compose_created,
    compose_decision,
    compose_proposed,
    compose_terminated,
    compose_withdrawn,
)
from cms_backend.core.document import Document, SealedDocument
from cms_backend.core.errors import CmsError, SlotTaken
from cms_backend.core.events import Action, BlockRef, CheckpointRef, Envelope, Seen
from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.signatures import secure
from cms_backend.core.statements import Receipt
from cms_desktop.api.client import Client
from cms_desktop.api.values import Accepted, ContractQuery, ContractRecord, EntryInfo, Imported, Page
from cms_desktop.clock import system_time
from cms_desktop.workflow.checklist import one_line_field, to_document
from cms_desktop.workflow.drafts import Draft, DraftError, DraftParty, DraftStore, StaleDraft
from cms_desktop.workflow.view import ContractView, view_of

if TYPE_CHECKING:
    from cms_backend.core.report_model import Report
    from cms_backend.core.signatures import Signer

__all__ = ["ContractView", "Outcome", "Workspace"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event: `held` when the contract's log is elsewhere and gets it by file."""

    contract: ContractId
    digest: Digest
    state: str
    receipt: Receipt | None
    view: ContractView


class Workspace:
    """The contracts of one backend and the drafts of one home."""

    def __init__(self, client: Client, drafts: DraftStore, *, now: Callable[[], Time] = system_time) -> None:
        self._client = client
        self._drafts = drafts
        self._now = now

    # -- looking --------------------------------------------------------------

    async def list(self, query: ContractQuery | None = None) -> Page:
        """A page of the register."""
        return await self._client.contracts(query or ContractQuery())

    async def open(self, contract: ContractId) -> ContractView:
        """A contract, replayed here from its signed events."""
        record = await self._client.contract(contract)
        return view_of(record, now=self._now(), seen=await self._seen(_own_log(record)))

    async def _seen(self, vkey: str | None) -> Seen:
        """The newest checkpoint and ledger block, to be named in what is signed next; None for what is not known.

        `vkey`: the key of the contract's log, which must have signed the checkpoint. None for a contract of another
        computer's log: this computer's log and local ledger say nothing to its readers.
        """
        if vkey is None:
            return Seen(None, None)
        checkpoint: CheckpointRef | None = None
        block: BlockRef | None = None
        try:
            found = open_note(await self._client.checkpoint(), parse_vkey(vkey))
            checkpoint = CheckpointRef(found.origin, found.size, found.root)
        except CmsError:
            pass
        try:
            raw: Any = await self._client.rpc("eth_getBlockByNumber", ["finalized", False])
            chain = int(await self._client.rpc("eth_chainId", []), 16)
            number, name = int(raw["number"], 16), Digest.parse(str(raw["hash"]).removeprefix("0x"))
            block = BlockRef(f"eip155:{chain}", number, name)
        except (CmsError, TypeError, ValueError, KeyError):
            pass
        return Seen(checkpoint, block)

    # -- proposing ------------------------------------------------------------

    async def propose(
        self, draft: Draft, signer: Signer, *, reply_by: Time | None = None, note: str = ""
    ) -> Outcome:
        """Propose a draft: opens the record first when it is new. The draft is deleted when both are accepted.

        Trying again after a failure in between goes on where it stopped: a draft opens one record only. StaleDraft
        when somebody has proposed a revision since an amendment was begun, DraftError when it is not ready.
        """
        one_line_field(note, "The note")
        if draft.contract is None:
            view = await self._create(draft, signer)
        else:
            view = await self.open(draft.contract)
            if draft.base_root is not None and draft.base_root != view.state.highest.root:
                raise StaleDraft(
                    f"Revision {view.state.highest.revision} was proposed since this amendment was begun.",
                    remedy="Look at that revision, and begin the amendment again from it.",
                )
        highest = view.state.highest
        document = to_document(
            draft, contract=view.id, revision=highest.revision + 1, supersedes=highest.root
        )
        sealed = SealedDocument.seal(document)
        body = compose_proposed(
            view.state,
            sealed,
            signer.did,
            occurred_at=self._now(),
            reply_by=reply_by,
            note=note,
            seen=view.seen,
        )
        outcome = await self._hand_in(view, body, signer, sealed)
        self._drafts.delete(draft.id)
        return outcome

    async def _create(self, draft: Draft, signer: Signer) -> ContractView:
        contract = draft.record
        # Revision 0 is exempt from the rules of proposals, and is the very text that is proposed next.
        sealed = SealedDocument.seal(to_document(draft, contract=contract, revision=0, supersedes=None))
        info = await self._client.log_info()
        log = {"vkey": str(info["vkey"]), "operator": str(info["operator"])}
        seen = await self._seen(log["vkey"])
        body = compose_created(sealed, signer.did, occurred_at=self._now(), log=log, seen=seen)
        # Taken: an earlier try got so far, and its answer was lost.
        with contextlib.suppress(SlotTaken):
            await self._client.create(secure(body, signer), sealed)
        return await self.open(contract)

    def amend(self, view: ContractView) -> Draft:
        """A draft of the next revision from the text in force (else pending, else the highest), kept in the store."""
        state = view.state
        source = next((one for one in (state.in_force, state.pending) if one is not None), None)
        document = view.documents.get(source.ref.root if source else state.highest.root)
        if document is None:
            raise DraftError("The text of this contract is not here, so it cannot be amended from here.")
        return self._drafts.save(_draft_of(document, state.highest.revision, state.highest.root))

    # -- deciding -------------------------------------------------------------

    async def decide(
        self, view: ContractView, action: Action, signer: Signer, *, reason: str = ""
    ) -> Outcome:
        """Approve, sign, witness or decline. StaleSpine, ProposalClosed, SlotTaken: open again and look."""
        one_line_field(reason, "The reason")
        body = compose_decision(
            view.state, action, signer.did, occurred_at=self._now(), reason=reason, seen=view.seen
        )
        return await self._hand_in(view, body, signer)

    async def withdraw(self, view: ContractView, signer: Signer, *, reason: str = "") -> Outcome:
        """Withdraw one's own pending proposal."""
        one_line_field(reason, "The reason")
        body = compose_withdrawn(
            view.state, signer.did, occurred_at=self._now(), reason=reason, seen=view.seen
        )
        return await self._hand_in(view, body, signer)

    async def terminate(
        self, view: ContractView, signer: Signer, *, reason: str = "", effective_on: Time | None = None
    ) -> Outcome:
        """Give notice of termination."""
        one_line_field(reason, "The reason")
        body = compose_terminated(
            view.state,
            signer.did,
            occurred_at=self._now(),
            reason=reason,
            effective_on=effective_on,
            seen=view.seen,
        )
        return await self._hand_in(view, body, signer)

    async def comment(
        self, view: ContractView, signer: Signer, text: str, *, path: str | None = None
    ) -> Outcome:
        """Comment on the whole, or on one leaf."""
        body = compose_commented(
            view.state, signer.did, text, occurred_at=self._now(), path=path, seen=view.seen
        )
        return await self._hand_in(view, body, signer)

    async def _hand_in(
        self,
        view: ContractView,
        body: Mapping[str, Any],
        signer: Signer,
        sealed: SealedDocument | None = None,
    ) -> Outcome:
        secured = secure(body, signer)
        accepted = await self._client.append(view.id, secured, sealed)
        return Outcome(
            view.id,
            accepted.digest,
            accepted.state,
            accepted.receipt,
            self._after(view, secured, accepted, sealed),
        )

    def _after(
        self,
        view: ContractView,
        secured: Mapping[str, Any],
        accepted: Accepted,
        sealed: SealedDocument | None,
    ) -> ContractView:
        """The view with the new event in it, replayed here: no second request."""
        now = self._now()
        envelope = Envelope.from_json(dict(secured))
        record = view.record
        fresh = replace(
            record,
            envelopes=(*record.envelopes, envelope),
            documents=record.documents if sealed is None else (*record.documents, sealed.to_json()),
            entries=(*record.entries, EntryInfo(accepted.digest, now, None, None, None)),
            receipts=record.receipts if accepted.receipt is None else (*record.receipts, accepted.receipt),
            row=replace(record.row, events=record.row.events + 1, updated_at=now),
        )
        after = view_of(fresh, now=now, seen=view.seen)
        document = after.current
        row = replace(
            after.row,
            status=after.state.status.value,
            title=after.row.title if document is None else document.title,
            revision=after.row.revision if document is None else document.revision,
        )
        return replace(after, row=row, record=replace(fresh, row=row))

    # -- files and proofs -----------------------------------------------------

    async def export_evidence(self, contract: ContractId) -> bytes:
        """The evidence file."""
        return await self._client.evidence(contract)

    async def import_evidence(self, data: bytes) -> Imported:
        """Take an evidence file in; the histories merge."""
        return await self._client.import_evidence(data)

    async def verify(self, data: bytes, *, rpc: Sequence[str] = ()) -> Report:
        """Judge evidence on this computer, with what this backend's ledger and the given nodes say."""
        import asyncio

        from cms_backend.core.verify import verify_evidence
        from cms_desktop.exchange.judging import facts_and_trust

        facts, trust = await facts_and_trust(data, rpc=rpc, client=self._client)
        return await asyncio.to_thread(verify_evidence, data, facts, trust, self._now())


def _own_log(record: ContractRecord) -> str | None:
    """The key of the contract's log when that is this backend's."""
    if record.home != "here":
        return None
    # The last move, if there was one, names the log that the contract is in now.
    naming = [one for one in record.envelopes if one.action in (Action.created, Action.moved)]
    log = max(naming, key=lambda one: one.sequence).details["log"] if naming else None
    return None if log is None else str(log["vkey"])


def _draft_of(document: Document, revision: int, root: Digest) -> Draft:
    return replace(
        Draft.new(document.title),
        contract=document.contract,
        base_revision=revision,
        base_root=root,
        description=document.description,
        parties=tuple(
            DraftParty(one.did, one.key, one.next, one.name, one.role, one.step, one.capacity, one.witness_of)
            for one in document.parties
        ),
        clauses=document.terms,
        valid_from=document.valid_from,
        valid_until=document.valid_until,
        attachments=document.attachments,
        variables=document.variables,
    )
