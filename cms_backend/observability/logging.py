"""Structured logs, one JSON object a line, into a rotated file of the data folder.

Nothing that a person typed and no secret is ever a log value: callers name ids, digests, codes, sizes and
times. A last guard replaces values whose names say that they are secret.
"""

import logging
import logging.handlers
from pathlib import Path
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

from cms_backend.config import MonitoringSettings

_SECRET_NAMES = (
    "secret",
    "password",
    "passphrase",
    "token",
    "authorization",
    "seed",
    "private",
    "mnemonic",
    "signature",
)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the value of each name that sounds like a secret."""
    for name in event:
        if any(word in name.lower() for word in _SECRET_NAMES):
            event[name] = "[hidden]"
    return event


def _render(event: EventDict, **_options: Any) -> str:
    return orjson.dumps(event, default=str).decode()


class _PrivateFile(logging.handlers.RotatingFileHandler):
    def _open(self) -> Any:
        stream = super()._open()
        Path(self.baseFilename).chmod(0o600)
        return stream

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk loses lines of the log file, and nothing else: no traceback on standard error."""


def configure_logging(folder: Path | None, settings: MonitoringSettings) -> logging.Handler:
    """Send structlog and the standard library's loggers to ``folder/backend.log`` (or stderr without a
    folder).
    """
    handler: logging.Handler
    if folder is None:
        handler = logging.StreamHandler()
    else:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = _PrivateFile(
            folder / "backend.log",
            maxBytes=settings.log_file_bytes,
            backupCount=settings.log_files,
            encoding="utf-8",
        )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
        structlog.processors.format_exc_info,
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_render),
            ],
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(settings.log_level.upper())
    for noisy in ("aiosqlite", "alembic", "sqlalchemy", "asyncio", "web3", "urllib3"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    return handler
