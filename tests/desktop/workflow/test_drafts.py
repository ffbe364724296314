"""Drafts on disk: kept whole, put aside when damaged, brought back when deleted."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from cms_backend.core.document import Attachment, Role, Variable, VariableType
from cms_backend.core.ids import ContractId, Digest, Time
from cms_desktop.workflow.drafts import Draft, DraftError, DraftParty, DraftStore


def full() -> Draft:
    """A draft with every member set."""
    return replace(
        Draft.new("Lease"),
        contract=ContractId.new(),
        base_revision=1,
        base_root=Digest("a" * 64),
        description="of a room",
        parties=(DraftParty(did="did:key:zA", name="Ada", role=Role.witness, step=3, witness_of=0),),
        clauses=("One", "Two"),
        valid_from=Time("2026-01-01T00:00:00.000Z"),
        attachments=(Attachment("plan.pdf", "application/pdf", 3, Digest("b" * 64)),),
        variables=(Variable("rent", VariableType.money, "900 EUR"),),
    )


def test_a_saved_draft_comes_back_with_every_member_and_the_time(tmp_path: Path) -> None:
    store = DraftStore(tmp_path / "drafts", now=lambda: Time("2026-02-03T04:05:06.000Z"))
    saved = store.save(full())
    assert saved.updated_at == "2026-02-03T04:05:06.000Z"
    assert DraftStore(tmp_path / "drafts").get(saved.id) == saved


def test_the_newest_change_is_listed_first(tmp_path: Path) -> None:
    moments = iter(["2026-01-01T00:00:00.000Z", "2026-01-03T00:00:00.000Z", "2026-01-02T00:00:00.000Z"])
    store = DraftStore(tmp_path, now=lambda: Time(next(moments)))
    for title in ("first", "third", "second"):
        store.save(Draft.new(title))
    assert [one.title for one in store.list()] == ["third", "second", "first"]


@pytest.mark.parametrize("left", [b"", b"{", b"[]", b'{"format":"cms-draft/9"}', b'{"format":"cms-draft/1"}'])
def test_a_damaged_draft_is_put_aside_and_the_others_stay(tmp_path: Path, left: bytes) -> None:
    store = DraftStore(tmp_path)
    good = store.save(Draft.new("good"))
    (tmp_path / "0123456789abcdef.json").write_bytes(left)
    assert store.list() == (good,)
    (aside,) = store.damaged()
    assert aside.read_bytes() == left


def test_a_deleted_draft_can_be_brought_back_as_it_was(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    saved = store.save(full())
    store.delete(saved.id)
    with pytest.raises(DraftError):
        store.get(saved.id)
    store.restore(saved)
    assert store.get(saved.id) == saved


def test_an_id_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DraftError):
        DraftStore(tmp_path).get("../wallet")


def test_a_disk_that_takes_nothing_is_said_and_the_earlier_text_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DraftStore(tmp_path)
    saved = store.save(Draft.new("earlier"))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DraftError, match="untouched"):
        store.save(replace(saved, title="later"))
    assert store.get(saved.id).title == "earlier"
