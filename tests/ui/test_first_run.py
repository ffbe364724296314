"""The first start: a passphrase, twelve words, a name; then the window is open, and locks and opens again."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl

from cms_desktop.wallet.service import WalletService
from tests.support.wallet_home import PASSPHRASE, WORDS, quick_kdf, wallet
from tests.support.window_driver import Hand, play

SENTENCE = "copper kettle quiet morning orbit"


def quick(hand: Hand) -> WalletService:
    """The wallet service of this window, with the smallest memory that is allowed."""
    service: WalletService = hand.desktop.services.wallets  # type: ignore[union-attr,attr-defined]
    service._kdf = quick_kdf()
    return service


def stage(hand: Hand) -> str:
    return str(hand.desktop.shell.property("stage"))


async def through_first_run(hand: Hand) -> None:
    await hand.type("passphrase", SENTENCE)
    await hand.type("passphraseAgain", SENTENCE)
    await hand.click("firstRunContinue")
    await hand.see("word-0")
    first_run = hand.desktop.first_run
    said = first_run.property("words")
    for number, row in enumerate(first_run.property("asked")):
        await hand.type(f"word-{number}", said[row["place"]])
    await hand.click("firstRunContinue")
    await hand.type("yourName", "Katrin Ostermann")
    await hand.type("company", "Ostermann Webwerk GmbH")
    await hand.click("firstRunContinue")
    await hand.until(lambda: stage(hand) == "open", "the open window")


def test_three_steps_make_a_wallet_that_opens_with_its_passphrase(tmp_path: Path) -> None:
    async def story(hand: Hand) -> None:
        service = quick(hand)
        await through_first_run(hand)
        assert hand.desktop.shell.property("page") == "home"
        assert hand.desktop.shell.property("who") == "Katrin Ostermann"
        await hand.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        await hand.until(lambda: stage(hand) == "locked", "the lock")
        assert service.wallet is None
        await hand.type("unlockPassphrase", "not this one")
        await hand.key(Qt.Key.Key_Return)
        await hand.until(lambda: hand.desktop.shell.model("locked").property("error"), "the refusal")  # type: ignore[union-attr]
        assert stage(hand) == "locked"
        field = await hand.see("unlockPassphrase")
        field.setProperty("text", "")
        await hand.type("unlockPassphrase", SENTENCE)
        await hand.click("unlock")
        await hand.until(lambda: stage(hand) == "open", "the open window")

    play(tmp_path, story)
    kept = WalletService(tmp_path).unlock_now(SENTENCE)
    assert [one.name for one in kept.identities] == ["Katrin Ostermann"]
    assert kept.settings.words_confirmed_at is not None


def test_a_wrong_word_keeps_one_on_the_step_and_says_how_many_are_left(tmp_path: Path) -> None:
    async def story(hand: Hand) -> None:
        await hand.type("passphrase", SENTENCE)
        await hand.type("passphraseAgain", SENTENCE)
        await hand.key(Qt.Key.Key_Return)
        await hand.type("word-0", "zzz")
        first_run = hand.desktop.first_run
        assert first_run.property("why") == "Three words left"
        assert first_run.property("asked")[0]["wrong"] is True
        await hand.click("firstRunContinue")
        assert first_run.property("step") == 1

    play(tmp_path, story)
    assert not (tmp_path / "wallet.cms").exists()


def test_a_short_passphrase_is_not_taken(tmp_path: Path) -> None:
    async def story(hand: Hand) -> None:
        await hand.type("passphrase", "kettle")
        first_run = hand.desktop.first_run
        assert first_run.property("strength")["word"] == "Too short"
        await hand.click("firstRunContinue")
        assert first_run.property("step") == 0

    play(tmp_path, story)


def test_the_words_of_an_earlier_wallet_bring_back_its_address(tmp_path: Path) -> None:
    _, earlier = wallet(tmp_path / "earlier")
    address = str(earlier.identities[0].did)

    async def story(hand: Hand) -> None:
        quick(hand)
        await hand.click("firstRunOther")
        await hand.type("restoreWords", WORDS)
        await hand.type("restorePassphrase", SENTENCE)
        await hand.type("restoreAgain", SENTENCE)
        await hand.click("firstRunContinue")
        await hand.see("yourName")
        assert hand.desktop.first_run.property("did") == address
        await hand.type("yourName", "Katrin")
        await hand.click("firstRunContinue")
        await hand.until(lambda: stage(hand) == "open", "the open window")

    play(tmp_path / "here", story)
    kept = WalletService(tmp_path / "here").unlock_now(SENTENCE)
    assert str(kept.identities[0].did) == address


def test_a_backup_file_brings_back_names_and_keys(tmp_path: Path) -> None:
    wallet(tmp_path / "earlier", "Idris Calloway")

    async def story(hand: Hand) -> None:
        await hand.click("firstRunOther")
        await hand.click("segment-1")
        hand.desktop.first_run.set_file(QUrl.fromLocalFile(str(tmp_path / "earlier" / "wallet.cms")))
        await hand.type("restorePassphrase", PASSPHRASE)
        await hand.click("firstRunContinue")
        await hand.until(lambda: stage(hand) == "open", "the open window")
        assert hand.desktop.shell.property("who") == "Idris Calloway"

    play(tmp_path / "here", story)
