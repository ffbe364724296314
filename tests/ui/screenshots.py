"""Pictures of every page in both themes: `python -m tests.ui.screenshots --out DIR`, without a screen."""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

import tests.conftest as environment
from cms_backend.core.events import Action
from cms_backend.core.ids import ContractId
from cms_desktop.messages import LASTING
from cms_desktop.workflow.workspace import Workspace
from tests.support.tampered_store import change_text, drop_event
from tests.support.wallet_home import PASSPHRASE, wallet
from tests.support.window_driver import Hand, play
from tests.support.window_world import Desk

WIDE, NARROW = (1440, 900), (1024, 700)
THEMES = ("light", "dark")
SENTENCE = "copper kettle quiet morning orbit"


class Album:
    """Takes the pictures of one window."""

    def __init__(self, hand: Hand, out: Path) -> None:
        self.hand, self.out = hand, out

    async def take(self, name: str, size: tuple[int, int] = WIDE, settle: float = 0.5) -> None:
        """The window as it is, in both themes."""
        self.hand.window.resize(*size)
        shell = self.hand.desktop.shell
        for theme in THEMES:
            shell.prefer(shell.preferences.with_(appearance=theme))
            picture = await self.hand.picture(settle)
            assert picture.save(str(self.out / f"{name}-{theme}.png"))
        shell.prefer(shell.preferences.with_(appearance="light"))

    async def page(self, page: str, name: str, **params: object) -> None:
        """Go there first."""
        self.hand.desktop.shell.go(page, dict(params))
        await self.idle()
        await self.take(name)

    async def idle(self) -> None:
        """Until nothing runs that comes to an end."""
        tasks = self.hand.desktop.tasks
        await self.hand.until(lambda: all(work.name in LASTING for work in tasks.running()), "rest")


def first_run(home: Path, out: Path) -> None:
    """The three steps of the first start."""

    async def story(hand: Hand) -> None:
        album = Album(hand, out)
        await hand.type("passphrase", SENTENCE)
        await hand.type("passphraseAgain", SENTENCE)
        await album.take("01-first-run-1-protect")
        await hand.click("firstRunContinue")
        model = hand.desktop.first_run
        await hand.see("word-0")
        row = model.property("asked")[0]
        await hand.type("word-0", model.property("words")[row["place"]])
        await album.take("01-first-run-2-words")
        for number, one in enumerate(model.property("asked")[1:], 1):
            await hand.type(f"word-{number}", model.property("words")[one["place"]])
        await hand.click("firstRunContinue")
        await hand.type("yourName", "Katrin Ostermann")
        await hand.type("company", "Ostermann Webwerk GmbH")
        await album.take("01-first-run-3-name")

    play(home, story)


def pages(home: Path, out: Path) -> None:
    """The pages of the open window, with a desk full of contracts."""
    wallet(home)[0].lock()

    async def story(hand: Hand) -> None:
        album = Album(hand, out)
        session = hand.desktop.session
        assert session.wallets is not None
        await album.take("00-unlock")
        await session.wallets.unlock(PASSPHRASE)
        await hand.until(lambda: session.workspace, "the backend")
        workspace, mine = session.workspace, session.wallet
        assert isinstance(workspace, Workspace)
        assert mine is not None
        desk = Desk(workspace, mine, home / "others")
        desk.fill_wallet()
        contract = await desk.fill()
        draft = session.drafts.save(desk.winter_rates())
        await open_pages(album, contract, draft.id)
        await proofs(album, workspace, contract, home)
        await doubts(album, workspace, contract, home)

    play(home, story)


async def open_pages(album: Album, contract: ContractId, draft: str) -> None:
    """Everything but the proofs."""
    await album.page("home", "02-home")
    await album.page("contracts", "03-contracts")
    await album.take("03-contracts-1024", NARROW)
    await album.page("draft", "04-draft", id=draft)
    await album.page("contract", "05-contract", id=str(contract))
    await album.page("sign", "06-sign", id=str(contract))
    await album.page("wallet", "08-wallet")
    await album.page("settings", "09-settings")
    await album.page("activity", "10-activity")


async def proofs(album: Album, workspace: Workspace, contract: ContractId, home: Path) -> None:
    """The verify page: empty, a good file, and the same file with one letter changed."""
    from PySide6.QtCore import QUrl

    await album.page("verify", "07-verify-empty")
    data = await workspace.export_evidence(contract)
    good, bad = home / "shop.cmsproof", home / "changed.cmsproof"
    good.write_bytes(data)
    bad.write_bytes(data.replace(b"18,400", b"98,400", 1))
    for file, name in ((good, "07-verify"), (bad, "07-verify-failed")):
        album.hand.desktop.shell.drop([QUrl.fromLocalFile(str(file))])
        await album.idle()
        await album.take(name)
        if file is good:
            await album.take("07-verify-1024", NARROW)


async def doubts(album: Album, workspace: Workspace, contract: ContractId, home: Path) -> None:
    """A contract of which the backend has dropped a signature and changed the text."""
    view = await workspace.open(contract)
    signature = next(one for one in view.envelopes if one.action is Action.signed)
    await asyncio.to_thread(drop_event, home, signature.digest)
    await asyncio.to_thread(change_text, home, contract, b"18,400", b"98,400")
    await album.page("contract", "11-doubts", id=str(contract))
    await album.hand.click("doubtStripAction")
    await album.take("11-doubts-details")


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder of the pictures")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    os.environ.update(environment.ENVIRONMENT)
    with tempfile.TemporaryDirectory(prefix="cms-pictures-") as homes:
        first_run(Path(homes) / "first", out)
        pages(Path(homes) / "desk", out)
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")


if __name__ == "__main__":
    main()
