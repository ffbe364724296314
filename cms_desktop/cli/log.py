"""`cms log`: the Merkle log of this home's backend."""

from __future__ import annotations

from typing import Annotated

import typer

from cms_desktop.cli.context import backend, home, run_async, say

app = typer.Typer(
    no_args_is_help=True, help="The log that every accepted event stands in: checkpoints and proofs."
)


@app.command()
def show(ctx: typer.Context) -> None:
    """Print the newest checkpoint (C2SP tlog-checkpoint), as its log signed it."""

    async def work() -> None:
        async with backend(home(ctx)) as client:
            say((await client.checkpoint()).rstrip("\n"))

    run_async(work)


@app.command()
def proof(ctx: typer.Context, digest: Annotated[str, typer.Argument(help="Digest of an envelope.")]) -> None:
    """Print the inclusion proof of an event (C2SP tlog-proof)."""

    async def work() -> None:
        from cms_backend.core.ids import Digest

        async with backend(home(ctx)) as client:
            say((await client.inclusion(Digest.parse(digest)))["proof"].rstrip("\n"))

    run_async(work)


@app.command()
def check(ctx: typer.Context) -> None:
    """Recompute the root of the whole log from its leaves, and compare it with the signed checkpoint.

    Exit 1 when they differ: then the log showed something else than what it signed.
    """

    async def work() -> bool:
        from cms_backend.core.checkpoint import open_note, parse_vkey
        from cms_backend.core.merkle import Frontier, leaf_hash

        async with backend(home(ctx)) as client:
            info = await client.log_info()
            checkpoint = open_note(await client.checkpoint(), parse_vkey(info["vkey"]))
            frontier = Frontier()
            while frontier.size < checkpoint.size:
                end = min(checkpoint.size, frontier.size + 5000)
                for leaf in await client.leaves(frontier.size, end):
                    frontier.append(leaf_hash(leaf))
        same = frontier.root() == checkpoint.root.raw
        say(f"{checkpoint.size} leaves, root {checkpoint.root}: {'it fits' if same else 'IT DOES NOT FIT'}")
        return same

    if not run_async(work):
        raise typer.Exit(1)
