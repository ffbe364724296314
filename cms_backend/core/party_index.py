"""The parties of a text by DID, by key and by step: what replay asks of a text for every event that names it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from cms_backend.core.ids import Did, KeyText
from cms_backend.core.parties import Party, Role

DECIDING: Final = frozenset({Role.signer, Role.approver, Role.witness, Role.leaver})
"""Roles that decide on a proposal; viewers read along."""


@dataclass(frozen=True, slots=True)
class PartyIndex:
    """Made once for each text; a text may have very many parties."""

    by_did: Mapping[Did, int]
    by_key: Mapping[KeyText, int]
    steps: tuple[int, ...]
    """The steps of parties that decide, ascending, each once."""
    deciding: tuple[int, ...]
    """How many parties decide in each of these steps."""
    up_to: tuple[int, ...]
    """How many decide in the steps before each, and in all of them at the end."""
    order: tuple[int, ...]
    """Those that decide, by step."""

    @classmethod
    def of(cls, parties: Sequence[Party]) -> PartyIndex:
        """The index of a text's parties, whose DIDs and keys each stand once."""
        counts = Counter(party.step or 0 for party in parties if party.role in DECIDING)
        steps = tuple(sorted(counts))
        deciding = tuple(counts[step] for step in steps)
        return cls(
            {party.did: at for at, party in enumerate(parties)},
            {party.key: at for at, party in enumerate(parties)},
            steps,
            deciding,
            tuple(accumulate(deciding, initial=0)),
            tuple(
                sorted(
                    (at for at, party in enumerate(parties) if party.role in DECIDING),
                    key=lambda at: parties[at].step or 0,
                )
            ),
        )

    def before(self, step: int) -> tuple[int, ...]:
        """The parties that decide in lower steps."""
        return self.order[: self.count_before(step)]

    def count_before(self, step: int) -> int:
        """How many these are."""
        return self.up_to[bisect_left(self.steps, step)]
