"""`cms wallet restore` and `recover`: the way back to the identity that is in use, also after its key was rotated."""

from __future__ import annotations

from pathlib import Path

import pytest

from cms_desktop.wallet.records import KINDS, Identity, Kind
from tests.support.cli_run import Done, Run, at_terminal, passphrase_file
from tests.support.wallet_home import PASSPHRASE, WORDS, service, wallet

FOREIGN = "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A file with the recovery words, as somebody types them from paper."""
    path = tmp_path / "words"
    path.write_text(WORDS.title().replace(" ", "  ") + "\n")
    return path


@pytest.fixture
def rotated(home: Path) -> tuple[Identity, Identity]:
    """Katrin's identity before her key was rotated twice, and as it is now."""
    made = service(home).unlock_now(PASSPHRASE)
    [before] = made.identities
    made.rotate(before.id)
    _, now = made.rotate(before.id)
    return before, now


def restored(run: Run, tmp_path: Path, secret: Path, *arguments: str | Path) -> Done:
    """`restore` into an empty home."""
    given = ("wallet", "restore", "--name", "Katrin", "--passphrase-file", secret, *arguments)
    return run(*given, home=tmp_path / "new")


def identities(tmp_path: Path) -> tuple[Identity, ...]:
    return service(tmp_path / "new").unlock_now(PASSPHRASE).identities


def test_the_words_alone_give_the_first_key_and_say_that_a_rotated_one_needs_more(
    run: Run, tmp_path: Path, secret: Path, words: Path, rotated: tuple[Identity, Identity]
) -> None:
    done = restored(run, tmp_path, secret, "--words-file", words)
    assert done.code == 0, done.err
    [one] = identities(tmp_path)
    assert one.did == rotated[0].did
    assert one.did in done.out
    assert "generation 0" in done.out
    assert "If you rotated it, it was ended" in done.out
    assert "cms wallet recover DID" in done.out
    assert "abandon" not in done.out + done.err


def test_the_did_in_use_gives_the_present_key(
    run: Run, tmp_path: Path, secret: Path, words: Path, rotated: tuple[Identity, Identity]
) -> None:
    done = restored(run, tmp_path, secret, "--words-file", words, "--did", rotated[1].did)
    assert done.code == 0, done.err
    [one] = identities(tmp_path)
    assert (one.key, one.next, one.generation) == (rotated[1].key, rotated[1].next, 2)
    assert "generation 2" in done.out
    assert "If you rotated it" not in done.out


def test_the_number_of_rotations_gives_the_present_key(
    run: Run, tmp_path: Path, secret: Path, words: Path, rotated: tuple[Identity, Identity]
) -> None:
    done = restored(run, tmp_path, secret, "--words-file", words, "--generation", "2")
    assert done.code == 0, done.err
    assert identities(tmp_path)[0].did == rotated[1].did
    assert rotated[1].did in done.out


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_comes_back(run: Run, tmp_path: Path, secret: Path, words: Path, kind: Kind) -> None:
    _, made = wallet(tmp_path / "a")
    one = next(iter(made.identities)) if kind == "ed25519" else made.add_identity(kind, "x")
    assert restored(run, tmp_path, secret, "--words-file", words, "--kind", kind).code == 0
    assert identities(tmp_path)[0].did == one.did


def test_an_identity_that_came_back_with_an_ended_key_goes_on_with_the_present_one(
    run: Run, tmp_path: Path, secret: Path, words: Path, rotated: tuple[Identity, Identity]
) -> None:
    restored(run, tmp_path, secret, "--words-file", words)
    [ended] = identities(tmp_path)
    arguments = ("wallet", "recover", rotated[1].did, "--passphrase-file", secret)
    done = run(*arguments, home=tmp_path / "new")
    assert done.code == 0, done.err
    [one] = identities(tmp_path)
    assert (one.id, one.name, one.did, one.generation) == (ended.id, "Katrin", rotated[1].did, 2)
    assert [old.did for old in one.earlier] == [ended.did]
    back = run("wallet", "recover", ended.did, "--passphrase-file", secret, home=tmp_path / "new")
    assert back.code == 1
    assert "a later one is in use" in back.err
    assert "already" in run(*arguments, home=tmp_path / "new").err


def test_further_identities_come_back_by_their_dids(
    run: Run, tmp_path: Path, secret: Path, words: Path, home: Path
) -> None:
    made = service(home).unlock_now(PASSPHRASE)
    _, second = made.rotate(made.add_identity("ed25519", "Second").id)
    restored(run, tmp_path, secret, "--words-file", words)
    recover = ("wallet", "recover", second.did, "--passphrase-file", secret)
    nameless = run(*recover, home=tmp_path / "new")
    assert nameless.code == 1
    assert "needs a name" in nameless.err
    assert run(*recover, "--name", "Second", home=tmp_path / "new").code == 0
    assert [one.did for one in identities(tmp_path)] == [made.identities[0].did, second.did]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--did", FOREIGN), "do not give this DID"),
        (("--did", "no did"), "do not give this DID"),
        (("--kind", "rsa"), "rsa is no kind"),
        (("--name", ""), "A name is needed"),
        (("--name", "\x07"), "U+0007"),
    ],
)
def test_what_cannot_be_restored_leaves_the_home_empty_for_the_next_try(
    run: Run, tmp_path: Path, secret: Path, words: Path, arguments: tuple[str, str], said: str
) -> None:
    done = restored(run, tmp_path, secret, "--words-file", words, *arguments)
    assert done.code == 1
    assert said in done.err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "sentence", [WORDS.replace("about", "abandon"), WORDS[:-6], WORDS.replace("about", "abuot"), ""]
)
def test_words_that_are_none_make_no_wallet_and_are_not_repeated(
    run: Run, tmp_path: Path, secret: Path, sentence: str
) -> None:
    (tmp_path / "words").write_text(sentence)
    done = restored(run, tmp_path, secret, "--words-file", tmp_path / "words")
    assert done.code == 1
    assert "no recovery words" in done.err
    assert "abandon" not in done.err
    assert not (tmp_path / "new").exists()


def test_words_in_a_file_that_is_not_there_end_with_74(run: Run, tmp_path: Path, secret: Path) -> None:
    assert restored(run, tmp_path, secret, "--words-file", tmp_path / "gone").code == 74


@pytest.mark.parametrize(
    "arguments",
    [
        ("--did", FOREIGN, "--generation", "1"),
        ("--did", FOREIGN, "--kind", "ed25519"),
        ("--backup", "x", "--did", FOREIGN),
        ("--backup", "x", "--words-file", "y"),
        ("--generation", "-1"),
        ("--generation", "two"),
        ("--generation", "10000"),
    ],
)
def test_ways_back_that_do_not_go_together_are_wrong_usage(
    run: Run, tmp_path: Path, secret: Path, arguments: tuple[str, ...]
) -> None:
    assert restored(run, tmp_path, secret, *arguments).code == 64


def test_at_a_terminal_words_name_and_passphrase_are_asked(tmp_path: Path) -> None:
    answers = [
        ("Recovery words: ", WORDS),
        ("Your name: ", "Katrin"),
        ("New passphrase: ", PASSPHRASE),
        ("confirmation: ", PASSPHRASE),
    ]
    done = at_terminal("wallet", "restore", home=tmp_path / "new", answers=answers)
    assert done.code == 0, done.out
    assert "abandon" not in done.out
    assert identities(tmp_path)[0].name == "Katrin"


def test_a_backup_brings_everything_back_without_asking_for_a_name(
    run: Run, home: Path, tmp_path: Path, secret: Path, rotated: tuple[Identity, Identity]
) -> None:
    run("wallet", "backup", tmp_path / "copy.cms", home=home)
    arguments = ("wallet", "restore", "--backup", tmp_path / "copy.cms", "--passphrase-file", secret)
    done = run(*arguments, home=tmp_path / "new")
    assert done.code == 0, done.err
    assert rotated[1].did in done.out
    assert "generation 2" in done.out
    assert "cms wallet recover DID" in done.out
    assert identities(tmp_path) == service(home).unlock_now(PASSPHRASE).identities


def test_a_backup_that_cannot_be_taken_leaves_the_home_empty(
    run: Run, home: Path, tmp_path: Path, secret: Path
) -> None:
    wrong = passphrase_file(tmp_path, "another passphrase", "wrong")
    (tmp_path / "cut.cms").write_bytes((home / "wallet.cms").read_bytes()[:-7])
    cases = [
        ("gone.cms", secret, 74),
        ("cut.cms", secret, 74),
        ("home/wallet.cms", wrong, 1),
        ("home", secret, 74),
    ]
    for name, file, code in cases:
        arguments = ("wallet", "restore", "--backup", tmp_path / name, "--passphrase-file", file)
        done = run(*arguments, home=tmp_path / "new")
        assert done.code == code, name
        assert "no wallet here" not in done.err
        assert not (tmp_path / "new" / "wallet.cms").exists()
