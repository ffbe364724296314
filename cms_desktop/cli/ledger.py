"""`cms ledger`: the chain that checkpoints are anchored on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cms_desktop.cli.context import backend, home, run_async, say

if TYPE_CHECKING:
    from cms_desktop.api.client import Client
    from cms_desktop.api.values import BackendStatus, LedgerInfo

app = typer.Typer(no_args_is_help=True, help="The ledger: where it is, how it is, what was anchored.")
_PAUSE: Final = 0.1


@app.command()
def status(
    ctx: typer.Context,
    wait: Annotated[
        float, typer.Option(min=0, max=600, help="Seconds to wait for a ledger that is still starting.")
    ] = 10.0,
) -> None:
    """Say which ledger this home anchors on, and how it is."""

    async def work() -> None:
        async with backend(home(ctx)) as client:
            found = await _started(client, wait)
        say(ledger_words(found.ledger))
        say(f"{found.anchors_confirmed} anchors confirmed, {found.anchors_pending} pending")

    run_async(work)


async def _started(client: Client, wait: float) -> BackendStatus:
    loop = asyncio.get_running_loop()
    end = loop.time() + wait
    while True:
        found = await client.status()
        starting = found.ledger is None or found.ledger.state == "starting"
        if not starting or loop.time() >= end:
            return found
        await asyncio.sleep(_PAUSE)


def ledger_words(ledger: LedgerInfo | None) -> str:
    """How a ledger stands, in one line; what is not known yet is not shown."""
    if ledger is None:
        return "The ledger is still starting: nothing was checked on it yet."
    kind = "embedded (local ledger: no independent time)" if ledger.kind == "embedded" else "rpc (node)"
    place = "" if ledger.chain is None else f", chain {ledger.chain}"
    place += "" if ledger.head is None else f", block {ledger.head}"
    states = {
        "starting": "still starting: nothing was checked on it yet",
        "unavailable": "unavailable: events are accepted, and anchored when it is back",
        "off": "switched off: nothing is anchored",
    }
    said = f"{kind}, {states.get(ledger.state, ledger.state)}{place}"
    return said if ledger.reason is None else f"{said}. {ledger.reason}"


@app.command()
def anchors(ctx: typer.Context, limit: Annotated[int, typer.Option(min=1, max=100)] = 20) -> None:
    """List the newest anchors: size of the log, block, state."""

    async def work() -> None:
        async with backend(home(ctx)) as client:
            found = await client.anchors(limit)
        for one in found:
            block = "no block yet" if one.block is None else f"block {one.block}"
            say(f"size {one.size:>8}  {block}  {one.status}  {one.tx}")
        if not found:
            say("Nothing is anchored yet.")

    run_async(work)
