"""Signed contact cards: `{did, key, next, name}`, signed by that DID, as text, vCard or QR code.

The text is ``cms-contact:`` and the secured ContactCard as base64url without padding. A bare DID works too; then
nothing is pre-committed.
"""

import base64
import binascii
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cms_backend.core.canonical import encode, parse
from cms_backend.core.did import did_from_outside, key_of_did
from cms_backend.core.errors import FormError, SignatureError
from cms_backend.core.ids import Did, Digest, KeyText, Time
from cms_backend.core.keys import parse_key
from cms_backend.core.signatures import secure, verify_secured
from cms_backend.core.statements import ContactCard, contact_card
from cms_desktop.wallet.errors import IdentityError
from cms_desktop.wallet.records import Contact, plain

if TYPE_CHECKING:
    from cms_backend.core.signatures import Signer

PREFIX: Final = "cms-contact:"
_LIMIT: Final = 16384


@dataclass(frozen=True, slots=True)
class Card:
    """What a card, or a bare DID, tells. `signed`: it carried a valid signature by a DID that certifies its key."""

    did: Did
    key: KeyText | None
    next: Digest | None
    name: str
    organisation: str
    signed: bool


def write_card(signer: "Signer", *, next_key: Digest | None, name: str, organisation: str) -> str:
    """The card's text, signed."""
    body = contact_card(
        actor=signer.did, key=signer.key, next=next_key, name=name, organisation=organisation or None
    )
    raw = encode(secure(body, signer))
    return PREFIX + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_card(text: str) -> Card:
    """A card out of its text, out of a vCard that carries one, or a bare DID. IdentityError in plain words."""
    found = _find(text.strip())
    try:
        if not found.startswith(PREFIX):
            did = did_from_outside(found)
            return Card(did, key_of_did(did), None, "", "", signed=False)
        body = found.removeprefix(PREFIX)
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        card = ContactCard.from_json(parse(raw, limit=_LIMIT))
        pinned = key_of_did(card.actor)
        if pinned is not None and pinned != card.key:
            raise FormError("The card names another key than its DID.")
        verify_secured(card.json, parse_key(card.key))
    except (FormError, SignatureError, binascii.Error, ValueError) as error:
        why = error.detail if isinstance(error, FormError | SignatureError) else "it was cut or changed"
        raise IdentityError(
            f"This is no contact card or DID that can be trusted: {why}",
            remedy="Ask for the card again, and copy all of it.",
        ) from error
    # Only a DID that names its own key proves that its owner signed; of others the card tells what it claims.
    certified = pinned is not None
    return Card(card.actor, card.key, card.next, card.name, card.organisation or "", signed=certified)


def contact_of(card: Card, name: str, known: Contact | None, now: Time) -> Contact:
    """The contact of a card or bare DID, under the given name, else the known one's, else the card's.

    A bare DID tells less than a card: what is known of the same key (its successor, its company, that it was compared)
    stays. IdentityError when there is no name.
    """
    bare = not card.name and not card.organisation and card.next is None
    chosen = name or ("" if known is None else known.name) or plain(card.name)
    if not chosen:
        raise IdentityError("A bare DID brings no name.", remedy="Give the contact a name of your own.")
    if known is not None and bare and card.key in (None, known.key):
        return replace(known, name=chosen)
    compared = known.compared_at if known is not None and known.key == card.key else None
    return Contact(
        did=card.did,
        key=card.key,
        next=card.next,
        name=chosen,
        organisation=plain(card.organisation),
        origin="compared" if compared else "card" if card.signed else "did",
        added_at=now if known is None else known.added_at,
        compared_at=compared,
    )


def _find(text: str) -> str:
    if "BEGIN:VCARD" not in text:
        return text
    # vCard folds long lines: a line break and one space inside a value.
    unfolded = text.replace("\r\n", "\n").replace("\n ", "")
    for line in unfolded.split("\n"):
        _, _, value = line.partition(":")
        if line.startswith("X-CMS-CONTACT"):
            return value.strip()
    return text


def vcard(card_text: str) -> str:
    """The card as a vCard 4.0 (RFC 6350), for address books; the signed text rides along."""
    card = read_card(card_text)

    def escaped(value: str) -> str:
        for raw, safe in (("\\", "\\\\"), ("\n", "\\n"), (",", "\\,"), (";", "\\;")):
            value = value.replace(raw, safe)
        return value

    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{escaped(card.name or card.did)}"]
    if card.organisation:
        lines.append(f"ORG:{escaped(card.organisation)}")
    lines += [f"IMPP:{card.did}", f"X-CMS-CONTACT:{card_text}", "END:VCARD"]
    return "\r\n".join(_folded(line) for line in lines) + "\r\n"


def _folded(line: str) -> str:
    raw, parts, width = line.encode(), [], 75
    while len(raw) > width:
        cut = width
        while raw[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(raw[:cut].decode())
        raw, width = raw[cut:], 74
    return "\r\n ".join([*parts, raw.decode()])


def qr_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """The dark modules of the QR code of a text, row by row, without the quiet zone."""
    import segno

    return tuple(tuple(bool(cell) for cell in row) for row in segno.make_qr(text, error="m").matrix)


def qr_png(text: str, scale: int = 8) -> bytes:
    """The QR code as a PNG, black on white with its quiet zone of 4."""
    import segno

    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=scale, border=4)
    return out.getvalue()
