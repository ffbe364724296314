"""Names on a ledger that follow from keys (protocol, section 7), without the ABI library: start-up asks for them."""

from typing import Final

from cms_backend.core.hashing import keccak256
from cms_backend.core.ids import Digest

#: The first topic of the event that an anchor leaves.
ANCHORED_EVENT: Final = keccak256(b"Anchored(bytes32,uint64,bytes32)")


def log_id_of(chain_id: int, ledger: str, owner: str, key: bytes) -> Digest:
    """``keccak256(abi.encode(block.chainid, this, msg.sender, key))``; four words of 32 bytes each."""
    addresses = (bytes.fromhex(address[2:]).rjust(32, b"\0") for address in (ledger, owner))
    return Digest.of(keccak256(b"".join((chain_id.to_bytes(32), *addresses, key))))


def contract_address(account: str) -> str:
    """The address that an account's first transaction creates (Yellow Paper, section 7): RLP of [account, 0]."""
    return "0x" + keccak256(b"\xd6\x94" + bytes.fromhex(account[2:]) + b"\x80")[12:].hex()
