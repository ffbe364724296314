"""The tamper lab changes one thing in a copy."""

from cms_backend.core.canonical import encode, parse
from cms_backend.core.hashing import digest_of
from cms_desktop.presentation import tamper

FILE = {
    "format": "cmsproof/1",
    "documents": [
        {"content": {"revision": 1, "title": "Lift", "terms": ["One.", "Two for 14 days."]}, "seed": "00"}
    ],
    "envelopes": [
        {
            "action": "signed",
            "sequence": 3,
            "occurred_at": "2026-05-18T10:26:41.009Z",
            "actor": "did:key:z6Mk",
            "proof": {"proofValue": "z3Abc"},
        }
    ],
    "anchors": [{"size": 7, "root": "ab" * 32}],
    "digest": "",
}
DATA = encode(FILE)


def test_every_kind_of_value_is_offered_with_a_name() -> None:
    labels = [target.label for target in tamper.targets(DATA)]
    assert labels == [
        "Title of revision 1",
        "Clause 1 of revision 1",
        "Clause 2 of revision 1",
        "Time of signed, event 3",
        "Author of signed, event 3",
        "Signature of signed, event 3",
        "Root of anchor 7",
    ]


def test_each_change_differs_in_one_value_and_leaves_the_original_alone() -> None:
    before = bytes(DATA)
    for target in tamper.targets(DATA):
        changed, sentence = tamper.changed(DATA, target, mended=False)
        assert changed != DATA
        assert len(changed) in (len(DATA), len(DATA) + 1)
        assert sentence.startswith(target.label)
    assert before == DATA


def test_a_changed_time_is_still_a_time() -> None:
    target = next(one for one in tamper.targets(DATA) if one.path[-1] == "occurred_at")
    changed, _ = tamper.changed(DATA, target, mended=False)
    assert b"2026-05-18T10:26:41.000Z" in changed


def test_a_mended_copy_carries_the_digest_of_its_changed_content() -> None:
    target = tamper.targets(DATA)[1]
    changed, _ = tamper.changed(DATA, target, mended=True)
    file = parse(changed, limit=len(changed))
    assert isinstance(file, dict)
    rest = {name: value for name, value in file.items() if name != "digest"}
    assert file["digest"] == digest_of(rest)


def test_a_flipped_byte_differs_in_one_bit() -> None:
    changed, sentence = tamper.flipped(DATA, 5)
    assert [a ^ b for a, b in zip(DATA, changed, strict=True)].count(1) == 1
    assert sentence.startswith("Byte 5 was flipped")
    assert tamper.flipped(DATA, 10**9)[0] != DATA
