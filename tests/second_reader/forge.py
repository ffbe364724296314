"""Keys, signatures and logs for made-up files: the writing side of what the second reader reads."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Any

import coincurve
from nacl.bindings import crypto_scalarmult_ed25519_base_noclamp, crypto_sign, crypto_sign_seed_keypair

from .canonical import Obj, digest, sha
from .documents import leaves_of, root_of, values_of
from .forms import CONTEXT, INTENT
from .merkle import head, leaf_hash, leaf_of, slot_of
from .notes import ledger_key
from .proofs import eip712_digest, hash_data, method_of
from .texts import base58_encode, keccak256

CHAIN, LEDGER, GENESIS_BLOCK, CODE = "eip155:1", "0x" + "1e" * 20, "b1" * 32, "c0" * 32

_ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


class Person:
    """A key, and the DID that stands for it (its own, or another that it is pinned for)."""

    def __init__(self, name: str, did: str | None = None, kind: str = "ed25519", length: int = 0) -> None:
        self.name, self.kind, self.seed, self.length = name, kind, sha(name.encode()), length
        if kind == "contract":
            self.key = f"eip155:1:0x{keccak256(name.encode())[-20:].hex()}"
        elif kind == "ed25519":
            public, self.secret = crypto_sign_seed_keypair(self.seed)
            self.key = "z" + base58_encode(b"\xed\x01" + public)
        else:
            point = coincurve.PrivateKey(self.seed).public_key
            address = keccak256(point.format(compressed=False)[1:])[-20:].hex()
            multikey = "z" + base58_encode(b"\xe7\x01" + point.format())
            self.key = f"eip155:1:0x{address}" if kind == "account" else multikey
        own = "did:pkh" if kind in ("account", "contract") else "did:key"
        self.did = did or f"{own}:{self.key}"

    def secure(self, statement: Obj, salt: bytes = b"") -> Obj:
        """The statement with a proof; another salt gives another signature where the suite has more than one."""
        suite = "eddsa-jcs-2022" if self.kind == "ed25519" else "cms-eip712-v1"
        proof = {
            "@context": CONTEXT, "type": "DataIntegrityProof", "cryptosuite": suite,
            "verificationMethod": method_of(self.did, self.key), "proofPurpose": "assertionMethod",
        }  # fmt: skip
        bare = {**statement, "proof": proof}
        if self.kind == "contract":
            # What a contract account signs is its own matter: any bytes but 65, of the length that this account has.
            signature = (sha(hash_data(bare) + salt) * (self.length // 32 + 1))[: self.length]
        elif self.kind == "ed25519" and salt:
            signature = self._other_signature(hash_data(bare), salt)
        elif self.kind == "ed25519":
            signature = crypto_sign(hash_data(bare), self.secret)[:64]
        else:
            raw = coincurve.PrivateKey(self.seed).sign_recoverable(eip712_digest(bare), hasher=None)
            signature = raw[:64] + bytes([raw[64] + 27])
        return {**statement, "proof": {**proof, "proofValue": "z" + base58_encode(signature)}}

    def _other_signature(self, message: bytes, salt: bytes) -> bytes:
        """Ed25519 with another nonce than RFC 8032 would take."""
        secret = bytearray(hashlib.sha512(self.seed).digest()[:32])
        secret[0] &= 248
        secret[31] = secret[31] & 63 | 64
        nonce = int.from_bytes(hashlib.sha512(salt + message).digest(), "little") % _ED25519_ORDER
        point = crypto_scalarmult_ed25519_base_noclamp(nonce.to_bytes(32, "little"))
        hashed = hashlib.sha512(point + crypto_sign_seed_keypair(self.seed)[0] + message).digest()
        challenge = int.from_bytes(hashed, "little") % _ED25519_ORDER
        scalar = (nonce + challenge * int.from_bytes(secret, "little")) % _ED25519_ORDER
        return point + scalar.to_bytes(32, "little")

    def again(self, secured: Obj, salt: bytes) -> Obj:
        """Another envelope of a statement, by this key."""
        return self.secure({name: value for name, value in secured.items() if name != "proof"}, salt)

    def event(self, action: str, details: Obj, **members: Any) -> Obj:
        """A signed event."""
        return self.secure(self._statement(action, details, members))

    def draft(self, action: str, details: Obj, **members: Any) -> Obj:
        """An event as it would be, without a signature."""
        proof = {"verificationMethod": method_of(self.did, self.key)}
        return {**self._statement(action, details, members), "proof": proof}

    def _statement(self, action: str, details: Obj, members: Obj) -> Obj:
        return {
            "@context": CONTEXT, "type": "ContractEvent", "format": "cms/1", "action": action,
            "intent": INTENT[action], "actor": self.did, "seen": {"checkpoint": None, "block": None},
            "details": details, **members,
        }  # fmt: skip

    def state(self, kind: str, **members: Any) -> Obj:
        """A signed statement."""
        return self.secure(
            {"@context": CONTEXT, "type": kind, "format": "cms/1", "actor": self.did, **members}
        )


def seal(content: Obj) -> tuple[Obj, Obj]:
    """The entry of a whole document, and its reference."""
    seed = digest(content)
    root, leaves = root_of(content, seed)
    return {"content": content, "seed": seed}, {
        "revision": content["revision"],
        "root": root,
        "leaves": leaves,
    }


def subtree(hashes: Sequence[bytes], path: list[bytes], index: int) -> bytes:
    """The head of these leaves; the audit path of one of them is added to `path`."""
    if len(hashes) == 1:
        return hashes[0]
    at = 1 << (len(hashes) - 1).bit_length() - 1
    left, right = hashes[:at], hashes[at:]
    if index < at:
        subtree(left, path, index)
        path.append(head(right))
    else:
        subtree(right, path, index - at)
        path.append(head(left))
    return head(hashes)


def consistency(old: int, hashes: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """RFC 6962, section 2.1.2."""
    size = len(hashes)
    if old == size:
        return [] if whole else [head(hashes)]
    at = 1 << (size - 1).bit_length() - 1
    if old <= at:
        return [*consistency(old, hashes[:at], whole), head(hashes[at:])]
    return [*consistency(old - at, hashes[at:], False), head(hashes[:at])]


class Log:
    """A log that is written, its operator, and the ledger that it is anchored on."""

    def __init__(self, name: str, operator: Person) -> None:
        public, self.secret = crypto_sign_seed_keypair(sha(name.encode()))
        self.origin, self.operator = f"log.example/{name}", operator
        key = ledger_key(self.origin, public)
        self.tag, self.log_id = key[:4], sha(key).hex()
        self.vkey = f"{self.origin}+{self.tag.hex()}+{base64.b64encode(bytes([1]) + public).decode()}"
        self.leaves: list[bytes] = []
        self.opening: int | None = None
        self.index: dict[str, int] = {}
        ledger = {
            "chain": CHAIN,
            "genesis_block": GENESIS_BLOCK,
            "ledger": LEDGER,
            "code": CODE,
            "log_id": self.log_id,
        }
        self.ledgers = [ledger]
        self.statements: list[Obj] = []
        self.state()
        self.add(self.statements[0], "")

    def state(self, successor: str | None = None, by: Person | None = None) -> Obj:
        """One more LogStatement, not yet in the log."""
        number = len(self.statements)
        one = (by or self.operator).state(
            "LogStatement", vkey=self.vkey, number=number, ledgers=self.ledgers, successor=successor,
            occurred_at=f"2026-05-01T10:00:{number:02d}.000Z",
        )  # fmt: skip
        self.statements.append(one)
        return one

    def add(self, secured: Obj, genesis: str) -> None:
        """Give an object its leaf; a decision without a slot has none."""
        slot = slot_of(secured, genesis)
        if slot is not None and digest(secured) not in self.index:
            self.index[digest(secured)] = len(self.leaves)
            self.leaves.append(leaf_of(slot, digest(secured)))

    def stuff(self, data: bytes) -> None:
        """A leaf of somebody else."""
        self.leaves.append(leaf_of(sha(data).hex(), sha(data + b"x").hex()))

    def hashes(self, size: int) -> list[bytes]:
        """The first leaf hashes."""
        return [leaf_hash(leaf) for leaf in self.leaves[:size]]

    def root(self, size: int) -> bytes:
        """The head at a size."""
        return head(self.hashes(size))

    def note(self, size: int) -> str:
        """A signed checkpoint."""
        text = f"{self.origin}\n{size}\n{base64.b64encode(self.root(size)).decode()}\n"
        signature = self.tag + crypto_sign(text.encode(), self.secret)[:64]
        return f"{text}\n— {self.origin} {base64.b64encode(signature).decode()}\n"

    def proof(self, name: str, size: int) -> str:
        """A tlog-proof of an object."""
        path: list[bytes] = []
        subtree(self.hashes(size), path, self.index[name])
        lines = "".join(base64.b64encode(step).decode() + "\n" for step in path)
        return f"c2sp.org/tlog-proof@v1\nindex {self.index[name]}\n{lines}\n{self.note(size)}"

    def anchor(self, size: int, block: int, time: str) -> Obj:
        """An anchor as a file holds it."""
        return {
            "chain": CHAIN, "ledger": LEDGER, "log_id": self.log_id, "size": size, "root": self.root(size).hex(),
            "tx": "aa" * 32, "block": block, "hash": sha(b"%d" % block).hex(), "time": time,
        }  # fmt: skip


def disclose(sealed: Obj, hide: Sequence[str]) -> Obj:
    """A disclosure that hides these paths."""
    leaves = leaves_of(sealed["content"], sealed["seed"])
    values = values_of(sealed["content"])
    hashes = [leaf_hash(data) for _, _, data in leaves]
    shown = []
    for at, (path, salt, _) in enumerate(leaves):
        if path not in hide:
            proof: list[bytes] = []
            subtree(hashes, proof, at)
            shown.append({"leaf": [salt, path, values[path]], "proof": [step.hex() for step in proof]})
    return {"revision": sealed["content"]["revision"], "disclosed": shown}
