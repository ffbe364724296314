"""What the backend answers, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cms_backend.core.events import Envelope
from cms_backend.core.ids import ContractId, Digest, Time
from cms_backend.core.lifecycle import Handover
from cms_backend.core.statements import KeyEnd, Receipt
from cms_desktop.api.errors import LeftOut


def _time(value: Any) -> Time | None:
    return None if value is None else Time.parse(value)


def _count(value: Any) -> int:
    """A size, an index, a number of a block or log. TypeError, ValueError: all arithmetic relies on it."""
    if type(value) is not int:
        raise TypeError("no number")
    if value < 0:
        raise ValueError("a number below zero")
    return value


def _maybe_count(value: Any) -> int | None:
    return None if value is None else _count(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _maybe_text(value: Any) -> str | None:
    return None if value is None else _text(value)


@dataclass(frozen=True, slots=True)
class PartyBrief:
    """A party in the register."""

    did: str
    name: str
    role: str
    step: int | None


@dataclass(frozen=True, slots=True)
class AwaitedBrief:
    """A party whose decision is missing; `ready`: it is its turn."""

    did: str
    name: str
    role: str
    ready: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A contract in the register. `events`, `logged`, `anchored` are counts of events."""

    id: ContractId
    title: str
    status: str
    revision: int
    owner: str
    parties: tuple[PartyBrief, ...]
    awaited: tuple[AwaitedBrief, ...]
    valid_from: Time | None
    valid_until: Time | None
    reply_by: Time | None
    created_at: Time
    updated_at: Time
    events: int
    logged: int
    anchored: int
    home: Literal["here", "elsewhere", "none"]

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Row:
        """The row of `GET /contracts`."""
        return cls(
            id=ContractId.parse(raw["id"]),
            title=_text(raw["title"]),
            status=raw["status"],
            revision=raw["revision"],
            owner=raw["owner"],
            parties=tuple(
                PartyBrief(one["did"], one["name"], one["role"], one["step"]) for one in raw["parties"]
            ),
            awaited=tuple(
                AwaitedBrief(one["did"], one["name"], one["role"], one["ready"]) for one in raw["awaited"]
            ),
            valid_from=_time(raw["valid_from"]),
            valid_until=_time(raw["valid_until"]),
            reply_by=_time(raw["reply_by"]),
            created_at=Time.parse(raw["created_at"]),
            updated_at=Time.parse(raw["updated_at"]),
            events=raw["events"],
            logged=raw["logged"],
            anchored=raw["anchored"],
            home=raw["home"],
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows; `next` is the cursor of the rows after them, None at the end; `total` of the whole query."""

    items: tuple[Row, ...]
    next: str | None
    total: int

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Page:
        """The answer of `GET /contracts`."""
        return cls(tuple(map(Row.from_json, raw["items"])), raw["next"], raw["total"])


@dataclass(frozen=True, slots=True)
class ContractQuery:
    """What to list. `sort`: updated, created, title, valid_until or reply_by; "-" before it for descending."""

    q: str = ""
    status: tuple[str, ...] = ()
    party: str | tuple[str, ...] | None = None
    needs: str | tuple[str, ...] | None = None
    sort: str = "-updated"
    cursor: str | None = None
    limit: int = 200

    def params(self) -> list[tuple[str, str | int | float | bool | None]]:
        """The query parameters."""
        found: list[tuple[str, str | int | float | bool | None]] = [("limit", self.limit)]
        found.append(("sort", self.sort.replace("_at", "")))
        if self.q:
            found.append(("q", self.q))
        if self.cursor is not None:
            found.append(("cursor", self.cursor))
        for name, value in (("status", self.status), ("party", self.party), ("needs", self.needs)):
            texts = (value,) if isinstance(value, str) else (value or ())
            found += [(name, text) for text in texts]
        return found


@dataclass(frozen=True, slots=True)
class AnchorInfo:
    """An anchor; `block`, `time` are None while it is not mined.

    `checked`: who says so. "said": the backend, and nobody was asked; "ledger": the backend's own local ledger was
    asked, and its root is that of the log; "proven": the same by a node that the person chose.
    """

    size: int
    chain: str
    block: int | None
    time: Time | None
    tx: str
    status: Literal["submitted", "mined", "confirmed"]
    checked: Literal["said", "ledger", "proven"] = "said"

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> AnchorInfo:
        """`{size, chain, block, time, tx, status}`."""
        size, block = _count(raw["size"]), _maybe_count(raw["block"])
        return cls(size, _text(raw["chain"]), block, _time(raw["time"]), _text(raw["tx"]), raw["status"])


@dataclass(frozen=True, slots=True)
class EntryInfo:
    """Where an event stands: `index` None while it is not logged, `anchor` None while nothing anchors it.

    `opens`: the second leaf of a `moved`, in the log that it enters. `undecided`: only the contract of the signer's
    account could judge the signature.
    """

    digest: Digest
    accepted_at: Time
    log: int | None
    index: int | None
    anchor: AnchorInfo | None
    opens: int | None = None
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class ContractRecord:
    """All that the backend holds of a contract. `documents`: `{content, seed}` or `{revision, disclosed}`.

    `key_end_places`: (log, index) of the KeyEnds that are logged. `handovers`: where a log named its next key.
    """

    id: ContractId
    genesis: Digest
    home: str
    documents: tuple[dict[str, Any], ...]
    envelopes: tuple[Envelope, ...]
    key_ends: tuple[KeyEnd, ...]
    key_end_places: Mapping[Digest, tuple[int, int]]
    handovers: tuple[Handover, ...]
    receipts: tuple[Receipt, ...]
    entries: tuple[EntryInfo, ...]
    row: Row

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> ContractRecord:
        """The answer of `GET /contracts/{id}`, parsed strictly where it is protocol. FormError."""
        return cls(
            id=ContractId.parse(raw["id"]),
            genesis=Digest.parse(raw["genesis"]),
            home=raw["home"],
            documents=tuple(map(dict, raw["documents"])),
            envelopes=tuple(map(Envelope.from_json, raw["envelopes"])),
            key_ends=tuple(map(KeyEnd.from_json, raw["key_ends"])),
            key_end_places={
                Digest.parse(one["digest"]): (_count(one["log"]), _count(one["index"]))
                for one in raw["key_end_places"]
                if one["log"] is not None and one["index"] is not None
            },
            handovers=tuple(
                Handover(_count(one["log"]), _count(one["index"]), str(one["vkey"]))
                for one in raw["handovers"]
            ),
            receipts=tuple(map(Receipt.from_json, raw["receipts"])),
            entries=tuple(
                EntryInfo(
                    Digest.parse(one["digest"]),
                    Time.parse(one["accepted_at"]),
                    _maybe_count(one["log"]),
                    _maybe_count(one["index"]),
                    None if one["anchor"] is None else AnchorInfo.from_json(one["anchor"]),
                    _maybe_count(one["opens"]),
                    one["undecided"] is True,
                )
                for one in raw["entries"]
            ),
            row=Row.from_json(raw["row"]),
        )


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to a new event; no receipt for one that is only held for another log."""

    digest: Digest
    receipt: Receipt | None
    state: Literal["accepted", "held"]
    anchor: str

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Accepted:
        """`{digest, receipt, state, anchor}`."""
        receipt = None if raw["receipt"] is None else Receipt.from_json(raw["receipt"])
        return cls(Digest.parse(raw["digest"]), receipt, raw["state"], raw["anchor"])


@dataclass(frozen=True, slots=True)
class Imported:
    """What an evidence file brought. `undecided`: events whose signature only an account's contract could judge."""

    contract: ContractId
    added: int
    known: int
    refused: tuple[LeftOut, ...]
    undecided: tuple[Digest, ...]
    state: str

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Imported:
        """The answer of `POST /contracts/import`."""
        return cls(
            ContractId(raw["contract"]),
            raw["added"],
            raw["known"],
            tuple(map(LeftOut.from_json, raw["refused"])),
            tuple(map(Digest, raw["undecided"])),
            raw["state"],
        )


@dataclass(frozen=True, slots=True)
class LedgerInfo:
    """The ledger: `kind` embedded or rpc; `state` starting, ready or unavailable, and the `reason` for that in words;
    `head` a block number.
    """

    kind: str
    chain: str | None
    head: int | None
    state: str
    since: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class BackendStatus:
    """How log, ledger and queue stand. `log_frozen`: why nothing may be accepted, `log_trouble`: why nothing is
    sequenced now; both in words, None where all is well.
    """

    log_size: int
    log_origin: str
    log_frozen: str | None
    log_remedy: str | None
    log_trouble: str | None
    ledger: LedgerInfo | None
    anchors_pending: int
    anchors_confirmed: int
    queue: int

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> BackendStatus:
        """The answer of `GET /status`; a backend whose ledger is still starting may leave it out."""
        ledger = raw.get("ledger")
        anchors = raw.get("anchors") or {}
        return cls(
            log_size=raw["log"]["size"],
            log_origin=raw["log"]["origin"],
            log_frozen=_maybe_text(raw["log"].get("frozen")),
            log_remedy=_maybe_text(raw["log"].get("remedy")),
            log_trouble=_maybe_text(raw["log"].get("trouble")),
            ledger=None
            if ledger is None
            else LedgerInfo(
                str(ledger.get("kind", "")),
                ledger.get("chain"),
                ledger.get("head"),
                str(ledger.get("state", "")),
                ledger.get("since"),
                _maybe_text(ledger.get("reason")),
            ),
            anchors_pending=int(anchors.get("pending", 0)),
            anchors_confirmed=int(anchors.get("confirmed", 0)),
            queue=int(raw.get("queue", 0)),
        )
