"""`cms backend`: run, see and stop the backend process of a data folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cms_desktop.cli.context import home, run, run_async, say, say_json
from cms_desktop.cli.ledger import ledger_words
from cms_desktop.cli.newest import Newest

if TYPE_CHECKING:
    from cms_desktop.backend.launch import Endpoint

app = typer.Typer(
    no_args_is_help=True,
    help="The process that keeps contracts, log and ledger. The window and this command start one when needed.",
)


@app.command()
def serve(ctx: typer.Context, port: Annotated[int, typer.Option(help="0: any free port.")] = 0) -> None:
    """Run a backend in the foreground until Ctrl+C; windows and commands of this folder attach to it."""

    def work() -> None:
        import os

        arguments = [
            sys.executable,
            "-m",
            "cms_backend",
            "serve",
            "--home",
            str(home(ctx)),
            "--port",
            str(port),
        ]
        os.execv(sys.executable, arguments)

    run(work)


@app.command()
def status(ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Say whether a backend runs here, and how its log and ledger are. Exit 1 when none runs (--json: null)."""

    async def work() -> bool:
        endpoint = await _running(ctx)
        if endpoint is None:
            if as_json:
                say_json(None)
            else:
                say("No backend runs on this data folder. The next command or window starts one.")
            return False
        from cms_desktop.api.client import Client

        client = Client(endpoint.base_url, launch_secret=endpoint.launch_secret)
        try:
            found = await client.status()
        finally:
            await client.aclose()
        if as_json:
            from dataclasses import asdict

            say_json({"pid": endpoint.pid, "base_url": endpoint.base_url, **asdict(found)})
            return True
        say(f"Backend:  pid {endpoint.pid}, {endpoint.base_url}, version {endpoint.version}")
        say(f"Log:      {found.log_size} leaves, {found.log_origin}")
        for words in (
            found.log_frozen and f"frozen. {found.log_frozen}",
            found.log_remedy,
            found.log_trouble,
        ):
            if words:
                say(f"          {words}")
        say(f"Ledger:   {ledger_words(found.ledger)}")
        say(f"Anchors:  {found.anchors_confirmed} confirmed, {found.anchors_pending} pending")
        return True

    if not run_async(work):
        raise typer.Exit(1)


@app.command()
def stop(ctx: typer.Context) -> None:
    """Stop the running backend; it finishes what it has accepted first."""

    async def work() -> None:
        endpoint = await _running(ctx)
        if endpoint is None:
            say("No backend runs on this data folder.")
            return
        from cms_desktop.api.client import Client

        client = Client(endpoint.base_url, launch_secret=endpoint.launch_secret)
        try:
            await client.stop_backend()
        finally:
            await client.aclose()
        say("The backend stops.")

    run_async(work)


@app.command()
def backup(ctx: typer.Context, out: Annotated[str, typer.Argument(help="A new folder.")]) -> None:
    """Write a consistent copy of everything the backend keeps, also while it runs."""

    def work() -> None:
        import subprocess

        done = subprocess.run(
            [sys.executable, "-m", "cms_backend", "backup", "--home", str(home(ctx)), "--out", out],
            check=False,
        )
        if done.returncode:
            raise typer.Exit(done.returncode)

    run(work)


@app.command()
def restore(
    ctx: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="FOLDER", help="What cms backend backup wrote.")],
    newest: Newest = False,
) -> None:
    """Put a backup back into a new data folder (--home), and ask whether it is the newest state.

    Until that is known, its log is frozen: reading, verifying and exporting go on, new events are refused. Exit 1
    while it is frozen.
    """

    def work() -> bool:
        from cms_desktop.cli.newest import let_go_on, put_back

        put_back(source.expanduser().resolve(), home(ctx))
        say(f"The backup was put back into {home(ctx)}.")
        return let_go_on(home(ctx), newest=newest)

    if not run(work):
        raise typer.Exit(1)


async def _running(ctx: typer.Context) -> Endpoint | None:
    from cms_desktop.backend.launch import find_running

    return await find_running(home(ctx))
