"""What this home has seen of logs, in HOME/logs-seen: the pinned log, each log's last signed note, and alarms.

pin.json                       {format, vkey, operator}: the log of this home's backend
<32 hex of H(vkey)>.note       the last note of that log, as it was signed
alarm-<digest>-<digest>.json   two things that one honest log cannot both have said; never written again
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from cms_backend.core.checkpoint import VerifierKey, parse_vkey
from cms_backend.core.errors import CmsError
from cms_backend.core.hashing import H
from cms_backend.core.ids import Did
from cms_desktop.files import write_whole

FOLDER: Final = "logs-seen"
PIN_FORMAT: Final = "cms-log-pin/1"
ALARM_FORMAT: Final = "cms-log-alarm/1"
_MODE: Final = 0o600


class LogsSeenUnreadable(CmsError):
    """What was kept of a log cannot be read, so that nothing can be compared with it."""

    code = "log-watch.unreadable"


@dataclass(frozen=True, slots=True)
class Pin:
    """The log that this home's backend had at the first look, or its named successor."""

    vkey: VerifierKey
    operator: Did


class LogsSeen:
    """The folder. All methods block; OSError when the disk refuses, LogsSeenUnreadable for damaged content."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def pin(self) -> Pin | None:
        """The pinned log; None before the first look."""
        path = self._folder / "pin.json"
        data = _read(path)
        if data is None:
            return None
        try:
            raw = orjson.loads(data)
            if raw["format"] != PIN_FORMAT:
                raise ValueError(raw["format"])
            return Pin(parse_vkey(raw["vkey"]), Did.parse(raw["operator"]))
        except (ValueError, KeyError, TypeError, CmsError) as error:
            raise _unreadable(path) from error

    def note(self, vkey: VerifierKey) -> str | None:
        """The last note of this log."""
        path = self._note_path(vkey)
        data = _read(path)
        try:
            return None if data is None else data.decode()
        except UnicodeDecodeError as error:
            raise _unreadable(path) from error

    def keep(self, pin: Pin, note: str, *, instead_of: str | None) -> bool:
        """Take the next note of the log, if its last is still `instead_of`; False: another program looked meanwhile."""
        with self._only_writer():
            if self.note(pin.vkey) != instead_of:
                return False
            if note != instead_of:
                write_whole(self._note_path(pin.vkey), note.encode(), mode=_MODE)
            if self.pin() != pin:
                self._write_pin(pin)
        return True

    def pin_instead(self, pin: Pin) -> None:
        """Hold this home's backend to another log, because its person has begun one. The old notes stay."""
        with self._only_writer():
            self._write_pin(pin)

    def _write_pin(self, pin: Pin) -> None:
        body = {"format": PIN_FORMAT, "vkey": pin.vkey.text, "operator": str(pin.operator)}
        write_whole(self._folder / "pin.json", orjson.dumps(body), mode=_MODE)

    def keep_alarm(self, before: str, now: str, body: dict[str, Any]) -> Path:
        """Write the proof of a fault under the digests of its two parts, unless it is there already; its path."""
        path = self._folder / f"alarm-{H(before)}-{H(now)}.json"
        with self._only_writer():
            if not path.exists():
                data = orjson.dumps({"format": ALARM_FORMAT, **body}, option=orjson.OPT_INDENT_2)
                write_whole(path, data, mode=_MODE)
        return path

    def alarms(self) -> tuple[Path, ...]:
        """The proofs of faults so far, by name."""
        return tuple(sorted(self._folder.glob("alarm-*.json")))

    def _note_path(self, vkey: VerifierKey) -> Path:
        return self._folder / f"{H(vkey.text)[:32]}.note"

    @contextlib.contextmanager
    def _only_writer(self) -> Iterator[None]:
        """The window and the command line may look at once; the later one must not undo the other's."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
        try:
            with contextlib.suppress(ImportError):  # Windows: the compare before the replace is all there is
                import fcntl

                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _unreadable(path: Path) -> LogsSeenUnreadable:
    return LogsSeenUnreadable(
        f"What was kept of the log in {path} cannot be read.",
        remedy="Put it back from a backup. Moved away, the log is taken as new at the next look.",
    )
