"""The ABI of ContractLedger: calls, answers and errors as bytes (Solidity's contract ABI specification).

Only what the backend calls is here. The artifact is ``resources/abi/ContractLedger.json``.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final

import orjson
from eth_abi.abi import decode, encode

from cms_backend.core.hashing import keccak256
from cms_backend.core.ids import Digest, Time
from cms_backend.ledger.adapter import AnchoredRoot, LogHead
from cms_backend.ledger.errors import LedgerRefused, StaleHead, WrongCode
from cms_backend.resources import resource


@dataclass(frozen=True, slots=True)
class Artifact:
    """The compiled contract: creation bytecode, and keccak-256 of its run-time code."""

    bytecode: bytes
    code: Digest


@cache
def artifact() -> Artifact:
    """The compiled contract that is shipped."""
    data = orjson.loads(resource("abi", "ContractLedger.json").read_bytes())
    return Artifact(bytes.fromhex(data["bytecode"]), Digest.parse(data["code"]))


def selector(signature: str) -> bytes:
    """The first four bytes of keccak-256 of a function's or error's signature."""
    return keccak256(signature.encode())[:4]


_OPEN_LOG: Final = selector("openLog(bytes32)")
_ANCHOR: Final = selector("anchor(bytes32,uint64,uint64,bytes32)")
_ANCHORED: Final = selector("anchored(bytes32,uint64)")
_HEAD: Final = selector("head(bytes32)")

_STALE_HEAD: Final = selector("LedgerStaleHead(bytes32,uint64,uint64)")
_REASONS: Final = {
    selector("LedgerNotRecorder(bytes32,address)"): (
        "The ledger account may not anchor for this log.",
        "Let the log's owner name the account with setRecorder, or configure the owner's account.",
    ),
    selector("LedgerNotGrowing(bytes32,uint64,uint64)"): (
        "The ledger already holds an anchor of this size or a larger one.",
        "A restored backup may be behind: restore the newest one.",
    ),
    selector("LedgerLogExists(bytes32)"): ("The log is open already.", None),
    selector("LedgerEmptyRoot(bytes32,uint64)"): ("An empty root cannot be anchored.", None),
}


def open_log_call(key: bytes) -> bytes:
    """``openLog(key)``; key is 32 bytes."""
    return _OPEN_LOG + encode(["bytes32"], [key])


def anchor_call(log_id: Digest, prev_size: int, size: int, root: Digest) -> bytes:
    """``anchor(logId, prevSize, size, root)``."""
    return _ANCHOR + encode(
        ["bytes32", "uint64", "uint64", "bytes32"], [log_id.raw, prev_size, size, root.raw]
    )


def anchored_call(log_id: Digest, size: int) -> bytes:
    """``anchored(logId, size)``."""
    return _ANCHORED + encode(["bytes32", "uint64"], [log_id.raw, size])


def head_call(log_id: Digest) -> bytes:
    """``head(logId)``."""
    return _HEAD + encode(["bytes32"], [log_id.raw])


def block_time(seconds: int) -> Time:
    """The time of a block (whole seconds since 1970) in the protocol's form."""
    return Time.from_datetime(datetime.fromtimestamp(seconds, UTC))


def anchored_answer(answer: bytes) -> AnchoredRoot | None:
    """What ``anchored`` returned; None if there is no such anchor. Raises WrongCode."""
    _expect(answer, 96)
    root, block, seconds = decode(["bytes32", "uint64", "uint64"], answer)
    return AnchoredRoot(Digest.of(root), block, block_time(seconds)) if any(root) else None


def head_answer(answer: bytes) -> LogHead | None:
    """What ``head`` returned; None if nobody opened the log. Raises WrongCode."""
    _expect(answer, 96)
    owner, size, root = decode(["address", "uint64", "bytes32"], answer)
    if int(owner, 16) == 0:
        return None
    return LogHead(owner.lower(), size, Digest.of(root) if size else None)


def _expect(answer: bytes, size: int) -> None:
    # An address without code answers every call with nothing.
    if len(answer) != size:
        raise WrongCode(
            "There is no ledger contract at the configured address.",
            remedy="Check blockchain.contract_address and that the node serves the right chain.",
        )


def refusal(reason: bytes) -> LedgerRefused:
    """The error for the data of a reverted call."""
    if reason[:4] == _STALE_HEAD:
        _log, expected, actual = decode(["bytes32", "uint64", "uint64"], reason[4:])
        return StaleHead(f"The anchor builds on size {expected}, but the ledger's head is {actual}.")
    detail, remedy = _REASONS.get(reason[:4], ("The ledger contract refused the transaction.", None))
    return LedgerRefused(detail, remedy=remedy)
