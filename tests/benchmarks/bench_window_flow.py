"""The longest time that the window does not answer during the main job: draft, propose, sign, verify.

The real window on a real home: its own backend process, a real wallet. A heartbeat on the event loop measures
the gaps. Offscreen with the software renderer, which is the slowest there is.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

import qasync
from PySide6.QtCore import QTimer

from cms_desktop.app import Desktop, prepare
from cms_desktop.services import Services
from cms_desktop.viewmodels.draft import DraftViewModel
from cms_desktop.viewmodels.shell import ShellViewModel
from cms_desktop.viewmodels.sign import SignViewModel
from cms_desktop.viewmodels.verify import VerifyViewModel
from tests.support.wallet_home import PASSPHRASE, wallet

BEAT_MS = 2
PATIENCE_S = 30.0
PAUSE_S = 0.25


class Heart:
    """Beats every two milliseconds, and keeps the longest time without a beat, with what was going on."""

    def __init__(self) -> None:
        self.stalls: dict[str, float] = {}
        self.doing = "start"
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def begin(self) -> None:
        """From now on."""
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        """No further."""
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        gap = (now - self._last) * 1000 - BEAT_MS
        self._last = now
        self.stalls[self.doing] = max(self.stalls.get(self.doing, 0.0), gap)


async def _until(right: Callable[[], object]) -> None:
    end = time.perf_counter() + PATIENCE_S
    while not right():
        if time.perf_counter() > end:
            raise TimeoutError("the window did not come that far")
        await asyncio.sleep(0.02)
    await asyncio.sleep(PAUSE_S)


def _page(shell: ShellViewModel, name: str) -> object:
    return shell.model(name)


async def _flow(desktop: Desktop, heart: Heart) -> None:
    shell = desktop.shell
    services = desktop.services
    assert isinstance(services, Services)
    heart.doing = "unlock"
    await services.wallets.unlock(PASSPHRASE)
    await _until(lambda: shell.property("stage") == "open" and desktop.session.workspace is not None)
    heart.doing = "home"
    await asyncio.sleep(1)
    heart.doing = "register"
    shell.show("contracts")
    await asyncio.sleep(0.5)
    heart.doing = "draft"
    draft = shell.model("draft")
    assert isinstance(draft, DraftViewModel)
    shell.go("draft", {"new": "sample"})
    await _until(lambda: draft.clauses.rowCount() > 3)
    for index, other in enumerate(desktop.session.wallet.identities[1:] if desktop.session.wallet else ()):
        draft.parts.add_person(str(other.did))
        draft.edit(index)
        await asyncio.sleep(PAUSE_S)
    draft.set_clause(0, str(draft.clauses.rows[0]["text"]) + " Changed.")
    await asyncio.sleep(1)
    heart.doing = "propose"
    draft.propose("", "")
    await _until(lambda: shell.property("page") == "contract")
    contract = str(desktop.session.drafts and _contract(shell))
    heart.doing = "sign"
    sign = shell.model("sign")
    assert isinstance(sign, SignViewModel)
    shell.go("sign", {"id": contract})
    await _until(lambda: sign.blocks.rowCount() > 0)
    for block in sign.blocks.rows:
        sign.seen(str(block["place"]))
    sign.held()
    await _until(lambda: shell.property("page") == "contract")
    heart.doing = "verify"
    verify = shell.model("verify")
    assert isinstance(verify, VerifyViewModel)
    shell.go("verify", {"contract": contract})
    await _until(lambda: verify.hasReport)
    heart.doing = "done"


def _contract(shell: ShellViewModel) -> str:
    page = shell.model("contract")
    assert page is not None
    return str(dict(page.property("head"))["id"])


async def _measure(home: Path) -> dict[str, float]:
    desktop = Desktop(home)
    heart = Heart()
    desktop.show()
    while desktop.first_frame is None:
        await asyncio.sleep(0.001)
    heart.doing = "loading"
    heart.begin()
    try:
        await _until(lambda: desktop.services is not None)
        await _flow(desktop, heart)
    finally:
        heart.stop()
        await desktop.close()
    figures = {f"stall_{name}_ms": round(value, 1) for name, value in heart.stalls.items()}
    return {"longest_stall_ms": max(figures.values()), **figures}


def run() -> dict[str, float]:
    """The figures of this benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        _, made = wallet(home)
        made.add_identity("ed25519", "Idris Calloway", "Calloway Orchard Foods Ltd")
        prepare([])
        return dict(qasync.run(_measure(home)))


if __name__ == "__main__":
    print(run())
