"""Made-up files, facts and trust: a story as its log, its ledger and a holder of the file tell it."""

from __future__ import annotations

import base64

from .canonical import Obj, canonical, digest, sha
from .damage import damage, moment
from .documents import file_order, hold
from .forge import CHAIN, CODE, GENESIS_BLOCK, LEDGER, Log, consistency
from .proofs import eip712_digest
from .story import ATTACHED, CONTRACT, Story
from .texts import base58_decode


class History(Story):
    """A file, its facts and trust, made from one number."""

    def file(self) -> tuple[bytes, Obj, Obj, str]:
        """Bytes, facts, trust and now."""
        random = self.random
        envelopes, documents = list(self.envelopes), list(self.documents)
        named = [e["document"] for e in envelopes]
        documents = [d for d in documents if hold(d).ref in named]
        if self.chance(0.05) and len(documents) > 1:
            documents.remove(random.choice(documents))
        if self.chance(0.08) and len(envelopes) > 2:
            envelopes.remove(random.choice(envelopes))
        sections, anchors, facts = [], [], self.facts()
        logs = [*self.logs, *self.foreign]
        if self.chance(0.1):
            random.shuffle(logs)
        for log in logs:
            if self.chance(0.95):
                section, anchored = self.section(log, envelopes, facts)
                sections.append(section)
                anchors += anchored
        anchors.sort(key=lambda a: (a["chain"], a["ledger"], a["log_id"], a["size"]))
        value = {
            "format": "cmsproof/1", "contract": CONTRACT, "genesis": self.genesis,
            "documents": sorted(documents, key=file_order), "envelopes": sorted(envelopes, key=digest),
            "key_ends": sorted(self.key_ends, key=digest), "resolutions": self.resolutions(), "logs": sections,
            "anchors": anchors, "attachments": self.attachments(documents),
        }  # fmt: skip
        self.ask(facts)
        damage(value, random)
        value["digest"] = digest(value) if not self.chance(0.005) else "00" * 32
        public = [{"chain": CHAIN, "genesis_block": GENESIS_BLOCK, "confirmations": 12}]
        trust = {
            "format": "cmstrust/1",
            "public_chains": random.choice([public, public, []]),
            "own_ledgers": [],
        }
        return canonical(value), facts, trust, moment(self.clock + random.randint(0, 2000))

    def attachments(self, documents: list[Obj]) -> Obj:
        """What the documents name, seldom in other bytes."""
        named = {one["sha256"] for entry in documents for one in entry["content"]["attachments"]}
        return {
            sha(data).hex(): base64.b64encode(data if self.chance(0.95) else b"junk").decode()
            for data in ATTACHED
            if sha(data).hex() in named and self.chance(0.7)
        }

    def ask(self, facts: Obj) -> None:
        """What the contracts of accounts answer: always the same, or only from some block on, or not at all."""
        contracts = {person.did: person for person in self.people if person.kind == "contract"}
        code, valid = self.random.choice(
            [(0, 0), (0, 0), (60, 60), (0, 60), (9999, 9999), (60, 0), (0, 9999)]
        )
        for env in self.envelopes if facts["chains"] else ():
            if env["actor"] in contracts and self.chance(0.8):
                signature = base58_decode(env["proof"]["proofValue"][1:])
                asked = {"account": contracts[env["actor"]].key, "digest": eip712_digest(env).hex(),
                         "signature": sha(signature).hex()}  # fmt: skip
                numbers = [block["number"] for block in facts["chains"][0]["blocks"] if not self.chance(0.05)]
                facts["chains"][0]["erc1271"] += [
                    {**asked, "block": at, "has_code": at >= code, "valid": at >= max(code, valid)}
                    for at in numbers
                ]

    def resolutions(self) -> list[Obj]:
        """What the operator says of did:web."""
        web = self.people[5]
        keys = [web.key, web.key, web.key, self.impostor.key]
        found = [
            by.state("Resolution", did=web.did, key=self.random.choice(keys), document_sha256="dd" * 32,
                     resolved_at=moment(0))
            for by, share in ((self.operator, 0.7), (self.stranger, 0.2), (self.people[0], 0.1))
            if self.chance(share)
        ]  # fmt: skip
        return sorted(found, key=digest)

    def facts(self) -> Obj:
        """A chain that has not been asked anything yet."""
        chain = {
            "chain": CHAIN, "genesis_block": GENESIS_BLOCK if self.chance(0.95) else "b2" * 32, "head": 2000,
            "finalized": self.random.choice([None, 1005, 1990]), "blocks": self.blocks(),
            "code": [{"address": LEDGER, "code": self.random.choices([CODE, "c1" * 32, None], [94, 3, 3])[0]}],
            "anchored": list[Obj](),
            "erc1271": list[Obj](),
        }  # fmt: skip
        chains = [chain] if self.chance(0.95) else []
        own = self.random.choice([self.people[5].key, self.people[5].key, self.impostor.key])
        known = {"did": self.people[5].did, "key": own, "resolved_at": moment(0)}
        resolutions = [known] if self.chance(0.2) else []
        return {"format": "cmsfacts/1", "chains": chains, "logs": list[Obj](), "resolutions": resolutions}

    def blocks(self) -> list[Obj]:
        """Blocks that the node was asked for."""
        numbers = [at for at in range(1, 120) if not self.chance(0.1)]
        return [{"number": at, "hash": sha(b"%d" % at).hex(), "time": moment(at * 30)} for at in numbers]

    def section(self, log: Log, envelopes: list[Obj], facts: Obj) -> tuple[Obj, list[Obj]]:
        """A log's section and anchors, and what the facts say of it."""
        random, whole = self.random, len(log.leaves)
        size = whole if self.chance(0.7) else random.randint(1, whole)
        sizes = sorted({size, *(random.randint(1, whole) for _ in range(random.randint(0, 2)))})
        proofs = {
            digest(one): log.proof(digest(one), size)
            for one in (*log.statements, *envelopes, *self.key_ends)
            if log.index.get(digest(one), whole) < size and not self.chance(0.03)
        }
        anchors, notes = [], []
        for at in sizes:
            if not self.chance(0.85):
                continue
            time = moment(60 + (self.clock - 60) * at // whole + random.randint(0, 60))
            anchors.append(log.anchor(at, 1000 + at, time))
            answer = {"root": log.root(at).hex(), "block": 1000 + at, "time": time}
            if self.chance(0.05):
                answer = (
                    {"root": None, "block": None, "time": None}
                    if self.chance(0.7)
                    else {**answer, "root": "ee" * 32}
                )
            if facts["chains"] and self.chance(0.95):
                asked = {"ledger": LEDGER, "log_id": log.log_id, "size": at}
                facts["chains"][0]["anchored"].append({**asked, **answer})
            if at != size:
                old, new = sorted((at, size))
                path = [] if self.chance(0.03) else self.consistency(log, old, new)
                notes.append({"note": log.note(at), "proof": path})
        if self.chance(0.4):
            leaves = [base64.b64encode(leaf).decode() for leaf in log.leaves[:whole]]
            facts["logs"].append({"note": log.note(whole), "leaves": leaves})
        section = {
            "vkey": log.vkey, "statements": log.statements, "proofs": proofs, "receipts": self.receipts(log, proofs),
            "consistency": notes, "head": self.head(log, whole) if self.chance(0.5) else None,
        }  # fmt: skip
        return section, anchors

    @staticmethod
    def consistency(log: Log, old: int, new: int) -> list[str]:
        """A proof as a file writes it."""
        return [base64.b64encode(step).decode() for step in consistency(old, log.hashes(new))]

    def receipts(self, log: Log, proofs: Obj) -> list[Obj]:
        """Receipts for some events that have no proof."""
        bare = [e for e in self.envelopes if digest(e) not in proofs and self.chance(0.5)]
        found = [
            self.operator.state(
                "Receipt", envelope=digest(e), slot="ab" * 32, origin=log.origin, received_at=moment(self.clock),
                log_by=moment(self.clock + 60),
            )
            for e in bare
        ]  # fmt: skip
        return sorted(found, key=lambda r: (r["envelope"], digest(r)))

    def head(self, log: Log, size: int) -> Obj:
        """What the operator says is the end of a log; seldom less or more."""
        size -= self.random.choice([0, 0, 0, 0, 1]) if size else 0
        statements = {digest(one) for one in log.statements}
        pinned = self.state.pinned()
        names = {name for name in statements if log.index.get(name, size) < size}
        names |= {
            digest(one)
            for one in (*self.envelopes, *(end for end in self.key_ends if end["key"] in pinned))
            if log.index.get(digest(one), size) < size and one.get("action") != "commented"
        }
        here = {self.same[name] for name in names if name in self.same}
        spine = [event for event in self.state.spine if event.statement in here] or self.state.spine[-1:]
        if self.chance(0.04):
            names.add("99" * 32)
        if names and self.chance(0.04):
            names.remove(self.random.choice(sorted(names)))
        sequence = (spine[-1].env["sequence"] if spine else 0) - (1 if self.chance(0.05) else 0)
        by = log.operator if self.chance(0.97) else self.stranger
        return by.state(
            "HeadStatement", vkey=log.vkey, contract=CONTRACT, genesis=self.genesis, sequence=max(sequence, 0),
            digests=sorted(names), size=size, root=log.root(size).hex(), occurred_at=moment(self.clock + 30),
        )  # fmt: skip
