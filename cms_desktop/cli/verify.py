"""`cms verify`: judge evidence files on this computer. Needs no wallet and no backend."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cms_backend.report.letters import one_line
from cms_desktop.cli.context import EXIT_FAULT, EXIT_IO, EXIT_USAGE, home, run_async, say, say_exactly

if TYPE_CHECKING:
    from cms_backend.core.report_model import Report

# Of several files the worst counts. 1 (the evidence is bad) is worse than what could not be judged at all.
_WORST_FIRST = (EXIT_FAULT, 1, 2, EXIT_IO, 0)
_REQUIREMENTS = frozenset({"in-force", "anchor", "tail"})


def verify(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Evidence files (.cmsproof) or our PDF certificates.")],
    rpc: Annotated[
        list[str] | None, typer.Option(help="A ledger node to ask (JSON-RPC). May be repeated.")
    ] = None,
    require: Annotated[
        str, typer.Option(help="What must not be open: in-force, anchor, tail (comma-separated).")
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="The whole report as JSON, one line a file.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Every check, not only the sentence.")
    ] = False,
) -> None:
    """Verify evidence: the exact text, who signed with which key, in order, when, and anything since.

    Exit code: 0 verified; 1 no proof, altered or incomplete; 2 signer not recognised, undecided, or a required
    item is open; 64 wrong usage; 70 a fault of ours; 74 unreadable file. 0 means that the evidence holds; that a
    contract is signed by all is --require in-force.

    Example: cms verify contract.cmsproof --require in-force,anchor --rpc http://127.0.0.1:8545
    """
    wanted = frozenset(word.strip() for word in require.split(",") if word.strip())
    if wanted - _REQUIREMENTS:
        sys.stderr.write(f"cms: --require knows {', '.join(sorted(_REQUIREMENTS))}.\n")
        raise typer.Exit(EXIT_USAGE)
    folder = home(ctx)

    async def work() -> int:
        codes = [await _one(path, tuple(rpc or ()), folder, wanted, as_json, verbose) for path in files]
        return next((code for code in _WORST_FIRST if code in codes), EXIT_FAULT)

    code = run_async(work)
    if code:
        raise typer.Exit(code)


async def _one(
    path: Path, rpc: tuple[str, ...], folder: Path, require: frozenset[str], as_json: bool, verbose: bool
) -> int:
    from cms_backend.core.errors import CmsError
    from cms_backend.core.verify import exit_code

    try:
        data = path.read_bytes()
    except OSError as error:
        sys.stderr.write(f"cms: {path}: {error.strerror}\n")
        return EXIT_IO
    try:
        report = await judge(data, rpc, folder)
    except CmsError as error:
        sys.stderr.write(f"cms: {path}: {one_line(error.detail)}\n")
        return EXIT_FAULT
    if as_json:
        import orjson

        say_exactly(orjson.dumps({"file": str(path), **report.to_json()}).decode())
    else:
        say(f"{path}: {report.headline}")
        if verbose:
            from cms_backend.report.text import render_text

            say(*render_text(report).split("\n"))
    return exit_code(report, require)


async def judge(data: bytes, rpc: tuple[str, ...], folder: Path) -> Report:
    """The report of evidence bytes or of a PDF with evidence inside, with what ledgers and this home can tell."""
    from cms_backend.core.errors import EvidenceError
    from cms_backend.core.verify import verify_evidence
    from cms_desktop.clock import system_time
    from cms_desktop.exchange.files import evidence_of
    from cms_desktop.exchange.judging import facts_and_trust

    try:
        proof = evidence_of(data)
    except EvidenceError as error:  # a PDF without evidence is no fault of ours: it is judged as "no proof"
        sys.stderr.write(f"cms: {one_line(error.detail)}\n")
        proof = data
    facts, trust = await facts_and_trust(proof, rpc=rpc, home=folder)
    return verify_evidence(proof, facts, trust, system_time())
