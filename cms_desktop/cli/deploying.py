"""Putting a ContractLedger on a chain: what it costs, the question, and what to set afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import typer

from cms_desktop.api.node_address import node_address
from cms_desktop.cli.context import say, say_json
from cms_desktop.cli.prompt import NeedsAnswer

_WEI: Final = Decimal(10) ** 18


def deploy_ledger(home: Path, node: str | None, key_file: Path | None, *, yes: bool, as_json: bool) -> None:
    """Ask, unless `yes`; deploy; tell. NodeAddressError, NeedsAnswer; Exit with the backend's code when it fails."""
    # The backend's program does it, for only that knows chains. Address and file go as settings: an address may hold a
    # password, and everybody can read the arguments of a process.
    settings = dict(os.environ)
    if node is not None:
        settings["CMS_BLOCKCHAIN__NODE_URL"] = node_address(node)
    if key_file is not None:
        settings["CMS_BLOCKCHAIN__PRIVATE_KEY_PATH"] = str(key_file.absolute())
    if not yes:
        _agree(_backend(home, settings, "--estimate"))
    made = _backend(home, settings)
    if as_json:
        say_json(made)
        return
    say(f"ContractLedger {made['address']} on {made['chain']}, in block {made['block']:,}")
    say(f"Transaction {made['tx']}: {made['gas_used']:,} gas, paid by {made['account']}")
    say("To anchor there, set:")
    say(f"  CMS_BLOCKCHAIN__CONTRACT_ADDRESS={made['address']}")
    say(f"  CMS_BLOCKCHAIN__CHAIN_ID={made['chain'].removeprefix('eip155:')}")


def _agree(cost: dict[str, Any]) -> None:
    typer.echo(f"Chain:    {cost['chain']}", err=True)
    typer.echo(f"Account:  {cost['account']}, which has {_coins(cost['balance'])}", err=True)
    typer.echo(f"Cost:     at most {_coins(cost['fee'])} ({cost['gas']:,} gas)", err=True)
    if not sys.stdin.isatty():
        raise NeedsAnswer(
            "Deploying costs the chain's coin, and there is nobody to agree.", remedy="Give --yes."
        )
    if not typer.confirm("Deploy", err=True):
        raise typer.Abort


def _coins(wei: str) -> str:
    return f"{Decimal(wei) / _WEI:f} of the chain's coin"


def _backend(home: Path, settings: dict[str, str], *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "cms_backend", "deploy-ledger", "--home", str(home), *more]
    done = subprocess.run(command, env=settings, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)
    made: dict[str, Any] = json.loads(done.stdout)
    return made
