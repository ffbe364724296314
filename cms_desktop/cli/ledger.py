"""`cms ledger`: the chain that checkpoints are anchored on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cms_desktop.cli.context import backend, home, run, run_async, say

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
def deploy(
    ctx: typer.Context,
    node: Annotated[
        str | None, typer.Option(help="The node's address (default: the setting blockchain.node_url).")
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option(
            help="A file with the key that pays (default: the setting blockchain.private_key_path)."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the cost is paid.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Put a new ContractLedger on an EVM chain, wait until a block holds it, and say what to set.

    One contract serves any number of backends: it keeps the anchors of each log apart. The key is only read from a
    file, never from the command line; it pays for the transaction and owns nothing of the contract.

    Example: cms ledger deploy --node http://127.0.0.1:8545 --key-file payer.key
    """

    def work() -> None:
        from cms_desktop.cli.deploying import deploy_ledger

        deploy_ledger(home(ctx), node, key_file, yes=yes, as_json=as_json)

    run(work)


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
