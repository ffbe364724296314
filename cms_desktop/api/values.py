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
    return None if value is None else Time(value)


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
            id=ContractId(raw["id"]),
            title=raw["title"],
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
            created_at=Time(raw["created_at"]),
            updated_at=Time(raw["updated_at"]),
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
    """An anchor; `block`, `time` are None while it is not mined."""

    size: int
    chain: str
    block: int | None
    time: Time | None
    tx: str
    status: Literal["submitted", "mined", "confirmed"]

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> AnchorInfo:
        """`{size, chain, block, time, tx, status}`."""
        return cls(raw["size"], raw["chain"], raw["block"], _time(raw["time"]), raw["tx"], raw["status"])


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
            documents=tuple(raw["documents"]),
            envelopes=tuple(map(Envelope.from_json, raw["envelopes"])),
            key_ends=tuple(map(KeyEnd.from_json, raw["key_ends"])),
            key_end_places={
                Digest(one["digest"]): (one["log"], one["index"])
                for one in raw["key_end_places"]
                if one["log"] is not None and one["index"] is not None
            },
            handovers=tuple(Handover(one["log"], one["index"], one["vkey"]) for one in raw["handovers"]),
            receipts=tuple(map(Receipt.from_json, raw["receipts"])),
            entries=tuple(
                EntryInfo(
                    Digest(one["digest"]),
                    Time(one["accepted_at"]),
                    one["log"],
                    one["index"],
                    None if one["anchor"] is None else AnchorInfo.from_json(one["anchor"]),
                    one["opens"],
                    one["undecided"],
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
        return cls(Digest(raw["digest"]), receipt, raw["state"], raw["anchor"])


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
    """The ledger: `kind` embedded or rpc; `state` starting, ready or unavailable; `head` a block number."""

    kind: str
    chain: str | None
    head: int | None
    state: str
    since: str | None


@dataclass(frozen=True, slots=True)
class BackendStatus:
    """How log, ledger and queue stand."""

    log_size: int
    log_origin: str
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
            ledger=None
            if ledger is None
            else LedgerInfo(
                str(ledger.get("kind", "")),
                ledger.get("chain"),
                ledger.get("head"),
                str(ledger.get("state", "")),
                ledger.get("since"),
            ),
            anchors_pending=int(anchors.get("pending", 0)),
            anchors_confirmed=int(anchors.get("confirmed", 0)),
            queue=int(raw.get("queue", 0)),
        )
