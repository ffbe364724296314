"""A log that shows another history than it had signed before: the whole window says so."""

from __future__ import annotations

import asyncio
from pathlib import Path

import orjson
from PySide6.QtQuick import QQuickItem

from cms_backend.core.checkpoint import open_note, parse_vkey
from tests.support.desktop_log import sign_another_history
from tests.support.wallet_home import PASSPHRASE, wallet
from tests.support.window_driver import Hand, play


def test_a_second_history_is_told_on_every_page_and_its_proof_is_kept(tmp_path: Path) -> None:
    wallet(tmp_path)[0].lock()

    async def story(hand: Hand) -> None:
        session, services = hand.desktop.session, hand.desktop.services
        assert session.wallets is not None
        assert services is not None
        await session.wallets.unlock(PASSPHRASE)
        await hand.until(lambda: hand.desktop.shell.property("page") == "home", "the home page")
        keeper = services.keeper
        await hand.until(
            lambda: keeper.found is not None and keeper.found.look.state == "first", "a first look"
        )
        strip = hand.find("alarmStrip")
        assert strip is None or not strip.isVisible()

        sign_another_history(tmp_path)
        keeper.look_soon()
        shown = await hand.see("alarmStrip")
        assert "another history" in str(shown.property("text"))
        await hand.click("alarmStripAction")
        await hand.until(lambda: hand.desktop.shell.property("page") == "activity", "the activity page")
        row = await hand.see("health-history")
        kept = list((tmp_path / "logs-seen").glob("alarm-*.json"))
        assert len(kept) == 1
        assert any(str(kept[0]) in text for text in _texts(row))
        await asyncio.to_thread(_two_notes_of_one_key, kept[0])

    play(tmp_path, story)


def _two_notes_of_one_key(path: Path) -> None:
    held = orjson.loads(path.read_bytes())
    vkey = parse_vkey(held["vkey"])
    before, now = open_note(held["before"], vkey), open_note(held["now"], vkey)
    assert before.size == now.size
    assert before.root != now.root


def _texts(item: QQuickItem) -> list[str]:
    own = [str(item.property("text") or "")]
    return own + [text for child in item.childItems() for text in _texts(child)]
