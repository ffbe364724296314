"""A backend's log as seen over HTTP, whose keeper may be a liar with the true key; and its ledger."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson

from cms_backend.core.checkpoint import LogKey, b64encode, open_note, parse_vkey
from cms_backend.core.hashing import H, keccak256, sha256
from cms_backend.core.ids import Digest
from cms_backend.core.merkle import consistency_path, leaf_hash, tree_head
from cms_backend.core.signatures import Ed25519Signer
from cms_backend.core.statements import LedgerRef
from cms_desktop.api.client import Client

CODE = b"\x60\x80ledger"
GENESIS = H("block 0 of the simulated ledger")
LEDGER_REF = LedgerRef(
    "eip155:4410707", GENESIS, "0x" + "1e" * 20, Digest.of(keccak256(CODE)), H("the log's id")
)
HEAD_CALL = "0x" + keccak256(b"head(bytes32)")[:4].hex() + LEDGER_REF.log_id


@dataclass
class LogServer:
    """Serves one log with its key, and the ledger that anchors it. `down`: it does not answer."""

    key: LogKey = field(default_factory=lambda: LogKey(b"\x07" * 32))
    operator: Ed25519Signer = field(default_factory=lambda: Ed25519Signer(b"\x08" * 32))
    leaves: list[bytes] = field(default_factory=list)
    anchored: tuple[int, bytes] | None = None
    code: bytes = CODE
    genesis: Digest = GENESIS
    node_down: bool = False
    down: bool = False
    forged_proof: bool = False
    evidence: list[bytes] = field(default_factory=list)

    def grow(self, count: int, tag: str = "leaf") -> LogServer:
        """Add leaves."""
        at = len(self.leaves)
        self.leaves = [
            *self.leaves,
            *((f"{tag} {at + one}".encode()).ljust(64, b".") for one in range(count)),
        ]
        return self

    def fork(self, size: int) -> LogServer:
        """The same key, the same first leaves; what comes after them is its own."""
        other = copy.copy(self)
        other.leaves = self.leaves[:size]
        return other

    def anchor(self, size: int | None = None) -> None:
        """The newest root, or an older one, is on the ledger."""
        count = len(self.leaves) if size is None else size
        self.anchored = count, self.root(count)

    def root(self, size: int | None = None) -> bytes:
        """The tree head."""
        return tree_head(self._hashes(size))

    def note(self, size: int | None = None) -> str:
        """The signed checkpoint."""
        count = len(self.leaves) if size is None else size
        return self.key.sign_checkpoint(count, self.root(count))

    def client(self) -> Client:
        """A client of this server."""
        return Client("http://127.0.0.1:1", transport=httpx.MockTransport(self._answer))

    def _hashes(self, size: int | None = None) -> list[bytes]:
        return [leaf_hash(data) for data in self.leaves[:size]]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("nobody listens")
        path = request.url.path.removeprefix("/api/v1")
        if path == "/log/info":
            return httpx.Response(200, json=self._info())
        if path == "/log/checkpoint":
            return httpx.Response(200, text=self.note())
        if path == "/log/consistency":
            return self._consistency(int(request.url.params["old"]), int(request.url.params["new"]))
        if path == "/log/leaves":
            asked = self.leaves[int(request.url.params["start"]) : int(request.url.params["end"])]
            return httpx.Response(200, json={"leaves": [*map(b64encode, asked)]})
        if path == "/ledger/rpc":
            return self._rpc(orjson.loads(request.content))
        if path == "/contracts":
            rows = [self._row(at) for at in range(len(self.evidence))]
            return httpx.Response(200, json={"items": rows, "next": None, "total": len(rows)})
        if path.endswith("/evidence"):
            return httpx.Response(200, content=self.evidence[int(path.split("/")[2][-4:])])
        return httpx.Response(404, json={"status": 404, "code": "http.not-found", "detail": "No such page."})

    def _info(self) -> dict[str, Any]:
        return {
            "origin": self.key.origin,
            "vkey": self.key.vkey.text,
            "operator": self.operator.did,
            "ledgers": [LEDGER_REF.to_json()],
            "size": len(self.leaves),
            "frozen": None,
        }

    def _consistency(self, old: int, new: int) -> httpx.Response:
        if not 0 < old <= new <= len(self.leaves):
            problem = {
                "status": 404,
                "code": "log.not-found",
                "detail": f"The log has {len(self.leaves)} leaves.",
            }
            return httpx.Response(404, json=problem)
        path = consistency_path(self._hashes(new), old)
        if self.forged_proof:
            path = [bytes(32), *path[1:]]
        return httpx.Response(
            200, json={"old": old, "new": new, "proof": [*map(b64encode, path)], "note": None}
        )

    def _rpc(self, body: dict[str, Any]) -> httpx.Response:
        if self.node_down:
            return httpx.Response(503, json={"status": 503, "code": "ledger.down", "detail": "No node."})
        size, root = self.anchored or (0, bytes(32))
        results = {
            "eth_chainId": hex(4410707),
            "eth_getBlockByNumber": {"number": "0x0", "hash": "0x" + self.genesis, "timestamp": "0x0"},
            "eth_getCode": "0x" + self.code.hex(),
            "eth_call": "0x" + bytes(12).hex() + "aa" * 20 + f"{size:064x}" + root.hex(),
        }
        if body["method"] == "eth_call":
            assert body["params"][0] == {"to": LEDGER_REF.ledger, "data": HEAD_CALL}
        return httpx.Response(200, json={"jsonrpc": "2.0", "id": 1, "result": results[body["method"]]})

    @staticmethod
    def _row(at: int) -> dict[str, Any]:
        time = "2026-05-01T12:00:00.000Z"
        names = ("valid_from", "valid_until", "reply_by")
        return {
            "id": f"6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e{at:04d}",
            **dict.fromkeys(names),
            **dict.fromkeys(("revision", "events", "logged", "anchored"), 0),
            "title": "",
            "status": "draft",
            "owner": "",
            "parties": [],
            "awaited": [],
            "home": "here",
            "created_at": time,
            "updated_at": time,
        }


def sign_another_history(home: Path) -> None:
    """As if the log had once signed other leaves: by its own key, so that the two notes are a split view."""
    keys = orjson.loads((home / "backend-keys.json").read_bytes())
    (note,) = (home / "logs-seen").glob("*.note")
    pin = orjson.loads((home / "logs-seen" / "pin.json").read_bytes())
    vkey = parse_vkey(pin["vkey"])
    seen = open_note(note.read_text(), vkey)
    key = next(
        one for one in (LogKey(bytes.fromhex(text), vkey.name) for text in keys.values()) if one.vkey == vkey
    )
    note.write_text(key.sign_checkpoint(seen.size, sha256(b"another history")))
