"""`cms demo`: the main job on real parts, without a screen."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from cms_desktop.cli.context import run_async


def demo(
    out: Annotated[Path, typer.Option(help="Where the files are written.")],
    keep: Annotated[bool, typer.Option("--keep", help="Keep the two homes in OUT/homes.")] = False,
) -> None:
    """Two people draft, sign and amend a contract between two computers; the proof is verified on a third.

    Uses homes of its own, a wallet and a real backend process in each, and hands files back and forth. Writes
    contract.cmsproof, certificate.pdf, report.html and report.json.
    """

    async def work() -> None:
        from cms_desktop.cli.demo_story import Story

        out.mkdir(parents=True, exist_ok=True)
        homes = Path(tempfile.mkdtemp(prefix="cms-demo-"))
        try:
            await Story(homes, out).tell()
        finally:
            if keep:
                shutil.copytree(homes, out / "homes", dirs_exist_ok=True)
            shutil.rmtree(homes, ignore_errors=True)

    run_async(work)
