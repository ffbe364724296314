"""`cms verify`: judge evidence files on this computer. Needs no wallet and no backend."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cms_backend.core.errors import CmsError, EvidenceError
from cms_backend.report.letters import one_line
from cms_desktop.cli.context import EXIT_USAGE, home, run, say_exactly
from cms_desktop.cli.entry import EXIT_FAULT, EXIT_IO, tell, tell_fault
from cms_desktop.exchange.files import evidence_of, read_evidence_file

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
    folder, nodes = home(ctx), tuple(rpc or ())
    run(lambda: check_nodes(nodes))
    codes = [_verify_one(path, nodes, folder, wanted, as_json, verbose) for path in files]
    code = next((code for code in _WORST_FIRST if code in codes), EXIT_FAULT)
    if code:
        raise typer.Exit(code)


def _verify_one(
    path: Path, rpc: tuple[str, ...], folder: Path, require: frozenset[str], as_json: bool, verbose: bool
) -> int:
    """The exit code of one file; its report is written. What goes wrong with one file does not stop the next."""
    try:
        code, text = _judged(path, rpc, folder, require, as_json, verbose)
    except OSError as error:
        tell(f"{_shown(path)}: {one_line(error.strerror or 'It cannot be read.')}")
        return EXIT_IO
    except CmsError as error:
        tell(f"{_shown(path)}: {one_line(error.detail)}")
        return EXIT_FAULT
    except Exception as error:  # noqa: BLE001 - a fault on one file must not end as a verdict on it
        tell_fault(error, _shown(path))
        return EXIT_FAULT
    try:
        say_exactly(text)
    except OSError as error:  # the verdict stands in the exit code all the same, but for a good one
        if not isinstance(error, BrokenPipeError):
            tell(f"the report could not be written: {error.strerror}")
        return code or EXIT_IO
    return code


def _judged(
    path: Path, rpc: tuple[str, ...], folder: Path, require: frozenset[str], as_json: bool, verbose: bool
) -> tuple[int, str]:
    from cms_backend.core.verify import exit_code

    report = judge(read_evidence_file(path), rpc, folder)
    code = exit_code(report, require)
    if as_json:
        import orjson

        return code, orjson.dumps({"file": _shown(path), **report.to_json()}).decode()
    lines = [f"{_shown(path)}: {report.headline}"]
    if verbose:
        from cms_backend.report.text import render_text

        lines += render_text(report).split("\n")
    return code, "\n".join(map(one_line, lines))


def _shown(path: Path) -> str:
    """A file's name in letters that can be written: names are bytes, and not always text."""
    return one_line(os.fsencode(path).decode("utf-8", "backslashreplace"))


def judge(data: bytes, rpc: tuple[str, ...], folder: Path) -> Report:
    """The report of evidence bytes or of a PDF with evidence inside, with what ledgers and this home can tell.

    Parsing and verifying run outside of an event loop, so that Ctrl-C ends them at once.
    """
    from cms_backend.core.verify import verify_evidence
    from cms_desktop.clock import system_time
    from cms_desktop.exchange.judging import facts_of, parsed

    try:
        proof = evidence_of(data)
    except EvidenceError as error:  # a PDF without evidence is no fault of ours: it is judged as "no proof"
        tell(one_line(error.detail))
        proof = data
    facts, trust = asyncio.run(facts_of(parsed(proof), rpc=rpc, home=folder))
    asked = {(chain.chain, chain.genesis_block) for chain in facts.chains}
    if any((ledger.chain, ledger.genesis_block) not in asked for ledger in trust.own_ledgers):
        tell("this computer's own ledger was not asked, because no backend runs on this data folder.")
        tell("To ask it, open the window or run: cms backend serve", indent=True)
    return verify_evidence(proof, facts, trust, system_time())


def check_nodes(urls: tuple[str, ...]) -> None:
    """NodeAddressError for an address that no node can have, before anything is read."""
    if urls:
        from cms_desktop.api.node_address import node_address

        for url in urls:
            node_address(url)
