"""The log file: one JSON object a line, rotated, private, and free of secrets."""

import logging
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import structlog

from cms_backend.config import MonitoringSettings
from cms_backend.observability.logging import configure_logging


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    handler = configure_logging(tmp_path / "logs", MonitoringSettings(log_file_bytes=64 * 1024, log_files=2))
    yield tmp_path / "logs"
    handler.close()
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def _read(folder: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in (folder / "backend.log").read_bytes().splitlines()]


def test_a_line_is_an_object_with_time_level_and_the_requests_id(lines: Path) -> None:
    with structlog.contextvars.bound_contextvars(request="00ff"):
        structlog.get_logger("contract").info("event.accepted", digest="ab")
    [line] = _read(lines)
    assert line.keys() >= {"timestamp", "level", "logger", "event", "request", "digest"}
    assert (line["request"], line["level"]) == ("00ff", "info")


@pytest.mark.parametrize("name", ["launch_secret", "Authorization", "jwt_token", "seed", "passphrase"])
def test_a_value_whose_name_sounds_secret_is_hidden(lines: Path, name: str) -> None:
    structlog.get_logger("app").info("careless", **{name: "hunter2"})
    assert "hunter2" not in (lines / "backend.log").read_text()


def test_the_standard_librarys_loggers_write_the_same_form(lines: Path) -> None:
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        logging.getLogger("uvicorn.error").exception("broken")
    [line] = _read(lines)
    assert line["event"] == "broken"
    assert "ZeroDivisionError" in str(line["exception"])


def test_the_file_is_private_and_rotated_within_its_bound(lines: Path) -> None:
    log = structlog.get_logger("app")
    for number in range(3000):
        log.info("line", number=number, text="x" * 100)
    files = sorted(path.name for path in lines.iterdir())
    assert files == ["backend.log", "backend.log.1", "backend.log.2"]
    for path in lines.iterdir():
        assert path.stat().st_size <= 64 * 1024
        assert path.stat().st_mode & 0o077 == 0
