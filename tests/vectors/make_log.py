"""Sections 6 and 7: slots, leaves, heads, proofs, notes, verifier keys."""

from __future__ import annotations

from typing import Any

from cms_backend.core.checkpoint import open_note
from cms_backend.core.ids import Digest
from cms_backend.core.merkle import inclusion_path, tree_head
from cms_backend.core.slots import key_slot, leaf_data, log_slot, note_slot, party_slot, spine_slot
from tests.support.core_logs import SmallLog, log_key
from tests.support.core_samples import ed25519

GENESIS = Digest("11" * 32)
DIGESTS = [Digest(f"{number:02x}" * 32) for number in range(1, 12)]


def _slots() -> list[dict[str, Any]]:
    table = {
        "spine-0": (spine_slot(GENESIS, 0), '["cms-slot-v1",genesis,0,"spine"]'),
        "spine-3": (spine_slot(GENESIS, 3), '["cms-slot-v1",genesis,3,"spine"]'),
        "party-12": (party_slot(GENESIS, 3, 12), '["cms-slot-v1",genesis,3,"party:12"]'),
        "note": (note_slot(GENESIS, 3, DIGESTS[0]), '["cms-slot-v1",genesis,3,"note:" + envelope digest]'),
        "key": (key_slot(ed25519(1).key), '["cms-key-v1",key]'),
        "log-0": (log_slot(0), '["cms-log-v1",0]'),
    }
    return [{"id": name, "slot": slot, "of": of} for name, (slot, of) in table.items()]


def build() -> dict[str, Any]:
    """`log.json`."""
    leaves = [leaf_data(spine_slot(GENESIS, number), digest) for number, digest in enumerate(DIGESTS)]
    log = SmallLog(log_key(1), leaves)
    vkey = log.key.vkey
    named = log_key(2, "log.example.com/cms")
    hashes = log.hashes
    inclusion = [
        {
            "id": f"{index}-of-{size}",
            "index": index,
            "size": size,
            "leaf": hashes[index].hex(),
            "path": [step.hex() for step in inclusion_path(hashes[:size], index)],
            "root": tree_head(hashes[:size]).hex(),
            "tlog_proof": log.proof(index, size),
        }
        for index, size in ((0, 1), (1, 2), (2, 3), (6, 7), (3, 11), (10, 11))
    ]
    consistency = [
        {
            "id": f"{old}-to-{new}",
            "old": old,
            "new": new,
            "old_root": tree_head(hashes[:old]).hex(),
            "new_root": tree_head(hashes[:new]).hex(),
            "path": [step.hex() for step in log.consistency(old, new)],
        }
        for old, new in ((0, 11), (1, 2), (3, 7), (4, 8), (6, 11), (11, 11))
    ]
    checkpoint = open_note(log.note(), vkey)
    return {
        "log.json": {
            "section": "6, 7",
            "how": "leaf data = slot || digest; hashes after RFC 6962; notes after C2SP; "
            "ledger_key = SHA-256(origin || 0x0A || 0x01 || public key)",
            "genesis": GENESIS,
            "key": str(ed25519(1).key),
            "digests": DIGESTS,
            "slots": _slots(),
            "leaves": [data.hex() for data in leaves],
            "leaf_hashes": [hashed.hex() for hashed in hashes],
            "heads": [tree_head(hashes[:size]).hex() for size in range(len(hashes) + 1)],
            "inclusion": inclusion,
            "consistency": consistency,
            "vkeys": [
                {
                    "id": name,
                    "origin": key.origin,
                    "public": key.vkey.public.hex(),
                    "vkey": key.vkey.text,
                    "ledger_key": key.vkey.ledger_key.hex(),
                }
                for name, key in (("embedded", log.key), ("named", named))
            ],
            "note": log.note(),
            "checkpoint": {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root},
        }
    }
