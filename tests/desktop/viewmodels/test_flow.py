"""The main job through the view-models, on a real backend process and a real wallet."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from cms_desktop.log_keeper import LogKeeper
from cms_desktop.viewmodels.contract import ContractViewModel
from cms_desktop.viewmodels.draft import DraftViewModel
from cms_desktop.viewmodels.home import HomeViewModel
from cms_desktop.viewmodels.sign import SignViewModel
from cms_desktop.viewmodels.verify import VerifyViewModel
from tests.support.pages_installation import Installation, installation
from tests.support.wallet_home import PASSPHRASE

pytestmark = pytest.mark.usefixtures("qapp")

CLAUSES = (
    "**Services.** The Provider builds the shop.",
    "**Fees.** The Client pays {{price}} within 14 days.",
    "**Law.** German law applies.",
)


async def write(here: Installation) -> DraftViewModel:
    """A complete draft between the two people of the wallet."""
    vm = DraftViewModel(here.session)
    vm.enter({"new": "blank"})
    await here.tasks.idle()
    vm.set_title("Services agreement")
    for clause in CLAUSES:
        vm.add_clause(-1)
        vm.set_clause(vm.active, clause)
    vm.parts.set_variable("price", "€18,400")
    assert vm.parts.add_person(str(here.wallet.identities[1].did))
    vm.parts.set_date("end", "2036-05-31")
    return vm


async def propose(here: Installation) -> str:
    """The contract's id, proposed by the first person."""
    vm = await write(here)
    assert vm.complete, [row["text"] for row in vm.checks.rows if not row["ok"]]
    vm.propose("", "Please have a look.")
    await here.tasks.idle()
    assert vm.error == ""
    page, params = here.went[-1]
    assert page == "contract"
    return str(params["id"])


async def sign(here: Installation, contract: str) -> SignViewModel:
    """Read everything and hold the button."""
    vm = SignViewModel(here.session)
    vm.enter({"id": contract})
    await here.tasks.idle()
    for block in vm.blocks.rows:
        if block["place"]:
            vm.seen(str(block["place"]))
    assert vm.ready, (vm.error, vm.checks)
    vm.held()
    await here.tasks.idle()
    assert vm.error == ""
    return vm


async def open_contract(here: Installation, contract: str) -> ContractViewModel:
    vm = ContractViewModel(here.session)
    vm.enter({"id": contract})
    await here.tasks.idle()
    assert vm.error == ""
    return vm


async def test_a_draft_is_kept_while_it_is_written_and_found_again(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = await write(here)
        vm.save()
        await here.tasks.idle()
        assert vm.saved.startswith("Saved ")
        again = DraftViewModel(here.session)
        stored = here.session.drafts.list()[0]
        again.enter({"id": stored.id})
        await here.tasks.idle()
        assert again.title == "Services agreement"
        assert [row["heading"] for row in again.clauses.rows] == ["Services", "Fees", "Law"]
        assert again.parts.variables.rows[0]["value"] == "€18,400"


async def test_a_removed_clause_comes_back_where_it_was(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = await write(here)
        vm.remove_clause(1)
        assert [row["heading"] for row in vm.clauses.rows] == ["Services", "Law"]
        text, label, undo = here.told[-1]
        assert (text, label) == ("Clause 2, Fees, was removed.", "Undo")
        undo()  # type: ignore[operator]  # it is what the toast's button calls
        assert [row["heading"] for row in vm.clauses.rows] == ["Services", "Fees", "Law"]
        vm.move_clause(2, 0)
        assert [row["heading"] for row in vm.clauses.rows] == ["Law", "Services", "Fees"]


async def test_what_is_missing_is_named_and_nothing_is_proposed_before(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = await write(here)
        vm.parts.set_variable("price", "")
        assert not vm.complete
        assert any(not row["ok"] and row["action"] for row in vm.checks.rows)
        vm.parts.set_date("start", "next spring")
        assert "2028-05-31" in str(vm.parts.validity["startError"])


async def test_both_sign_and_the_contract_is_in_force(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        vm = await open_contract(here, contract)
        assert vm.turn["action"] == "sign"
        assert vm.head["badge"] == "waitingForYou"
        assert [row["phase"] for row in vm.steps.rows] == ["done", "done", "next", "later", "later"]
        await sign(here, contract)
        here.use(1)
        await sign(here, contract)
        vm = await open_contract(here, contract)
        assert vm.head["badgeText"] == "In force"
        assert [row["turn"] for row in vm.parties.rows] == ["signed", "signed"]
        assert vm.steps.rows[-1]["title"] == "In force"


async def test_the_button_stays_closed_until_all_was_in_view(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        await sign(here, contract)
        here.use(1)
        vm = SignViewModel(here.session)
        vm.enter({"id": contract})
        await here.tasks.idle()
        assert vm.head["intent"] == "I sign this revision and agree to be bound by it."
        assert len(vm.fingerprint) == 6
        if not vm.ready:
            before = len(here.went)
            vm.held()
            await here.tasks.idle()
            assert len(here.went) == before


async def test_a_wrong_passphrase_signs_nothing_and_the_right_one_does(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        vm = SignViewModel(here.session)
        vm.enter({"id": contract})
        await here.tasks.idle()
        for block in vm.blocks.rows:
            vm.seen(str(block["place"]))
        vm.with_passphrase("something else entirely")
        await here.tasks.idle()
        assert vm.error != ""
        assert here.went[-1] == ("contract", {"id": contract})
        vm.with_passphrase(PASSPHRASE)
        await here.tasks.idle()
        opened = await open_contract(here, contract)
        assert opened.parties.rows[0]["turn"] == "signed"


async def test_a_decline_closes_the_proposal_and_keeps_the_reason(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        vm = await open_contract(here, contract)
        assert "closed for everybody" in vm.consequence("decline")
        vm.confirm("decline", "Too dear.", "")
        await here.tasks.idle()
        assert vm.head["badgeText"] == "Declined"
        assert vm.turn["action"] == "amend"
        home = HomeViewModel(here.session, LogKeeper(here.home))
        home.enter({})
        await here.tasks.idle()
        assert any("Too dear." in str(row["text"]) for row in home.happened.rows)


async def test_an_amendment_shows_what_changed_before_it_is_signed(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        await sign(here, contract)
        here.use(1)
        await sign(here, contract)
        here.use(0)
        draft = DraftViewModel(here.session)
        draft.enter({"amend": contract})
        await here.tasks.idle()
        assert draft.amends
        fees = next(place for place, row in enumerate(draft.clauses.rows) if row["heading"] == "Fees")
        draft.set_clause(fees, str(draft.clauses.rows[fees]["text"]).replace("14", "21"))
        draft.propose("", "")
        await here.tasks.idle()
        assert draft.error == ""
        here.use(1)
        vm = await open_contract(here, contract)
        assert "clause 2" in str(vm.turn["text"])
        vm.compare(True)
        marked = "".join(str(block["html"]) for block in vm.paper.rows if block["kind"] == "marked")
        assert ">14</span>" in marked
        assert ">21</span>" in marked


async def test_comments_are_signed_and_shown_to_all(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        vm = await open_contract(here, contract)
        vm.confirm("comment", "Is this net? <b>", "")
        await here.tasks.idle()
        assert [row["text"] for row in vm.comments.rows] == ["Is this net? <b>"]
        assert vm.comments.rows[0]["name"] == "Katrin Ostermann, you"


async def test_home_and_register_name_what_waits(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        contract = await propose(here)
        home = HomeViewModel(here.session, LogKeeper(here.home))
        home.enter({})
        await here.tasks.idle()
        assert home.needsCount == 1
        assert home.needs.rows[0]["primary"] is True
        assert home.needs.rows[0]["button"] == "Review and sign"
        register = here.register()
        register.enter({})
        await here.tasks.idle()
        assert register.contracts.at(0)["id"] == contract
        assert register.contracts.at(0)["badge"] == "waitingForYou"
        counts = {row["key"]: row["count"] for row in register.filters.rows}
        assert (counts["all"], counts["mine"], counts["force"]) == (1, 1, 0)
        register.choose_filter("force")
        await here.tasks.idle()
        assert register.contracts.rowCount() == 0
        register.choose_filter("force")
        register.search("servic")
        register.reload()
        await here.tasks.idle()
        assert register.contracts.rowCount() == 1


async def test_a_file_goes_to_another_installation_and_verifies_there(tmp_path: Path) -> None:
    target = tmp_path / "agreement.cmsproof"
    async with installation(tmp_path / "one") as here:
        contract = await propose(here)
        await sign(here, contract)
        vm = await open_contract(here, contract)
        vm.export("cmsproof", QUrl.fromLocalFile(str(target)))
        await here.tasks.idle()
        assert vm.error == ""
    async with installation(tmp_path / "two", "Miriam Feld") as there:
        page = VerifyViewModel(there.session)
        page.drop_urls([QUrl.fromLocalFile(str(target))])
        await there.tasks.idle()
        assert str(page.verdict["headline"]).startswith("Verified.")
        assert page.offer == "Take this contract in"
        page.take_in()
        await there.tasks.idle()
        assert there.went[-1] == ("contract", {"id": contract})
        opened = await open_contract(there, contract)
        assert opened.head["title"] == "Services agreement"


@pytest.mark.parametrize("missing", ["workspace", "wallet"])
async def test_without_backend_or_wallet_nothing_is_lost_and_the_page_says_why(
    tmp_path: Path, missing: str
) -> None:
    async with installation(tmp_path) as here:
        vm = await write(here)
        if missing == "workspace":
            here.session.set_backend(None, None)
        else:
            here.session.set_wallet(None, None)
        vm.propose("", "")
        await here.tasks.idle()
        assert "The draft is kept." in vm.error
