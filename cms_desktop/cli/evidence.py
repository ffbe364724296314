"""`cms evidence`: the file that proves a contract, and reports made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cms_desktop.cli.context import contract_id, home, run, run_async, say, workspace
from cms_desktop.exchange.files import evidence_of, read_evidence_file
from cms_desktop.files import write_whole

app = typer.Typer(
    no_args_is_help=True, help="Evidence files (.cmsproof): what you keep, hand over, and verify."
)


@app.command()
def export(
    ctx: typer.Context,
    contract: Annotated[str, typer.Argument(help="Id of a contract, or its beginning.")],
    out: Annotated[Path, typer.Option(help="The file to write (.cmsproof).")],
) -> None:
    """Write the evidence file of a contract: the agreement, every signature, the log's proofs, the anchors.

    It is also what you send to the other side; they take it in with: cms contract import FILE
    """

    async def work() -> None:
        async with workspace(home(ctx)) as space:
            data = await space.export_evidence(await contract_id(space, contract))
        write_whole(out, data)
        say(f"{out}: {len(data):,} bytes")

    run_async(work)


@app.command()
def report(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="An evidence file.")],
    pdf: Annotated[
        Path | None, typer.Option(help="Write the certificate (PDF/A-3, evidence inside).")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write one HTML page.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the report as JSON.")] = None,
    rpc: Annotated[list[str] | None, typer.Option(help="A ledger node to ask.")] = None,
) -> None:
    """Verify an evidence file and write the report as PDF, HTML or JSON (text when none is asked for)."""
    folder, nodes = home(ctx), tuple(rpc or ())

    def work() -> None:
        from cms_desktop.cli.verify import check_nodes, judge

        check_nodes(nodes)
        data = read_evidence_file(file)
        found = judge(data, nodes, folder)
        write_reports(found, evidence_of(data), pdf=pdf, html=html, json=json, name=file.name)
        if pdf is None and html is None and json is None:
            from cms_backend.report.text import render_text

            say(*render_text(found).split("\n"))

    run(work)


@app.command(name="show")
def show(file: Annotated[Path, typer.Argument(help="An evidence file.")]) -> None:
    """Say what an evidence file holds, without judging it."""

    def work() -> None:
        from cms_backend.core.evidence import Evidence

        found = Evidence.from_bytes(evidence_of(read_evidence_file(file)))
        say(f"Contract {found.contract}")
        for one in sorted(found.envelopes, key=lambda each: (each.sequence, each.occurred_at)):
            say(f"  {one.sequence}  {one.action:<10}  {one.occurred_at}  {one.actor}")
        say(f"{len(found.documents)} documents, {len(found.logs)} logs, {len(found.anchors)} anchors")

    run(work)


def write_reports(
    found: object, proof: bytes, *, pdf: Path | None, html: Path | None, json: Path | None, name: str
) -> None:
    """Write the wanted forms of a report."""
    from cms_backend.core.report_model import Report

    if not isinstance(found, Report):
        raise TypeError("not a report")
    if json is not None:
        import orjson

        write_whole(json, orjson.dumps(found.to_json(), option=orjson.OPT_INDENT_2) + b"\n")
    if html is not None:
        from cms_backend.report.html import render_html

        write_whole(html, render_html(found).encode())
    if pdf is not None:
        from cms_backend.report.pdf import render_pdf

        write_whole(pdf, render_pdf(found, proof, name))
