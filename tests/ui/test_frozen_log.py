"""A log that is frozen: every page says so, why, and what to do about it."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.backend_contracts import Story
from tests.support.backend_process import BackendProcess
from tests.support.frozen_homes import log_of, post, run, settled
from tests.support.wallet_home import PASSPHRASE, wallet
from tests.support.window_driver import Hand, play


def put_back(folder: Path) -> Path:
    """A data folder with a wallet and a contract, out of a backup."""
    home, copy, again = folder / "home", folder / "backup", folder / "again"
    wallet(home)[0].lock()
    with BackendProcess(home) as backend:
        assert post(backend, Story(log=log_of(backend)).signed_by_both()) == 4
        settled(backend, 5)
    assert run("backup", "--home", home, "--out", copy).returncode == 0
    assert run("restore", "--home", again, "--from", copy).returncode == 0
    return again


def test_a_frozen_log_is_told_with_its_reason_and_its_remedy(tmp_path: Path) -> None:
    home = put_back(tmp_path)

    async def story(hand: Hand) -> None:
        session, shell = hand.desktop.session, hand.desktop.shell
        assert session.wallets is not None
        await session.wallets.unlock(PASSPHRASE)
        await hand.until(lambda: shell.property("page") == "home", "the home page")
        strip = await hand.see("alarmStrip")
        text = str(strip.property("text"))
        assert "frozen" in text
        assert "put back from the backup" in text
        assert "close this window and run cms log resume" in text
        await _pictures(hand, "home")
        await hand.click("alarmStripAction")
        await hand.until(lambda: shell.property("page") == "activity", "the activity page")
        await hand.see("health-log")
        await _pictures(hand, "activity")

    play(home, story)


async def _pictures(hand: Hand, name: str) -> None:
    """Pictures in both themes, where a folder for them is named."""
    folder = os.environ.get("CMS_TEST_PICTURES")
    if folder is None:
        return
    shell = hand.desktop.shell
    hand.window.resize(1440, 900)
    for theme in ("light", "dark"):
        shell.prefer(shell.preferences.with_(appearance=theme))
        picture = await hand.picture(0.5)
        assert picture.save(str(Path(folder) / f"frozen-{name}-{theme}.png"))
