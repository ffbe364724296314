"""What every command shares: the data folder, how results and errors are written, and a backend for the lifetime."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import typer

from cms_backend.report.letters import one_line
from cms_desktop.cli.entry import EXIT_FAULT, EXIT_IO, tell

if TYPE_CHECKING:
    from cms_backend.core.errors import CmsError
    from cms_desktop.api.client import Client
    from cms_desktop.workflow.findings import Finding
    from cms_desktop.workflow.workspace import Workspace

T = TypeVar("T")

EXIT_USAGE: Final = 64
_WRONG_USE: Final = frozenset({"cli.root", "ledger.node-address"})
_FAULT_STATUS: Final = 500
_UNREADABLE: Final = frozenset(
    {
        "checked.unusable",
        "log-watch.unreadable",
        "wallet.damaged",
        "wallet.newer",
        "wallet.unreadable",
    }
)


@dataclass(slots=True)
class Options:
    """The options of the root command."""

    home: Path | None = None


def home(ctx: typer.Context) -> Path:
    """The data folder: --home, else CMS_HOME, else the platform's place."""
    options = ctx.find_root().obj
    if isinstance(options, Options) and options.home is not None:
        return options.home.expanduser().resolve()
    from cms_desktop.paths import default_home

    return default_home()


def say(*lines: str) -> None:
    """Lines of result for a person; an empty one without any. Each stays one line: line breaks and whatever else cannot
    be seen in what others wrote is written out, so that no title forges a row of its own.
    """
    for line in lines or ("",):
        say_exactly(one_line(line))


def say_exactly(text: str) -> None:
    """One line of result for a program, letter for letter."""
    sys.stdout.write(text + "\n")


def say_json(value: Any) -> None:
    """A JSON result on standard output."""
    say_exactly(json.dumps(value, ensure_ascii=False, indent=1))


def complain(error: CmsError) -> None:
    """What happened and what to do, on standard error."""
    sys.stderr.write(f"cms: {one_line(error.detail)}\n")
    if error.remedy:
        sys.stderr.write(f"     {one_line(error.remedy)}\n")


def tell_findings(findings: Iterable[Finding], *, end: bool = True) -> None:
    """What the backend answered and what does not hold, on standard error; with `end` the exit code is then 1."""
    from cms_desktop.workflow.findings import any_false

    told = tuple(findings)
    for one in told:
        sys.stderr.write(f"cms: {one_line(one.sentence)}\n")
    if any_false(told):
        sys.stderr.write("     None of that is shown as true. Compare with the file of another party.\n")
        if end:
            raise typer.Exit(1)


def fail(error: CmsError) -> NoReturn:
    """End the command with the error's words and its exit code."""
    complain(error)
    raise typer.Exit(exit_code_of(error))


def exit_code_of(error: CmsError) -> int:
    """64 for what the user gave, 74 for unreadable files, 70 for faults of ours, else 1."""
    from cms_backend.core.errors import EvidenceError, FormError
    from cms_desktop.api.errors import Refused

    if isinstance(error, FormError | EvidenceError) or error.code in _WRONG_USE:
        return EXIT_USAGE
    if error.code in _UNREADABLE:
        return EXIT_IO
    status = error.problem.status if isinstance(error, Refused) else error.status
    return EXIT_FAULT if status == _FAULT_STATUS else 1


def run(work: Callable[[], T]) -> T:
    """Do the work of a command; errors of ours become words and exit codes, never a traceback."""
    from cms_backend.core.errors import CmsError

    try:
        return work()
    except CmsError as error:
        fail(error)
    except BrokenPipeError as error:
        raise typer.Exit(EXIT_IO) from error
    except OSError as error:
        tell(one_line(f"{error.filename or 'A file'}: {error.strerror}"))
        raise typer.Exit(EXIT_IO) from error


def run_async(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """As `run`, for a coroutine."""
    return run(lambda: asyncio.run(work()))


@asynccontextmanager
async def backend(folder: Path) -> AsyncIterator[Client]:
    """A client of the running backend of a home, or of one that lives as long as this command."""
    from cms_desktop.api.client import Client
    from cms_desktop.backend.supervisor import Supervisor

    async with Supervisor(folder) as supervisor:
        endpoint = await supervisor.ready()
        client = Client(endpoint.base_url, launch_secret=endpoint.launch_secret)
        try:
            yield client
        finally:
            await client.aclose()


@asynccontextmanager
async def workspace(folder: Path) -> AsyncIterator[Workspace]:
    """Contracts and drafts of a home."""
    from contextlib import closing

    from cms_desktop.api.memory import Memory
    from cms_desktop.workflow.drafts import DraftStore
    from cms_desktop.workflow.workspace import Workspace

    async with backend(folder) as client:
        with closing(Memory(folder)) as memory:
            yield Workspace(client, DraftStore(folder / "drafts"), memory=memory, home=folder)


async def contract_id(space: Workspace, text: str) -> Any:
    """A contract's id from its beginning. NotFound in words when none or several fit."""
    from cms_backend.core.ids import ContractId
    from cms_desktop.api.values import ContractQuery
    from cms_desktop.wallet.errors import IdentityError

    if len(text) == 36:
        return ContractId.parse(text)
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = await space.list(ContractQuery(cursor=cursor))
        found += [row.id for row in page.items if text and row.id.startswith(text)]
        cursor = page.next
        if cursor is None:
            break
    if len(found) == 1:
        return ContractId.parse(found[0])
    problem = "No contract" if not found else f"{len(found)} contracts"
    raise IdentityError(
        f"{problem} with an id that begins with {text!r}.", remedy="See them with: cms contract list"
    )
