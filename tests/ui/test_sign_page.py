"""The sign page: what is signed is what was in view, every block of it to its end."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickItem

from cms_backend.core.ids import Digest
from cms_backend.core.parties import Attachment, Variable, VariableType
from cms_desktop.viewmodels.sign import SignViewModel
from cms_desktop.workflow.drafts import Draft, DraftParty
from tests.support.pages_installation import Installation, installation
from tests.support.pages_window import PageWindow, shown

pytestmark = pytest.mark.usefixtures("qapp")

CODE = "\n".join(f"row {number} of the price list" for number in range(90))
CLAUSES = (
    "**Fees.** The Client pays €18,400.\n\nThe second paragraph of a clause.\n\n[1]: # (and the price doubles)",
    f"## Prices\n\n```\n{CODE}\n```",
    "A long paragraph. " * 400,
    "**Law.** German law applies.",
)


async def on_the_page(here: Installation, *clauses: str) -> SignViewModel:
    """The page of a proposal that the second person of the wallet has not seen before."""
    first, second = here.wallet.identities[:2]
    draft = replace(
        Draft.new("Services agreement"),
        description="between **A** and *B*\n\n[2]: /x 'hidden'",
        clauses=clauses or CLAUSES,
        parties=tuple(
            DraftParty(did=str(one.did), key=one.key, next=one.next, name=one.name) for one in (first, second)
        ),
        attachments=(Attachment("plan.pdf", "application/pdf", 48_123, Digest("ab" * 32)),),
        variables=(Variable("price", VariableType.money, "€18,400"),),
    )
    outcome = await here.workspace.propose(draft, here.wallet.signer(first.id))
    here.use(1)
    vm = SignViewModel(here.session)
    vm.enter({"id": str(outcome.contract)})
    await here.tasks.idle()
    return vm


def missing(vm: SignViewModel) -> set[str]:
    """The places that did not come into view yet."""
    return {place for place, seen in vm._places.items() if not seen}


def page_down(page: PageWindow, times: int) -> None:
    """As a reader does."""
    page.find("signPaper").forceActiveFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(times):
        page.key(Qt.Key.Key_PageDown)
        page.settle(40)


async def test_every_block_of_the_text_is_a_place(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = await on_the_page(here)
        blocks = vm.blocks.rows
        assert {one["kind"] for one in blocks if not one["place"]} == {"rule", "end"}
        places = [str(one["place"]) for one in blocks if one["place"]]
        assert len(places) == len(set(places))
        text = " ".join(str(one["html"]) for one in blocks)
        for part in (
            "second paragraph",
            "(and the price doubles)",
            "row 89",
            "plan.pdf",
            "ab" * 32,
            "hidden",
        ):
            assert part in text
        for party in here.wallet.identities[:2]:
            assert party.did in text
            assert str(party.next) in text
        assert "€18,400 (money)" in text


async def test_whoever_jumps_to_the_end_has_not_seen_the_whole_text(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = await on_the_page(here)
        with shown("SignPage", vm, height=500) as page:
            page.settle(150)
            page.key(Qt.Key.Key_End)
            page.settle(150)
            assert not vm.ready
            assert "in view so far" in str(vm.checks[0]["text"])
            assert any(place.startswith("c1.") for place in missing(vm))
            assert any(place.startswith("c2.") for place in missing(vm)), (
                "the middle of a long block was not seen"
            )


async def test_the_whole_text_was_in_view_once_every_end_was_scrolled_through(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = await on_the_page(here)
        with shown("SignPage", vm, height=500) as page:
            page.settle(150)
            pages = 0
            while not vm.ready and pages < 60:
                last = str(vm.blocks.rows[-2]["place"])
                assert last in missing(vm) or len(missing(vm)) == 0, missing(vm)
                page_down(page, 1)
                pages += 1
            assert vm.ready, missing(vm)
            assert pages > 5
            assert vm.checks[0] == {"ok": True, "text": "The whole text was in view"}


async def test_the_end_of_a_long_paragraph_does_not_count_alone(tmp_path: Path) -> None:
    async with installation(tmp_path) as here:
        vm = await on_the_page(here, "Short.", "A long paragraph. " * 400)
        with shown("SignPage", vm, height=420) as page:
            page.settle(150)
            page.key(Qt.Key.Key_End)
            page.settle(100)
            assert "c1.0" in missing(vm)
            page.key(Qt.Key.Key_Home)
            page.settle(100)
            page_down(page, 14)
            assert missing(vm) == set()


async def test_another_text_begins_unseen_and_is_not_signed_before_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with installation(tmp_path) as here:
        vm = await on_the_page(here, "Short.")
        with shown("SignPage", vm, height=700) as page:
            page.settle(150)
            page_down(page, 4)
            assert vm.ready, missing(vm)
            assert vm._view is not None
            draft = here.workspace.amend(vm._view)
            first = here.wallet.identities[0]
            await here.workspace.withdraw(vm._view, here.wallet.signer(first.id))
            await here.workspace.propose(
                replace(draft, clauses=("Other words. " * 500,)), here.wallet.signer(first.id)
            )
            between: list[bool] = []
            thread = here.tasks.thread

            def slowly(*work: Any) -> Any:
                between.append(vm.ready)
                return thread(*work)

            monkeypatch.setattr(here.tasks, "thread", slowly)
            await vm._look_again()
            assert between
            assert not any(between), "the text before is still shown, and the new one could be signed"
            page.settle(150)
            assert not vm.ready
            assert "c0.0" in missing(vm)


@pytest.mark.parametrize("dark", [False, True])
async def test_no_number_marker_or_label_lies_over_the_text(tmp_path: Path, dark: bool) -> None:
    async with installation(tmp_path) as here:
        vm = await on_the_page(here, "999999999. nine\n     - in it\n\n[1]: # (x)\n\n    code")
        with shown("SignPage", vm, dark=dark, height=900) as page:
            page.settle(200)
            blocks = [
                one for one in _below(page.find("signPaper")) if "PaperBlock" in one.metaObject().className()
            ]
            assert len(blocks) > 5
            for block in blocks:
                texts = [one for one in _below(block) if one.isVisible() and one.property("text")]
                spans = sorted(
                    (one.mapToItem(block, 0, 0).x(), one.property("paintedWidth")) for one in texts
                )
                for (left, width), (right, _) in pairwise(spans):
                    assert left + width <= right, [one.property("text") for one in texts]


def _below(item: QQuickItem) -> list[QQuickItem]:
    return [one for child in item.childItems() for one in (child, *_below(child))]
