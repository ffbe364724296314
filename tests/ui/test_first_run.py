"""The first start: a passphrase, twelve words, a name; then the window is open, and locks and opens again."""

import io
from pathlib import Path

from pypdf import PdfReader
from PySide6.QtCore import Qt, QUrl

from cms_desktop.wallet.service import WalletService
from cms_desktop.workflow.drafts import Draft, DraftStore
from cms_desktop.workflow.sample import SAMPLE_ID
from tests.support.wallet_home import PASSPHRASE, WORDS, quick_kdf, wallet
from tests.support.window_driver import Hand, play

SENTENCE = "copper kettle quiet morning orbit"


def quick(hand: Hand) -> WalletService:
    """The wallet service of this window, with the smallest memory that is allowed."""
    service: WalletService = hand.desktop.services.wallets  # type: ignore[union-attr]
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
    hint = await hand.see("firstRunWhy")
    assert hint.property("text") == "A sample contract is waiting inside."
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


async def at_rest(hand: Hand) -> None:
    tasks = hand.desktop.tasks
    await hand.until(
        lambda: all(one.name != "wallet.create" for one in tasks.running()), "the end of the work"
    )


def test_a_sample_contract_waits_inside_once_and_can_be_deleted(tmp_path: Path) -> None:
    async def story(hand: Hand) -> None:
        quick(hand)
        await through_first_run(hand)
        home = hand.desktop.shell.model("home")
        assert home is not None
        await hand.until(lambda: home.property("sampleWaits"), "the offer of the home page")
        await hand.click("homeSample")
        await hand.until(lambda: hand.desktop.shell.property("page") == "draft", "the draft page")
        draft = hand.desktop.shell.model("draft")
        assert draft is not None
        await hand.until(lambda: str(draft.property("title")).startswith("Sample"), "the sample")
        draft.discard()  # type: ignore[attr-defined]  # the view-model of the draft page
        await hand.until(lambda: DraftStore(tmp_path / "drafts").list() == (), "the end of the sample")

    play(tmp_path, story)
    (tmp_path / "wallet.cms").unlink()

    async def again(hand: Hand) -> None:
        quick(hand)
        await hand.click("firstRunOther")
        await hand.type("restoreWords", WORDS)
        await hand.type("restorePassphrase", SENTENCE)
        await hand.type("restoreAgain", SENTENCE)
        await hand.click("firstRunContinue")
        await hand.type("yourName", "Katrin")
        assert (await hand.see("firstRunWhy")).property("text") == ""
        await hand.click("firstRunContinue")
        await hand.until(lambda: stage(hand) == "open", "the open window")
        await at_rest(hand)

    play(tmp_path, again)
    assert DraftStore(tmp_path / "drafts").list() == ()


def test_a_restore_into_a_home_with_drafts_brings_no_sample(tmp_path: Path) -> None:
    wallet(tmp_path / "earlier", "Idris Calloway")
    own = DraftStore(tmp_path / "here" / "drafts").save(Draft.new("Lease"))

    async def story(hand: Hand) -> None:
        await hand.click("firstRunOther")
        await hand.click("segment-1")
        hand.desktop.first_run.set_file(QUrl.fromLocalFile(str(tmp_path / "earlier" / "wallet.cms")))
        await hand.type("restorePassphrase", PASSPHRASE)
        await hand.click("firstRunContinue")
        await hand.until(lambda: stage(hand) == "open", "the open window")
        await at_rest(hand)

    play(tmp_path / "here", story)
    assert DraftStore(tmp_path / "here" / "drafts").list() == (own,)
    assert own.id != SAMPLE_ID


def test_the_page_with_words_says_what_it_asks_of_screenshots_and_its_card_holds_no_word(
    tmp_path: Path,
) -> None:
    card = tmp_path / "card.pdf"

    async def story(hand: Hand) -> None:
        await hand.type("passphrase", SENTENCE)
        await hand.type("passphraseAgain", SENTENCE)
        await hand.click("firstRunContinue")
        note = await hand.see("screenshotNote")
        first_run = hand.desktop.first_run
        assert first_run.property("guard").property("active") is True
        assert "cannot leave a window out" in note.property("text")
        await hand.see("firstRunCard")
        first_run.save_card(QUrl.fromLocalFile(str(card)))
        await hand.see("toastAction")
        text = "".join(PdfReader(io.BytesIO(card.read_bytes())).pages[0].extract_text().split())
        assert str(first_run.property("did")) in text
        assert "".join(first_run.property("words")[:2]) not in text
        first_run.save_card(QUrl.fromLocalFile(str(tmp_path / "gone" / "card.pdf")))
        assert "was not saved" in str(first_run.property("error"))
        await hand.click("firstRunBack")
        await hand.see("passphrase")
        assert first_run.property("guard").property("active") is False

    play(tmp_path / "home", story)
