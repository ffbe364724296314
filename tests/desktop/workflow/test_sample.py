"""The sample contract of a new installation: there once, plainly a sample, and gone for good when deleted."""

from pathlib import Path

from cms_desktop.paths import resource
from cms_desktop.workflow.drafts import Draft, DraftStore
from cms_desktop.workflow.sample import SAMPLE_ID, lay_out_sample
from tests.support.wallet_home import wallet

TEXT = resource("samples", "welcome.md").read_text(encoding="utf-8")


def test_a_new_home_gets_a_draft_that_calls_itself_a_sample(tmp_path: Path) -> None:
    me = wallet(tmp_path)[1].identities[0]
    drafts = DraftStore(tmp_path / "drafts")
    laid = lay_out_sample(drafts, TEXT, me)
    assert laid is not None
    assert drafts.list() == (laid,)
    assert laid.title.startswith("Sample")
    assert "sample" in laid.description
    assert "delete it" in laid.description
    assert len(laid.clauses) == 4
    assert [(one.did, one.name, one.capacity) for one in laid.parties] == [
        (me.did, "Katrin Ostermann", "Ostermann Webwerk GmbH")
    ]


def test_who_deleted_the_sample_does_not_see_it_again(tmp_path: Path) -> None:
    drafts = DraftStore(tmp_path / "drafts")
    assert lay_out_sample(drafts, TEXT, None) is not None
    drafts.delete(SAMPLE_ID)
    assert lay_out_sample(DraftStore(tmp_path / "drafts"), TEXT, None) is None
    assert drafts.list() == ()


def test_a_home_with_drafts_gets_no_sample(tmp_path: Path) -> None:
    drafts = DraftStore(tmp_path / "drafts")
    own = drafts.save(Draft.new("Lease"))
    assert lay_out_sample(drafts, TEXT, None) is None
    assert drafts.list() == (own,)
