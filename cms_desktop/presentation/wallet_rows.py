"""Identities, contacts and the safety list of the wallet, as rows for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cms_backend.core.ids import Time
from cms_desktop.presentation import dates, words
from cms_desktop.wallet.records import Contact, Identity, WalletSettings

IDENTITY_ROLES = (
    "key", "name", "organisation", "did", "kind", "since", "signed", "inUse", "watchOnly", "earlier", "canRotate",
    "ethereum",
)  # fmt: skip
CONTACT_ROLES = ("key", "name", "organisation", "did", "icon", "how", "tone", "contracts")
SAFETY_ROLES = ("key", "icon", "tone", "title", "second", "action")
KIND_WORDS = {
    "ed25519": "Ed25519",
    "secp256k1": "secp256k1",
    "ethereum": "secp256k1, Ethereum account",
}
STALE_DAYS = 60


def identity_rows(
    identities: Sequence[Identity], in_use: Identity | None, counts: Mapping[str, int]
) -> list[dict[str, object]]:
    """One row per identity, those that can sign first."""
    rows = [_identity(one, in_use, counts) for one in identities]
    return sorted(rows, key=lambda row: bool(row["watchOnly"]))


def _identity(one: Identity, in_use: Identity | None, counts: Mapping[str, int]) -> dict[str, object]:
    method = ":".join(str(one.did).split(":")[:2])
    count = counts.get(str(one.did), 0)
    return {
        "key": one.id,
        "name": one.name,
        "organisation": one.organisation,
        "did": str(one.did),
        "kind": f"{KIND_WORDS[one.kind]}, {method}",
        "since": _key(one),
        "signed": words.plural(count, "contract") if count else "no contract yet",
        "inUse": in_use is not None and one.id == in_use.id,
        "watchOnly": one.watch_only,
        "earlier": words.plural(len(one.earlier), "earlier key") if one.earlier else "",
        "canRotate": one.number is not None,
        "ethereum": one.kind != "ed25519" and not one.watch_only,
    }


def _key(one: Identity) -> str:
    """`since 2 January 2026`, `2nd key, since ...` after a rotation, `imported on ...` for a key from elsewhere."""
    began = dates.day(one.earlier[-1].ended_at if one.earlier else one.created_at)
    if one.number is None and not one.watch_only:
        return f"imported on {began}"
    if not one.earlier:
        return f"since {began}"
    ordinal = ("1st", "2nd", "3rd")[one.generation] if one.generation < 3 else f"{one.generation + 1}th"
    return f"{ordinal} key, since {began}"


def holds(identities: Sequence[Identity], contacts: Sequence[Contact]) -> str:
    """`two identities and one contact`."""
    parts = [
        _counted(len(identities), "identity", "identities"),
        _counted(len(contacts), "contact", "contacts"),
    ]
    return words.listed([part for part in parts if part]) or "nothing yet"


def _counted(count: int, one: str, many: str) -> str:
    return f"{words.number(count)} {one if count == 1 else many}" if count else ""


def contact_rows(contacts: Sequence[Contact], counts: Mapping[str, int]) -> list[dict[str, object]]:
    """One row per contact, by name."""
    return [_contact(one, counts) for one in sorted(contacts, key=lambda one: one.name.casefold())]


def _contact(one: Contact, counts: Mapping[str, int]) -> dict[str, object]:
    if one.compared_at is not None:
        icon, how, tone = "fingerprint", f"Compared on {dates.day(one.compared_at)}", "accentText"
    elif one.origin == "card":
        icon, how, tone = "identification-card", "From a signed card", "accentText"
    elif one.origin == "contract":
        icon, how, tone = "file-text", "From a signed contract", "inkSecondary"
    else:
        icon, how, tone = "circle-dashed", "Not compared yet", "pending"
    return {
        "key": str(one.did),
        "name": one.name,
        "organisation": one.organisation,
        "did": str(one.did),
        "icon": icon,
        "how": how,
        "tone": tone,
        "contracts": counts.get(str(one.did), 0),
    }


def safety_rows(
    settings: WalletSettings, identities: Sequence[Identity], *, keyring: bool, now: datetime
) -> list[dict[str, object]]:
    """What keeps the keys safe, and what is to be done about it."""
    confirmed = settings.words_confirmed_at
    known = f"Confirmed on {dates.day(confirmed)}" if confirmed else "Never confirmed"
    backup_tone, backup = _backup(settings, identities, now)
    lock = (
        f"After {words.plural(settings.lock_after, 'minute')}" if settings.lock_after else "Never by itself"
    )
    changed = settings.passphrase_changed_at
    return [
        _safety("words", "check-circle" if confirmed else "warning", "passed" if confirmed else "pending",
                "Recovery words", known, "Test"),
        _safety("backup", "check-circle" if backup_tone == "passed" else "warning", backup_tone,
                "Backup file", backup, "Back up"),
        _safety("lock", "lock", "inkSecondary" if settings.lock_after else "pending",
                "Locks by itself", lock, "Change"),
        _safety("passphrase", "key", "inkSecondary", "Passphrase",
                f"Changed on {dates.day(changed)}" if changed else "As you chose it first", "Change"),
        _safety("keyring", "fingerprint", "inkSecondary", "Login of this computer",
                "Opens the wallet" if keyring else "Does not open the wallet", "Stop it" if keyring else "Set up"),
    ]  # fmt: skip


def _backup(settings: WalletSettings, identities: Sequence[Identity], now: datetime) -> tuple[str, str]:
    made = settings.backed_up_at
    if made is None:
        return "pending", "None yet"
    days = (now - made.datetime).days
    age = "made today" if days < 1 else f"{words.plural(days, 'day')} old"
    newest: list[Time] = [one.created_at for one in identities]
    newest += [earlier.ended_at for one in identities for earlier in one.earlier]
    if any(moment > made for moment in newest):
        return "pending", f"{words.capital(age)}, before your newest key"
    return ("pending" if days > STALE_DAYS else "passed"), words.capital(age)


def _safety(key: str, icon: str, tone: str, title: str, second: str, action: str) -> dict[str, object]:
    return {"key": key, "icon": icon, "tone": tone, "title": title, "second": second, "action": action}
