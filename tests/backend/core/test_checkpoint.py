import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_backend.core.checkpoint import (
    Checkpoint,
    LogKey,
    Note,
    VerifierKey,
    b64decode,
    b64encode,
    embedded_origin,
    open_note,
    parse_checkpoint,
    parse_tlog_proof,
    parse_vkey,
    tlog_proof,
)
from cms_backend.core.errors import LogError
from cms_backend.core.hashing import sha256
from cms_backend.core.ids import Digest
from cms_backend.core.merkle import tree_head, verify_inclusion
from cms_backend.core.suites import ed25519_sign
from tests.support.core_logs import SmallLog, log_key

DASH = "\N{EM DASH}"
LOG = SmallLog(log_key(1, "log.example.com/cms"), [bytes([at]) * 64 for at in range(11)])
VKEY = LOG.key.vkey


def test_a_verifier_key_comes_back_from_its_text() -> None:
    assert VerifierKey.parse(VKEY.text) == VKEY
    assert VKEY.text.startswith("log.example.com/cms+")


def test_the_key_hash_is_the_one_of_signed_note() -> None:
    assert VKEY.key_hash == sha256(b"log.example.com/cms\n\x01" + VKEY.public)[:4]
    assert VKEY.ledger_key == sha256(b"log.example.com/cms\n\x01" + VKEY.public)


def test_the_origin_of_an_embedded_log_comes_from_its_key() -> None:
    key = log_key(2)
    assert key.origin == embedded_origin(key.vkey.public) == "cms.local/" + sha256(key.vkey.public).hex()[:32]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        VKEY.text + "=",
        VKEY.text.replace("+", " ", 1),
        VKEY.text.replace("cms+", "CMS+"),
        VKEY.text.upper(),
        "log.example.com/cms+00000000+" + VKEY.text.split("+", 2)[2],
        "x+00000000+" + b64encode(b"\x02" + VKEY.public),
        "x+00000000+" + b64encode(b"\x01" + VKEY.public[1:]),
    ],
)
def test_another_text_is_no_verifier_key(text: str) -> None:
    with pytest.raises(LogError):
        parse_vkey(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b", "a\x00b"])
def test_a_key_name_has_no_spaces_and_no_plus(name: str) -> None:
    with pytest.raises(LogError):
        LogKey(b"1" * 32, name)


def test_a_key_that_could_sign_for_everything_is_no_log_key() -> None:
    with pytest.raises(LogError):
        VerifierKey.of(
            "log", bytes.fromhex("0100000000000000000000000000000000000000000000000000000000000000")
        )


def test_a_log_key_shows_no_secret() -> None:
    assert (b"\xc8\x01" * 16).hex() not in repr(LOG.key)
    assert "c801" not in repr(LOG.key)


def test_a_checkpoint_is_three_lines_and_opens_with_its_key() -> None:
    checkpoint = open_note(LOG.note(), VKEY)
    assert checkpoint == Checkpoint("log.example.com/cms", 11, Digest.of(tree_head(LOG.hashes)))
    assert LOG.note().startswith(f"log.example.com/cms\n11\n{b64encode(tree_head(LOG.hashes))}\n\n{DASH} log")


def test_signing_is_deterministic_so_that_one_size_has_one_note() -> None:
    assert LOG.note(7) == LOG.note(7)


def test_lines_of_witnesses_are_kept_and_not_judged() -> None:
    cosigned = LOG.note() + f"{DASH} witness.example.com/w1 {b64encode(b'1234' + bytes(72))}\n"
    assert open_note(cosigned, VKEY).size == 11
    assert [line.name for line in Note.parse(cosigned).signatures][1] == "witness.example.com/w1"


def test_another_key_under_the_same_name_does_not_open_a_note() -> None:
    other = log_key(9, "log.example.com/cms").vkey
    with pytest.raises(LogError, match="not signed by"):
        open_note(LOG.note(), other)


@given(st.integers(0, len(LOG.note()) - 1), st.characters(codec="utf-8", exclude_categories=["Cs"]))
def test_no_changed_character_of_a_note_passes(at: int, letter: str) -> None:
    """A23: a line that nobody reads would hide a change, so every line is read."""
    note = LOG.note()
    changed = note[:at] + letter + note[at + 1 :]
    if changed == note:
        return
    with pytest.raises(LogError):
        open_note(changed, VKEY)


def _resigned(text: str) -> str:
    signature = ed25519_sign(text.encode(), b"\xc8\x01" * 16 + VKEY.public)
    return f"{text}\n{DASH} {VKEY.name} {b64encode(VKEY.key_hash + signature)}\n"


ROOT = b64encode(bytes(32))


def test_the_resigned_notes_below_fail_for_their_text_alone() -> None:
    assert open_note(_resigned(f"log.example.com/cms\n1\n{ROOT}\n"), VKEY).size == 1


@pytest.mark.parametrize(
    "text",
    [
        f"log.example.com/other\n1\n{ROOT}\n",
        f"log.example.com/cms\n01\n{ROOT}\n",
        f"log.example.com/cms\n-1\n{ROOT}\n",
        f"log.example.com/cms\n9007199254740992\n{ROOT}\n",
        f"log.example.com/cms\n1\n{ROOT[:-1]}\n",
        f"log.example.com/cms\n1\n{ROOT[:-2]}B=\n",
        f"log.example.com/cms\n1\n{b64encode(bytes(31))}\n",
        f"log.example.com/cms\n1\n{ROOT}\nextension\n",
        "log.example.com/cms\n1\n",
        "log.example.com/cms\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(LogError):
        open_note(_resigned(text), VKEY)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        LOG.note().rstrip("\n"),
        LOG.note() + "\n",
        LOG.note() + "more\n",
        LOG.note().replace("\n\n", "\n"),
        LOG.note().replace("\n\n", "\n\n\n"),
        LOG.note().replace("\n", "\r\n"),
        LOG.note().replace(DASH, "-"),
        LOG.note().split("\n\n")[0] + f"\n\n{DASH} log.example.com/cms AAAA\n",
        LOG.note() + LOG.note().split("\n\n")[1],
        LOG.note() + f"{DASH} w AAAAAAAA\n" * 101,
    ],
)
def test_a_malformed_note_is_refused(note: str) -> None:
    with pytest.raises(LogError):
        open_note(note, VKEY)


def test_the_text_of_a_checkpoint_is_read_back() -> None:
    checkpoint = Checkpoint("a", 0, Digest.of(sha256(b"")))
    assert parse_checkpoint(checkpoint.text) == checkpoint


@pytest.mark.parametrize("index", range(11))
def test_a_proof_as_text_shows_its_leaf(index: int) -> None:
    proof = parse_tlog_proof(LOG.proof(index))
    checkpoint = open_note(proof.note, VKEY)
    assert proof.index == index
    verify_inclusion(LOG.hashes[index], proof.index, checkpoint.size, proof.path, checkpoint.root.raw)
    assert tlog_proof(proof.index, proof.path, proof.note) == LOG.proof(index)


def test_the_proof_of_the_only_leaf_has_no_lines() -> None:
    proof = parse_tlog_proof(LOG.proof(0, 1))
    assert (proof.index, proof.path) == (0, ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        LOG.proof(3).replace("@v1", "@v2"),
        LOG.proof(3).replace("index", "extra YQ==\nindex"),
        LOG.proof(3).replace("index 3", "index 03"),
        LOG.proof(3).replace("index 3", "index -3"),
        LOG.proof(3).replace("index 3", "index "),
        LOG.proof(3).replace("index 3", "index 9007199254740992"),
        LOG.proof(3).replace("index 3\n", "index 3\nAAAA\n"),
        LOG.proof(3).replace("index 3\n", "index 3\n" + f"{ROOT}\n" * 64),
        LOG.proof(3).replace("index 3\n", "index 3\n" + ROOT[:-2] + "B=\n"),
        LOG.proof(3).replace("\n\n", "\n"),
        "c2sp.org/tlog-proof@v1\nindex 3",
    ],
)
def test_another_text_is_no_proof(text: str) -> None:
    with pytest.raises(LogError):
        parse_tlog_proof(text)


@given(st.binary(max_size=80))
def test_base64_has_one_text_for_every_byte_string(data: bytes) -> None:
    assert b64decode(b64encode(data)) == data


@pytest.mark.parametrize("text", ["YQ", "YQ=", "YR==", "Y Q==", "YQ==\n", "-_==", "YQ==YQ==", "é"])
def test_other_base64_is_refused(text: str) -> None:
    """A23: stray bits and line breaks would give one evidence two texts."""
    with pytest.raises(LogError):
        b64decode(text)
