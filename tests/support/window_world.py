"""A desk with a few contracts on it, made on the real backend through the workspace: for pictures and long tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cms_backend.core.events import Action
from cms_backend.core.ids import ContractId, Time
from cms_backend.core.parties import Role, Variable, VariableType
from cms_backend.core.signatures import Signer
from cms_desktop.wallet.model import Wallet
from cms_desktop.wallet.records import Identity
from cms_desktop.workflow.drafts import Draft, DraftParty
from cms_desktop.workflow.workspace import Workspace
from tests.support.wallet_home import service

OTHERS_WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"
END = Time("2028-05-31T22:00:00.000Z")
SHOP = (
    "**Services.** The Provider designs, builds and hosts an online shop for the Client, as described in the attached "
    "specification.",
    "**Delivery.** The shop goes live within 60 days after both sides have signed.",
    "**Fees.** The Client pays €18,400 for the build, and €240 a month for hosting and upkeep.",
    "**Payment.** Invoices are due within 14 days.",
    "**Acceptance.** The Client tests the shop within 10 days after delivery and accepts it in writing.",
    "**Faults.** The Provider mends faults within two working days, free of charge, for 12 months.",
    "**Law.** German law applies. The courts of Berlin decide.",
)
PAID_LATER = "**Payment.** Invoices are due within 21 days."
MORE_HOSTING = "**Fees.** The Client pays €18,400 for the build, and €260 a month for hosting and upkeep."


class Desk:
    """Katrin's desk, and the keys of those she deals with."""

    def __init__(self, workspace: Workspace, mine: Wallet, folder: Path) -> None:
        self.workspace, self.mine = workspace, mine
        other = service(folder)
        self.others = other.create_now("others have a passphrase", OTHERS_WORDS)
        self.idris = self.others.add_identity("ed25519", "Idris Calloway", "Calloway Orchard Foods Ltd")
        self.miriam = self.others.add_identity("ed25519", "Miriam Feld", "")
        self.velden = self.others.add_identity("ed25519", "Velden Foto", "Velden Foto GbR")

    @property
    def katrin(self) -> Identity:
        """The first identity of the wallet."""
        return self.mine.identities[0]

    def fill_wallet(self) -> None:
        """A second identity, a watched one, and three contacts that are known in three ways."""
        self.mine.add_identity("ethereum", "Webwerk, on Ethereum", "Ostermann Webwerk GmbH")
        lena = self.others.add_identity("ed25519", "Lena Ostermann", "")
        self.mine.watch(str(lena.did), "Lena Ostermann", "Ostermann Webwerk GmbH")
        self.mine.add_contact_card(self.others.contact_card(self.idris.id))
        self.mine.compared(str(self.idris.did))
        self.mine.add_contact_card(self.others.contact_card(self.miriam.id))
        self.mine.add_contact_card(str(self.velden.did), "Velden Foto")

    def signer(self, one: Identity) -> Signer:
        """The key of a person, mine or another's."""
        wallet = self.mine if any(one.id == mine.id for mine in self.mine.identities) else self.others
        return wallet.signer(one.id)

    def draft(
        self, title: str, clauses: Sequence[str], *people: Identity, step_by_step: bool = False
    ) -> Draft:
        """A complete draft between these people."""
        parties = tuple(
            DraftParty(
                did=str(one.did), key=str(one.key), next=str(one.next), name=one.name, role=Role.signer,
                step=place + 1 if step_by_step else 1,
            )
            for place, one in enumerate(people)
        )  # fmt: skip
        return replace(Draft.new(title), parties=parties, clauses=tuple(clauses), valid_until=END)

    async def propose(self, draft: Draft, by: Identity, *signing: Identity) -> ContractId:
        """Propose, and let some of the people sign."""
        outcome = await self.workspace.propose(draft, self.signer(by), note="Please have a look.")
        for one in signing:
            view = await self.workspace.open(outcome.contract)
            await self.workspace.decide(view, Action.signed, self.signer(one))
        return outcome.contract

    async def amended(self, contract: ContractId, by: Identity, clauses: Sequence[str]) -> None:
        """A new revision of what is in force."""
        draft = self.workspace.amend(await self.workspace.open(contract))
        await self.workspace.propose(
            replace(draft, clauses=tuple(clauses)), self.signer(by), note="Two changes."
        )

    async def fill(self) -> ContractId:
        """The contracts of the pictures; the one that waits for Katrin's signature, second revision."""
        katrin, idris = self.katrin, self.idris
        active = self.draft("Hosting, Praxis Dr. Amari", SHOP[:4], katrin, self.velden)
        await self.propose(active, katrin, katrin, self.velden)
        waiting = self.draft("Data processing agreement, Annex B", SHOP[3:], katrin, idris, step_by_step=True)
        await self.propose(waiting, katrin, katrin)
        foto = self.draft("Subcontract: product photography", SHOP[1:5], self.velden, katrin)
        await self.propose(foto, self.velden)
        declined = await self.propose(
            self.draft("Retainer: accessibility review", SHOP[2:6], katrin, self.miriam), katrin
        )
        view = await self.workspace.open(declined)
        await self.workspace.decide(
            view, Action.declined, self.signer(self.miriam), reason="The budget moved to 2027."
        )
        shop = self.draft("Services agreement: online shop and hosting", SHOP, katrin, idris)
        contract = await self.propose(shop, katrin, katrin, idris)
        await self.amended(contract, idris, (*SHOP[:2], MORE_HOSTING, PAID_LATER, *SHOP[4:]))
        return contract

    def winter_rates(self) -> Draft:
        """A draft that lacks a value."""
        draft = self.draft(
            "Maintenance contract, winter rates",
            (*SHOP[:2], "**Rates.** {{rate}} an hour in winter."),
            self.katrin,
        )
        return replace(draft, variables=(Variable("rate", VariableType.money, ""),))
