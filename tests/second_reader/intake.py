"""Section 9, steps 2 to 4: form of the events, documents, signatures."""

from __future__ import annotations

from collections.abc import Sequence

from . import forms, proofs
from .canonical import Obj, Refused, digest, sha
from .documents import Held, check_disclosure, hold
from .evidence import File
from .facts import Checks, Trust
from .logs import Signed
from .standing import Event, World
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
        """Events of this contract whose form holds."""
        self.foreign: dict[str, Obj] = {}
        """Events of another contract whose form holds: only their signature is judged."""

    # Steps 2 to 4

    def _form(self) -> None:
        for env in self.file.envelopes:
            name, fault = digest(env), forms.event_fault(env)
            if fault is not None:
                self.checks.add(fault, "failed", name, "no_proof")
            elif env["contract"] != self.file.contract:
                self.foreign[name] = env
                self.checks.add("EVT-FORM", "failed", name, "no_proof")
            else:
                self.formed[name] = env

    def _documents(self) -> None:
        self.held: dict[tuple[int, str, int], Held] = {}
        self.damaged: set[str] = set()
        self.bad: list[tuple[str, int]] = []
        self.shown: dict[str, set[int]] = {}
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
        self._fitting_attachments()

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
            if shown:
                self.shown.setdefault(shown["sha256"], set()).add(shown["size"])
            if shown and data is None:
                self.checks.add("DOC-ATTACH", "not_checked")

    def _fitting_attachments(self) -> None:
        for name, text in self.file.attachments.items():
            data = base64_decode(text)
            if len(data) not in self.shown.get(name, ()) or sha(data).hex() != name:
                self.checks.add("DOC-ATTACH", "failed", counts="altered")

    def _event_holds(self, env: Obj, name: str) -> bool | None:
        """Whether the proof of an event holds; None: undecided."""
        try:
            proofs.verify(env, proofs.signing_key(env))
        except proofs.Undecided as asked:
            self.asked[name] = (asked, proofs.signing_key(env))
            return None
        except Refused as fault:
            check = "SIG-SUITE" if str(fault) in _SUITE else "SIG-ACTOR"
            self.checks.add(check, "failed", name, "altered")
            return False
        self.checks.add("SIG-ACTOR", "passed", name)
        return True

    def _signatures(self) -> None:
        self.asked: dict[str, tuple[proofs.Undecided, str]] = {}
        for name, env in self.foreign.items():
            if self._event_holds(env, name) is None:
                # It has no place here, so there is no block at which its account's contract could be asked.
                del self.asked[name]
                self.checks.add("SIG-ACTOR", "undecided", name)
        holds = {name: self._event_holds(env, name) for name, env in self.formed.items()}
        good = {name: env for name, env in self.formed.items() if holds[name] is not False}
        native = frozenset(name for name in good if holds[name])
        statements = [one for log in self.file.logs for one in statements_of(log)]
        statements += [*self.file.key_ends, *self.file.resolutions]
        passes = {digest(one): statement_holds(one) for one in statements}
        objects: dict[str, Obj | None] = {digest(env): None for env in self.file.envelopes}
        objects |= {**self.formed, **self.foreign}
        logged = [one for log in self.file.logs for one in log["statements"]]
        objects |= {digest(one): one for one in (*self.file.key_ends, *logged)}
        self.signed = Signed(good, self.formed, native, passes, objects)
        self.same = {name: proofs.event_of(env) for name, env in self.formed.items()}


def statements_of(log: Obj) -> list[Obj]:
    """All statements in a section."""
    return [*log["statements"], *log["receipts"], *([log["head"]] if log["head"] else [])]


def statement_holds(secured: Obj) -> bool | None:
    """Whether the proof of a statement holds under its actor's own key; None: undecided."""
    try:
        proofs.verify(secured, own_key(secured["actor"]) or "")
    except proofs.Undecided:
        return None
    except Refused:
        return False
    return True
