"""Keys in and out of the wallet page, and another wallet in the place of the present one, by keys and pointer."""

import json
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QGuiApplication

from cms_desktop.models.wallet_keys import WalletKeys
from cms_desktop.session import Session
from cms_desktop.wallet import keystore_v3
from cms_desktop.wallet.model import Wallet
from cms_desktop.wallet.service import WalletService
from tests.support.wallet_home import PASSPHRASE, service, wallet
from tests.support.window_driver import Hand, play

SECRET = bytes(range(1, 33))
OTHERS = "others have a passphrase"
OTHERS_WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"


async def on_wallet_page(hand: Hand) -> Wallet:
    session = hand.desktop.session
    assert session.wallets is not None
    await session.wallets.unlock(PASSPHRASE)
    await hand.until(lambda: hand.desktop.shell.property("page") == "home", "the home page")
    hand.desktop.shell.show("wallet")
    await hand.see("walletRestore")
    return opened(session)


def opened(session: Session) -> Wallet:
    assert session.wallet is not None
    return session.wallet


def model(hand: Hand) -> QObject:
    found = hand.desktop.shell.model("wallet")
    assert found is not None
    return found


def keys(hand: Hand) -> WalletKeys:
    found = model(hand).property("keys")
    assert isinstance(found, WalletKeys)
    return found


def error(hand: Hand) -> str:
    return str(model(hand).property("error"))


async def choose(hand: Hand, file: Path) -> None:
    """As the system's dialog for files answers."""
    files = hand.window.findChild(QObject, "walletFiles")
    assert files is not None
    files.taken(QUrl.fromLocalFile(str(file)))  # type: ignore[attr-defined]  # a function of the QML file


def test_a_raw_key_that_is_let_go_over_the_dialog_becomes_an_identity(tmp_path: Path) -> None:
    wallet(tmp_path / "home")[0].lock()
    file = tmp_path / "key.txt"
    file.write_text(SECRET.hex() + "\n")

    async def story(hand: Hand) -> None:
        mine = await on_wallet_page(hand)
        await hand.click("identityImport")
        await hand.let_go("importFile", file)
        address = await hand.see("importAddress")
        assert address.property("value").startswith("did:pkh:eip155:1:0x")
        await hand.type("importName", "Webwerk")
        await hand.click("dialogConfirm")
        await hand.see("identity-Webwerk")
        await hand.until(lambda: hand.find("importName") is None, "the end of the dialog")
        imported = mine.identities[-1]
        assert (imported.kind, mine.export_key(imported.id)) == ("ethereum", SECRET)
        assert hand.desktop.shell.property("page") == "wallet"

    play(tmp_path / "home", story)
    assert file.read_text().strip() == SECRET.hex()


def test_a_keystore_asks_for_its_password_and_says_when_it_is_wrong(tmp_path: Path) -> None:
    wallet(tmp_path / "home")[0].lock()
    file = tmp_path / "keystore.json"
    file.write_text(json.dumps(keystore_v3.encrypt(SECRET, "orchard slate", rounds=2)))

    async def story(hand: Hand) -> None:
        mine = await on_wallet_page(hand)
        await hand.click("identityImport")
        keys(hand).choose(QUrl.fromLocalFile(str(file)))
        await hand.type("importName", "Webwerk")
        await hand.type("importPassword", "not this one")
        await hand.click("dialogConfirm")
        await hand.until(lambda: "password does not open" in error(hand), "the refusal")
        assert len(mine.identities) == 1
        await hand.type("importPassword", "orchard slate")
        await hand.click("dialogConfirm")
        await hand.see("identity-Webwerk")
        assert mine.export_key(mine.identities[-1].id) == SECRET

    play(tmp_path / "home", story)


def test_a_file_without_a_key_is_named_and_changes_nothing(tmp_path: Path) -> None:
    wallet(tmp_path / "home")[0].lock()
    file = tmp_path / "letter.txt"
    file.write_text("Dear Katrin,")

    async def story(hand: Hand) -> None:
        mine = await on_wallet_page(hand)
        await hand.click("identityImport")
        await hand.let_go("importFile", file)
        await hand.until(lambda: "letter.txt holds no key" in error(hand), "the refusal")
        assert hand.find("importName") is None
        await hand.key(Qt.Key.Key_Escape)
        await hand.until(lambda: hand.find("importFile") is None, "the end of the dialog")
        assert error(hand) == ""
        assert len(mine.identities) == 1

    play(tmp_path / "home", story)


async def ask_for_export(hand: Hand, passphrase: str) -> None:
    await hand.type("exportPassphrase", passphrase)
    await hand.key(Qt.Key.Key_Return)


async def open_export(hand: Hand) -> None:
    """By keys alone: the menu of the first card, its last line."""
    await hand.click("identityMore")
    await hand.key(Qt.Key.Key_Down)
    await hand.key(Qt.Key.Key_Down)
    await hand.key(Qt.Key.Key_Return)
    await hand.see("exportPassphrase")


def test_a_key_is_shown_only_after_the_passphrase_and_when_asked_and_its_copy_goes(tmp_path: Path) -> None:
    wallet(tmp_path / "home")[0].lock()

    async def story(hand: Hand) -> None:
        mine = await on_wallet_page(hand)
        digits = mine.export_key(mine.identities[0].id).hex()
        await open_export(hand)
        await ask_for_export(hand, "not this one")
        await hand.until(lambda: "does not open the wallet" in error(hand), "the refusal")
        assert hand.find("keyShow") is None
        await ask_for_export(hand, PASSPHRASE)
        await hand.see("keyShow")
        assert hand.find("keyShown") is None
        assert keys(hand).property("shown") == ""
        await hand.click("keyShow")
        shown = await hand.see("keyShown")
        assert shown.property("text").replace(" ", "") == digits
        note = await hand.see("screenshotNote")
        assert "cannot leave a window out" in note.property("text")
        await hand.click("keyCopy")
        assert QGuiApplication.clipboard().text() == digits
        timer = keys(hand).clipboard.timer
        assert timer.remainingTime() > 25_000
        timer.setInterval(1)
        await hand.until(lambda: QGuiApplication.clipboard().text() == "", "the empty clipboard")
        await hand.key(Qt.Key.Key_Escape)
        await hand.until(lambda: hand.find("keyShown") is None, "the end of the dialog")
        assert (keys(hand).property("shown"), keys(hand).property("allowed")) == ("", False)

    play(tmp_path / "home", story)


def test_an_exported_key_is_a_file_of_its_owner_alone(tmp_path: Path) -> None:
    wallet(tmp_path / "home")[0].lock()
    taken = tmp_path / "taken.txt"
    taken.write_text("something else")

    async def story(hand: Hand) -> None:
        mine = await on_wallet_page(hand)
        await open_export(hand)
        await ask_for_export(hand, PASSPHRASE)
        await hand.see("keyShow")
        keys(hand).save_raw(QUrl.fromLocalFile(str(taken)))
        await hand.until(lambda: "is there already" in error(hand), "the refusal")
        files = hand.window.findChild(QObject, "walletFiles")
        assert files is not None
        files.setProperty("purpose", "raw")
        await choose(hand, tmp_path / "key.txt")
        await hand.until(lambda: hand.find("keyShow") is None, "the end of the dialog")
        assert (tmp_path / "key.txt").read_text().strip() == mine.export_key(mine.identities[0].id).hex()

    play(tmp_path / "home", story)
    assert (tmp_path / "key.txt").stat().st_mode & 0o777 == 0o600
    assert taken.read_text() == "something else"


def test_an_ethereum_identity_goes_out_as_a_keystore_under_its_own_password(tmp_path: Path) -> None:
    made = service(tmp_path / "home")
    made.create_now(PASSPHRASE).add_identity("ethereum", "Webwerk")
    made.lock()

    async def story(hand: Hand) -> None:
        mine = await on_wallet_page(hand)
        await open_export(hand)
        await ask_for_export(hand, PASSPHRASE)
        await hand.type("passwordNew", "orchard slate")
        assert (await hand.see("dialogConfirm")).property("enabled") is False
        await hand.type("passwordAgain", "orchard slate")
        assert (await hand.see("dialogConfirm")).property("enabled") is True
        keys(hand).save_keystore(QUrl.fromLocalFile(str(tmp_path / "key.json")), "orchard slate")
        await hand.until(lambda: hand.find("passwordNew") is None, "the end of the dialog")
        text = (tmp_path / "key.json").read_text()
        assert keystore_v3.decrypt(text, "orchard slate") == mine.export_key(mine.identities[0].id)

    play(tmp_path / "home", story)
    assert (tmp_path / "key.json").stat().st_mode & 0o777 == 0o600


def other_backup(folder: Path) -> Path:
    made = service(folder)
    made.create_now(OTHERS, OTHERS_WORDS).add_identity("ed25519", "Idris Calloway")
    made.lock()
    return made.path


def kept(home: Path) -> Path:
    (aside,) = home.glob("wallet-before-*.cms")
    return aside


def test_a_backup_takes_the_place_of_the_wallet_and_the_one_before_is_kept(tmp_path: Path) -> None:
    wallet(tmp_path / "home")[0].lock()
    backup = other_backup(tmp_path / "other")

    async def story(hand: Hand) -> None:
        await on_wallet_page(hand)
        told: list[str] = []
        hand.desktop.session.told.connect(lambda sentence, _label, _action: told.append(sentence))
        await hand.click("walletRestore")
        assert model(hand).property("safety").property("holds") == "one identity"
        await hand.let_go("restoreFile", backup)
        await hand.type("restorePassphrase", "not this one")
        await hand.click("dialogConfirm")
        await hand.until(lambda: "does not open" in error(hand), "the refusal")
        assert list((tmp_path / "home").glob("wallet-before-*")) == []
        (await hand.see("restorePassphrase")).setProperty("text", "")
        await hand.type("restorePassphrase", OTHERS)
        await hand.click("dialogConfirm")
        await hand.until(lambda: hand.desktop.shell.property("who") == "Idris Calloway", "the other wallet")
        await hand.until(lambda: told, "the word about the wallet before")
        assert kept(tmp_path / "home").name in told[-1]

    play(tmp_path / "home", story)
    before = WalletService(tmp_path / "again")
    before.path.parent.mkdir()
    kept(tmp_path / "home").rename(before.path)
    assert before.unlock_now(PASSPHRASE).identities[0].name == "Katrin Ostermann"


def test_words_make_the_wallet_anew_and_the_one_before_is_kept(tmp_path: Path) -> None:
    wallet(tmp_path / "home")[0].lock()

    async def story(hand: Hand) -> None:
        await on_wallet_page(hand)
        await hand.click("walletRestore")
        await hand.click("segment-1")
        await hand.type("restoreWords", OTHERS_WORDS.replace("yellow", "yelow"))
        await hand.type("restoreName", "Idris Calloway")
        await hand.type("passwordNew", OTHERS)
        await hand.type("passwordAgain", OTHERS)
        await hand.click("dialogConfirm")
        await hand.until(lambda: error(hand), "the refusal")
        assert list((tmp_path / "home").glob("wallet-before-*")) == []
        (await hand.see("restoreWords")).setProperty("text", OTHERS_WORDS)
        await hand.click("dialogConfirm")
        await hand.until(lambda: hand.desktop.shell.property("who") == "Idris Calloway", "the other wallet")

    play(tmp_path / "home", story)
    assert kept(tmp_path / "home").stat().st_mode & 0o777 == 0o600
    restored = WalletService(tmp_path / "home").unlock_now(OTHERS)
    assert restored.recovery_words() == tuple(OTHERS_WORDS.split())


def test_a_dialog_that_is_higher_than_the_window_follows_the_keyboard(tmp_path: Path) -> None:
    wallet(tmp_path / "home")[0].lock()

    async def story(hand: Hand) -> None:
        await on_wallet_page(hand)
        hand.window.resize(1024, 500)
        await hand.click("walletRestore")
        await hand.click("segment-1")
        await hand.click("restoreWords")
        button = hand.find("dialogSafe")
        assert button is not None

        def bottom() -> float:
            return button.mapToScene(QPointF(0, button.height())).y()

        assert bottom() > 500
        for _ in range(12):
            if button.hasActiveFocus():
                break
            await hand.key(Qt.Key.Key_Tab)
        assert button.hasActiveFocus()
        assert bottom() <= 500
        await hand.key(Qt.Key.Key_Space)
        await hand.until(lambda: hand.find("restoreWords") is None, "the end of the dialog")

    play(tmp_path / "home", story)
