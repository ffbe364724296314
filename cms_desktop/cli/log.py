"""`cms log`: the Merkle log of this home's backend."""

from __future__ import annotations

from typing import Annotated

import typer

from cms_desktop.cli.context import backend, home, run, run_async, say, say_exactly
from cms_desktop.cli.newest import Newest

app = typer.Typer(
    no_args_is_help=True, help="The log that every accepted event stands in: checkpoints and proofs."
)


@app.command()
def show(ctx: typer.Context) -> None:
    """Print the newest checkpoint (C2SP tlog-checkpoint), as its log signed it."""

    async def work() -> None:
        async with backend(home(ctx)) as client:
            say_exactly((await client.checkpoint()).rstrip("\n"))

    run_async(work)


@app.command()
def proof(ctx: typer.Context, digest: Annotated[str, typer.Argument(help="Digest of an envelope.")]) -> None:
    """Print the inclusion proof of an event (C2SP tlog-proof)."""

    async def work() -> None:
        from cms_backend.core.ids import Digest

        async with backend(home(ctx)) as client:
            say_exactly((await client.inclusion(Digest.parse(digest)))["proof"].rstrip("\n"))

    run_async(work)


@app.command()
def check(ctx: typer.Context) -> None:
    """Compare the log with what it signed: now, at the last look of this home, and on the ledger.

    The root of the whole log is computed again from its leaves; the newest checkpoint must continue the last one
    that this home has seen, and what is anchored. Exit 1 when something differs, both parts are then kept as a proof;
    and when the log is frozen.
    """

    async def work() -> bool:
        from cms_backend.core.checkpoint import open_note, parse_vkey
        from cms_backend.core.merkle import Frontier, leaf_hash
        from cms_desktop.api.log_watch import LogWatch

        folder = home(ctx)
        async with backend(folder) as client:
            status = await client.status()
            if status.log_frozen:
                say(f"The log is frozen. {status.log_frozen}", f"  {status.log_remedy or ''}".rstrip())
            look = await LogWatch(folder, client).look()
            say(look.words if look.kept is None else f"{look.words} Both parts are kept in {look.kept}.")
            info = await client.log_info()
            if not info["size"]:
                return not look.alarm and not status.log_frozen
            checkpoint = open_note(await client.checkpoint(), parse_vkey(info["vkey"]))
            frontier = Frontier()
            while frontier.size < checkpoint.size:
                end = min(checkpoint.size, frontier.size + 5000)
                for leaf in await client.leaves(frontier.size, end):
                    frontier.append(leaf_hash(leaf))
        same = frontier.root() == checkpoint.root.raw
        say(f"{checkpoint.size} leaves, root {checkpoint.root}: {'it fits' if same else 'IT DOES NOT FIT'}")
        return same and not look.alarm and not status.log_frozen

    if not run_async(work):
        raise typer.Exit(1)


@app.command()
def resume(ctx: typer.Context, newest: Newest = False) -> None:
    """Let a frozen log go on: you know that nothing was accepted after the state of this data folder.

    The backend must be stopped. Nobody is asked where something shows that the log has gone on elsewhere: it stays
    frozen, exit 1.
    """

    def work() -> bool:
        from cms_desktop.cli.newest import let_go_on

        return let_go_on(home(ctx), newest=newest)

    if not run(work):
        raise typer.Exit(1)


@app.command(name="begin-new")
def begin_new(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Agree without being asked.")] = False,
) -> None:
    """Begin a new log, under a new key, in the place of a frozen one for which there is no newer copy.

    The backend must be stopped. Contracts of the old log stay readable, with their proofs; new ones go into the new.
    """

    def work() -> bool:
        from cms_desktop.cli.newest import begin_new_log

        return begin_new_log(home(ctx), agreed=yes)

    if not run(work):
        raise typer.Exit(1)
