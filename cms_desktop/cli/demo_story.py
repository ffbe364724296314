"""The story of the demo: propose, sign, amend, sign again, anchor, verify, carry to a third computer, tamper."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cms_backend.core.events import Action
from cms_backend.core.ids import ContractId
from cms_backend.core.lifecycle import Status
from cms_backend.core.report_model import CheckState, OpenItem, Report, Verdict
from cms_desktop.cli.contract_text import text_words
from cms_desktop.cli.demo_side import DemoError, Side
from cms_desktop.cli.evidence import write_reports
from cms_desktop.clock import system_time
from cms_desktop.files import write_whole
from cms_desktop.paths import resource
from cms_desktop.workflow.draft_text import read_draft_text
from cms_desktop.workflow.drafts import Draft, DraftParty
from cms_desktop.workflow.redline import redline

_STEPS = 12


class Story:
    """See the module."""

    def __init__(self, homes: Path, out: Path) -> None:
        self._homes, self._out = homes, out
        self._console = Console(highlight=False)
        self._progress: Progress | None = None
        self._started = time.monotonic()

    async def tell(self) -> None:
        """Run it all. DemoError when a step does not end as it must."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        katrin = Side.of("Katrin Ostermann", "Ostermann Webwerk GmbH", self._homes / "katrin")
        idris = Side.of("Idris Calloway", "Calloway Orchard Foods Ltd", self._homes / "idris")
        with Progress(*columns, console=self._console) as progress:
            self._progress = progress
            self._task = progress.add_task("Starting", total=_STEPS)
            with self._step("Two homes, a wallet and a backend process in each"):
                await katrin.__aenter__()
            try:
                with self._step("The other side, too"):
                    await idris.__aenter__()
                try:
                    await self._between(katrin, idris)
                finally:
                    await idris.__aexit__(None, None, None)
            finally:
                await katrin.__aexit__(None, None, None)
        self._say(f"Done in {time.monotonic() - self._started:.1f} s. The files are in {self._out}.")

    async def _between(self, katrin: Side, idris: Side) -> None:
        contract = await self._first_revision(katrin, idris)
        await self._amendment(katrin, idris, contract)
        with self._step("Every event logged, the checkpoint anchored and confirmed"):
            view = await katrin.settled(contract)
        last = max((one.anchor.block or 0) for one in view.entries.values() if one.anchor)
        self._say(f"{len(view.entries)} events in the log, anchored up to block {last} of the local ledger.")
        with self._step("Verified against the ledger"):
            proof = await katrin.space.export_evidence(contract)
            report = await katrin.space.verify(proof)
            if report.verdict is not Verdict.verified or OpenItem.anchor in report.open_items:
                raise DemoError(f"The evidence does not verify: {report.headline}")
        self._say(report.headline)
        self._write(report, proof)
        await self._elsewhere(proof)
        with self._step("The other side takes the logged history in"):
            await idris.space.import_evidence(proof)
        self._tampered(proof)

    async def _first_revision(self, katrin: Side, idris: Side) -> ContractId:
        with self._step("Katrin drafts the agreement and proposes it"):
            text = resource("samples", "services-agreement.md").read_text("utf-8")
            card = katrin.wallet.add_contact_card(idris.wallet.contact_card(idris.identity.id))
            draft = replace(
                read_draft_text(text),
                parties=(
                    _party(
                        katrin.identity.did,
                        katrin.identity.next,
                        katrin.identity.name,
                        "Managing director",
                        1,
                    ),
                    _party(card.did, card.next, card.name, "Director", 2),
                ),
            )
            signer = katrin.wallet.signer(katrin.identity.id)
            outcome = await katrin.space.propose(draft, signer, note="As discussed on Monday.")
            contract = outcome.contract
            await katrin.decide(contract, Action.signed)
        with self._step("Idris takes the file in, signs, sends his back"):
            await idris.space.import_evidence(await katrin.space.export_evidence(contract))
            await idris.decide(contract, Action.signed)
            taken = await katrin.space.import_evidence(await idris.space.export_evidence(contract))
            if taken.added < 1 or taken.refused:
                raise DemoError("The signature of the other side was not taken in.")
        await self._in_force(katrin, contract, 1)
        return contract

    async def _amendment(self, katrin: Side, idris: Side, contract: ContractId) -> None:
        with self._step("Idris amends two clauses: revision 2"):
            await idris.space.import_evidence(await katrin.space.export_evidence(contract))
            before = await idris.space.open(contract)
            draft = _amended(idris.space.amend(before))
            signer = idris.wallet.signer(idris.identity.id)
            outcome = await idris.space.propose(draft, signer, note="21 days, and a floor under the limit.")
        old, new = before.document(1), outcome.view.document(2)
        if new is not None:
            self._say("Changed: " + "; ".join(place.text for place in redline(old, new).summary) + ".")
        with self._step("Both sign revision 2, each on their own computer"):
            await katrin.space.import_evidence(await idris.space.export_evidence(contract))
            await katrin.decide(contract, Action.signed)
            await idris.space.import_evidence(await katrin.space.export_evidence(contract))
            await idris.decide(contract, Action.signed)
            await katrin.space.import_evidence(await idris.space.export_evidence(contract))
        await self._in_force(katrin, contract, 2)

    async def _in_force(self, side: Side, contract: ContractId, revision: int) -> None:
        state = (await side.space.open(contract)).state
        now = state.in_force.ref.revision if state.in_force else None
        if state.status not in (Status.in_force, Status.expired) or now != revision:
            raise DemoError(
                f"Revision {revision} should be in force; the contract is {state.status}, revision {now}."
            )
        text = "" if state.in_force is None else text_words(state.in_force.ref)
        self._say(f"Revision {revision} is in force: both have signed. The text: {text}.")

    def _write(self, report: Report, proof: bytes) -> None:
        with self._step("Evidence file, PDF certificate, HTML and JSON reports"):
            write_whole(self._out / "contract.cmsproof", proof)
            write_reports(
                report,
                proof,
                pdf=self._out / "certificate.pdf",
                html=self._out / "report.html",
                json=self._out / "report.json",
                name="contract.cmsproof",
            )

    async def _elsewhere(self, proof: bytes) -> None:
        with self._step("Verified again in an empty third home"):
            from cms_backend.report.pdf import extract_evidence
            from cms_desktop.cli.verify import judge

            third = self._homes / "third"
            third.mkdir()
            if extract_evidence((self._out / "certificate.pdf").read_bytes()) != proof:
                raise DemoError("The certificate does not carry the evidence file.")
            report = await asyncio.to_thread(judge, proof, (), third)
            if report.verdict is not Verdict.verified:
                raise DemoError(f"Elsewhere it does not verify: {report.headline}")
        self._say(f"There: {report.headline}")

    def _tampered(self, proof: bytes) -> None:
        from cms_backend.core.verify import LedgerFacts, Trust, verify_evidence

        with self._step("A changed byte is caught"):
            place = proof.index(b"21 days")
            changed = proof[:place] + b"91 days" + proof[place + 7 :]
            report = verify_evidence(changed, LedgerFacts(), Trust(), system_time())
            if report.verdict is Verdict.verified:
                raise DemoError("A changed byte was not caught.")
        failed = dict.fromkeys(one.id for one in report.checks if one.state is CheckState.failed)
        self._say(f"21 days changed to 91 at byte {place:,}: {report.headline}")
        self._say(f"Failed: {', '.join(failed)}.")

    def _say(self, text: str) -> None:
        self._console.print(f"  {text}", soft_wrap=True, markup=False)

    @contextmanager
    def _step(self, words: str) -> Iterator[None]:
        if self._progress is not None:
            self._progress.update(self._task, description=words)
        yield
        if self._progress is not None:
            self._progress.advance(self._task)


def _party(did: str, next_key: str | None, name: str, capacity: str, step: int) -> DraftParty:
    return DraftParty(did=did, next=next_key, name=name, capacity=capacity, step=step)


def _amended(draft: Draft) -> Draft:
    """The two changes that the other side wants."""
    changes = {
        "due within 14 days": "due within 21 days",
        "is limited to the fees paid in the twelve months before the claim.": (
            "is limited to the fees paid in the twelve months before the claim, but no less than €25,000."
        ),
    }
    clauses = list(draft.clauses)
    for place in range(len(clauses)):
        for old, new in changes.items():
            clauses[place] = clauses[place].replace(old, new)
    variables = tuple(replace(one, value="21") if one.name == "days_due" else one for one in draft.variables)
    return replace(draft, clauses=tuple(clauses), variables=variables)
