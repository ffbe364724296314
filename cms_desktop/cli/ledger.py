"""`cms ledger`: the chain that checkpoints are anchored on."""

from __future__ import annotations

from typing import Annotated

import typer

from cms_desktop.cli.context import backend, home, run_async, say

app = typer.Typer(no_args_is_help=True, help="The ledger: where it is, how it is, what was anchored.")


@app.command()
def status(ctx: typer.Context) -> None:
    """Say which ledger this home anchors on, and how it is."""

    async def work() -> None:
        async with backend(home(ctx)) as client:
            found = await client.status()
            ledger = found.ledger
            if ledger is None:
                say("The ledger has not answered yet.")
                return
            local = "local ledger: no independent time" if ledger.kind == "embedded" else "node"
            say(f"{ledger.kind} ({local}), {ledger.state}, chain {ledger.chain}, block {ledger.head}")
            say(f"{found.anchors_confirmed} anchors confirmed, {found.anchors_pending} pending")

    run_async(work)


@app.command()
def anchors(ctx: typer.Context, limit: Annotated[int, typer.Option(min=1, max=100)] = 20) -> None:
    """List the newest anchors: size of the log, block, state."""

    async def work() -> None:
        async with backend(home(ctx)) as client:
            for one in await client.anchors(limit):
                say(f"size {one.size:>8}  block {one.block}  {one.status}  {one.tx}")

    run_async(work)
