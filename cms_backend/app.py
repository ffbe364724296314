"""The composition root: builds the parts, starts and stops them in order, and makes the FastAPI app."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI

from cms_backend import about
from cms_backend.anchoring import comparing
from cms_backend.anchoring import repository as anchors
from cms_backend.anchoring.worker import AnchoringWorker, LedgerState
from cms_backend.auth import endpoints as auth_endpoints
from cms_backend.auth.challenge import Challenges, MemoryAnsweredStore
from cms_backend.auth.dependencies import caller
from cms_backend.auth.gate import Gate, GateMiddleware
from cms_backend.auth.jwt import TokenIssuer
from cms_backend.config import Settings
from cms_backend.contract import endpoints as contract_endpoints
from cms_backend.contract.schemas import SCHEMAS as CONTRACT_SCHEMAS
from cms_backend.contract.service import ContractService
from cms_backend.core.checkpoint import LogKey, parse_vkey
from cms_backend.core.errors import CmsError
from cms_backend.core.hashing import sha256
from cms_backend.core.ids import Time
from cms_backend.core.signatures import Ed25519Signer
from cms_backend.core.statements import LedgerRef
from cms_backend.db.migrate import migrate
from cms_backend.db.session import Database
from cms_backend.http import problems
from cms_backend.http.border import BorderMiddleware
from cms_backend.http.middleware import RequestIdMiddleware
from cms_backend.identity import endpoints as identity_endpoints
from cms_backend.identity.keys import KeyVault, MemoryVault, open_vault, secret_of
from cms_backend.identity.log_keys import known_logs, log_seed
from cms_backend.ledger import LOCAL_FILE, create_ledger
from cms_backend.ledger.account import account_of
from cms_backend.ledger.adapter import Ledger, LedgerIdentity
from cms_backend.log import endpoints as log_endpoints
from cms_backend.log import head_file, marking
from cms_backend.log import repository as log_repository
from cms_backend.log import seen as seen_notes
from cms_backend.log.head_file import NAME as HEAD_FILE
from cms_backend.log.sequencer import Sequenced, Sequencer
from cms_backend.log.service import OwnLog
from cms_backend.notification import endpoints as notification_endpoints
from cms_backend.notification.bus import Bus

_log = structlog.get_logger("app")
STATEMENT_PATIENCE = 5.0
"""Seconds that anchoring waits for the leaf of the LogStatement that names its ledger."""
PREFIX = "/api/v1"


def program_version() -> str:
    """The version of the installed program."""
    try:
        return version("contract-management-system")
    except PackageNotFoundError:
        return "0"


class Backend:
    """The parts of one backend. Making it does no I/O but reading its keys; ``running`` does the rest."""

    def __init__(
        self,
        settings: Settings,
        vault: KeyVault,
        *,
        launch_secret: str | None,
        instance: str,
        log_key: bytes | None = None,
    ) -> None:
        """``log_key``: the seed (32 bytes) of the log's key, where the vault's first is not the one."""
        self.settings = settings
        self.launch_secret = launch_secret
        self.instance = instance
        self.bus = Bus()
        self.database = Database(settings)
        key = LogKey(log_key or secret_of(vault, "log-key"), settings.log.origin)
        operator = Ed25519Signer(secret_of(vault, "operator-key"))
        head_file = None if settings.database.url else settings.home / HEAD_FILE
        self.log = OwnLog(self.database, key, operator, head_file)
        self.contracts = ContractService(self.database, self.log, self.bus.publish)
        self.sequencer = Sequencer(
            self.database,
            self.log,
            interval=settings.log.batch_interval_seconds,
            batch=settings.log.batch_size,
            placed=self.contracts.placed,
            done=self._sequenced,
            holder=None if settings.database.url else instance,
        )
        self.contracts.on_accepted = self.sequencer.wake
        tokens = TokenIssuer(
            _token_secret(settings, vault),
            issuer=key.origin,
            lifetime_seconds=settings.auth.token_expiry_hours * 3600,
        )
        self.tokens = tokens
        self.gate = Gate(launch_secret, tokens)
        lifetime = timedelta(seconds=settings.auth.challenge_timeout_seconds)
        self.challenges = Challenges(MemoryAnsweredStore(), key.origin, lifetime)
        self.on_stop_request: Callable[[], None] = lambda: None
        self.version = program_version()
        #: None until its libraries are loaded (web3 takes most of a second; nobody waits for it).
        self.ledger: Ledger | None = None
        self.anchoring: AnchoringWorker | None = None
        self._identity: LedgerIdentity | None = None
        self._grew = asyncio.Event()
        self._ledger_problem: LedgerState | None = None
        self._account_secret = secret_of(vault, "ledger-account")
        self.ledger_account = account_of(self._account_secret)
        #: Was the node asked at the start? None where there is none to ask.
        self.ledger_asked: bool | None = None

    @classmethod
    def open(cls, settings: Settings, *, launch_secret: str | None, instance: str) -> "Backend":
        """The backend of a data folder. Brings its database forward first. Raises CmsError."""
        migrate(settings.database_path)
        vault = open_vault(settings.home, settings.keys, instance)
        key = None
        if not settings.database.url:
            published = not isinstance(head_file.read(settings.home / HEAD_FILE), str)
            known = known_logs(settings.database_path)
            key = log_seed(vault, known, settings.log.origin, published=published)
        return cls(settings, vault, launch_secret=launch_secret, instance=instance, log_key=key)

    @classmethod
    def describe(cls, settings: Settings) -> "Backend":
        """A backend that is never run, for its API description."""
        return cls(settings, MemoryVault(), launch_secret=None, instance="")

    # --- life ---------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything runs inside the block; at its end what was taken is written, then all is closed."""
        await self.open_log()
        writer = asyncio.create_task(self.contracts.run(), name="writer")
        others = [
            asyncio.create_task(self.sequencer.run(), name="sequencer"),
        ]
        if self.settings.blockchain.enabled:
            others.append(asyncio.create_task(self._anchor(), name="anchoring"))
        for task in (writer, *others):
            task.add_done_callback(_report)
        try:
            yield
        finally:
            self.hang_up()
            self.contracts.stop()
            await writer
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            if self.ledger is not None:
                await self.ledger.close()
            await self.database.close()

    async def open_log(self) -> None:
        """Open the log, and hold it to all that is known of it before anything is accepted: the file beside
        the database, the mark of a backup, what this computer's clients have seen, and the ledger. Raises CmsError.
        """
        home, log, settings = self.settings.home, self.log, self.settings
        await log.open()
        doubt = marking.doubt_of(home)
        if doubt is not None:
            await log.doubt("backup", doubt)
        for seen in await asyncio.to_thread(seen_notes.own_notes, home, parse_vkey(log.vkey)):
            await log.compare(seen.size, seen.root.raw, "what this computer has seen of it")
        chain = settings.blockchain
        embedded = chain.enabled and not chain.node_url
        await comparing.with_local_ledger(
            self.database, log, home / LOCAL_FILE, self.ledger_account, in_use=embedded
        )
        if chain.enabled and chain.node_url:
            self.ledger = await self._made_ledger()
            self.ledger_asked = self.ledger is not None and await comparing.with_node(
                self.database, log, self.ledger
            )

    async def _made_ledger(self) -> Ledger | None:
        """The ledger of the settings. Wrong settings: everything but anchoring goes on, and /status says why."""
        try:
            return await asyncio.to_thread(
                create_ledger, self.settings, self.settings.home, self._account_secret
            )
        except CmsError as error:
            _log.error("ledger.settings", code=error.code, reason=error.detail)
            self._no_ledger(error.detail)
            return None

    def _no_ledger(self, reason: str) -> None:
        self._ledger_problem = LedgerState("unavailable", Time.from_datetime(datetime.now(UTC)), reason)

    async def _anchor(self) -> None:
        """Load the ledger, then anchor for ever; what was not anchored before is anchored now."""
        doubt = next((cause.words for cause in self.log.causes if cause.kind == "ledger"), None)
        if doubt is not None:
            # An embedded ledger that was lost is not begun anew before a person has said so.
            self._no_ledger(doubt)
            return
        ledger = self.ledger = self.ledger or await self._made_ledger()
        if ledger is None:
            return
        self.anchoring = AnchoringWorker(
            self.database,
            ledger,
            self.log,
            self._anchored,
            # A block of the embedded chain costs nothing; on a node's chain a checkpoint has a price.
            interval=30.0 if self.settings.blockchain.node_url else 1.0,
            on_identity=self._found,
        )
        await self.anchoring.run()

    async def _found(self, identity: LedgerIdentity) -> None:
        self._identity = identity
        if identity.log_id is None:
            return
        place = LedgerRef(
            identity.chain, identity.genesis_block, identity.ledger, identity.code, identity.log_id
        )
        self._grew.clear()
        if await self.log.announce([place]):
            self.sequencer.wake()
            # The first anchor should cover the operator's word on this ledger: without it nobody may rely on it.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._grew.wait(), STATEMENT_PATIENCE)

    def _anchored(self, name: str, data: Mapping[str, Any]) -> None:
        self.bus.publish(name, dict(data))

    def hang_up(self) -> None:
        """End the event streams."""
        self.bus.publish("backend", {"contract": None, "digest": None, "what": "stopping"})
        self.bus.close()

    async def _sequenced(self, placed: Sequence[Sequenced]) -> None:
        self._grew.set()
        data = {"contract": None, "digest": None, "what": "checkpoint", "size": self.log.size}
        self.bus.publish("log", data)
        if self.anchoring is not None:
            self.anchoring.wake()
        await self.contracts.sequenced(placed, self.bus.has_listeners)

    async def status(self) -> dict[str, Any]:
        """The answer of ``GET /status``."""
        async with self.database.read() as connection:
            queue = await log_repository.queue_length(connection)
            pending, confirmed = await anchors.counts(connection, self.log.id)
        return {
            "log": {
                "size": self.log.size,
                "origin": self.log.origin,
                "frozen": self.log.frozen,
                "remedy": self.log.remedy,
                "trouble": self.sequencer.trouble,
            },
            "ledger": self._ledger_status(),
            "anchors": {"pending": pending, "confirmed": confirmed},
            "queue": queue,
        }

    @property
    def _waiting(self) -> str:
        return "starting" if self.settings.blockchain.enabled else "off"

    def _ledger_status(self) -> dict[str, Any]:
        kind = "rpc" if self.settings.blockchain.node_url else "embedded"
        worker = self.anchoring
        state = worker.state if worker is not None else self._ledger_problem
        return {
            "kind": kind,
            "chain": self._identity.chain if self._identity is not None else None,
            "head": worker.head.number if worker is not None and worker.head is not None else None,
            "state": state.state if state is not None else self._waiting,
            "since": state.since if state is not None else None,
            "reason": state.reason if state is not None else None,
        }


def _token_secret(settings: Settings, vault: KeyVault) -> bytes:
    given = settings.auth.jwt_secret
    return secret_of(vault, "token-key") if given is None else sha256(given.get_secret_value().encode())


def _report(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        _log.error("task.died", task=task.get_name(), exc_info=task.exception())


def create_app(backend: Backend) -> FastAPI:
    """The HTTP face of a backend."""
    limits = backend.settings.limits
    app = FastAPI(
        title="Contract Management System",
        version=program_version(),
        description=(
            "Contracts as signed events in a transparency log. Bodies are protocol JSON: exact members, "
            f"no floats, NFC strings. Limits: {limits.body} bytes a request, {limits.evidence} for evidence "
            f"files and batches, {limits.batch_events} events a batch."
        ),
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
        responses=problems.PROBLEM_RESPONSES,
    )
    # The last one added is the first that a request meets.
    app.add_middleware(GateMiddleware, gate=backend.gate, attach_path=f"{PREFIX}/attach")
    app.add_middleware(
        BorderMiddleware,
        address=backend.settings.server.host,
        names=backend.settings.server.names or (),
        media_types={f"{PREFIX}/contracts/import": (contract_endpoints.EVIDENCE_TYPE,)},
    )
    app.add_middleware(RequestIdMiddleware)
    problems.install(app)
    routes = APIRouter(prefix=PREFIX)
    routes.include_router(about.router(backend))
    routes.include_router(auth_endpoints.router(backend.challenges, backend.tokens))
    routes.include_router(contract_endpoints.router(backend.contracts, backend.settings.limits))
    routes.include_router(identity_endpoints.router(backend.database, caller))
    routes.include_router(log_endpoints.router(backend.log, backend.database))
    routes.include_router(notification_endpoints.router(backend.bus))
    app.include_router(routes)
    app.include_router(about.ledger_router(backend))
    _describe(app)
    return app


def _describe(app: FastAPI) -> None:
    """Put the shapes of bodies that endpoints read by themselves into the API description."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(about.SCHEMAS)
        schemas.update(CONTRACT_SCHEMAS)
        schemas.update(auth_endpoints.SCHEMAS)
        schemas.update(identity_endpoints.SCHEMAS)
        schemas["Problem"] = problems.PROBLEM_SCHEMA
        document["paths"][f"{PREFIX}/attach"] = auth_endpoints.ATTACH_PATH
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the description
