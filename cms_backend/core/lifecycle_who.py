"""Who may do what: the keys of section 5 and the column "who" of section 3's table.

Each rule gives None, or the refusal that names the check and the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cms_backend.core.did import key_of_did
from cms_backend.core.errors import NotAllowed, SlotTaken
from cms_backend.core.events import Action, Envelope
from cms_backend.core.lifecycle_machine import Machine
from cms_backend.core.lifecycle_state import DECIDING, Entry, Refusal, signer_of
from cms_backend.core.parties import Role

# --- keys (section 5) -------------------------------------------------------------------------------------


def key_pin(machine: Machine, entry: Entry) -> Refusal | None:
    """The actor is the party that the event names, by the pinned key or its successor (KEY-PIN)."""
    envelope = entry.envelope
    text = machine.text_of(envelope.document)
    who = signer_of(envelope)
    if text is not None and envelope.party != machine.party_in(text, who):
        return _pinned_elsewhere(envelope)
    if envelope.party is None and key_of_did(who.did) is None:
        # Who is no party of it (an owner, say) is known by the key that an earlier event has named.
        pinned = machine.key_of(who.did)
        if pinned is not None and pinned != who.key:
            return _pinned_elsewhere(envelope)
    return None


def _pinned_elsewhere(envelope: Envelope) -> Refusal:
    named = "no party" if envelope.party is None else f"party {envelope.party}"
    return Refusal("KEY-PIN", f"The event speaks as {named}; another key is pinned for it.", NotAllowed)


def key_end(machine: Machine, entry: Entry) -> Refusal | None:
    """The key has not ended before (KEY-END)."""
    if not machine.ended:
        return None
    key = signer_of(entry.envelope).key
    if key is None or key not in machine.ended:
        return None
    return Refusal(
        "KEY-END",
        "The key had ended before this event was logged.",
        NotAllowed,
        "Sign with the key that succeeded it.",
    )


# --- who --------------------------------------------------------------------------------------------------


def _not_allowed(reason: str) -> Refusal:
    return Refusal("LIFE-WHO", reason, NotAllowed)


def _behalf(machine: Machine, envelope: Envelope) -> Refusal | None:
    """`on_behalf_of` is for the operator, and for the account that owns the contract."""
    behalf = envelope.details.get("on_behalf_of")
    if behalf is None:
        return None
    if envelope.actor == machine.operator and machine.account_owned and behalf == machine.owner:
        return None
    return _not_allowed("Only the operator speaks on behalf of the account that owns the contract.")


def who_created(_machine: Machine, _entry: Entry) -> Refusal | None:
    """Nobody opens a record twice."""
    return Refusal(
        "LIFE-STATE", "The record of this contract is open already.", SlotTaken, "Build on what it holds."
    )


def who_proposes(machine: Machine, entry: Entry) -> Refusal | None:
    """The owner; once in force any signer in force."""
    envelope = entry.envelope
    wrong = _behalf(machine, envelope)
    if wrong is not None or envelope.details["on_behalf_of"] is not None:
        return wrong
    who = signer_of(envelope)
    if machine.is_owner(who) or machine.signer_in_force(who) is not None:
        return None
    return _not_allowed("Only the owner proposes, and once in force any of its signers.")


def who_withdraws(machine: Machine, entry: Entry) -> Refusal | None:
    """Its proposer."""
    envelope, current = entry.envelope, machine.pending
    if current is None:
        return None  # the state's matter
    for_account = machine.account_owned and current.proposer == machine.owner
    if for_account and envelope.actor == machine.operator == current.envelope.actor:
        return None
    if machine.principal(envelope) == current.proposer:
        return None
    return _not_allowed("Only who proposed it withdraws a proposal.")


def who_terminates(machine: Machine, entry: Entry) -> Refusal | None:
    """A signer in force."""
    if machine.in_force is None or machine.signer_in_force(signer_of(entry.envelope)) is not None:
        return None  # not in force: the state's matter
    return _not_allowed("Only a signer of the revision in force gives notice.")


def who_moves(machine: Machine, entry: Entry) -> Refusal | None:
    """The owner."""
    who = signer_of(entry.envelope)
    if machine.is_owner(who) or (machine.account_owned and who.did == machine.operator):
        return None
    return _not_allowed("Only the owner moves the record.")


_ROLES: Final[Mapping[Action, frozenset[Role]]] = {
    Action.approved: frozenset({Role.approver}),
    Action.signed: frozenset({Role.signer, Role.leaver}),
    Action.witnessed: frozenset({Role.witness}),
    Action.declined: DECIDING,
}


def who_decides(machine: Machine, entry: Entry) -> Refusal | None:
    """The party of that role; a leaver signs."""
    envelope = entry.envelope
    text = machine.text_of(envelope.document)
    if text is None:
        return _not_allowed("The document of the proposal is not held, so nobody is known to decide on it.")
    if envelope.party is None or text.parties[envelope.party].role not in _ROLES[envelope.action]:
        return _not_allowed(f"The actor has no role in this revision that could have {envelope.action} it.")
    return None


def who_comments(machine: Machine, entry: Entry) -> Refusal | None:
    """A party of the held document of a spine event that counts so far, or the owner."""
    envelope = entry.envelope
    wrong = _behalf(machine, envelope)
    if wrong is not None or envelope.details["on_behalf_of"] is not None:
        return wrong
    who = signer_of(envelope)
    if machine.is_owner(who):
        return None
    if machine.deals_with(who):
        return None
    return _not_allowed("Only the owner and parties of a revision comment.")
