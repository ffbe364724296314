"""Section 9, steps 2 to 4: form of the events, documents, signatures."""

from __future__ import annotations

from collections.abc import Sequence

from . import forms, proofs
from .canonical import Obj, Refused, digest, sha
from .documents import Held, check_disclosure, hold, statement_digest
from .evidence import File
from .facts import Checks, Trust
from .logs import Signed
from .standing import Event, World
from .state import State
from .texts import base64_decode, own_key

_SUITE = ("suite", "encoding", "key", "high-s", "v")


class Intake:
    """What a file holds before its logs and its order are looked at."""

    def __init__(self, file: File, trust: Trust, now: str) -> None:
        self.file, self.trust, self.now = file, trust, now
        self.checks = Checks()
        self.events: dict[str, Event] = {}
        self.in_file = {digest(one) for one in (*file.envelopes, *file.key_ends)}
        self.formed: dict[str, Obj] = {}

    # Steps 2 to 4

    def _form(self) -> None:
        for env in self.file.envelopes:
            name, fault = digest(env), forms.event_fault(env)
            if fault is None:
                self.formed[name] = env
            foreign = fault is None and env["contract"] != self.file.contract
            if fault is not None or foreign:
                self.checks.add(fault or "EVT-FORM", "failed", name, "no_proof")

    def _documents(self) -> None:
        self.held: dict[tuple[int, str, int], Held] = {}
        self.damaged: set[str] = set()
        self.bad: list[tuple[str, int]] = []
        refs = [env["document"] for env in self.formed.values()]
        for entry in self.file.documents:
            if "content" not in entry:
                self._disclosure(entry, refs)
                continue
            held = hold(entry)
            if held.ref in refs and held.contract == self.file.contract:
                self.held[held.revision, held.root, held.leaves] = held
                self.checks.add("DOC-ROOT", "passed")
                self._attachments(held)
            else:
                only_root = any(ref["root"] == held.root for ref in refs)
                self._bad_document("DOC-LEAF" if only_root else "DOC-ROOT", held.revision)

        self._blame()

    def _disclosure(self, entry: Obj, refs: Sequence[Obj]) -> None:
        for ref in refs:
            try:
                held = check_disclosure(entry, ref)
            except Refused:
                continue
            if held.contract == self.file.contract:
                self.held.setdefault((held.revision, held.root, held.leaves), held)
                self.checks.add("DOC-LEAF", "passed")
                self._attachments(held)
                return
        self._bad_document("DOC-LEAF", entry["revision"])

    def _bad_document(self, check: str, revision: int) -> None:
        self.bad.append((check, revision))

    def _blame(self) -> None:
        """A failing text stands with the event that names its revision, and whose text nothing else gives."""
        world = World(self.held, {}, {})
        for check, revision in self.bad:
            named = [
                (world.held(e["document"]) is not None, e["action"] not in ("created", "proposed"), name)
                for name, e in self.formed.items()
                if e["document"]["revision"] == revision
            ]
            at = min(named, default=(False, False, None))[-1]
            if at is not None:
                self.damaged.add(at)
            self.checks.add(check, "failed", at, "altered")

    def _attachments(self, held: Held) -> None:
        for shown in held.attachments:
            data = self.file.attachments.get(shown["sha256"]) if shown else None
            if shown and data is None:
                self.checks.add("DOC-ATTACH", "not_checked")
            elif shown and data is not None and len(base64_decode(data)) != shown["size"]:
                self.checks.add("DOC-ATTACH", "failed", counts="altered")
        if any(sha(base64_decode(data)).hex() != name for name, data in self.file.attachments.items()):
            self.checks.add("DOC-ATTACH", "failed", counts="altered")

    def _holds(self, secured: Obj, key: str, event: str | None) -> bool | None:
        """Whether a proof holds; None: undecided."""
        try:
            proofs.verify(secured, key)
        except proofs.Undecided as asked:
            self.asked[event or digest(secured)] = (asked, key)
            return None
        except Refused as fault:
            check = "SIG-SUITE" if event is not None and str(fault) in _SUITE else "SIG-ACTOR"
            self.checks.add(check, "failed", event, "altered")
            return False
        self.checks.add("SIG-ACTOR", "passed", event)
        return True

    def _signatures(self) -> None:
        self.asked: dict[str, tuple[proofs.Undecided, str]] = {}
        own = {name: env for name, env in self.formed.items() if env["contract"] == self.file.contract}
        same = {name: statement_digest(env) for name, env in self.formed.items()}
        world = World(self.held, same, {})
        pins = State(world, logless=True)
        good: dict[str, Obj] = {}
        for name, env in self.formed.items():
            fragment = env["proof"]["verificationMethod"].rpartition("#")[2]
            key = pins.pin(env["actor"], env["document"]) or fragment
            if self._holds(env, key, name) is not False and name in own:
                good[name] = env
        statements = [s for log in self.file.logs for s in (*log["statements"], *log["receipts"])]
        statements += [log["head"] for log in self.file.logs if log["head"]]
        statements += [*self.file.key_ends, *self.file.resolutions]
        passes = {digest(s): self._holds(s, own_key(s["actor"]) or "", None) is True for s in statements}
        objects: dict[str, Obj | None] = {digest(env): None for env in self.file.envelopes}
        objects |= self.formed
        objects |= {
            digest(s): s
            for s in (*self.file.key_ends, *statements)
            if s["type"] in ("KeyEnd", "LogStatement")
        }
        self.signed = Signed(good, own, passes, objects)
        self.same = same
