"""The frame of the window and the pages wallet, settings and activity, on a real wallet and a real backend."""

import asyncio
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest

from cms_desktop.preferences import read_preferences
from cms_desktop.session import Session
from cms_desktop.single import OneWindow, raise_other
from cms_desktop.workflow.draft_text import read_draft_text
from cms_desktop.workflow.drafts import DraftStore
from tests.support.wallet_home import PASSPHRASE, WORDS, service, wallet
from tests.support.window_driver import PATIENCE, Hand, play

CONTROL = Qt.KeyboardModifier.ControlModifier


async def unlocked(hand: Hand) -> Session:
    """The window after unlocking."""
    session = hand.desktop.session
    assert session.wallets is not None
    await session.wallets.unlock(PASSPHRASE)
    await hand.until(lambda: hand.desktop.shell.property("page") == "home", "the home page")
    return session


def shell(hand: Hand, name: str) -> object:
    return hand.desktop.shell.property(name)


def test_keys_and_palette_lead_to_every_page(tmp_path: Path) -> None:
    wallet(tmp_path)[0].lock()

    async def story(hand: Hand) -> None:
        await unlocked(hand)
        for digit, page in enumerate(("home", "contracts", "verify", "wallet", "activity", "settings"), 1):
            await hand.key(Qt.Key(Qt.Key.Key_0 + digit), Qt.KeyboardModifier.AltModifier)
            await hand.until(lambda wanted=page: shell(hand, "page") == wanted, page)  # type: ignore[misc]
            await hand.picture(0.15)
        await hand.key(Qt.Key.Key_K, CONTROL)
        await hand.type("paletteSearch", "wallet")
        await hand.key(Qt.Key.Key_Return)
        await hand.until(lambda: shell(hand, "page") == "wallet", "the wallet page")
        await hand.click("go-home")
        await hand.until(lambda: shell(hand, "page") == "home", "the home page")
        await hand.key(Qt.Key.Key_N, CONTROL)
        await hand.until(lambda: shell(hand, "page") == "draft", "a new draft")

    play(tmp_path, story)


def test_the_palette_searches_all_contracts_whatever_the_register_showed(tmp_path: Path) -> None:
    wallet(tmp_path)[0].lock()
    for title, text in (("Lending a bicycle", "With two panniers."), ("Lease of the office", "Third floor.")):
        draft = read_draft_text(f'+++\ntitle = "{title}"\n+++\n## What\n\n{text}')
        DraftStore(tmp_path / "drafts").save(draft)

    async def story(hand: Hand) -> None:
        session = await unlocked(hand)
        await hand.until(lambda: session.client, "the backend")
        register = hand.desktop.shell.model("contracts")
        assert register is not None
        hand.desktop.shell.go("contracts", {"filter": "force"})
        await hand.until(lambda: register.property("loaded"), "the register")
        hand.desktop.shell.show("home")
        await hand.key(Qt.Key.Key_K, CONTROL)
        await hand.type("paletteSearch", "bicycle")
        await hand.click("command-search")
        await hand.until(lambda: shell(hand, "page") == "contracts", "the register")
        field = await hand.see("contractsSearch")
        assert (register.property("text"), register.property("filter")) == ("bicycle", "all")
        await hand.until(
            lambda: register.property("contracts").rowCount() == 1, "the only contract that fits"
        )
        counts = register.property("filters")
        await hand.until(lambda: [row["count"] for row in counts.rows] == [1, 0, 0, 0, 1, 0], "the counts")
        assert field.property("text") == "bicycle"
        await hand.key(Qt.Key.Key_K, CONTROL)
        await hand.type("paletteSearch", "third floor")
        await hand.key(Qt.Key.Key_Return)
        await hand.until(lambda: register.property("text") == "third floor", "the second search")
        await hand.until(
            lambda: register.property("contracts").at(0)["title"] == "Lease of the office", "its row"
        )

    play(tmp_path, story)


def test_choices_are_kept_at_once_and_the_window_follows(tmp_path: Path) -> None:
    wallet(tmp_path)[0].lock()

    async def story(hand: Hand) -> None:
        await unlocked(hand)
        hand.desktop.shell.show("settings")
        await hand.click("segment-2")
        await hand.see("settingsSaved")
        assert shell(hand, "dark") is True
        await hand.until(lambda: hand.window.color().name() == "#13171e", "the dark window")
        await hand.click("settingsMotion")
        await hand.click("settingsLarger")
        settings = hand.desktop.shell.model("settings")
        assert settings is not None
        for wrong in ("no address", "http://[::1", "http://127.0.0.1:99999"):
            settings.set_node(wrong)  # type: ignore[attr-defined]
            assert "https://" in settings.property("nodeError"), wrong
        settings.set_node("")  # type: ignore[attr-defined]
        assert settings.property("nodeError") == ""
        await hand.type("settingsNode", "no address")
        await hand.key(Qt.Key.Key_Return)
        assert "https://" in settings.property("nodeError")

    play(tmp_path, story)
    kept = read_preferences(tmp_path)
    assert (kept.appearance, kept.less_motion, kept.scale, kept.rpc) == ("dark", True, 1.1, ())


def test_identities_and_contacts_are_added_and_taken_back(tmp_path: Path) -> None:
    _, other = wallet(tmp_path / "other", "Idris Calloway")
    card = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"
    service(tmp_path / "home").create_now(PASSPHRASE, None).add_identity("ed25519", "Katrin Ostermann", "")

    async def story(hand: Hand) -> None:
        session = await unlocked(hand)
        assert session.wallet is not None
        hand.desktop.shell.show("wallet")
        await hand.click("identityAdd")
        await hand.type("identityName", "Webwerk")
        await hand.click("dialogConfirm")
        await hand.until(lambda: session.wallet and len(session.wallet.identities) == 2, "the identity")
        await hand.see("identity-Webwerk")
        await hand.until(lambda: hand.find("identityName") is None, "the end of the dialog")
        await hand.click("contactAdd")
        await hand.type("contactCard", card)
        await hand.click("dialogConfirm")
        await hand.until(lambda: hand.desktop.shell.model("wallet").property("error"), "the refusal")  # type: ignore[union-attr]
        await hand.type("contactName", "Idris")
        await hand.click("dialogConfirm")
        await hand.see("contact-Idris")
        model = hand.desktop.shell.model("wallet")
        assert model is not None
        model.remove_contact(card)  # type: ignore[attr-defined]
        await hand.until(lambda: hand.find("contact-Idris") is None, "the removal")
        await hand.click("toastAction")
        await hand.see("contact-Idris")

    assert other.identities
    play(tmp_path / "home", story)


def test_words_are_tested_and_a_rotated_key_is_told_to_the_log(tmp_path: Path) -> None:
    wallet(tmp_path)[0].lock()

    async def story(hand: Hand) -> None:
        session = await unlocked(hand)
        await hand.until(lambda: session.client, "the backend")
        hand.desktop.shell.show("wallet")
        await hand.click("safety-words")
        model = hand.desktop.shell.model("wallet")
        assert model is not None
        for number, place in enumerate(model.property("safety").property("places")):
            await hand.type(f"test-{number}", WORDS.split()[place])
        await hand.click("dialogConfirm")
        assert session.wallet is not None
        confirmed = session.wallet.settings
        assert confirmed.words_confirmed_at is not None
        await hand.until(lambda: hand.find("test-0") is None, "the end of the dialog")
        before = session.wallet.identities[0]
        await hand.click("identityRotate")
        await hand.click("dialogConfirm")
        await hand.until(
            lambda: session.wallet and session.wallet.identities[0].key != before.key, "the new key"
        )
        await hand.until(lambda: hand.find("dialogConfirm") is None, "the end of the dialog")
        assert session.client is not None
        async with asyncio.timeout(PATIENCE):
            while (await session.client.status()).log_size < 1:
                await asyncio.sleep(0.02)

    play(tmp_path, story)


def test_activity_shows_that_backend_and_log_are_well(tmp_path: Path) -> None:
    wallet(tmp_path)[0].lock()

    async def story(hand: Hand) -> None:
        session = await unlocked(hand)
        await hand.until(lambda: session.client, "the backend")
        hand.desktop.shell.show("activity")
        await hand.see("health-backend")
        await hand.see("health-log")
        assert shell(hand, "outage") == ""

    play(tmp_path, story)


def test_a_file_let_go_over_the_window_is_checked(tmp_path: Path) -> None:
    wallet(tmp_path)[0].lock()
    file = tmp_path / "letter.cmsproof"
    file.write_text("this is no evidence")

    async def story(hand: Hand) -> None:
        await unlocked(hand)
        hand.desktop.shell.drop([QUrl.fromLocalFile(str(file))])
        await hand.until(lambda: shell(hand, "page") == "verify", "the verify page")
        verify = hand.desktop.shell.model("verify")
        assert verify is not None
        await hand.until(lambda: verify.property("error") or verify.property("loaded"), "an answer")

    play(tmp_path, story)


def test_a_second_window_on_the_same_home_raises_the_first(tmp_path: Path, qapp: object) -> None:
    raised: list[bool] = []
    assert raise_other(tmp_path) is False
    first = OneWindow(tmp_path, lambda: raised.append(True))
    code = (
        "import sys, pathlib; from cms_desktop.single import raise_other; "
        "sys.exit(not raise_other(pathlib.Path(sys.argv[1])))"
    )
    second = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    QTest.qWait(50)
    while second.poll() is None:
        QTest.qWait(20)
    assert second.returncode == 0
    assert raised == [True]
    first.close()


def test_the_first_click_after_the_palette_was_left_is_not_lost(tmp_path: Path) -> None:
    wallet(tmp_path)[0].lock()

    async def story(hand: Hand) -> None:
        await unlocked(hand)
        hand.desktop.shell.show("wallet")
        await hand.see("identityRotate")
        await hand.key(Qt.Key.Key_K, CONTROL)
        await hand.see("paletteSearch")
        await hand.key(Qt.Key.Key_Escape)
        await hand.until(lambda: hand.find("paletteSearch") is None, "the end of the palette")
        await hand.click("identityRotate")
        await hand.see("dialogSafe")
        await hand.key(Qt.Key.Key_Escape)

    play(tmp_path, story)


def test_keys_put_off_the_lock_of_the_wallet(tmp_path: Path) -> None:
    wallet(tmp_path)[0].lock()

    async def story(hand: Hand) -> None:
        session = await unlocked(hand)
        service_ = session.wallets
        assert service_ is not None
        now = [1_000_000.0]
        service_._clock = lambda: now[0]
        await hand.key(Qt.Key.Key_Tab)
        now[0] += 599
        assert service_.lock_if_idle() is False
        await hand.key(Qt.Key.Key_Tab)
        now[0] += 599
        assert service_.lock_if_idle() is False
        now[0] += 2
        assert service_.lock_if_idle() is True
        await hand.until(lambda: shell(hand, "stage") == "locked", "the lock")

    play(tmp_path, story)
