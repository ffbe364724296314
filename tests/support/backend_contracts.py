"""A contract's story told event by event: signs with real keys, keeps track of sequence and links."""

from dataclasses import dataclass, field
from typing import Any

from cms_backend.core.document import Document, Party, Role, SealedDocument
from cms_backend.core.events import Action, Envelope, event_statement
from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.signatures import Ed25519Signer, Signer, secure

OCCURRED = Time("2026-05-01T12:00:00.000Z")


def person(number: int) -> Ed25519Signer:
    """One of 65,536 people with fixed keys."""
    return Ed25519Signer(number.to_bytes(2) * 16)


ALICE, BOB, CAROL = person(1), person(2), person(3)


def party_of(signer: Signer, *, role: Role = Role.signer, step: int | None = 1, name: str = "") -> Party:
    """A party with the signer's own DID and key."""
    return Party(signer.did, signer.key, None, name or f"P {str(signer.did)[-6:]}", role, step, None, None)


@dataclass(slots=True)
class Sent:
    """One event as it is posted."""

    envelope: dict[str, Any]
    document: dict[str, Any] | None

    @property
    def body(self) -> dict[str, Any]:
        """The request's body."""
        return {"envelope": self.envelope, "document": self.document}

    @property
    def parsed(self) -> Envelope:
        """The envelope as the kernel reads it."""
        return Envelope.from_json(dict(self.envelope))


@dataclass(slots=True)
class Story:
    """A contract between people. ``log`` is ``{vkey, operator}`` of its home, or None."""

    log: dict[str, str] | None = None
    owner: Signer = ALICE
    title: str = "Lift maintenance"
    parties: tuple[Party, ...] = ()
    contract: ContractId = field(default_factory=ContractId.new)
    occurred: str = OCCURRED
    sent: list[Sent] = field(default_factory=list)
    sequence: int = -1
    head: str | None = None
    decisions: list[str] = field(default_factory=list)
    document: SealedDocument | None = None

    def __post_init__(self) -> None:
        if not self.parties:
            self.parties = (party_of(ALICE, name="Alice"), party_of(BOB, name="Bob"))

    def _seal(self, revision: int, **members: Any) -> SealedDocument:
        values: dict[str, Any] = {
            "contract": self.contract,
            "revision": revision,
            "supersedes": None if self.document is None else self.document.ref.root,
            "title": self.title,
            "description": "Two floors, twice a year.",
            "valid_from": None,
            "valid_until": None,
            "parties": self.parties,
            "terms": ("# Scope\n\nThe lift is serviced twice a year.", "The price is 1,200 EUR a year."),
        }
        return SealedDocument.seal(Document(**{**values, **members}))

    def event(self, action: Action, signer: Signer, **changes: Any) -> Sent:
        """Sign an event that stands on what was told so far; ``changes`` overrides members."""
        assert self.document is not None
        index = self.document.document.party_of(signer.did)
        values: dict[str, Any] = {
            "action": action,
            "contract": self.contract,
            "sequence": max(self.sequence, 0),
            "previous": self.head,
            "after": (),
            "actor": signer.did,
            "party": index,
            "occurred_at": self.occurred,
            "document": self.document.ref,
            "details": {},
        }
        statement = event_statement(**{**values, **changes})
        return Sent(secure(statement, signer), None)

    def tell(self, sent: Sent) -> Sent:
        """Take an event into the story."""
        envelope = sent.parsed
        if envelope.kind == "spine":
            self.sequence, self.head, self.decisions = envelope.sequence, envelope.digest, []
        elif envelope.kind == "decision":
            self.decisions.append(envelope.digest)
        self.sent.append(sent)
        return sent

    def create(self) -> Sent:
        """The owner opens the record with revision 0."""
        self.document = self._seal(0)
        details = {"log": self.log, "on_behalf_of": None}
        sent = self.event(Action.created, self.owner, details=details)
        sent.document = self.document.to_json()
        return self.tell(sent)

    def propose(self, signer: Signer | None = None, *, reply_by: str | None = None, **members: Any) -> Sent:
        """Propose the next revision."""
        assert self.document is not None
        self.document = self._seal(self.document.document.revision + 1, **members)
        sent = self.event(
            Action.proposed,
            signer or self.owner,
            sequence=self.sequence + 1,
            after=tuple(self.decisions),
            details={"reply_by": reply_by, "note": "", "on_behalf_of": None},
        )
        sent.document = self.document.to_json()
        return self.tell(sent)

    def sign(self, signer: Signer, *, after: tuple[str, ...] = ()) -> Sent:
        """A signer of the pending revision signs."""
        return self.tell(self.event(Action.signed, signer, after=after))

    def decline(self, signer: Signer, reason: str = "Too dear.") -> Sent:
        """A party declines."""
        return self.tell(self.event(Action.declined, signer, details={"reason": reason}))

    def comment(self, signer: Signer, text: str = "Is this net?") -> Sent:
        """A note."""
        details = {"path": None, "text": text, "on_behalf_of": None}
        return self.tell(self.event(Action.commented, signer, details=details))

    def spine(self, action: Action, signer: Signer, details: dict[str, Any]) -> Sent:
        """Withdraw, terminate or move."""
        return self.tell(
            self.event(
                action, signer, sequence=self.sequence + 1, after=tuple(self.decisions), details=details
            )
        )

    def signed_by_both(self) -> "Story":
        """Created, proposed, signed by Alice and Bob."""
        self.create()
        self.propose()
        self.sign(ALICE)
        self.sign(BOB)
        return self

    @property
    def genesis(self) -> Digest:
        """The statement digest of ``created``."""
        return self.sent[0].parsed.statement_digest
