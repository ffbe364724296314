"""Facts and trust for a verification: what ledgers say, and which of them give independent time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cms_backend.core.errors import EvidenceError
from cms_backend.core.evidence import Evidence
from cms_backend.core.ids import Digest
from cms_backend.core.verify import LedgerFacts, OwnLedger, Trust, TrustedChain
from cms_desktop.exchange.own_ledger import own_ledgers

if TYPE_CHECKING:
    from cms_desktop.api.client import Client

# Chains whose block times everybody can check, by the hash of their first block.
PUBLIC_CHAINS: Final = (
    TrustedChain("eip155:1", Digest("d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3")),
    TrustedChain(
        "eip155:11155111", Digest("25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9")
    ),
)


async def facts_and_trust(
    data: bytes, *, rpc: Sequence[str] = (), client: Client | None = None, home: Path | None = None
) -> tuple[LedgerFacts, Trust]:
    """What is known beside the file. `client`, or a backend that runs on `home`, brings this computer's ledger, and
    the log that tells whether anything came later.
    """
    # Large files take a while to parse; the window's loop goes on meanwhile.
    evidence = await asyncio.to_thread(parsed, data)
    return await facts_of(evidence, rpc=rpc, client=client, home=home)


def parsed(data: bytes) -> Evidence | None:
    """The evidence of a file; None when it is none. The verifier names what is wrong with it."""
    try:
        return Evidence.from_bytes(data)
    except EvidenceError:
        return None


async def facts_of(
    evidence: Evidence | None,
    *,
    rpc: Sequence[str] = (),
    client: Client | None = None,
    home: Path | None = None,
) -> tuple[LedgerFacts, Trust]:
    """As `facts_and_trust`, of a file that was parsed already. Of no evidence no ledger can say anything."""
    from cms_desktop.api.roots import read_ledger_facts

    if evidence is None:
        return LedgerFacts(), Trust(public_chains=PUBLIC_CHAINS)
    if client is not None:
        facts, own = await _with_own(evidence, rpc, client)
        return facts, Trust(public_chains=PUBLIC_CHAINS, own_ledgers=own)
    from cms_desktop.backend.launch import find_running

    endpoint = None if home is None else await find_running(home)
    if endpoint is None:
        own = () if home is None else await asyncio.to_thread(own_ledgers, evidence, home)
        facts = await read_ledger_facts(evidence, rpc=rpc)
        return facts, Trust(public_chains=PUBLIC_CHAINS, own_ledgers=own)
    from cms_desktop.api.client import Client as OwnClient

    running = OwnClient(endpoint.base_url, launch_secret=endpoint.launch_secret)
    try:
        facts, own = await _with_own(evidence, rpc, running)
    finally:
        await running.aclose()
    return facts, Trust(public_chains=PUBLIC_CHAINS, own_ledgers=own)


async def _with_own(
    evidence: Evidence, rpc: Sequence[str], client: Client
) -> tuple[LedgerFacts, tuple[OwnLedger, ...]]:
    """All facts, and which chain is this computer's: the one that its own backend answers for."""
    from cms_desktop.api.json_rpc import UNUSABLE
    from cms_desktop.api.log_facts import read_log_facts
    from cms_desktop.api.roots import chain_identity, read_ledger_facts

    async def own() -> tuple[OwnLedger, ...]:
        try:
            return (OwnLedger(*await chain_identity(client.rpc)),)
        except UNUSABLE:
            return ()

    facts, logs, mine = await asyncio.gather(
        read_ledger_facts(evidence, rpc=rpc, client=client), read_log_facts(evidence, client), own()
    )
    return replace(facts, logs=logs), mine
