"""`cms contract list, show, diff`: looking without changing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cms_desktop.cli.context import contract_id, home, run_async, say, say_json, workspace
from cms_desktop.cli.contract_text import document_lines, redline_lines, text_words

if TYPE_CHECKING:
    from cms_desktop.api.values import Row
    from cms_desktop.workflow.workspace import ContractView


def list_(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="Words to search for.")] = "",
    status: Annotated[
        str, typer.Option(help="draft, pending, in_force, terminated ... (comma-separated)")
    ] = "",
    drafts: Annotated[
        bool, typer.Option("--drafts", help="List the drafts of this computer instead.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List contracts, newest change first."""
    folder = home(ctx)
    if drafts:
        from cms_desktop.workflow.drafts import DraftStore

        for one in DraftStore(folder / "drafts").list():
            say(f"{one.id[:8]}  {one.updated_at}  {one.title}")
        return

    async def work() -> None:
        from dataclasses import asdict

        from cms_desktop.api.values import ContractQuery

        wanted = tuple(word.strip() for word in status.split(",") if word.strip())
        rows: list[Row] = []
        cursor: str | None = None
        async with workspace(folder) as space:
            while True:
                page = await space.list(ContractQuery(q=query, status=wanted, cursor=cursor))
                rows += page.items
                cursor = page.next
                if cursor is None:
                    break
        if as_json:
            say_json([asdict(row) for row in rows])
            return
        for row in rows:
            proof = f"{row.logged}/{row.events} logged, {row.anchored} anchored"
            say(f"{row.id[:8]}  {row.status:<12}  rev {row.revision}  {proof:<24}  {row.title}")

    run_async(work)


def show(
    ctx: typer.Context,
    contract: Annotated[str, typer.Argument(help="Id of a contract, or its beginning.")],
    text: Annotated[bool, typer.Option("--text", help="The whole agreement, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show where a contract stands: state, parties, who is next, every event."""
    folder = home(ctx)

    async def work() -> None:
        async with workspace(folder) as space:
            view = await space.open(await contract_id(space, contract))
        pending = view.state.pending
        if as_json:
            say_json(
                {
                    "contract": view.id,
                    "status": view.state.status,
                    "revision": view.row.revision,
                    "pending": None if pending is None else dict(pending.ref.to_json()),
                    "awaited": [
                        {"name": one.name, "role": one.role, "ready": one.ready} for one in view.state.awaited
                    ],
                    "events": [dict(one.json) for one in view.envelopes],
                }
            )
            return
        _print(view)
        if text and view.current is not None:
            say("", *document_lines(view.current))
        elif text:
            say("", "This copy does not hold the whole text.")

    run_async(work)


def _print(view: ContractView) -> None:
    say(f"Title: {view.row.title}", view.id, f"State: {view.state.status}, revision {view.row.revision}")
    if view.state.pending is not None:
        say(f"To decide: {text_words(view.state.pending.ref)}")
    for one in view.state.awaited:
        say(f"Awaited: {one.name} ({one.role}){', now' if one.ready else ''}")
    for event in view.envelopes:
        entry = view.entries.get(event.digest)
        if entry is None or entry.index is None:
            where = "not yet logged"
        elif entry.anchor is None:
            where = f"leaf {entry.index}"
        else:
            where = f"leaf {entry.index}, block {entry.anchor.block} ({entry.anchor.status})"
        say(
            f"  {event.sequence}  {event.action:<10}  {event.occurred_at}  {_name(view, event.actor)}  {where}"
        )


def _name(view: ContractView, did: str) -> str:
    """What a document calls a DID, or calls the one whose key it succeeded; else the DID."""
    ended = {
        f"did:{method}:{one.successor}": str(one.actor)
        for one in view.record.key_ends
        for method in ("key", "pkh")
        if one.successor is not None
    }
    sought = did
    # Each step leaves its entry behind: keys that name each other end here too.
    while True:
        for document in view.documents.values():
            at = document.party_of(sought)
            if at is not None:
                return document.parties[at].name
        if sought not in ended:
            return did
        sought = ended.pop(sought)


def diff(
    ctx: typer.Context,
    contract: Annotated[str, typer.Argument(help="Id of a contract, or its beginning.")],
    old: Annotated[int | None, typer.Argument(help="A revision; the one before by default.")] = None,
    new: Annotated[int | None, typer.Argument(help="A revision; the newest by default.")] = None,
) -> None:
    """Compare two revisions, word by word. [-removed-] {+added+}"""
    folder = home(ctx)

    async def work() -> None:
        from cms_desktop.workflow.drafts import DraftError
        from cms_desktop.workflow.redline import redline

        async with workspace(folder) as space:
            view = await space.open(await contract_id(space, contract))
        newest = max((one.revision for one in view.documents.values()), default=0)
        last = newest if new is None else new
        after, before = view.document(last), view.document(last - 1 if old is None else old)
        if after is None or (before is None and old is not None):
            raise DraftError("There is no such revision here.", remedy="See them with: cms contract show ID")
        found = redline(before, after)
        if found.same:
            say("The two revisions say the same, letter for letter.")
        for place in found.summary:
            say(f"* {place.text}")
        say(*redline_lines(found))

    run_async(work)
