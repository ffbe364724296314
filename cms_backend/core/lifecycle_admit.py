"""What a server refuses and what a button may offer: the table of section 3 asked before an event exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cms_backend.core.canonical import Json
from cms_backend.core.compose import (
    compose_commented,
    compose_decision,
    compose_moved,
    compose_terminated,
    compose_withdrawn,
)
from cms_backend.core.did import verification_method
from cms_backend.core.document import FIXED_LEAVES, Document, SealedDocument
from cms_backend.core.errors import DocumentError, FormError, NotAllowed
from cms_backend.core.events import Action, Envelope, event_statement
from cms_backend.core.evidence import MOST_ELEMENTS
from cms_backend.core.ids import Did, Digest, Time
from cms_backend.core.lifecycle_machine import Machine
from cms_backend.core.lifecycle_rules import TABLE, judge, judge_created
from cms_backend.core.lifecycle_state import Allowed, ContractState, Entry, Text
from cms_backend.core.references import CONTEXT_LIST, PROOF_PURPOSE, PROOF_TYPE

_DECISIONS: Final = (Action.approved, Action.signed, Action.witnessed, Action.declined)
_BLANK: Final = {
    "@context": CONTEXT_LIST,
    "type": PROOF_TYPE,
    "cryptosuite": "",
    "verificationMethod": "",
    "proofPurpose": PROOF_PURPOSE,
    "proofValue": "",
}
# A well-formed verifier key; only used to ask whether a move would be allowed at all.
_SOME_LOG: Final = {
    "vkey": "cms.local/ask+a8e43651+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
    "operator": "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
}


def admit_check(
    state: ContractState | None,
    envelope: Envelope,
    document: SealedDocument | Text | None,
    *,
    now: Time,
) -> None:
    """Raise what a server answers when the event is not allowed on the projected state; None: admit it.

    `state` None: the event opens the record. StaleSpine, ProposalClosed, SlotTaken (409), NotAllowed (403),
    DocumentError and FormError (400), LifecycleError (409) for states that do not allow it. The signature and
    the document's root are the caller's matter.
    """
    text = document.document if isinstance(document, SealedDocument) else document
    if text is not None and text.contract != envelope.contract:
        raise DocumentError("The document belongs to another contract.")
    if envelope.action in (Action.created, Action.proposed):
        if text is None:
            raise DocumentError("The document that the event names is missing.", remedy="Send it along.")
        if text.revision != envelope.document.revision:
            raise DocumentError("The document is another revision than the event names.")
    if text is not None:
        _check_elements(text, {} if state is None else state.documents, envelope.document.root)
    if state is None:
        if envelope.action is not Action.created:
            raise NotAllowed("The record of this contract is not open.")
        refusal = judge_created(envelope, text)
    else:
        if state.contract != envelope.contract:
            raise FormError("The event belongs to another contract.")
        texts = state.documents if text is None else {**state.documents, envelope.document.root: text}
        machine = Machine.of(state, texts)
        machine.know([envelope])
        # A verifier goes by the claim as long as no anchor is there: late by either clock is late.
        by_clock = judge(machine, Entry(envelope, None, None, received_at=now))
        refusal = by_clock or judge(machine, Entry(envelope, None, None))
    if refusal is not None:
        raise refusal.to_error()


def _check_elements(text: Text, held: Mapping[Digest, Text], root: Digest) -> None:
    """No reader takes a file whose texts have more elements than the bound of section 8."""
    others = sum(_elements(other) for known, other in held.items() if known != root)
    if _elements(text) + others > MOST_ELEMENTS:
        raise DocumentError(
            f"The texts of this record would have more than {MOST_ELEMENTS:,} elements together.",
            remedy="Put several clauses into one, or begin a new record.",
        )


def _elements(text: Text) -> int:
    return text.leaf_count - len(FIXED_LEAVES) if isinstance(text, Document) else 0


def allowed_actions(state: ContractState, did: Did, *, now: Time | None = None) -> tuple[Allowed, ...]:
    """Every action but `created`, with the reason why `did` may not do it now. `now`: else the state's."""
    moment = state.now if now is None else now
    machine = Machine.of(state)
    found = [Allowed(Action.proposed, None, _may_propose(machine, did, moment))]
    for action in (*_DECISIONS, Action.withdrawn, Action.terminated, Action.commented, Action.moved):
        try:
            body = _ask(state, action, did, moment)
        except NotAllowed as error:
            found.append(Allowed(action, None, error.detail))
            continue
        envelope = _unsigned(machine, body, did)
        refusal = judge(machine, Entry(envelope, None, None))
        found.append(Allowed(action, envelope.party, None if refusal is None else refusal.reason))
    return tuple(found)


def _unsigned(machine: Machine, body: dict[str, Json], did: Did) -> Envelope:
    """The event as its signer would sign it, with the key that is pinned for it."""
    method = verification_method(did, machine.key_of(did) or "")
    return Envelope.from_json({**body, "proof": {**_BLANK, "verificationMethod": method}})


def _ask(state: ContractState, action: Action, did: Did, now: Time) -> dict[str, Json]:
    if action in _DECISIONS:
        return compose_decision(state, action, did, occurred_at=now)
    if action is Action.withdrawn:
        return compose_withdrawn(state, did, occurred_at=now)
    if action is Action.terminated:
        return compose_terminated(state, did, occurred_at=now)
    if action is Action.moved:
        return compose_moved(state, did, occurred_at=now, log=_SOME_LOG, checkpoint=None)
    return compose_commented(state, did, "", occurred_at=now)


def _may_propose(machine: Machine, did: Did, now: Time) -> str | None:
    """Who and when of a proposal, whose document does not exist yet."""
    head = machine.head
    body = event_statement(
        action=Action.proposed,
        contract=machine.contract,
        sequence=head.sequence + 1,
        previous=head.digest,
        actor=did,
        party=None,
        occurred_at=now,
        document=replace(machine.highest, revision=machine.highest.revision + 1),
        details={"reply_by": None, "note": "", "on_behalf_of": None},
    )
    row = TABLE[Action.proposed]
    entry = Entry(_unsigned(machine, body, did), None, None)
    refusal = row.who(machine, entry) or row.when(machine, entry)
    return None if refusal is None else refusal.reason
