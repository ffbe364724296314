"""A proposal while decisions come in: who has decided, whose turn it is, and whether all have agreed (section 3)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from cms_backend.core.document import DocumentRef
from cms_backend.core.events import Action, Envelope
from cms_backend.core.ids import Did
from cms_backend.core.lifecycle_state import (
    DECIDING,
    Awaited,
    Proposal,
    ProposalStatus,
    Text,
)
from cms_backend.core.parties import Party


class Round:
    """Counts agreement by steps as it comes: a text may have very many parties, and each of them decides."""

    __slots__ = ("_agreed", "_open", "decisions", "envelope", "proposer", "ref", "status", "text")

    def __init__(
        self,
        envelope: Envelope,
        ref: DocumentRef,
        text: Text | None,
        proposer: Did,
        status: ProposalStatus = ProposalStatus.pending,
        decisions: Mapping[int, Envelope] | None = None,
    ) -> None:
        """`text`: None when it is not held. `decisions`: by the index of the party."""
        self.envelope = envelope
        self.ref = ref
        self.text = text
        self.proposer = proposer
        self.status = status
        self.decisions: dict[int, Envelope] = {}
        self._agreed = [0] * (0 if text is None else len(text.index.steps))
        self._open = 0
        for index, decision in (decisions or {}).items():
            self.decide(index, decision)

    @property
    def parties(self) -> tuple[Party, ...]:
        """The parties of the proposed text; none when the text is not held."""
        return () if self.text is None else self.text.parties

    def decide(self, index: int, decision: Envelope) -> None:
        """Take the one decision of a party."""
        self.decisions[index] = decision
        if self.text is None or decision.action is Action.declined:
            return
        party, known = self.text.parties[index], self.text.index
        if party.role in DECIDING:
            self._agreed[bisect_left(known.steps, party.step or 0)] += 1
        while self._open < len(known.steps) and self._agreed[self._open] == known.deciding[self._open]:
            self._open += 1

    def is_positive(self, index: int) -> bool:
        """The party has approved, signed or witnessed."""
        decision = self.decisions.get(index)
        return decision is not None and decision.action is not Action.declined

    def before(self, index: int) -> list[int]:
        """The parties whose positive decisions the decision of this one builds on."""
        party = self.parties[index]
        if party.witness_of is not None:
            return [party.witness_of]
        return [] if self.text is None else list(self.text.index.before(party.step or 0))

    def count_before(self, index: int) -> int:
        """How many parties these are."""
        party = self.parties[index]
        if party.witness_of is not None or self.text is None:
            return 1
        return self.text.index.count_before(party.step or 0)

    def is_ready(self, index: int) -> bool:
        """All that comes before the decision of this party is there."""
        if self.text is None:
            return True
        party, steps = self.text.parties[index], self.text.index.steps
        if self._open < len(steps) and steps[self._open] < (party.step or 0):
            return False
        return party.witness_of is None or self.is_positive(party.witness_of)

    def is_complete(self) -> bool:
        """Everyone who decides has decided positively."""
        return self.text is not None and self._open == len(self.text.index.steps)

    def awaited(self) -> tuple[Awaited, ...]:
        """Whose decision is missing; empty unless the proposal is pending."""
        if self.status is not ProposalStatus.pending:
            return ()
        return tuple(
            Awaited(at, one.role, one.step, one.did, one.name, self.is_ready(at))
            for at, one in enumerate(self.parties)
            if one.role in DECIDING and at not in self.decisions
        )

    def freeze(self) -> Proposal:
        """The frozen proposal."""
        return Proposal(
            self.envelope,
            self.ref,
            self.text,
            self.proposer,
            dict(self.decisions),
            self.status,
            self.awaited(),
        )

    @classmethod
    def of(cls, one: Proposal) -> Round:
        """The round of a frozen proposal."""
        return cls(one.envelope, one.ref, one.document, one.proposer, one.status, one.decisions)
