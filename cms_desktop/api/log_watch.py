"""Watches that the backend's log keeps its word: each look compares its newest checkpoint with the last one seen,
and with what the ledger holds (section 6).

The log's key is pinned at the first look. What one honest log cannot have said twice is kept, both parts, for
ever; the last good note stays the measure.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from cms_backend.core.checkpoint import Checkpoint, VerifierKey, hash_from_b64, open_note, parse_vkey
from cms_backend.core.continuity import Continuity, check_succession, compare
from cms_backend.core.errors import CmsError
from cms_backend.core.evidence import Evidence
from cms_backend.core.hashing import keccak256
from cms_backend.core.ids import Did, Digest
from cms_backend.core.merkle import EMPTY_ROOT
from cms_backend.core.statements import LedgerRef
from cms_desktop.api import json_rpc
from cms_desktop.api.client import Client
from cms_desktop.api.logs_seen import LogsSeen, Pin
from cms_desktop.api.values import ContractQuery

State = Literal["first", "same", "grown", "split", "shrunk", "other key", "not checked"]
Ledger = Literal["agrees", "nothing anchored", "contradicts", "not checked"]
_ALARMS: Final = frozenset({"split", "shrunk", "other key"})
_FILES_ASKED: Final = 20
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LogLook:
    """What one look found. `words` are for a person; `note_before` is the kept note, `note_now` the log's newest.

    `ledger`: whether the newest anchored root is the start of what the log shows. `kept`: the file that holds both
    parts of an alarm.
    """

    state: State
    words: str
    note_before: str | None
    note_now: str | None
    ledger: Ledger = "not checked"
    kept: Path | None = None

    @property
    def alarm(self) -> bool:
        """The log has not kept its word: nothing that it says is to be relied on before that is explained."""
        return self.state in _ALARMS


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What a ledger holds of the log: its newest anchored root."""

    ref: LedgerRef
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the backend shows of its log. `note` is None while the log is empty."""

    pin: Pin
    note: str | None
    checkpoint: Checkpoint
    anchored: _Anchored | None
    ledger: Ledger


class LogWatch:
    """The watch of one home's backend. Keeps its files in HOME/logs-seen."""

    def __init__(self, home: Path, client: Client) -> None:
        self._client = client
        self._seen = LogsSeen(home)
        self._looking = asyncio.Lock()

    async def alarms(self) -> tuple[Path, ...]:
        """The files that hold both parts of every alarm of this home so far. OSError."""
        return await asyncio.to_thread(self._seen.alarms)

    async def look(self) -> LogLook:
        """Compare the newest checkpoint with the last one. An outage is "not checked"; so is a disk that refuses."""
        async with self._looking:
            before: str | None = None
            try:
                # What was kept first: else a note that another program keeps meanwhile looks like a log that shrank.
                pin = await asyncio.to_thread(self._seen.pin)
                before = None if pin is None else await asyncio.to_thread(self._seen.note, pin.vkey)
                return await self._judge(pin, before, await self._shown())
            except CmsError as error:
                said = error.detail
            except OSError as error:
                said = f"{error.strerror or 'The disk refuses'}."
            except (KeyError, TypeError, ValueError):
                said = "The backend's answer cannot be read."
            return LogLook("not checked", f"The log could not be checked. {said}", before, None)

    # -- asking -------------------------------------------------------------------

    async def _shown(self) -> _Shown:
        info = await self._client.log_info()
        pin = Pin(parse_vkey(str(info["vkey"])), Did.parse(info["operator"]))
        # The ledger first: what is anchored by now must be in the checkpoint that is asked for next.
        anchored, ledger = await self._anchored(pin.vkey, tuple(map(LedgerRef.from_json, info["ledgers"])))
        if not info["size"]:
            return _Shown(pin, None, Checkpoint(pin.vkey.name, 0, Digest.of(EMPTY_ROOT)), anchored, ledger)
        note = await self._client.checkpoint()
        return _Shown(pin, note, open_note(note, pin.vkey), anchored, ledger)

    async def _anchored(
        self, vkey: VerifierKey, refs: tuple[LedgerRef, ...]
    ) -> tuple[_Anchored | None, Ledger]:
        """The newest root on that ledger of the log which the backend can ask."""
        call = self._client.rpc
        try:
            chain = f"eip155:{json_rpc.as_number(await call('eth_chainId', []))}"
            genesis = (await json_rpc.block(call, 0)).hash
            for ref in refs:
                if (ref.chain, ref.genesis_block) != (chain, genesis):
                    continue
                if keccak256(await json_rpc.code(call, ref.ledger)) != ref.code.raw:
                    continue
                size, root = await json_rpc.anchored_head(call, ref.ledger, ref.log_id)
                if not size:
                    return None, "nothing anchored"
                return _Anchored(ref, Checkpoint(vkey.name, size, root)), "agrees"
        except json_rpc.UNUSABLE:
            pass
        return None, "not checked"

    async def _proof(self, old: int, new: int) -> tuple[str, ...]:
        """The consistency proof; none where none is needed."""
        if not 0 < old < new:
            return ()
        return tuple(map(str, (await self._client.consistency(old, new))["proof"]))

    async def _names(self, pin: Pin, now: VerifierKey) -> bool:
        """Has the operator of the pinned log named this key as its next? Looked for in the newest contracts' files."""
        page = await self._client.contracts(ContractQuery(limit=_FILES_ASKED))
        for row in page.items:
            data = await self._client.evidence(row.id)
            try:
                evidence = await asyncio.to_thread(Evidence.from_bytes, data)
            except CmsError:
                continue
            for section in evidence.logs:
                for statement in section.statements:
                    proof = section.proofs.get(statement.digest, "")
                    try:
                        check_succession(statement, proof, before=pin.vkey, operator=pin.operator, now=now)
                    except CmsError:
                        continue
                    return True
        return False

    # -- judging ------------------------------------------------------------------

    async def _judge(self, pin: Pin | None, before: str | None, shown: _Shown) -> LogLook:
        """1. the key, 2. the last note, 3. the ledger; then the new note is the measure."""
        vkey = shown.pin.vkey
        known = pin is None or pin == shown.pin
        if (
            pin is not None
            and not known
            and not (pin.operator == shown.pin.operator and await self._names(pin, vkey))
        ):
            return await self._other_key(pin, before, shown)
        kept = before if pin == shown.pin else await asyncio.to_thread(self._seen.note, vkey)
        if kept is not None:
            last = open_note(kept, vkey)
            proof = await self._proof(last.size, shown.checkpoint.size)
            found = compare(last, shown.checkpoint, tuple(map(hash_from_b64, proof)))
            if found in (Continuity.split_view, Continuity.shrunk):
                return await self._broken(found, kept, last, proof, shown)
        else:
            found = None
        if shown.anchored is not None:
            anchored = shown.anchored.checkpoint
            proof = await self._proof(anchored.size, shown.checkpoint.size)
            against = compare(anchored, shown.checkpoint, tuple(map(hash_from_b64, proof)))
            if against in (Continuity.split_view, Continuity.shrunk):
                return await self._against_ledger(against, kept, shown.anchored, proof, shown)
        if shown.note is None:
            return LogLook("not checked", "The log has no entry yet.", kept, None, shown.ledger)
        await asyncio.to_thread(self._seen.keep, shown.pin, shown.note, instead_of=kept)
        state: State = "first" if found is None else _STATES[found]
        words = _words(state, None if kept is None else open_note(kept, vkey), shown, moved=not known)
        return LogLook(state, words, kept, shown.note, shown.ledger)

    async def _other_key(self, pin: Pin, before: str | None, shown: _Shown) -> LogLook:
        parts = [
            {"vkey": one.vkey.text, "operator": str(one.operator), "note": note}
            for one, note in ((pin, before), (shown.pin, shown.note))
        ]
        kept = await self._keep_alarm(
            f"{pin.vkey.text} {pin.operator}",
            f"{shown.pin.vkey.text} {shown.pin.operator}",
            {"kind": "other key", "before": parts[0], "now": parts[1]},
        )
        words = (
            f"The backend keeps another log than before: {shown.pin.vkey.name}, not {pin.vkey.name}, and the old "
            "log's operator has named no successor."
            if pin.vkey != shown.pin.vkey
            else "The log has another operator than before."
        )
        return LogLook("other key", words, before, shown.note, shown.ledger, kept)

    async def _broken(
        self, found: Continuity, kept: str, last: Checkpoint, proof: tuple[str, ...], shown: _Shown
    ) -> LogLook:
        now = shown.checkpoint
        path = None
        if shown.note is not None:
            body = {"kind": found.value, "vkey": shown.pin.vkey.text, "operator": str(shown.pin.operator)}
            both = {"before": kept, "now": shown.note, "proof": list(proof)}
            path = await self._keep_alarm(kept, shown.note, {**body, **both})
        if found is Continuity.shrunk:
            words = f"The log shows {_entries(now.size)}; it had signed {last.size:,} before."
        else:
            words = (
                f"The log shows another history than before: what it signed as {_entries(last.size)} is not the "
                f"beginning of its {now.size:,}."
            )
        return LogLook(_STATES[found], words, kept, shown.note, "not checked", path)

    async def _against_ledger(
        self,
        found: Continuity,
        before: str | None,
        anchored: _Anchored,
        proof: tuple[str, ...],
        shown: _Shown,
    ) -> LogLook:
        there, now = anchored.checkpoint, shown.checkpoint
        path = None
        if shown.note is not None:
            held = {**anchored.ref.to_json(), "size": there.size, "root": str(there.root)}
            body = {"kind": found.value, "vkey": shown.pin.vkey.text, "operator": str(shown.pin.operator)}
            both = {"anchored": held, "now": shown.note, "proof": list(proof)}
            path = await self._keep_alarm(there.text, shown.note, {**body, **both})
        if found is Continuity.shrunk:
            words = f"The log shows {_entries(now.size)}; the ledger holds a root of {there.size:,}."
        else:
            words = f"The log's first {_entries(there.size)} do not give the root that the ledger holds."
        return LogLook(_STATES[found], words, before, shown.note, "contradicts", path)

    async def _keep_alarm(self, before: str, now: str, body: dict[str, Any]) -> Path | None:
        """The file of an alarm. The alarm is told, even if the disk refuses to keep its proof."""
        try:
            return await asyncio.to_thread(self._seen.keep_alarm, before, now, body)
        except OSError:
            _logger.exception("an alarm of the log could not be kept")
            return None


def _words(state: State, last: Checkpoint | None, shown: _Shown, *, moved: bool) -> str:
    size = shown.checkpoint.size
    if moved:
        said = f"The log goes on under the key that its operator had named: {_entries(size)}."
    elif last is None:
        said = f"The log is seen for the first time, with {_entries(size)}. Its key is kept from now on."
    elif state == "same":
        said = f"The log stands at {_entries(size)}, as at the last look."
    else:
        said = (
            f"The log has grown from {last.size:,} to {_entries(size)}, and continues what was seen before."
        )
    return f"{said} {_LEDGER_WORDS[shown.ledger]}"


def _entries(count: int) -> str:
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


_STATES: Final[dict[Continuity, State]] = {
    Continuity.same: "same",
    Continuity.grown: "grown",
    Continuity.split_view: "split",
    Continuity.shrunk: "shrunk",
}
_LEDGER_WORDS: Final[dict[Ledger, str]] = {
    "agrees": "The ledger holds the root of its beginning.",
    "nothing anchored": "The ledger holds no root of it yet.",
    "not checked": "The ledger was not asked.",
    "contradicts": "The ledger contradicts it.",
}
