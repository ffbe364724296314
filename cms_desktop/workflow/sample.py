"""The sample contract that a new installation holds as a draft: to look at, to change, to delete."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cms_desktop.workflow.draft_text import read_draft_text
from cms_desktop.workflow.drafts import Draft, DraftParty, DraftStore

if TYPE_CHECKING:
    from cms_desktop.wallet.records import Identity

SAMPLE_ID: Final = "5a00000000000001"
"""Always this one, so that a home can hold the sample once only."""


def lay_out_sample(drafts: DraftStore, text: str, me: Identity | None) -> Draft | None:
    """Keep the sample of `text` as a draft with `me` as its first party; None in a home where drafts were kept before,
    deleted ones included: whoever deleted the sample does not wish to see it again. DraftError.
    """
    if not drafts.untouched:
        return None
    draft = replace(read_draft_text(text), id=SAMPLE_ID)
    if me is not None:
        mine = DraftParty(
            did=me.did, key=me.key, next=me.next, name=me.name, capacity=me.organisation or None
        )
        draft = replace(draft, parties=(mine, *draft.parties))
    return drafts.save(draft)
