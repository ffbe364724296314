"""`cms contract`: draft, propose, decide, amend, compare, exchange."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cms_desktop.cli import contract_show
from cms_desktop.cli.agreeing import Root, agree, check_root
from cms_desktop.cli.context import contract_id, home, run, run_async, say, say_json, tell_findings, workspace
from cms_desktop.cli.contract_text import text_words
from cms_desktop.cli.options import PassphraseFile
from cms_desktop.cli.prompt import choose_identity, open_wallet
from cms_desktop.files import read_text

if TYPE_CHECKING:
    from cms_backend.core.signatures import Signer
    from cms_desktop.workflow.drafts import Draft
    from cms_desktop.workflow.workspace import ContractView, Outcome, Workspace

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Contracts from the draft to the end.\n\n"
        "A draft is Markdown with a head in TOML between two lines of +++; see resources/samples for one. "
        "The other side needs no account: hand over the evidence file, they import it, sign, and hand theirs back."
    ),
)
app.command(name="list")(contract_show.list_)
app.command(name="show")(contract_show.show)
app.command(name="diff")(contract_show.diff)

Contract = Annotated[str, typer.Argument(help="Id of a contract, or its beginning.")]
As = Annotated[str | None, typer.Option("--as", help="Which identity acts: name, id or DID.")]
Reason = Annotated[str, typer.Option(help="Why; signed and kept with the event.")]


@app.command()
def draft(
    ctx: typer.Context, file: Annotated[Path, typer.Argument(help="Markdown with a TOML head.")]
) -> None:
    """Keep a draft from a Markdown file. Nothing is signed, and nobody else sees it yet.

    Example: cms contract draft agreement.md, then cms contract propose DRAFT
    """

    def work() -> None:
        from cms_desktop.workflow.checklist import checklist
        from cms_desktop.workflow.draft_text import read_draft_text
        from cms_desktop.workflow.drafts import DraftStore

        kept = DraftStore(home(ctx) / "drafts").save(read_draft_text(read_text(file)))
        say(f"Draft {kept.id}: {kept.title}")
        for missing in checklist(kept):
            say(f"  missing: {missing.text}")

    run(work)


@app.command()
def propose(
    ctx: typer.Context,
    draft_id: Annotated[str, typer.Argument(help="Id of a draft, its beginning, or a Markdown file.")],
    note: str = "",
    reply_by: Annotated[
        str | None, typer.Option(help="Until when; a time such as 2026-12-31T23:59:59.000Z.")
    ] = None,
    act_as: As = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Propose a draft to its parties: signs it, gives it a contract id, and logs it."""
    folder = home(ctx)

    async def work() -> None:
        from cms_backend.core.ids import Time
        from cms_desktop.workflow.drafts import DraftStore

        until = Time.parse(reply_by) if reply_by else None
        text = _draft(folder, draft_id)
        wallet = open_wallet(folder, passphrase_file=passphrase_file)
        identity = choose_identity(wallet, act_as)
        async with workspace(folder) as space:
            # Kept under the id of its contract: trying again after a lost answer opens no second one.
            text = DraftStore(folder / "drafts").save(text)
            outcome = await space.propose(text, wallet.signer(identity.id), reply_by=until, note=note)
        _tell(outcome, "proposed")
        say(f"Contract {outcome.contract}")
        if outcome.view.state.pending is not None:
            say(f"Its text: {text_words(outcome.view.state.pending.ref)}")
        tell_findings(outcome.view.findings)

    run_async(work)


def _draft(folder: Path, text: str) -> Draft:
    from cms_desktop.wallet.errors import IdentityError
    from cms_desktop.workflow.draft_text import read_draft_text
    from cms_desktop.workflow.drafts import DraftStore

    store = DraftStore(folder / "drafts")
    if text.endswith(".md"):
        return read_draft_text(read_text(Path(text)))
    found = [one for one in store.list() if text and one.id.startswith(text)]
    if len(found) == 1:
        return found[0]
    raise IdentityError(
        f"{'No draft' if not found else 'More than one draft'} begins with {text!r}.",
        remedy="See them with: cms contract list --drafts",
    )


def _tell(outcome: Outcome, word: str) -> None:
    where = (
        "accepted and logged soon"
        if outcome.state == "accepted"
        else "kept here until the contract's log has it"
    )
    say(f"{word}: {outcome.digest} ({where})")


Deed = Callable[["Workspace", "ContractView", "Signer"], Awaitable["Outcome"]]


def _do(
    ctx: typer.Context, contract: str, name: str, act_as: str | None, file: Path | None, deed: Deed
) -> None:
    """Open the contract, choose who acts (of the wallet's identities the ones that may), do it, and say so."""
    folder = home(ctx)

    async def work() -> None:
        wallet = open_wallet(folder, passphrase_file=file)
        async with workspace(folder) as space:
            view = await space.open(await contract_id(space, contract))
            # An operator that withholds something must not keep a party from acting: it is said, and goes on.
            tell_findings(view.findings, end=False)
            able = {
                str(one.did)
                for one in wallet.identities
                if any(may.action == name and may.reason_if_not is None for may in view.allowed(one.did))
            }
            identity = choose_identity(wallet, act_as, among=() if act_as else able)
            outcome = await deed(space, view, wallet.signer(identity.id))
        _tell(outcome, name)
        tell_findings(one for one in outcome.view.findings if one not in view.findings)

    run_async(work)


_VERB: Final = {"approved": "approve", "signed": "sign", "witnessed": "witness"}


def _decide_on_text(
    ctx: typer.Context, contract: str, name: str, root: str | None, act_as: str | None, file: Path | None
) -> None:
    from cms_backend.core.events import Action

    async def deed(space: Workspace, view: ContractView, signer: Signer) -> Outcome:
        agree(view, _VERB[name], root)
        return await space.decide(view, Action(name), signer)

    run(lambda: check_root(root))
    _do(ctx, contract, name, act_as, file, deed)


@app.command()
def approve(
    ctx: typer.Context,
    contract: Contract,
    root: Root = None,
    act_as: As = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Approve the pending revision for signature."""
    _decide_on_text(ctx, contract, "approved", root, act_as, passphrase_file)


@app.command()
def sign(
    ctx: typer.Context,
    contract: Contract,
    root: Root = None,
    act_as: As = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Sign the pending revision, and agree to be bound by it. Read it first: cms contract show ID --text

    It names the text, and asks. A script gives the root of the text that was read, as cms contract show tells it.

    Example: cms contract sign CONTRACT --root b256f5536d8c6a7c
    """
    _decide_on_text(ctx, contract, "signed", root, act_as, passphrase_file)


@app.command()
def witness(
    ctx: typer.Context,
    contract: Contract,
    root: Root = None,
    act_as: As = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Witness the signature of your signer."""
    _decide_on_text(ctx, contract, "witnessed", root, act_as, passphrase_file)


@app.command()
def decline(
    ctx: typer.Context,
    contract: Contract,
    reason: Reason = "",
    act_as: As = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Decline the pending revision; that closes it for all."""
    from cms_backend.core.events import Action

    _do(
        ctx,
        contract,
        "declined",
        act_as,
        passphrase_file,
        lambda space, view, signer: space.decide(view, Action.declined, signer, reason=reason),
    )


@app.command()
def withdraw(
    ctx: typer.Context,
    contract: Contract,
    reason: Reason = "",
    act_as: As = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Withdraw your own pending proposal."""
    _do(
        ctx,
        contract,
        "withdrawn",
        act_as,
        passphrase_file,
        lambda space, view, signer: space.withdraw(view, signer, reason=reason),
    )


@app.command()
def terminate(
    ctx: typer.Context,
    contract: Contract,
    reason: Reason = "",
    effective_on: Annotated[
        str | None, typer.Option(help="From when; a time such as 2026-12-31T00:00:00.000Z.")
    ] = None,
    act_as: As = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Give notice of termination of a contract in force. It cannot be taken back."""
    from cms_backend.core.ids import Time

    when = run(lambda: Time.parse(effective_on)) if effective_on else None
    _do(
        ctx,
        contract,
        "terminated",
        act_as,
        passphrase_file,
        lambda space, view, signer: space.terminate(view, signer, reason=reason, effective_on=when),
    )


@app.command()
def amend(
    ctx: typer.Context,
    contract: Contract,
    out: Annotated[Path, typer.Option(help="A new file: Markdown to edit.")],
) -> None:
    """Write the text in force as a new draft to edit; propose it afterwards with: cms contract propose DRAFT

    The old revision stays in force until everybody has signed the new one.
    """
    folder = home(ctx)

    async def work() -> None:
        from cms_desktop.workflow.draft_text import write_draft_text
        from cms_desktop.workflow.drafts import DraftError

        if out.exists():
            raise DraftError(
                f"{out} is there already; it was not touched.",
                remedy="Write into a new file, or move it away.",
            )
        async with workspace(folder) as space:
            made = space.amend(await space.open(await contract_id(space, contract)))
        out.write_text(write_draft_text(made), "utf-8")
        say(f"Draft {made.id}, and its text in {out}. Edit it, then: cms contract propose {out}")

    run_async(work)


@app.command()
def comment(
    ctx: typer.Context,
    contract: Contract,
    text: Annotated[str, typer.Argument(help="What you want to say; signed and kept.")],
    path: Annotated[str | None, typer.Option(help="About this part, such as /terms/00002.")] = None,
    act_as: As = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Comment on a contract. Comments have no effect on who is bound to what."""
    _do(
        ctx,
        contract,
        "commented",
        act_as,
        passphrase_file,
        lambda space, view, signer: space.comment(view, signer, text, path=path),
    )


@app.command(name="import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="An evidence file, or our PDF certificate.")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Take in the contract of an evidence file: new events are added to what is here, the histories merge."""
    folder = home(ctx)

    async def work() -> None:
        from cms_desktop.api.errors import Refused
        from cms_desktop.exchange.files import evidence_of, read_evidence_file

        data = evidence_of(read_evidence_file(file))
        async with workspace(folder) as space:
            try:
                taken = await space.import_evidence(data)
            except Refused as error:
                for one in error.problem.refused if not as_json else ():
                    say(f"  {one.check}: {one.detail}")
                raise
        if as_json:
            say_json(asdict(taken))
            return
        say(f"Contract {taken.contract}: {taken.added} new, {taken.known} known")
        for one in taken.refused:
            say(f"  not taken, {one.check}: {one.detail}")
        for digest in taken.undecided:
            say(
                f"  undecided, SIG-ACTOR: only the account's contract could judge the signature of {digest[:12]}."
            )

    run_async(work)
