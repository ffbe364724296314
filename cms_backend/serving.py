"""uvicorn around the app: the ready line once requests are served, and a clean stop whoever asks for it."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import threading
from collections.abc import Callable, Generator
from datetime import UTC, datetime

import structlog
import uvicorn

from cms_backend import process
from cms_backend.app import Backend, create_app, program_version
from cms_backend.core.ids import Time
from cms_backend.http.connections import Connection, Strangers
from cms_backend.http.lobby import Lobby

_log = structlog.get_logger("serving")
_GRACE_SECONDS = 3
#: When the parent is gone and a clean stop hangs, the process must still end.
_LAST_RESORT_SECONDS = 15.0


class _Server(uvicorn.Server):
    """Leaves signals to us, says when it is ready, and hangs up streams before it waits for
    requests to end.
    """

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], hang_up: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._hang_up = hang_up
        self._strangers = Strangers()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        def connection(first: bytes) -> Connection:
            return Connection(
                self._strangers,
                first,
                config=self.config,
                server_state=self.server_state,
                app_state=self.lifespan.state,
            )

        # In the place of asyncio's servers, which make a protocol of every connection that waits, in one turn.
        self.servers = [Lobby(bound, connection) for bound in sockets or ()]  # type: ignore[misc]
        self.started = True
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hang_up()
        self._strangers.drop_all()
        await super().shutdown(sockets)


async def serve(backend: Backend, server_socket: socket.socket, *, child: bool) -> int:
    """Serve until SIGTERM, SIGINT, ``POST /backend/stop``, or (``child``) the end of standard input."""
    loop = asyncio.get_running_loop()
    port = int(server_socket.getsockname()[1])
    home = backend.settings.home

    def ready() -> None:
        started = Time.from_datetime(datetime.now(UTC))
        secret = backend.launch_secret or ""
        launch = process.Launch(os.getpid(), port, program_version(), started, backend.instance, secret)
        process.write_run_file(home, launch)
        _log.info("backend.ready", port=port, pid=launch.pid, version=launch.version)
        process.announce(port)

    config = uvicorn.Config(
        create_app(backend),
        loop="none",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config, ready, backend.hang_up)
    # Parsed events are many small objects that live for milliseconds: the default thresholds walk the
    # whole heap
    # for every few hundred of them (a fifth of the time under load, measured).
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)

    def stop() -> None:
        server.should_exit = True

    def parent_gone() -> None:
        last_resort = threading.Timer(_LAST_RESORT_SECONDS, os._exit, (process.EXIT_FAULT,))
        last_resort.daemon = True
        last_resort.start()
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            loop.call_soon_threadsafe(stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    backend.on_stop_request = stop
    async with backend.running():
        if child:
            process.watch_parent(parent_gone)
        await server.serve([server_socket])
    _log.info("backend.stopped")
    return 0
