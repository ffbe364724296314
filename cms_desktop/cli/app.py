"""The root of the `cms` command. Groups are loaded when they are called, so that `cms --help` is quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cms_desktop.cli import backend, contact, contract, evidence, ledger, log, verify, wallet
from cms_desktop.cli.context import EXIT_USAGE, Options
from cms_desktop.cli.demo import demo
from cms_desktop.cli.entry import EXIT_STOPPED

app = typer.Typer(
    name="cms",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=(
        "Draft contracts, sign them with keys that never leave this computer, and prove offline what was agreed.\n\n"
        "To begin: cms wallet create, then cms contract draft FILE.md, cms contract propose, cms contract sign. "
        "To check what somebody handed you: cms verify FILE."
    ),
)


@app.callback()
def root(
    ctx: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="The data folder (default: CMS_HOME, else the platform's place).")
    ] = None,
) -> None:
    """See the module."""
    ctx.obj = Options(home)


app.add_typer(wallet.app, name="wallet")
app.add_typer(contact.app, name="contact")
app.add_typer(contract.app, name="contract")
app.add_typer(evidence.app, name="evidence")
app.add_typer(log.app, name="log")
app.add_typer(ledger.app, name="ledger")
app.add_typer(backend.app, name="backend")
app.command(name="verify")(verify.verify)
app.command(name="demo")(demo)


# Typer carries a Click of its own and exports only this leaf of its errors; its parent is every wrong usage.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def run() -> int:
    """Run the command and return its exit code; wrong usage is 64 (sysexits.h), as protocol section 9 says.

    What a command does not answer itself is raised; `entry.main` gives it a code.
    """
    command = typer.main.get_command(app)
    try:
        code = command.main(prog_name="cms", standalone_mode=False)
    except _UsageError as error:
        error.show()  # type: ignore[attr-defined]  # Click's own way to print usage errors
        return EXIT_USAGE
    except typer.Abort:
        sys.stderr.write("cms: stopped.\n")
        return EXIT_STOPPED
    return code if isinstance(code, int) else 0
