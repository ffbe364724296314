"""Disclosures that nobody has checked, taken in by a register: the answer is a reason or a record, never a fault."""

from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cms_backend.app import PREFIX
from cms_backend.core.canonical import encode
from cms_backend.core.disclosure import disclose
from cms_backend.core.document import SealedDocument
from tests.support.backend_app import running_api
from tests.support.evidence_files import file_bytes, members_of
from tests.support.verify_world import World

FILES = 150
FILE = {"Content-Type": "application/vnd.cms.proof+json"}
SHOWN = ("", "/valid_from", "/valid_until")
VALUES: tuple[Any, ...] = (
    None, 0, -1, 2**53 - 1, True, "", "x", [], {}, [1], [[]], {"did": 1}, {"counts": {}}, "\U0001f600", "<b>",
)  # fmt: skip
PATHS = ("", "/", "/terms/", "/terms/99999", "/parties/00000", "/attachments/00000", "\u00e9", "\ue000")


def hostile(entry: dict[str, Any], random: Random) -> dict[str, Any]:
    """A disclosure with some of it changed."""
    entry = copy.deepcopy(entry)
    for _ in range(random.randint(1, 3)):
        leaves = entry["disclosed"]
        leaf = random.choice(leaves)
        head = leaves[0]["leaf"][2]
        match random.randrange(7):
            case 0:
                leaf["leaf"][2] = copy.deepcopy(random.choice(VALUES))
            case 1 if isinstance(head, dict) and head:
                head[random.choice(list(head))] = copy.deepcopy(random.choice(VALUES))
            case 2 if isinstance(head, dict) and isinstance(head.get("counts"), dict) and head["counts"]:
                head["counts"][random.choice(list(head["counts"]))] = random.choice(
                    (*VALUES, 99_999, 100_000)
                )
            case 3 if len(leaves) > 1:
                leaves.remove(leaf)
            case 4:
                entry["revision"] = random.choice((0, 1, 7, 2**53 - 1))
            case 5:
                leaf["leaf"][1] = random.choice(PATHS)
                leaves.sort(key=lambda entry: entry["leaf"][1].encode())
            case _:
                leaf["proof"] = random.choice(([], ["00" * 32], ["00" * 32] * 70, leaf["proof"][:-1]))
    return entry


def texts(documents: list[SealedDocument], random: Random) -> list[dict[str, Any]]:
    """The texts of a file: whole, with parts hidden, or with a disclosure that lies."""
    found: dict[bytes, tuple[int, dict[str, Any]]] = {}
    for document in documents:
        paths = [leaf.path for leaf in document.leaves]
        able = [path for path in paths if path not in SHOWN and not path.startswith("/parties/")]
        hidden = disclose(document, [path for path in able if random.random() < 0.5]).to_json()
        for entry in random.choice(
            ([document.to_json()], [hidden], [hostile(hidden, random)], [hidden, hostile(hidden, random)])
        ):
            revision = entry["revision"] if "disclosed" in entry else entry["content"]["revision"]
            found[encode(entry)] = (revision, entry)
    return [entry for _, (_, entry) in sorted(found.items(), key=lambda item: (item[1][0], item[0]))]


@pytest.mark.parametrize("log", [True, False])
async def test_no_disclosure_brings_the_register_down(tmp_path: Path, log: bool) -> None:
    random = Random(f"disclosures {log}")
    world = World(log=log).complete()
    file = members_of(world.evidence().to_bytes())
    answers: Counter[int] = Counter()
    async with running_api(tmp_path / "home") as api:
        for _ in range(FILES):
            data = file_bytes({**file, "documents": texts(world.documents, random)})
            taken = await api.client.post(f"{PREFIX}/contracts/import", content=data, headers=FILE)
            answers[taken.status_code] += 1
            assert taken.status_code in (200, 400), taken.text
            if taken.status_code == 200:
                for path in (
                    "/contracts",
                    f"/contracts/{world.contract}",
                    f"/contracts/{world.contract}/evidence",
                ):
                    assert (await api.client.get(f"{PREFIX}{path}")).status_code == 200
    assert answers.keys() == {200, 400}
    print(f"{FILES} files with disclosures: {answers[200]} taken in, {answers[400]} refused with a reason")
