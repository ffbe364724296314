"""The first run without a window: what it waits for, what it says, and what is there at its end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from cms_desktop.session import Session
from cms_desktop.viewmodels.first_run import FirstRunViewModel
from cms_desktop.wallet.service import WalletService
from cms_desktop.workflow.drafts import DraftStore
from cms_desktop.workflow.sample import SAMPLE_ID
from tests.support.pages_session import WaitedTasks
from tests.support.wallet_home import PASSPHRASE, WORDS, service, wallet

pytestmark = pytest.mark.usefixtures("qapp")

SENTENCE = "copper kettle quiet morning orbit"


class Start:
    """A first run on a real home."""

    def __init__(self, home: Path) -> None:
        self.tasks = WaitedTasks()
        self.drafts = DraftStore(home / "drafts")
        self.session = Session(home, self.drafts, self.tasks)
        self.wallets: WalletService = service(home)
        self.session.wallets = self.wallets
        self.vm = FirstRunViewModel(self.session)
        self.told: list[str] = []
        self.finished: list[bool] = []
        self.session.told.connect(lambda text, _label, _action: self.told.append(text))
        self.vm.finished.connect(lambda: self.finished.append(True))

    def protect(self, passphrase: str = SENTENCE) -> None:
        self.vm.set_passphrase(passphrase)
        self.vm.set_again(passphrase)

    def write_down(self) -> None:
        """Past the first two steps."""
        self.protect()
        self.vm.go_on()
        for row in self.vm.asked:
            self.vm.answer(row["place"], self.vm.words[row["place"]])
        self.vm.go_on()

    async def finish(self, name: str = "Katrin Ostermann") -> None:
        self.vm.set_name(name)
        self.vm.go_on()
        await self.tasks.idle()


@asynccontextmanager
async def start(home: Path) -> AsyncIterator[Start]:
    one = Start(home)
    try:
        yield one
    finally:
        await one.tasks.close()


async def test_each_step_says_what_it_waits_for(tmp_path: Path) -> None:
    async with start(tmp_path) as here:
        assert here.vm.why == "Choose a passphrase"
        here.vm.set_passphrase("kettle")
        assert here.vm.why == "Choose a longer passphrase"
        here.vm.set_passphrase(SENTENCE)
        assert here.vm.why == "Write it once more, the same"
        here.protect()
        here.vm.go_on()
        assert here.vm.why == "Three words left"
        first = here.vm.asked[0]["place"]
        here.vm.answer(first, here.vm.words[first].upper())
        assert here.vm.why == "Two words left"


async def test_at_the_end_there_is_a_wallet_a_sample_and_no_secret_in_the_page(tmp_path: Path) -> None:
    async with start(tmp_path) as here:
        here.write_down()
        assert here.vm.sampleWaits
        await here.finish()
        assert here.finished == [True]
        assert here.vm.words == []
        assert here.vm.asked == []
        assert not here.vm.sampleWaits
        assert here.told == ["A sample contract is among your drafts."]
        assert [one.id for one in here.drafts.list()] == [SAMPLE_ID]
    kept = service(tmp_path).unlock_now(SENTENCE)
    assert kept.identities[0].name == "Katrin Ostermann"
    assert kept.settings.words_confirmed_at is not None


async def test_words_are_made_once_however_often_one_goes_back(tmp_path: Path) -> None:
    async with start(tmp_path) as here:
        here.protect()
        here.vm.go_on()
        words = here.vm.words
        here.vm.back()
        assert here.vm.words == []
        here.vm.go_on()
        assert here.vm.words == words


async def test_a_sample_that_can_not_be_kept_is_told_and_the_wallet_is_made_all_the_same(
    tmp_path: Path,
) -> None:
    async with start(tmp_path) as here:
        here.write_down()
        # A dangling link: nothing is there yet, and no folder can be made of it.
        (tmp_path / "drafts").symlink_to(tmp_path / "gone" / "drafts")
        (tmp_path / "gone").write_text("in the way")
        await here.finish()
        assert here.finished == [True]
        assert "could not be saved" in here.told[0]
    assert service(tmp_path).unlock_now(SENTENCE).identities


async def test_words_that_are_none_are_refused_before_the_name_is_asked(tmp_path: Path) -> None:
    async with start(tmp_path) as here:
        here.vm.choose("words")
        here.protect()
        here.vm.set_words("abandon abandon")
        assert here.vm.why == "Write all the words"
        for words, address in ((WORDS.replace("about", "abandon"), ""), (WORDS, "did:key:zNobody")):
            here.vm.set_words(words)
            here.vm.set_address(address)
            here.vm.go_on()
            await here.tasks.idle()
            assert here.vm.step == 0
            assert here.vm.error
    assert not (tmp_path / "wallet.cms").exists()


async def test_the_address_that_was_used_last_comes_back_with_its_rotated_key(tmp_path: Path) -> None:
    _, earlier = wallet(tmp_path / "earlier")
    rotated = earlier.rotate(earlier.identities[0].id)[1]
    async with start(tmp_path / "here") as here:
        here.vm.choose("words")
        here.protect()
        here.vm.set_words(WORDS)
        here.vm.set_address(f" {rotated.did} ")
        here.vm.go_on()
        await here.tasks.idle()
        assert (here.vm.step, here.vm.did) == (2, str(rotated.did))
        await here.finish("Katrin")
        assert here.wallets.wallet is not None
        assert [one.key for one in here.wallets.wallet.identities] == [rotated.key]


async def test_words_of_an_earlier_wallet_are_never_shown_as_new_ones(tmp_path: Path) -> None:
    async with start(tmp_path) as here:
        here.vm.choose("words")
        here.protect()
        here.vm.set_words(WORDS)
        here.vm.go_on()
        await here.tasks.idle()
        here.vm.choose("new")
        here.vm.go_on()
        assert here.vm.step == 1
        assert here.vm.words != WORDS.split()
        assert here.vm.why == "Three words left"


async def test_a_backup_that_does_not_open_leaves_the_home_empty(tmp_path: Path) -> None:
    wallet(tmp_path / "earlier")[0].lock()
    async with start(tmp_path / "here") as here:
        here.vm.choose("file")
        assert here.vm.why == "Choose the backup file"
        here.vm.set_file(QUrl.fromLocalFile(str(tmp_path / "earlier" / "wallet.cms")))
        here.vm.set_passphrase("not the passphrase")
        here.vm.go_on()
        await here.tasks.idle()
        assert here.vm.error
        assert not here.finished
        assert here.drafts.untouched
        here.vm.set_passphrase(PASSPHRASE)
        here.vm.go_on()
        await here.tasks.idle()
        assert here.finished == [True]


async def test_a_wallet_without_identity_is_only_named(tmp_path: Path) -> None:
    async with start(tmp_path) as here:
        here.wallets.create_now(SENTENCE)
        here.vm.name_only()
        assert (here.vm.step, here.vm.why) == (2, "Write your name")
        here.vm.back()
        assert here.vm.step == 2
        await here.finish("Katrin")
        assert here.finished == [True]
    assert service(tmp_path).unlock_now(SENTENCE).identities[0].name == "Katrin"
