"""Whether a ledger holds what a backend says of its anchors: asked of the ledger itself, block and time included.

An anchor on a public chain is proven only by a node that the person chose; what the backend's own connection answers
of such a chain is its word. Of a local ledger there is no other word, and its times are independent for nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import httpx

from cms_backend.core.errors import FormError
from cms_backend.core.hashing import keccak256
from cms_backend.core.ids import Digest, Time
from cms_backend.core.statements import LedgerRef
from cms_backend.core.verify import AnchoredFact
from cms_desktop.api import json_rpc
from cms_desktop.api.client import Client
from cms_desktop.api.json_rpc import UNUSABLE, Call
from cms_desktop.api.memory import KnownAnchor, Memory
from cms_desktop.api.roots import chain_identity
from cms_desktop.api.values import AnchorInfo, EntryInfo
from cms_desktop.exchange.judging import PUBLIC_CHAINS
from cms_desktop.workflow.findings import Finding, FindingKind

ASK_SECONDS: Final = 5.0
CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""A ledger's block times and a backend's clock."""

Continues = Callable[[int, Digest], Awaitable[bool | None]]
"""Is this root at this size the beginning of what the log shows? None: nothing to compare with."""

_PUBLIC: Final = frozenset(one.chain for one in PUBLIC_CHAINS)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one node said of one anchor. `final`: it cannot be reorganised any more."""

    fact: AnchoredFact
    final: bool
    own: bool


class AnchorLooks:
    """The looks of one backend's pages. `rpc`: the nodes that the person chose, as they are at the moment."""

    def __init__(self, client: Client, memory: Memory, rpc: Callable[[], Sequence[str]]) -> None:
        self._client = client
        self._memory = memory
        self._rpc = rpc

    def use(self, memory: Memory) -> None:
        """Keep what is found elsewhere from now on."""
        self._memory = memory

    async def check(
        self, entries: Sequence[EntryInfo], vkey: str, continues: Continues
    ) -> tuple[dict[Digest, AnchorInfo], list[Finding]]:
        """The anchors of logged events as far as they hold, by digest of the event, and what does not hold.

        `entries` have proven places in the log of `vkey`.
        """
        findings: list[Finding] = []
        claimed: dict[tuple[str, int], AnchorInfo] = {}
        kept: dict[Digest, AnchorInfo] = {}
        for entry in entries:
            if entry.anchor is None or entry.index is None:
                continue
            why = _impossible(entry, entry.anchor)
            if why is None:
                kept[entry.digest] = entry.anchor
                claimed[entry.anchor.chain, entry.anchor.size] = entry.anchor
            else:
                findings.append(_finding(entry.anchor, why))
        judged: dict[tuple[str, int], AnchorInfo | None] = {}
        answers = await self._answers(vkey, claimed)
        for key, anchor in claimed.items():
            judged[key], why = await self._judge(anchor, answers.get(key), continues)
            if why is not None:
                findings.append(_finding(anchor, why))
        await self._keep(vkey, answers, judged)
        found = {
            digest: checked
            for digest, anchor in kept.items()
            if (checked := judged[anchor.chain, anchor.size]) is not None
        }
        return found, list(dict.fromkeys(findings))

    async def _judge(
        self, anchor: AnchorInfo, answer: _Answer | KnownAnchor | None, continues: Continues
    ) -> tuple[AnchorInfo | None, str | None]:
        """The anchor as the ledger has it, and why the claim is false; (the claim itself, None) if nobody told."""
        if isinstance(answer, KnownAnchor):
            return _as_found(anchor, answer.block, answer.time, own=answer.own, final=True), None
        if answer is None or (anchor.chain in _PUBLIC and not answer.own):
            return anchor, None
        fact = answer.fact
        if fact.root is None or fact.block is None or fact.time is None:
            # One that is not final yet may be lost to a reorganisation, and is sent again.
            gone = anchor.status == "confirmed"
            return (None, "The ledger holds no such anchor. It is left out.") if gone else (anchor, None)
        begins = await continues(anchor.size, fact.root)
        if begins is None:
            return anchor, None
        if not begins:
            return None, "The ledger holds another root for that size of the log. It is left out."
        found = _as_found(anchor, fact.block, fact.time, own=answer.own, final=answer.final)
        if anchor.status == "confirmed" and (anchor.block, anchor.time) != (fact.block, fact.time):
            return found, f"The ledger has it in block {fact.block}, of {fact.time}. That is what is shown."
        return found, None

    async def _keep(
        self,
        vkey: str,
        answers: Mapping[tuple[str, int], _Answer | KnownAnchor],
        judged: Mapping[tuple[str, int], AnchorInfo | None],
    ) -> None:
        fresh: dict[str, dict[int, KnownAnchor]] = {}
        for (chain, size), answer in answers.items():
            anchor = judged[chain, size]
            if (
                not isinstance(answer, _Answer)
                or not answer.final
                or anchor is None
                or anchor.checked == "said"
            ):
                continue
            if anchor.block is not None and anchor.time is not None:
                fresh.setdefault(chain, {})[size] = KnownAnchor(anchor.block, anchor.time, answer.own)
        for chain, found in fresh.items():
            await asyncio.to_thread(self._memory.keep_anchors, vkey, chain, found)

    # -- asking -------------------------------------------------------------------

    async def _answers(
        self, vkey: str, claimed: Mapping[tuple[str, int], AnchorInfo]
    ) -> dict[tuple[str, int], _Answer | KnownAnchor]:
        """What is known of the anchors, then what own nodes say, then what the backend's ledger says."""
        found: dict[tuple[str, int], _Answer | KnownAnchor] = {}
        wanted = {key for key, anchor in claimed.items() if anchor.block is not None}
        for chain in sorted({chain for chain, _ in wanted}):
            known = await asyncio.to_thread(self._memory.anchors, vkey, chain)
            found |= {(chain, size): one for size, one in known.items() if (chain, size) in wanted}
        if not wanted - found.keys():
            return found
        refs = await self._ledgers()
        until = asyncio.get_running_loop().time() + ASK_SECONDS
        urls = tuple(self._rpc())
        checked = await asyncio.to_thread(httpx.create_ssl_context, trust_env=False) if urls else False
        async with httpx.AsyncClient(timeout=ASK_SECONDS, trust_env=False, verify=checked) as http:
            nodes = [(json_rpc.caller(http, url), True) for url in urls]
            for call, own in (*nodes, (self._client.rpc, False)):
                limited = json_rpc.patient(call, until=until)
                found |= await _ask(limited, refs, wanted - found.keys(), own=own)
        return found

    async def _ledgers(self) -> tuple[LedgerRef, ...]:
        """Where the backend says that its log is anchored: a hint where to look. None when it cannot be read."""
        try:
            return tuple(map(LedgerRef.from_json, (await self._client.log_info())["ledgers"]))
        except (FormError, KeyError, TypeError):
            return ()


async def _ask(
    call: Call, refs: Iterable[LedgerRef], wanted: Iterable[tuple[str, int]], *, own: bool
) -> dict[tuple[str, int], _Answer]:
    """The answers of one node about the sizes of its chain; nothing of what it cannot tell."""
    sizes: dict[str, list[int]] = {}
    for chain, size in sorted(wanted):
        sizes.setdefault(chain, []).append(size)
    if not sizes:
        return {}
    found: dict[tuple[str, int], _Answer] = {}
    try:
        chain, genesis = await chain_identity(call)
        final = (await json_rpc.each(lambda tag: json_rpc.block(call, tag), ["finalized"]))[:1]
        for ref in refs:
            if (ref.chain, ref.genesis_block) != (chain, genesis) or chain not in sizes:
                continue
            if keccak256(await json_rpc.code(call, ref.ledger)) != ref.code.raw:
                continue

            async def anchored(size: int, ref: LedgerRef = ref) -> AnchoredFact:
                return await json_rpc.anchored(call, ref.ledger, ref.log_id, size)

            for fact in await json_rpc.each(anchored, sizes[chain]):
                is_final = bool(final) and fact.block is not None and fact.block <= final[0].number
                if (chain, fact.size) not in found or fact.root is not None:
                    found[chain, fact.size] = _Answer(fact, is_final, own)
    except UNUSABLE:
        pass
    return found


def _as_found(anchor: AnchorInfo, block: int, time: Time, *, own: bool, final: bool) -> AnchorInfo:
    status = anchor.status if final or anchor.status != "confirmed" else "mined"
    return replace(anchor, block=block, time=time, status=status, checked="proven" if own else "ledger")


def _impossible(entry: EntryInfo, anchor: AnchorInfo) -> str | None:
    """What contradicts itself needs no ledger."""
    if entry.index is not None and anchor.size <= entry.index:
        return f"It covers {anchor.size} entries of the log, and this is entry {entry.index}. It is left out."
    if anchor.time is not None and anchor.time.datetime + CLOCKS_DIFFER < entry.accepted_at.datetime:
        return f"The backend accepted the event only at {entry.accepted_at}. It is left out."
    return None


def _finding(anchor: AnchorInfo, why: str) -> Finding:
    claimed = f"The backend says: block {anchor.block} of {anchor.chain}, at {anchor.time}."
    return Finding(FindingKind.anchor, f"Anchor of {anchor.size} entries of the log", claimed, why)
