"""The entry of the `cms` command: whatever happens, the process ends with an exit code that says what it was.

Python ends with 1 on an exception that nobody caught, and 1 is a verdict here (protocol, section 9). So nothing is
imported before `main` runs, and every exception is caught in one place.
"""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Final, NoReturn, TextIO

EXIT_FAULT: Final = 70
EXIT_IO: Final = 74
EXIT_STOPPED: Final = 130
_FRAMES: Final = 4


def main() -> NoReturn:
    """Run the command line of this process, and end it. See docs/operations.md for the exit codes."""
    _make_streams_safe()
    sys.exit(_flushed(_run()))


def _run() -> int:
    try:
        from cms_desktop.cli.app import run
        from cms_desktop.memory_guard import forbid_core_dumps

        forbid_core_dumps()
        return run()
    except SystemExit as leaving:
        # Typer ends with 1 when its own output has no reader; with a code of ours nothing else does.
        if isinstance(leaving.__context__, BrokenPipeError):
            return EXIT_IO
        return leaving.code if isinstance(leaving.code, int) else EXIT_FAULT
    except KeyboardInterrupt:
        tell("stopped.")
        return EXIT_STOPPED
    except BrokenPipeError:
        return EXIT_IO
    except OSError as error:
        tell(f"{error.filename or 'the system'}: {error.strerror}")
        return EXIT_IO
    except BaseException as error:  # noqa: BLE001 - the one place where every exception gets its exit code
        tell_fault(error)
        return EXIT_FAULT


def tell_fault(error: BaseException, about: str = "") -> None:
    """Name a fault of this program on standard error: its kind and its place. Its words and values are left out, for
    nobody knows what they hold.
    """
    before = f"{about}: " if about else ""
    if isinstance(error, MemoryError):
        tell(f"{before}there is not enough memory to do this.")
        return
    tell(f"{before}this is a fault of the program: {type(error).__name__} at {_place(error.__traceback__)}.")
    tell("Please report it. Nothing was decided about the file.", indent=True)


def tell(text: str, *, indent: bool = False) -> None:
    """A line on standard error, also when memory or the stream itself is what is missing."""
    data = f"{'    ' if indent else 'cms:'} {text}\n".encode("utf-8", "backslashreplace")
    try:
        sys.stderr.flush()
        sys.stderr.write(data.decode())
        sys.stderr.flush()
    except (OSError, ValueError, MemoryError):
        pass


def _place(trace: TracebackType | None) -> str:
    frames: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{os.path.basename(code.co_filename)}:{trace.tb_lineno}")  # noqa: PTH119 - no import here
        trace = trace.tb_next
    return " > ".join(frames[-_FRAMES:])


def _make_streams_safe() -> None:
    """Give closed standard streams a place to write to, and let no letter that a terminal lacks stop the command."""
    for name in ("stdin", "stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            # Opened at once: otherwise the next file that is opened gets the free number, and the output goes there.
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: SIM115, PTH123 - stays open
        elif hasattr(stream, "reconfigure") and name != "stdin":
            stream.reconfigure(errors="backslashreplace")


def _flushed(code: int) -> int:
    """The exit code, once all output is written: never 0 when it could not be."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError) as error:
            if not isinstance(error, BrokenPipeError):
                tell("the output could not be written.")
            code = code or EXIT_IO
            _let_go(stream)
    return code


def _let_go(stream: TextIO) -> None:
    """Point a stream that cannot be written to nowhere, so that its last flush at the end of the process is quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError):
        pass
    finally:
        os.close(nowhere)
