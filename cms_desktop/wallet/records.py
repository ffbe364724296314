"""What a wallet holds: identities, contacts, settings. Frozen values, and their JSON inside the sealed file."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar

from cms_backend.core.canonical import check_text
from cms_backend.core.errors import FormError
from cms_backend.core.ids import Did, Digest, KeyText, Time
from cms_backend.report.letters import unseen
from cms_desktop.wallet.errors import IdentityError

Kind = Literal["ed25519", "secp256k1", "ethereum"]
KINDS: Final[tuple[Kind, ...]] = ("ed25519", "secp256k1", "ethereum")
Origin = Literal["card", "did", "contract", "compared"]
_T = TypeVar("_T")


def plain(text: str) -> str:
    """A name as cards and documents can carry it: NFC, single spaces, nothing that cannot be seen. IdentityError."""
    found = unicodedata.normalize("NFC", " ".join(text.split()))
    try:
        check_text(found, "The name")
    except FormError as error:
        raise IdentityError(error.detail, remedy="Write it with letters, digits and spaces.") from error
    hidden = unseen(found)
    if hidden:
        raise IdentityError(
            f"The name holds a character that cannot be seen: {', '.join(hidden)}.",
            remedy="Write it with letters, digits and spaces.",
        )
    return found


def identity_name(text: str) -> str:
    """The name of an identity, `plain`. IdentityError when nothing is left of it."""
    found = plain(text)
    if not found:
        raise IdentityError("An identity needs a name.", remedy="Write the name that others know you by.")
    return found


def contact_name(text: str) -> str:
    """A name of one's own for a contact, `plain`. IdentityError when nothing is left of it."""
    found = plain(text)
    if not found:
        raise IdentityError("A contact needs a name.", remedy="Give the contact a name of your own.")
    return found


def only(known: Sequence[tuple[_T, tuple[str, ...]]], text: str, what: str) -> _T:
    """The one of `known` that has `text` among its texts, else the only one with a text that begins so.
    IdentityError, also when several do.
    """
    found = [one for one, texts in known if text in texts]
    found = found or [one for one, texts in known if text and any(each.startswith(text) for each in texts)]
    if len(found) == 1:
        return found[0]
    where = "cms contact list" if what == "contact" else "cms wallet show"
    raise IdentityError(
        f"{'More than one' if found else 'No'} {what} answers to {text!r}.", remedy=f"See them with: {where}"
    )


@dataclass(frozen=True, slots=True)
class EarlierKey:
    """A key that was ended; what it signed before stays valid."""

    did: Did
    key: KeyText
    generation: int
    ended_at: Time
    key_end: dict[str, Any] | None = None
    """The signed KeyEnd while no log has acknowledged it: it can never be made again."""

    def to_json(self) -> dict[str, Any]:
        """Every member."""
        return {
            "did": self.did,
            "key": self.key,
            "generation": self.generation,
            "ended_at": self.ended_at,
            "key_end": self.key_end,
        }


@dataclass(frozen=True, slots=True)
class Identity:
    """One DID of this person. `number` is its place in the derivation; None: the key was imported or is not here.

    `next` = H(text of the key of the next generation), pre-committed; None for imported and watched ones.
    """

    id: str
    name: str
    organisation: str
    did: Did
    key: KeyText
    next: Digest | None
    kind: Kind
    number: int | None
    generation: int
    created_at: Time
    earlier: tuple[EarlierKey, ...] = ()
    watch_only: bool = False
    secret: bytes | None = field(default=None, repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Every member; the imported secret as hex. Only ever written inside the sealed file."""
        return {
            "id": self.id,
            "name": self.name,
            "organisation": self.organisation,
            "did": self.did,
            "key": self.key,
            "next": self.next,
            "kind": self.kind,
            "number": self.number,
            "generation": self.generation,
            "created_at": self.created_at,
            "earlier": [one.to_json() for one in self.earlier],
            "watch_only": self.watch_only,
            "secret": None if self.secret is None else self.secret.hex(),
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "Identity":
        """The same shape back; FormError for texts that are none."""
        return cls(
            id=str(raw["id"]),
            name=str(raw["name"]),
            organisation=str(raw["organisation"]),
            did=Did.parse(raw["did"]),
            key=KeyText.parse(raw["key"]),
            next=None if raw["next"] is None else Digest.parse(raw["next"]),
            kind=raw["kind"],
            number=raw["number"],
            generation=int(raw["generation"]),
            created_at=Time.parse(raw["created_at"]),
            earlier=tuple(
                EarlierKey(
                    Did.parse(one["did"]),
                    KeyText.parse(one["key"]),
                    int(one["generation"]),
                    Time.parse(one["ended_at"]),
                    one.get("key_end"),
                )
                for one in raw["earlier"]
            ),
            watch_only=bool(raw["watch_only"]),
            secret=None if raw["secret"] is None else bytes.fromhex(raw["secret"]),
        )


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody this person knows: the petname is the person's own, the DID is theirs."""

    did: Did
    key: KeyText | None
    next: Digest | None
    name: str
    organisation: str
    origin: Origin
    added_at: Time
    compared_at: Time | None = None

    def to_json(self) -> dict[str, Any]:
        """Every member."""
        return {
            "did": self.did,
            "key": self.key,
            "next": self.next,
            "name": self.name,
            "organisation": self.organisation,
            "origin": self.origin,
            "added_at": self.added_at,
            "compared_at": self.compared_at,
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "Contact":
        """The same shape back."""
        return cls(
            did=Did.parse(raw["did"]),
            key=None if raw["key"] is None else KeyText.parse(raw["key"]),
            next=None if raw["next"] is None else Digest.parse(raw["next"]),
            name=str(raw["name"]),
            organisation=str(raw["organisation"]),
            origin=raw["origin"],
            added_at=Time.parse(raw["added_at"]),
            compared_at=None if raw["compared_at"] is None else Time.parse(raw["compared_at"]),
        )


@dataclass(frozen=True, slots=True)
class WalletSettings:
    """Choices that travel with the wallet. `lock_after` in minutes, 0 = never by itself."""

    lock_after: int = 10
    in_use: str | None = None
    words_confirmed_at: Time | None = None
    backed_up_at: Time | None = None
    passphrase_changed_at: Time | None = None

    def to_json(self) -> dict[str, Any]:
        """Every member."""
        return {
            "lock_after": self.lock_after,
            "in_use": self.in_use,
            "words_confirmed_at": self.words_confirmed_at,
            "backed_up_at": self.backed_up_at,
            "passphrase_changed_at": self.passphrase_changed_at,
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "WalletSettings":
        """The same shape back."""
        times = ("words_confirmed_at", "backed_up_at", "passphrase_changed_at")
        return cls(
            lock_after=int(raw["lock_after"]),
            in_use=raw["in_use"],
            **{name: None if raw[name] is None else Time.parse(raw[name]) for name in times},
        )
