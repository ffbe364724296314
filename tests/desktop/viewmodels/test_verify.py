"""The verify page's view-model on real evidence, the real verifier and a known ledger."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QUrl

from cms_backend.core.errors import CmsError
from cms_backend.core.evidence import Evidence
from cms_desktop.session import Session
from cms_desktop.viewmodels.verify import VerifyViewModel
from tests.support.pages_session import KnownWorkspace, WaitedTasks, pending_world, save, signed_world


class NothingKnown:
    """A client of a backend that holds no contract."""

    async def contract(self, _contract: str) -> object:
        """As the API answers."""
        raise CmsError("There is no such contract.")


class Page:
    """A view-model with its session."""

    def __init__(self, home: Path, workspace: KnownWorkspace) -> None:
        self.tasks = WaitedTasks()
        self.workspace = workspace
        self.session = Session(home, cast("object", None), self.tasks)  # type: ignore[arg-type]  # no drafts here
        self.session.set_backend(workspace, None)  # type: ignore[arg-type]  # a workspace over a known world
        self.went: list[tuple[str, dict[str, object]]] = []
        self.session.wanted.connect(lambda page, params: self.went.append((page, params)))
        self.vm = VerifyViewModel(self.session)

    async def own(self) -> VerifyViewModel:
        """Verify the contract of the own store."""
        self.vm.enter({"contract": "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12"})
        await self.tasks.idle()
        return self.vm


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path, KnownWorkspace(signed_world()))


def left_over(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir() if one.name.startswith(".report")]


def marks(vm: VerifyViewModel) -> set[object]:
    return {row["mark"] for row in vm.events.rows}


async def test_a_contract_of_the_own_store_is_verified_with_the_ledger_at_hand(page: Page) -> None:
    vm = await page.own()
    assert vm.hasReport
    assert vm.verdict["seal"] == "verified"
    assert str(vm.verdict["headline"]).startswith("Verified.")
    assert [question["mark"] for question in vm.questions] == ["passed"] * 5
    assert vm.events.rowCount() == 5
    assert marks(vm) == {"passed"}
    assert len(vm.brackets_between(0, 5)) == 2


async def test_the_path_of_the_selected_event_leads_to_the_root_of_its_checkpoint(page: Page) -> None:
    vm = await page.own()
    vm.select(3)
    assert vm.details["title"] == "Event 3: signed by Boris"
    assert vm.path["reached"] is True
    assert vm.path["blockState"] == "passed"


async def test_one_check_is_open_and_another_takes_its_place(page: Page) -> None:
    vm = await page.own()
    vm.select(0)
    first, second = (str(row["key"]) for row in vm.checks.rows[:2])
    assert [row["open"] for row in vm.checks.rows[:2]] == [True, False]
    vm.toggle_check(second)
    assert [row["open"] for row in vm.checks.rows[:2]] == [False, True]
    vm.toggle_check(second)
    assert not any(row["open"] for row in vm.checks.rows)
    assert first != second


async def test_a_dropped_file_is_verified_and_its_contract_is_offered(page: Page, tmp_path: Path) -> None:
    path = save(tmp_path / "lift.cmsproof", page.workspace.evidence)
    page.session.client = NothingKnown()  # type: ignore[assignment]  # a backend without contracts
    page.vm.drop_urls([QUrl.fromLocalFile(str(path))])
    await page.tasks.idle()
    assert page.vm.file["name"] == "lift.cmsproof"
    assert page.vm.verdict["seal"] == "verified"
    assert page.vm.offer == "Take this contract in"


async def test_a_certificate_is_verified_by_the_evidence_inside(page: Page, tmp_path: Path) -> None:
    vm = await page.own()
    target = tmp_path / "certificate.pdf"
    vm.export("pdf", QUrl.fromLocalFile(str(target)))
    await page.tasks.idle()
    vm.clear()
    assert not vm.hasReport
    vm.open_file(QUrl.fromLocalFile(str(target)))
    await page.tasks.idle()
    assert vm.verdict["seal"] == "verified"
    assert vm.file["name"] == "certificate.pdf"


async def test_a_file_that_is_no_evidence_is_said_to_prove_nothing(page: Page, tmp_path: Path) -> None:
    path = save(tmp_path / "letter.txt", b"Dear Sir or Madam")
    page.vm.drop_urls([QUrl.fromLocalFile(str(path))])
    await page.tasks.idle()
    assert str(page.vm.verdict["headline"]).startswith("No proof.")
    assert page.vm.verdict["seal"] == "failed"


async def test_a_pdf_without_evidence_is_an_error_in_words(page: Page, tmp_path: Path) -> None:
    path = save(tmp_path / "scan.pdf", b"%PDF-1.7\n%%EOF\n")
    page.vm.drop_urls([QUrl.fromLocalFile(str(path))])
    await page.tasks.idle()
    assert page.vm.error.startswith("scan.pdf:")
    assert not page.vm.hasReport
    assert page.vm.busy == ""


async def test_an_open_anchor_shows_the_seal_with_the_clock(tmp_path: Path) -> None:
    page = Page(tmp_path, KnownWorkspace(pending_world(), head=False, tail=False))
    vm = await page.own()
    assert vm.verdict["seal"] == "pending"
    assert "pending" in marks(vm)


async def test_the_lab_changes_a_copy_names_the_check_and_gives_the_original_back(page: Page) -> None:
    vm = await page.own()
    before = page.workspace.evidence
    headline = vm.verdict["headline"]
    vm.open_lab(True)
    await page.tasks.idle()
    labels = [str(row["label"]) for row in vm.targets.rows]
    vm.change_target(labels.index("Clause 1 of revision 1"))
    await page.tasks.idle()
    assert vm.tampered == "Clause 1 of revision 1: one character was changed."
    assert str(vm.verdict["headline"]).startswith("Altered.")
    assert "DOC-ROOT" in {row["check"] for row in vm.checks.rows if row["mark"] == "failed"}
    vm.restore()
    assert vm.tampered == ""
    assert vm.verdict["headline"] == headline
    assert page.workspace.evidence == before


async def test_every_value_that_the_lab_can_change_is_caught(page: Page) -> None:
    vm = await page.own()
    vm.open_lab(True)
    await page.tasks.idle()
    for place, row in enumerate(vm.targets.rows):
        vm.change_target(place)
        await page.tasks.idle()
        assert vm.verdict["seal"] == "failed", row["label"]


async def test_a_flipped_bit_is_caught(page: Page) -> None:
    vm = await page.own()
    for offset in (0, 1000, len(page.workspace.evidence) - 1):
        vm.flip_byte(offset)
        await page.tasks.idle()
        assert vm.verdict["seal"] == "failed", offset


async def test_the_saved_evidence_is_the_evidence(page: Page, tmp_path: Path) -> None:
    vm = await page.own()
    name = vm.suggested("cmsproof").fileName()
    assert name == "maintenance-of-the-lift-r2.cmsproof"
    target = tmp_path / name
    vm.export("cmsproof", QUrl.fromLocalFile(str(target)))
    await page.tasks.idle()
    assert Evidence.from_bytes(target.read_bytes()).contract == "6f2c1a3e-5b7d-4c1f-9a0e-2d4b6c8e0f12"


async def test_a_report_is_saved_whole_or_not_at_all(page: Page, tmp_path: Path) -> None:
    vm = await page.own()
    for kind in ("html", "json"):
        vm.export(kind, QUrl.fromLocalFile(str(tmp_path / f"report.{kind}")))
    vm.export("json", QUrl.fromLocalFile(str(tmp_path / "no such folder" / "report.json")))
    await page.tasks.idle()
    assert b"Verified" in (tmp_path / "report.html").read_bytes()
    assert (tmp_path / "report.json").read_bytes().startswith(b"{")
    assert "was not saved" in vm.error
    assert left_over(tmp_path) == []
