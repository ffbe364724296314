"""An open wallet: identities and contacts, and everything that is done with their keys.

A value in memory without disk: `service.WalletService` opens, saves and locks it. Each change calls `changed`, which
saves; when saving fails the change is taken back, so that what is shown is what is on the disk.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson

from cms_backend.core.did import key_of_did
from cms_backend.core.errors import FormError, KeyTextError
from cms_backend.core.ids import Digest, KeyText, Time
from cms_backend.core.signatures import Signer, secure
from cms_backend.core.statements import KeyEnd, key_end
from cms_desktop.wallet import keystore_v3
from cms_desktop.wallet.cards import contact_of, read_card, write_card
from cms_desktop.wallet.derivation import normal_words, words_to_seed
from cms_desktop.wallet.erasing import copy_of, erase
from cms_desktop.wallet.errors import IdentityError, WalletDamaged, WalletLocked
from cms_desktop.wallet.keys import (
    AnySigner,
    Place,
    derived,
    find_place,
    key_text,
    next_of,
    secret_of,
    signer_of_secret,
)
from cms_desktop.wallet.records import (
    KINDS,
    Contact,
    EarlierKey,
    Identity,
    Kind,
    WalletSettings,
    contact_name,
    identity_name,
    only,
    plain,
)
from cms_desktop.wallet.signer import WalletSigner

_FORMAT: Final = "cms-wallet/1"


@dataclass(frozen=True, slots=True)
class State:
    """All that is sealed in the file."""

    words: str = field(repr=False)
    identities: tuple[Identity, ...] = ()
    contacts: tuple[Contact, ...] = ()
    settings: WalletSettings = field(default_factory=WalletSettings)

    def to_bytes(self) -> bytes:
        """The JSON that is sealed."""
        identities = [one.to_json() for one in self.identities]
        try:
            return orjson.dumps(
                {
                    "format": _FORMAT,
                    "words": self.words,
                    "identities": identities,
                    "contacts": [one.to_json() for one in self.contacts],
                    "settings": self.settings.to_json(),
                }
            )
        finally:
            erase(*(one["secret"] for one in identities))

    def erase(self) -> None:
        """Overwrite the words and the imported keys. Only for whoever made this value."""
        erase(self.words, *(one.secret for one in self.identities))

    def copy(self) -> "State":
        """The same, with words and keys in memory of their own."""
        identities = (
            one if one.secret is None else replace(one, secret=copy_of(one.secret)) for one in self.identities
        )
        return replace(self, words="".join((self.words[:1], self.words[1:])), identities=tuple(identities))

    @classmethod
    def from_bytes(cls, data: bytes) -> "State":
        """The same back. WalletDamaged when the sealed content is not a wallet's."""
        try:
            raw: dict[str, Any] = orjson.loads(data)
            if raw["format"] != _FORMAT:
                raise ValueError(raw["format"])
            found = cls(
                words=normal_words(raw["words"]),
                identities=tuple(map(Identity.from_json, raw["identities"])),
                contacts=tuple(map(Contact.from_json, raw["contacts"])),
                settings=WalletSettings.from_json(raw["settings"]),
            )
            erase(raw["words"], *(one["secret"] for one in raw["identities"]))
            return found
        except (ValueError, KeyError, TypeError, FormError) as error:
            raise WalletDamaged(
                "The wallet opened, but its content is not a wallet's. It was left as it is.",
                remedy="Use a backup of the wallet, or restore it from the recovery words.",
            ) from error


class Wallet:
    """See the module. Attributes are read-only; methods say what they raise."""

    def __init__(self, state: State, changed: Callable[[State], None], now: Callable[[], Time]) -> None:
        self._state = state.copy()
        self._changed = changed
        self._now = now
        seed = words_to_seed(state.words)
        self._seed: bytearray | None = bytearray(seed)
        erase(seed)

    def __repr__(self) -> str:
        return f"Wallet({len(self._state.identities)} identities)"

    @property
    def identities(self) -> tuple[Identity, ...]:
        """All identities, in the order of their making."""
        return self._state.identities

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """All contacts, by name."""
        return tuple(sorted(self._state.contacts, key=lambda one: (one.name.casefold(), one.did)))

    @property
    def settings(self) -> WalletSettings:
        """The choices that travel with the wallet."""
        return self._state.settings

    @property
    def in_use(self) -> Identity | None:
        """The identity that new contracts are made as: the chosen one, else the first that can sign."""
        able = [one for one in self.identities if not one.watch_only]
        chosen = [one for one in able if one.id == self.settings.in_use]
        return next(iter([*chosen, *able]), None)

    def recovery_words(self) -> tuple[str, ...]:
        """The words, to be shown to their owner only. WalletLocked."""
        self._open_seed()
        return tuple(self._state.words.split())

    def close(self) -> None:
        """Overwrite the seed, the words and imported keys; signers handed out before stop signing."""
        erase(self._seed)
        self._state.erase()
        self._seed = None
        self._state = replace(
            self._state,
            words="",
            identities=tuple(replace(one, secret=None) for one in self._state.identities),
        )

    def identity(self, which: str) -> Identity:
        """By id or DID. IdentityError."""
        for one in self.identities:
            if which in (one.id, one.did):
                return one
        raise IdentityError("This wallet has no such identity.", remedy="See them with: cms wallet show")

    def find(self, text: str) -> Identity:
        """By id, name or DID, or the only one that begins so; watched ones too. IdentityError."""
        return only([(one, (one.id, one.name, one.did)) for one in self.identities], text, "identity")

    def signer(self, identity_id: str) -> Signer:
        """The signer of an identity. IdentityError for a watched one, WalletLocked."""
        one = self.identity(identity_id)
        self._secret(one)
        return WalletSigner(one.did, one.key, lambda: self._signer_now(identity_id, one.key))

    def add_identity(self, kind: Kind, name: str, organisation: str = "") -> Identity:
        """A new identity from the recovery words, at the next free place of its derivation."""
        seed = self._open_seed()
        if kind not in KINDS:
            raise IdentityError(
                f"{kind} is no kind of identity.", remedy=f"Choose one of {', '.join(KINDS)}."
            )
        taken = [
            one.number for one in self.identities if one.number is not None and _same_tree(one.kind, kind)
        ]
        number = max(taken, default=-1) + 1
        return self._add(_identity(seed, Place(kind, number), name, organisation, self._now()))

    def import_key(self, secret: bytes, kind: Kind, name: str, organisation: str = "") -> Identity:
        """An identity of a raw 32-byte key from elsewhere; the recovery words do not restore it. IdentityError."""
        self._open_seed()
        try:
            signer = signer_of_secret(secret, kind)
        except KeyTextError as error:
            raise IdentityError("This is no key of that kind.", remedy="A key has 64 hex digits.") from error
        return self._add(
            Identity(
                id=secrets.token_hex(8),
                name=identity_name(name),
                organisation=plain(organisation),
                did=signer.did,
                key=signer.key,
                next=None,
                kind=kind,
                number=None,
                generation=0,
                created_at=self._now(),
                secret=copy_of(secret),
            )
        )

    def watch(self, did: str, name: str, organisation: str = "") -> Identity:
        """An identity whose key is elsewhere: shown, never signed with. IdentityError."""
        card = read_card(did)
        key = card.key or key_of_did(card.did)
        if key is None:
            raise IdentityError("Only DIDs that name their key can be watched (did:key, did:pkh).")
        kind: Kind = (
            "ethereum" if key.startswith("eip155:") else ("ed25519" if key[:4] == "z6Mk" else "secp256k1")
        )
        return self._add(
            Identity(
                id=secrets.token_hex(8),
                name=identity_name(name),
                organisation=plain(organisation),
                did=card.did,
                key=key,
                next=card.next,
                kind=kind,
                number=None,
                generation=0,
                created_at=self._now(),
                watch_only=True,
            )
        )

    def import_keystore_v3(self, keystore: str, password: str, kind: Kind, name: str) -> Identity:
        """An identity out of an Ethereum keystore. KeystoreError, IdentityError."""
        return self.import_key(keystore_v3.decrypt(keystore, password).rjust(32, b"\0"), kind, name)

    def export_key(self, identity_id: str) -> bytes:
        """The raw 32 bytes, for the owner's eyes. IdentityError for a watched one, WalletLocked."""
        return copy_of(self._secret(self.identity(identity_id)))

    def export_keystore_v3(self, identity_id: str, password: str, *, rounds: int = 2**18) -> dict[str, Any]:
        """The Ethereum keystore of a secp256k1 identity. IdentityError for an Ed25519 one."""
        one = self.identity(identity_id)
        if one.kind == "ed25519":
            raise IdentityError("Ethereum keystores hold secp256k1 keys; this identity has an Ed25519 key.")
        return keystore_v3.encrypt(self._secret(one), password, rounds=rounds)

    def rename(self, identity_id: str, name: str, organisation: str) -> Identity:
        """Another name for an identity; the DID stays."""
        return self._put(
            replace(self.identity(identity_id), name=identity_name(name), organisation=plain(organisation))
        )

    def use(self, identity_id: str) -> None:
        """Make an identity the one in use."""
        one = self.identity(identity_id)
        self._save(replace(self._state, settings=replace(self.settings, in_use=one.id)))

    def rotate(self, identity_id: str, reason: str = "") -> tuple[KeyEnd, Identity]:
        """End the present key and go on with the pre-committed next one: the signed KeyEnd, and the identity as it is
        now. IdentityError for imported and watched keys, which have no pre-committed successor.
        """
        one = self.identity(identity_id)
        seed = self._open_seed()
        if one.number is None:
            raise IdentityError(
                "This key did not come from the recovery words, so it has no successor that could be proved.",
                remedy="Add a new identity and tell your contacts.",
            )
        signer = signer_of_secret(self._secret(one), one.kind)
        successor = signer_of_secret(derived(seed, one.kind, one.number, one.generation + 1), one.kind)
        now = self._now()
        body = key_end(
            actor=signer.did, key=signer.key, successor=successor.key, reason=reason.strip(), occurred_at=now
        )
        ended = KeyEnd.from_json(secure(body, signer))
        rotated = replace(
            one,
            did=successor.did,
            key=successor.key,
            generation=one.generation + 1,
            next=next_of(seed, one.kind, one.number, one.generation + 1),
            earlier=(*one.earlier, EarlierKey(one.did, one.key, one.generation, now, ended.json)),
        )
        return ended, self._put(rotated)

    def unsent_key_ends(self) -> tuple[KeyEnd, ...]:
        """Ended keys that no log has acknowledged yet; to be handed in until it does."""
        return tuple(
            KeyEnd.from_json(dict(old.key_end))
            for one in self.identities
            for old in one.earlier
            if old.key_end is not None
        )

    def key_end_sent(self, ended: KeyEnd) -> None:
        """A log has acknowledged the end of a key."""
        for one in self.identities:
            if any(old.key == ended.key and old.key_end is not None for old in one.earlier):
                kept = tuple(
                    replace(old, key_end=None) if old.key == ended.key else old for old in one.earlier
                )
                self._put(replace(one, earlier=kept))

    def recover(self, did: str, name: str = "", organisation: str = "") -> Identity:
        """Bring back the identity of these words with this DID, also after rotations of its key (`recover_at`).
        IdentityError when none of the first 20 places and 50 generations gives it.
        """
        place = find_place(self._open_seed(), did)
        if place is None:
            raise IdentityError(
                "These recovery words do not give this DID.",
                remedy="Check the DID, or restore from a backup file.",
            )
        return self.recover_at(place, name, organisation)

    def recover_at(self, place: Place, name: str = "", organisation: str = "") -> Identity:
        """Bring back the identity at a place. One that the wallet holds with an earlier key goes on with this one,
        under its name unless another is given. IdentityError when its key is this one, or a later one.
        """
        seed = self._open_seed()
        of_place = [one for one in self.identities if (one.kind, one.number) == (place.kind, place.number)]
        held = next(iter(of_place), None)
        if held is None:
            return self._add(_identity(seed, place, name, organisation, self._now()))
        fresh = _identity(seed, place, name or held.name, organisation or held.organisation, self._now())
        if held.generation >= place.generation:
            what = "is in the wallet already" if held.did == fresh.did else "was ended; a later one is in use"
            raise IdentityError(f"This key of {held.name} {what}.", remedy="See it with: cms wallet show")
        ended = EarlierKey(held.did, held.key, held.generation, self._now())
        return self._put(
            replace(
                fresh,
                id=held.id,
                created_at=held.created_at,
                earlier=(*held.earlier, ended),
            )
        )

    def contact_card(self, identity_id: str) -> str:
        """The signed contact card of an identity, as text."""
        one = self.identity(identity_id)
        return write_card(
            self.signer(identity_id), next_key=one.next, name=one.name, organisation=one.organisation
        )

    def add_contact_card(self, text: str, name: str = "") -> Contact:
        """A contact from a card, a vCard with one, or a bare DID. IdentityError."""
        card = read_card(text)
        if any(card.did in (one.did, *(old.did for old in one.earlier)) for one in self.identities):
            raise IdentityError("This is an identity of your own.")
        known = next((one for one in self._state.contacts if one.did == card.did), None)
        return self.put_contact(contact_of(card, plain(name), known, self._now()))

    def rename_contact(self, did: str, name: str) -> Contact:
        """Another name of one's own for a contact. IdentityError."""
        return self.put_contact(replace(self.contact(did), name=contact_name(name)))

    def put_contact(self, contact: Contact) -> Contact:
        """Keep a contact in place of the one with the same DID."""
        others = tuple(one for one in self._state.contacts if one.did != contact.did)
        self._save(replace(self._state, contacts=(*others, contact)))
        return contact

    def compared(self, did: str) -> Contact:
        """Note that the words of a contact were compared by voice. IdentityError."""
        return self.put_contact(replace(self.contact(did), compared_at=self._now(), origin="compared"))

    def contact(self, did: str) -> Contact:
        """By DID. IdentityError."""
        for one in self._state.contacts:
            if one.did == did:
                return one
        raise IdentityError("There is no such contact.", remedy="See them with: cms contact list")

    def find_contact(self, text: str) -> Contact:
        """By DID or name, or the only one that begins so. IdentityError."""
        return only([(one, (one.did, one.name)) for one in self.contacts], text, "contact")

    def remove_contact(self, did: str) -> Contact:
        """Forget a contact; returns it, so that it can be put back. IdentityError."""
        gone = self.contact(did)
        self._save(
            replace(self._state, contacts=tuple(one for one in self._state.contacts if one.did != did))
        )
        return gone

    def set(self, **choices: Any) -> None:
        """Change settings: `lock_after`, `words_confirmed_at`, `backed_up_at`, `passphrase_changed_at`."""
        self._save(replace(self._state, settings=replace(self.settings, **choices)))

    # -- inside ---------------------------------------------------------------

    def _open_seed(self) -> bytearray:
        if self._seed is None:
            raise WalletLocked("The wallet is locked.", remedy="Unlock it with your passphrase.")
        return self._seed

    def _secret(self, one: Identity) -> bytes:
        seed = self._open_seed()
        if one.watch_only:
            raise IdentityError(
                "The key of this identity is not on this computer, so it cannot sign here.",
                remedy="Sign on the computer that holds the key, or choose another identity.",
            )
        return secret_of(one, seed)

    def _signer_now(self, identity_id: str, key: KeyText) -> AnySigner:
        one = self.identity(identity_id)
        if one.key != key:
            raise IdentityError("This key was ended meanwhile; its successor signs now.")
        return signer_of_secret(self._secret(one), one.kind, one.did)

    def _add(self, fresh: Identity) -> Identity:
        if any(fresh.did == one.did for one in self.identities):
            raise IdentityError("This identity is in the wallet already.")
        self._save(replace(self._state, identities=(*self.identities, fresh)))
        return fresh

    def _put(self, changed: Identity) -> Identity:
        every = tuple(changed if one.id == changed.id else one for one in self.identities)
        self._save(replace(self._state, identities=every))
        return changed

    def _save(self, state: State) -> None:
        self._open_seed()
        self._changed(state)
        self._state = state


def _identity(seed: bytes | bytearray, place: Place, name: str, organisation: str, now: Time) -> Identity:
    at = (place.kind, place.number, place.generation)
    signer = signer_of_secret(derived(seed, *at), place.kind)
    return Identity(
        id=secrets.token_hex(8),
        name=identity_name(name),
        organisation=plain(organisation),
        did=signer.did,
        key=signer.key,
        next=next_of(seed, *at),
        kind=place.kind,
        number=place.number,
        generation=place.generation,
        created_at=now,
    )


def _same_tree(left: Kind, right: Kind) -> bool:
    # did:key and did:pkh identities of secp256k1 share one derivation path.
    return (left == "ed25519") == (right == "ed25519")


__all__ = ["Contact", "Digest", "Identity", "State", "Wallet", "key_text"]
