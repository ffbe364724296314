"""``python -m cms_backend COMMAND``: serve, and what an operator does to a data folder while nothing serves it."""

import argparse
import asyncio
import json
import secrets
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from cms_backend import process
from cms_backend.config import Settings, SettingsError, load_settings
from cms_backend.core.errors import CmsError
from cms_backend.db.files import is_full
from cms_backend.process import CannotStart


class _Parser(argparse.ArgumentParser):
    """Wrong usage ends with EX_USAGE, not with argparse's own 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(process.EXIT_USAGE, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m cms_backend", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    shared = _Parser(add_help=False)
    shared.add_argument(
        "--home", type=Path, help="the data folder (default: CMS_HOME, or the platform's place)"
    )
    shared.add_argument("--config", type=Path, help="a YAML settings file (default: CMS_CONFIG)")
    serve = commands.add_parser("serve", parents=[shared], help="serve the API until told to stop")
    serve.add_argument("--host", help="the address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, help="the port to listen on (default: a free one)")
    serve.add_argument("--child", action="store_true", help="end when standard input ends")
    commands.add_parser("migrate", parents=[shared], help="bring the database to this version")
    backup = commands.add_parser("backup", parents=[shared], help="copy the data folder while it is in use")
    backup.add_argument("--out", type=Path, required=True, help="the folder to write; it must not exist")
    restore = commands.add_parser("restore", parents=[shared], help="make the data folder out of a backup")
    restore.add_argument("--from", dest="source", type=Path, required=True, help="the folder of the backup")
    commands.add_parser("standing", parents=[shared], help="print whether the log may go on, as JSON")
    commands.add_parser("resume", parents=[shared], help="this data folder is the newest: let its log go on")
    commands.add_parser("begin-log", parents=[shared], help="begin a new log in the place of a frozen one")
    deploy = commands.add_parser(
        "deploy-ledger", parents=[shared], help="put a ContractLedger on the chain that the settings name"
    )
    deploy.add_argument("--estimate", action="store_true", help="say what it would cost, and send nothing")
    commands.add_parser("openapi", parents=[shared], help="print the API description")
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    settings = load_settings(options.config, home=options.home)
    changed = {
        name: getattr(options, name) for name in ("host", "port") if getattr(options, name, None) is not None
    }
    if changed:
        settings = settings.model_copy(update={"server": settings.server.model_copy(update=changed)})
    return settings


def _fail(error: CmsError, exit_code: int) -> int:
    sys.stderr.write(f"{error.detail}\n" + (f"{error.remedy}\n" if error.remedy else ""))
    return exit_code


def _serve(settings: Settings, *, child: bool) -> int:
    import uvloop

    from cms_backend.observability.logging import configure_logging

    with _only_here(settings.home):
        configure_logging(settings.home / "logs", settings.monitoring)
        server_socket = process.bind(settings.server.host, settings.server.port)
        with server_socket, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_run(settings, server_socket, child=child))


@contextmanager
def _only_here(home: Path) -> Iterator[None]:
    """No other backend works on the data folder meanwhile. Raises CannotStart."""
    process.check_places(home)
    lock = process.HomeLock(home)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


async def _run(settings: Settings, server_socket: socket.socket, *, child: bool) -> int:
    from cms_backend.app import Backend
    from cms_backend.serving import serve

    backend = Backend.open(
        settings, launch_secret=secrets.token_hex(32), instance=process.instance_id(settings.home)
    )
    return await serve(backend, server_socket, child=child)


def _migrate(settings: Settings) -> int:
    from cms_backend.db.migrate import migrate

    with _only_here(settings.home):
        changed = migrate(settings.database_path)
    sys.stdout.write(
        f"{settings.database_path} {'was brought to' if changed else 'already has'} this version's form.\n"
    )
    return 0


def _backup(settings: Settings, target: Path) -> int:
    from cms_backend.restoring import backup

    for name in backup(settings.home, target):
        sys.stdout.write(f"{target / name}\n")
    return 0


def _restore(settings: Settings, source: Path) -> int:
    from cms_backend.restoring import restore

    for name in restore(source, settings.home):
        sys.stdout.write(f"{settings.home / name}\n")
    return 0


def _stand(settings: Settings, *, resumed: bool) -> int:
    from cms_backend.observability.logging import configure_logging
    from cms_backend.restoring import resume, standing

    with _only_here(settings.home):
        configure_logging(settings.home / "logs", settings.monitoring)
        found = asyncio.run(resume(settings) if resumed else standing(settings))
    sys.stdout.write(json.dumps(found.to_json()) + "\n")
    return 0


def _begin_log(settings: Settings) -> int:
    from cms_backend.observability.logging import configure_logging
    from cms_backend.restoring import begin_new

    with _only_here(settings.home):
        configure_logging(settings.home / "logs", settings.monitoring)
        begun = asyncio.run(begin_new(settings))
    sys.stdout.write(json.dumps(asdict(begun)) + "\n")
    return 0


def _deploy_ledger(settings: Settings, *, estimate: bool) -> int:
    """Print the deployment, or its cost, as JSON. The account is the one of ``blockchain.private_key_path``."""
    from cms_backend.ledger.errors import AccountUnusable, LedgerError

    if not settings.blockchain.node_url or settings.blockchain.private_key_path is None:
        raise SettingsError(
            "A ledger is deployed through a node, and paid for by an account.",
            remedy="Set blockchain.node_url and blockchain.private_key_path.",
        )
    try:
        made = asyncio.run(_deployed(settings, estimate=estimate))
    except LedgerError as error:
        return _fail(error, process.EXIT_IO if isinstance(error, AccountUnusable) else 1)
    sys.stdout.write(json.dumps(made) + "\n")
    return 0


async def _deployed(settings: Settings, *, estimate: bool) -> dict[str, Any]:
    from cms_backend.ledger import create_ledger
    from cms_backend.ledger.evm import EvmLedger

    # The account comes out of its file; the backend's own is neither needed nor made.
    ledger = create_ledger(settings, settings.home, b"")
    if not isinstance(ledger, EvmLedger):
        raise TypeError("a node's ledger is an EvmLedger")
    try:
        return (await ledger.deployment_cost() if estimate else await ledger.deploy()).to_json()
    finally:
        await ledger.close()


def _openapi(settings: Settings) -> int:
    from cms_backend.app import Backend, create_app

    document: dict[str, Any] = create_app(Backend.describe(settings)).openapi()
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
    return 0


def _dispatch(options: argparse.Namespace) -> int:
    settings = _settings(options)
    match options.command:
        case "serve":
            return _serve(settings, child=options.child)
        case "migrate":
            return _migrate(settings)
        case "backup":
            return _backup(settings, options.out)
        case "restore":
            return _restore(settings, options.source)
        case "begin-log":
            return _begin_log(settings)
        case "standing" | "resume":
            return _stand(settings, resumed=options.command == "resume")
        case "deploy-ledger":
            return _deploy_ledger(settings, estimate=options.estimate)
        case _:
            return _openapi(settings)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code (see ``cms_backend.process``)."""
    process.forbid_core_dumps()
    options = _parser().parse_args(arguments)
    # Until the server takes over, Ctrl-C and a polite kill end the program without a traceback.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    try:
        return _dispatch(options)
    except CannotStart as error:
        return _fail(error, error.exit_code)
    except SettingsError as error:
        return _fail(error, process.EXIT_CONFIG)
    except CmsError as error:
        cause = error.__cause__
        if error.code == "storage.full" or (isinstance(cause, OSError) and is_full(cause)):
            error = process.disk_full()
        exit_code = _EXIT_CODES.get(error.code, process.EXIT_FAULT)
        return _fail(error, exit_code)
    except OSError as error:
        return _fail(process.cannot_use(error), process.EXIT_IO)
    except Exception as error:  # noqa: BLE001  # a fault of ours ends in one line too; the log file has the rest
        return _fail(process.fault(error), process.EXIT_FAULT)


_EXIT_CODES = {
    "backend.cannot-start": process.EXIT_IO,
    "database.newer": process.EXIT_NEWER_DATABASE,
    "database.damaged": process.EXIT_IO,
    "storage.full": process.EXIT_IO,
    "storage.failed": process.EXIT_IO,
    "storage.busy": process.EXIT_TAKEN,
    "backup.failed": process.EXIT_IO,
    "backup.restore-failed": process.EXIT_IO,
    "log.head-not-kept": process.EXIT_IO,
    "log.frozen": process.EXIT_FROZEN,
    "log.not-frozen": process.EXIT_FROZEN,
    "log.origin-fixed": process.EXIT_CONFIG,
    "ledger.unreachable": process.EXIT_IO,
    "log.ledger-not-asked": process.EXIT_FROZEN,
    "keys.unavailable": process.EXIT_CONFIG,
    "log.key-missing": process.EXIT_CONFIG,
}

if __name__ == "__main__":
    sys.exit(main())
