"""What a verifier knows beside the file: facts read from ledgers and logs, and whom it trusts (section 9).

Both have a JSON form (resources/schemas/ledger-facts.schema.json and trust.schema.json). Who collects the
facts asks its own nodes; nothing in here comes from the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cms_backend.core.canonical import Json, exact_members
from cms_backend.core.errors import FormError
from cms_backend.core.ids import Did, Digest, KeyText, Time
from cms_backend.core.report_codec import from_plain, to_plain

FACTS_FORMAT: Final = "cmsfacts/1"
TRUST_FORMAT: Final = "cmstrust/1"


@dataclass(frozen=True, slots=True)
class BlockFact:
    """A block of the canonical chain. `time` is the block's own."""

    number: int
    hash: Digest
    time: Time


@dataclass(frozen=True, slots=True)
class CodeFact:
    """keccak-256 of the run-time code at an address; null where there is none."""

    address: str
    code: Digest | None


@dataclass(frozen=True, slots=True)
class AnchoredFact:
    """The answer of a ledger's `anchored(logId, size)`: root, block and time, or null when it has none."""

    ledger: str
    log_id: Digest
    size: int
    root: Digest | None
    block: int | None
    time: Time | None


@dataclass(frozen=True, slots=True)
class Erc1271Fact:
    """What an account's contract says of a signature at a block. `has_code`: there was a contract.

    `digest` is the 32-byte EIP-712 hash, `signature` H of the raw signature bytes.
    """

    account: KeyText
    digest: Digest
    signature: Digest
    block: int
    has_code: bool
    valid: bool


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """What one chain's node answered. `head` and `finalized` are block numbers (null: no such tag)."""

    chain: str
    genesis_block: Digest
    head: int
    finalized: int | None
    blocks: tuple[BlockFact, ...] = ()
    code: tuple[CodeFact, ...] = ()
    anchored: tuple[AnchoredFact, ...] = ()
    erc1271: tuple[Erc1271Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class LogFacts:
    """A log's newest signed checkpoint and all its leaves (base64 of 64 bytes each), read by the verifier."""

    note: str
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnResolution:
    """A DID that the verifier resolved itself."""

    did: Did
    key: KeyText
    resolved_at: Time


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """All facts; each may be missing, and what is missing is not checked."""

    chains: tuple[ChainFacts, ...] = ()
    logs: tuple[LogFacts, ...] = ()
    resolutions: tuple[OwnResolution, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Plain JSON after ledger-facts.schema.json."""
        return {"format": FACTS_FORMAT, **to_plain(self)}

    @classmethod
    def from_json(cls, value: Json) -> LedgerFacts:
        """The facts out of their JSON; FormError otherwise."""
        return from_plain(cls, _body(value, FACTS_FORMAT, "The ledger facts", frozenset(cls.__slots__)))


@dataclass(frozen=True, slots=True)
class TrustedChain:
    """A chain that the verifier takes block times from, by its genesis block.

    `confirmations`: how many blocks must stand on an anchor's where the chain has no finalized tag.
    """

    chain: str
    genesis_block: Digest
    confirmations: int = 12


@dataclass(frozen=True, slots=True)
class OwnLedger:
    """The ledger of this computer: its anchors are found, and give no independent time."""

    chain: str
    genesis_block: Digest


@dataclass(frozen=True, slots=True)
class Trust:
    """Public chains are the verifier's own list, never the file's; own ledgers are this computer's."""

    public_chains: tuple[TrustedChain, ...] = ()
    own_ledgers: tuple[OwnLedger, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Plain JSON after trust.schema.json."""
        return {"format": TRUST_FORMAT, **to_plain(self)}

    @classmethod
    def from_json(cls, value: Json) -> Trust:
        """The trust out of its JSON; FormError otherwise."""
        return from_plain(cls, _body(value, TRUST_FORMAT, "The trust", frozenset(cls.__slots__)))


def _body(value: Json, wanted: str, what: str, names: frozenset[str]) -> dict[str, Json]:
    raw = exact_members(value, names | {"format"}, what)
    if raw["format"] != wanted:
        raise FormError(f"{what} are not of the format {wanted}.")
    return {name: raw[name] for name in names}
