"""The HTTP client of the backend. Problems come back as errors of the one tree; silence as BackendSilent.

Reading calls are tried once more after a broken connection; an event is idempotent by its statement, so posting it
again is safe too.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import httpx
import orjson

from cms_backend.core.canonical import encode, parse
from cms_backend.core.document import SealedDocument
from cms_backend.core.errors import FormError
from cms_backend.core.ids import ContractId, Did, Digest, Time
from cms_backend.core.statements import KeyEnd
from cms_desktop.api.errors import BackendSilent, BackendUnreadable, ProblemBody
from cms_desktop.api.json_rpc import result_of
from cms_desktop.api.values import (
    Accepted,
    AnchorInfo,
    BackendStatus,
    ContractQuery,
    ContractRecord,
    Imported,
    Page,
)
from cms_desktop.attach import AttachedTransport

EVIDENCE_TYPE: Final = "application/vnd.cms.proof+json"
IMPORT_SECONDS: Final = 120.0
PROOFS_AT_ONCE: Final = 1_000
_JSON: Final = "application/json"
T = TypeVar("T")


class Client:
    """One backend. With a launch secret it is that of a data folder here, and proves itself on every connection
    (BackendNotProven); it is asked as the person at this computer. With a token, as a DID.
    """

    def __init__(
        self,
        base_url: str,
        *,
        launch_secret: str | None = None,
        token: str | None = None,
        timeout: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        self.base_url = base_url.rstrip("/")
        if launch_secret is not None:
            transport = AttachedTransport(launch_secret)
        # Proxies of the environment are not for the loopback.
        self._http = httpx.AsyncClient(
            base_url=self.base_url,
            headers=headers,
            timeout=httpx.Timeout(timeout, read=max(timeout, 30.0)),
            trust_env=False,
            transport=transport,
            # Plain HTTP on the loopback verifies nothing; making a TLS context would stall the window for 50 ms.
            verify=not self.base_url.startswith("http://127.0.0.1"),
        )

    def __repr__(self) -> str:
        return f"Client({self.base_url!r})"

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    @property
    def http(self) -> httpx.AsyncClient:
        """For the event stream, which keeps a connection of its own open."""
        return self._http

    def use_token(self, token: str) -> None:
        """Ask as the DID that this token was issued to, from now on."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    # -- login ----------------------------------------------------------------

    async def challenge(self, did: Did) -> str:
        """The text that this DID is asked to sign; `auth.log_in` reads it before a key signs it."""
        return await self._post(
            "/auth/challenge", orjson.dumps({"did": did}), lambda raw: str(raw["challenge"])
        )

    async def answer_challenge(self, did: Did, text: str, signature: str) -> tuple[str, Time]:
        """(token, until when it holds) for the signed text. LoginError, Refused."""
        body = orjson.dumps({"did": did, "challenge": text, "signature": signature})
        return await self._post(
            "/auth/verify", body, lambda raw: (str(raw["token"]), Time.parse(raw["expires_at"]))
        )

    # -- backend --------------------------------------------------------------

    async def health(self) -> dict[str, Any]:
        """`{status, version, instance, pid}`."""
        return await self._get("/health", _object)

    async def status(self) -> BackendStatus:
        """How log, ledger and queue stand."""
        return await self._get("/status", BackendStatus.from_json)

    async def stop_backend(self) -> None:
        """End the backend; it writes first what it has accepted."""
        await self._send("POST", "/backend/stop", content=b"", kind=_JSON)

    async def rpc(self, method: str, params: Sequence[Any]) -> Any:
        """One read-only JSON-RPC call at the backend's ledger. RpcRefused for an error of the ledger."""
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)})
        return _read(result_of, await self._send("POST", "/ledger/rpc", content=body, prefix="", kind=_JSON))

    # -- contracts ------------------------------------------------------------

    async def contracts(self, query: ContractQuery | None = None) -> Page:
        """A page of the register."""
        return await self._get("/contracts", Page.from_json, (query or ContractQuery()).params())

    async def contract(self, contract: ContractId) -> ContractRecord:
        """All that is held of a contract, as the backend answers it: nothing of it is checked yet."""
        answer = await self._send("GET", f"/contracts/{contract}")
        # A long record takes longer to read than a window may stand still.
        return await asyncio.to_thread(_read, ContractRecord.from_json, answer, strictly=True)

    async def create(self, envelope: Mapping[str, Any], document: SealedDocument) -> Accepted:
        """Hand in `created` with revision 0."""
        body = encode({"envelope": dict(envelope), "document": document.to_json()})
        return await self._post("/contracts", body, Accepted.from_json)

    async def append(
        self, contract: ContractId, envelope: Mapping[str, Any], document: SealedDocument | None = None
    ) -> Accepted:
        """Hand in another event; a proposal brings its document."""
        text = None if document is None else document.to_json()
        body = encode({"envelope": dict(envelope), "document": text})
        return await self._post(f"/contracts/{contract}/events", body, Accepted.from_json)

    async def batch(
        self, events: Sequence[tuple[Mapping[str, Any], SealedDocument | None]]
    ) -> tuple[Accepted | ProblemBody, ...]:
        """Hand in many events; a result for each, in order."""
        listed = [
            {"envelope": dict(envelope), "document": None if document is None else document.to_json()}
            for envelope, document in events
        ]

        def results(raw: Any) -> tuple[Accepted | ProblemBody, ...]:
            return tuple(
                Accepted.from_json(one)
                if "digest" in one and "code" not in one
                else ProblemBody.from_json(one)
                for one in raw["results"]
            )

        return await self._post("/events/batch", encode({"events": listed}), results)

    async def evidence(self, contract: ContractId) -> bytes:
        """The evidence file."""
        return (await self._send("GET", f"/contracts/{contract}/evidence")).content

    async def import_evidence(self, data: bytes) -> Imported:
        """Take an evidence file in."""
        answer = await self._send(
            "POST", "/contracts/import", content=data, kind=EVIDENCE_TYPE, timeout=IMPORT_SECONDS
        )
        return _read(Imported.from_json, answer)

    async def key_end(self, ended: KeyEnd) -> Accepted:
        """Hand in the end of a key."""
        return await self._post("/key-ends", encode(ended.json), Accepted.from_json)

    # -- log and anchors ------------------------------------------------------

    async def log_info(self) -> dict[str, Any]:
        """`{origin, vkey, operator, ledgers, ...}` of this backend's log."""
        return await self._get("/log/info", _object)

    async def checkpoint(self) -> str:
        """The newest signed checkpoint (a C2SP note)."""
        return (await self._send("GET", "/log/checkpoint")).text

    async def inclusion(self, digest: Digest) -> dict[str, Any]:
        """`{digest, index, size, root, proof}`."""
        return await self._get(f"/log/inclusion/{digest}", _object)

    async def inclusions(self, digests: Sequence[Digest]) -> tuple[int, dict[Digest, str]]:
        """(size of the log, tlog-proof text by digest) of those that the log holds; any number of them."""
        size = 0
        found: dict[Digest, str] = {}

        def proofs(raw: Any) -> tuple[int, dict[Digest, str]]:
            return int(raw["size"]), {Digest.parse(one): str(text) for one, text in raw["proofs"].items()}

        for start in range(0, len(digests), PROOFS_AT_ONCE):
            body = orjson.dumps({"digests": [str(one) for one in digests[start : start + PROOFS_AT_ONCE]]})
            size, some = await self._post("/log/inclusion", body, proofs)
            found |= some
        return size, found

    async def consistency(self, old: int, new: int) -> dict[str, Any]:
        """`{old, new, proof, note}`."""
        return await self._get("/log/consistency", _object, [("old", old), ("new", new)])

    async def leaves(self, start: int, end: int) -> list[bytes]:
        """The 64-byte leaves from `start` to before `end`; at most 10,000."""

        def leaves(raw: Any) -> list[bytes]:
            return [base64.b64decode(one, validate=True) for one in raw["leaves"]]

        return await self._get("/log/leaves", leaves, [("start", start), ("end", end)])

    async def anchors(self, limit: int = 100) -> tuple[AnchorInfo, ...]:
        """The newest anchors first."""

        def anchors(raw: Any) -> tuple[AnchorInfo, ...]:
            return tuple(map(AnchorInfo.from_json, raw["items"]))

        return await self._get("/anchors", anchors, [("limit", limit)])

    # -- inside ---------------------------------------------------------------

    async def _get(self, path: str, read: Callable[[Any], T], params: Any = None) -> T:
        return _read(read, await self._send("GET", path, params=params))

    async def _post(self, path: str, body: bytes, read: Callable[[Any], T]) -> T:
        return _read(read, await self._send("POST", path, content=body, kind=_JSON))

    async def _send(
        self,
        method: str,
        path: str,
        *,
        params: Any = None,
        content: bytes | None = None,
        kind: str | None = None,
        prefix: str = "/api/v1",
        timeout: float | None = None,
    ) -> httpx.Response:
        headers = {} if kind is None else {"Content-Type": kind}
        options: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
        for attempt in (1, 2):
            if self._http.is_closed:
                raise _silent()
            try:
                answer = await self._http.request(
                    method, prefix + path, params=params, content=content, headers=headers, **options
                )
                break
            except httpx.RequestError as error:
                broken = isinstance(error, httpx.RemoteProtocolError | httpx.ReadError)
                if attempt == 2 or not broken:
                    raise _silent() from error
        if answer.status_code >= 400:
            raise problem_of(answer).to_error()
        return answer


def _silent() -> BackendSilent:
    return BackendSilent(
        "The backend does not answer. What was accepted before is safe.",
        remedy="It is started again by itself; try once more in a moment.",
    )


def _read(read: Callable[[Any], T], answer: httpx.Response, *, strictly: bool = False) -> T:
    """The value in an answer. BackendUnreadable when it has another shape than this program knows.

    `strictly` where signed objects are in it: the protocol's own parser reads it.
    """
    content = answer.content
    try:
        raw = parse(content, limit=len(content)) if strictly else orjson.loads(content)
    except (FormError, ValueError) as error:
        raise BackendUnreadable from error
    try:
        return read(raw)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise BackendUnreadable from error


def _object(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise TypeError("no JSON object")
    return raw


def problem_of(answer: httpx.Response) -> ProblemBody:
    """The problem in an answer of 400 and above that was read."""
    try:
        raw = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        raw = None
    return ProblemBody.from_json(raw, answer.status_code)
