"""Verifying a signed event by itself: form, document, signature. Nothing here needs a database."""

from dataclasses import dataclass

from cms_backend.core.canonical import Json
from cms_backend.core.did import key_of_did
from cms_backend.core.document import SealedDocument
from cms_backend.core.errors import DidError, DocumentError
from cms_backend.core.events import Action, Envelope
from cms_backend.core.keys import parse_key
from cms_backend.core.signatures import verify_envelope

#: These bring their text; the others speak of one that is held already.
_WITH_DOCUMENT = frozenset({Action.created, Action.proposed})


class UnresolvableDid(DidError):
    """The DID's method does not tell the key, and this backend does not ask for it elsewhere."""

    code = "did.unresolvable"


@dataclass(frozen=True, slots=True)
class Admission:
    """A verified event on its way in. ``held``: out of a file of a contract whose log is not here."""

    envelope: Envelope
    document: SealedDocument | None

    @property
    def contract(self) -> str:
        """Whose event it is."""
        return self.envelope.contract

    @property
    def opens(self) -> bool:
        """Does it open a record?"""
        return self.envelope.action is Action.created


def verify(envelope_json: Json, document_json: Json) -> Admission:
    """Step 1 of admitting: the event's form, its document, its signature by the actor's own key.

    Raises FormError, DocumentError, DidError, KeyTextError, SignatureError.
    """
    envelope = Envelope.from_json(envelope_json)
    document = None if document_json is None else SealedDocument.from_json(document_json)
    if document is None and envelope.action in _WITH_DOCUMENT:
        raise DocumentError(
            f"A {envelope.action} event comes with its document.",
            remedy="Send the content and the seed with it.",
        )
    if document is not None:
        if document.document.contract != envelope.contract:
            raise DocumentError("The document is of another contract than the event.")
        if document.ref != envelope.document:
            raise DocumentError(
                "The document is not the one that was signed: its root, revision or size differ.",
                remedy="Send exactly the content and seed whose root stands in the event.",
            )
    check_signature(envelope)
    return Admission(envelope, document)


def check_signature(envelope: Envelope) -> None:
    """Raise unless the actor's own key has signed. The key is pinned to the DID by the DID itself."""
    key = key_of_did(envelope.actor)
    if key is None:
        raise UnresolvableDid(
            f"The key of {envelope.actor} is not known here: DIDs of the method {envelope.actor.method} "
            "are not resolved.",
            remedy="Sign with a did:key or a did:pkh.",
        )
    verify_envelope(envelope, parse_key(key))
