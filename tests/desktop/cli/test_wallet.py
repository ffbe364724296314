"""`cms wallet`: made, shown, copied, another passphrase, identities; what goes wrong is said with its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from cms_desktop.cli.app import app
from tests.support.cli_run import Run, at_terminal, memory_keyring, passphrase_file
from tests.support.wallet_home import PASSPHRASE, WORDS, service

LENA = "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"


def shown(run: Run, home: Path, secret: Path) -> list[dict[str, object]]:
    """The identities, as `show --json` tells them."""
    done = run("wallet", "show", "--json", "--passphrase-file", secret, home=home)
    assert done.code == 0, done.err
    found: list[dict[str, object]] = json.loads(done.out)
    return found


# -- made -----------------------------------------------------------------------


def test_a_fresh_wallet_shows_its_words_once_and_opens_with_the_passphrase(
    run: Run, tmp_path: Path, secret: Path
) -> None:
    home = tmp_path / "new"
    made = run("wallet", "create", "--name", "Katrin  Ostermann", "--passphrase-file", secret, home=home)
    assert made.code == 0, made.err
    words = service(home).unlock_now(PASSPHRASE).recovery_words()
    assert all(f" {place + 1} {word}" in made.out for place, word in enumerate(words))
    [one] = shown(run, home, secret)
    assert (one["name"], one["kind"], one["generation"]) == ("Katrin Ostermann", "ed25519", 0)
    assert str(one["did"]) in made.out
    again = run("wallet", "show", "--passphrase-file", secret, home=home)
    assert words[0] not in again.out.split()
    assert (home / "wallet.cms").stat().st_mode & 0o777 == 0o600


def test_the_words_go_into_a_private_file_instead_when_that_is_asked(
    run: Run, tmp_path: Path, secret: Path
) -> None:
    kept = tmp_path / "words"
    arguments = ("wallet", "create", "--name", "K", "--passphrase-file", secret, "--words-file", kept)
    made = run(*arguments, home=tmp_path / "new")
    assert made.code == 0, made.err
    assert kept.stat().st_mode & 0o777 == 0o600
    words = kept.read_text().split()
    assert len(words) == 12
    assert not any(f" {word} " in made.out for word in words if word not in ("then", "file"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--name", "K", "--kind", "rsa"), "rsa is no kind"),
        (("--name", " "), "needs a name"),
        (("--name", "bell \x07"), "U+0007"),
        (("--name", "half \udc80"), "U+DC80"),
        (("--name", "K", "--words-file", "taken"), "taken is there already"),
    ],
)
def test_what_cannot_be_made_leaves_no_wallet_whose_words_nobody_saw(
    run: Run, tmp_path: Path, secret: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "taken").write_text("a letter")
    given = [tmp_path / "taken" if one == "taken" else one for one in arguments]
    done = run("wallet", "create", *given, "--passphrase-file", secret, home=tmp_path / "new")
    assert done.code == 1
    assert said in done.err
    assert not (tmp_path / "new").exists()
    assert (tmp_path / "taken").read_text() == "a letter"


def test_a_short_passphrase_is_refused_and_no_word_file_is_left(run: Run, tmp_path: Path) -> None:
    short = passphrase_file(tmp_path, "short")
    arguments = ("--name", "K", "--passphrase-file", short, "--words-file", tmp_path / "words")
    done = run("wallet", "create", *arguments, home=tmp_path / "new")
    assert done.code == 1
    assert "shorter than 8" in done.err
    assert not (tmp_path / "words").exists()


def test_a_wallet_is_never_made_over_another_and_nothing_is_asked_first(run: Run, home: Path) -> None:
    before = (home / "wallet.cms").read_bytes()
    for arguments in (("create", "--name", "K"), ("restore", "--name", "K"), ("restore", "--backup", "x")):
        done = run("wallet", *arguments, home=home)
        assert done.code == 1
        assert "there already" in done.err
    assert (home / "wallet.cms").read_bytes() == before


def test_at_a_terminal_the_passphrase_is_asked_twice_and_never_shown(tmp_path: Path) -> None:
    answers = [("Your name: ", "Katrin"), ("New passphrase: ", PASSPHRASE), ("confirmation: ", PASSPHRASE)]
    made = at_terminal("wallet", "create", home=tmp_path, answers=answers)
    assert made.code == 0, made.out
    assert PASSPHRASE not in made.out
    assert service(tmp_path).unlock_now(PASSPHRASE).identities[0].name == "Katrin"
    seen = at_terminal("wallet", "show", home=tmp_path, answers=[("Passphrase: ", PASSPHRASE)])
    assert seen.code == 0
    assert "Katrin" in seen.out
    assert PASSPHRASE not in seen.out


def test_with_nobody_at_the_terminal_the_way_to_give_the_passphrase_is_named(run: Run, home: Path) -> None:
    done = run("wallet", "show", home=home)
    assert done.code == 1
    assert "--passphrase-file" in done.err
    assert "cms wallet remember" in done.err


# -- what cannot be opened ------------------------------------------------------


def test_a_wrong_passphrase_is_named_and_the_file_untouched(run: Run, home: Path, tmp_path: Path) -> None:
    before = (home / "wallet.cms").read_bytes()
    wrong = passphrase_file(tmp_path, PASSPHRASE.upper(), "wrong")
    done = run("wallet", "show", "--passphrase-file", wrong, home=home)
    assert (done.code, done.out) == (1, "")
    assert "does not open the wallet" in done.err
    assert PASSPHRASE.upper() not in done.err
    assert (home / "wallet.cms").read_bytes() == before


@pytest.mark.parametrize("command", ["show", "words", "backup", "remember", "passphrase", "add", "rotate"])
def test_a_damaged_wallet_ends_with_74_before_a_passphrase_is_asked(
    run: Run, home: Path, tmp_path: Path, command: str
) -> None:
    path = home / "wallet.cms"
    path.write_bytes(path.read_bytes()[:-1])
    more: dict[str, list[str | Path]] = {
        "backup": [tmp_path / "copy"],
        "add": ["--name", "x"],
        "rotate": ["x"],
    }
    done = run("wallet", command, *more.get(command, []), home=home)
    assert done.code == 74
    assert "damaged" in done.err
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("group", [("wallet", "show"), ("contact", "list"), ("contact", "card")])
def test_a_folder_in_the_wallets_place_ends_with_74_in_words(
    run: Run, tmp_path: Path, secret: Path, group: tuple[str, ...]
) -> None:
    (tmp_path / "home" / "wallet.cms").mkdir(parents=True)
    done = run(*group, "--passphrase-file", secret, home=tmp_path / "home")
    assert done.code == 74
    assert "cannot be read" in done.err


def test_a_data_folder_that_is_a_file_ends_with_74(run: Run, tmp_path: Path, secret: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    done = run("wallet", "show", "--passphrase-file", secret, home=tmp_path / "home")
    assert done.code == 74
    assert "cannot be read" in done.err


@pytest.mark.parametrize("what", ["gone", "folder", "binary"])
def test_a_passphrase_file_that_cannot_be_read_ends_with_74_and_is_named(
    run: Run, home: Path, tmp_path: Path, what: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    done = run("wallet", "show", "--passphrase-file", tmp_path / what, home=home)
    assert done.code == 74
    assert what in done.err


def test_without_a_wallet_the_words_say_how_to_make_one(run: Run, tmp_path: Path, secret: Path) -> None:
    done = run("wallet", "show", "--passphrase-file", secret, home=tmp_path / "new")
    assert done.code == 1
    assert "cms wallet create" in done.err
    assert not (tmp_path / "new").exists()


# -- shown and changed ----------------------------------------------------------


def test_the_identities_are_listed_with_kind_key_and_did(run: Run, home: Path, secret: Path) -> None:
    done = run("wallet", "show", "--passphrase-file", secret, home=home)
    [one] = service(home).unlock_now(PASSPHRASE).identities
    first = f"{one.id}  Katrin Ostermann  (ed25519, key 1, generation 0)"
    assert done.out.splitlines() == [first, f"    {one.did}"]


def test_json_names_every_identity_and_no_secret(run: Run, home: Path, secret: Path) -> None:
    [one] = shown(run, home, secret)
    assert set(one) == {
        *("id", "name", "organisation", "did", "key", "next", "kind", "generation", "watch_only"),
    }
    assert one["organisation"] == "Ostermann Webwerk GmbH"


@pytest.mark.parametrize(
    ("kind", "begins"),
    [("ed25519", "did:key:z6Mk"), ("secp256k1", "did:key:zQ3s"), ("ethereum", "did:pkh:eip155:1:0x")],
)
def test_an_identity_of_each_kind_can_be_added(
    run: Run, home: Path, secret: Path, kind: str, begins: str
) -> None:
    done = run("wallet", "add", "--name", "Second", "--kind", kind, "--passphrase-file", secret, home=home)
    assert done.code == 0
    assert done.out.startswith(begins)
    assert shown(run, home, secret)[1]["did"] == done.out.strip()


def test_a_watched_identity_is_marked_and_signs_nothing(run: Run, home: Path, secret: Path) -> None:
    run("wallet", "add", "--name", "Lena", "--watch", LENA, "--passphrase-file", secret, home=home)
    seen = run("wallet", "show", "--passphrase-file", secret, home=home)
    assert "Lena  (watch only)" in seen.out
    card = run("contact", "card", "Lena", "--passphrase-file", secret, home=home)
    assert card.code == 1
    assert "No identity that may do this" in card.err


def test_a_new_name_keeps_did_and_company(run: Run, home: Path, secret: Path) -> None:
    [before] = shown(run, home, secret)
    done = run("wallet", "rename", "Katrin", "--name", "Katrin Weiß", "--passphrase-file", secret, home=home)
    assert done.code == 0
    [after] = shown(run, home, secret)
    assert after == {**before, "name": "Katrin Weiß"}


def test_two_that_answer_to_a_name_are_told_apart_from_none(run: Run, home: Path, secret: Path) -> None:
    run("wallet", "add", "--name", "Katrin Two", "--passphrase-file", secret, home=home)
    for wanted, said in (("Katrin", "More than one identity"), ("Idris", "No identity")):
        done = run("wallet", "rename", wanted, "--name", "x", "--passphrase-file", secret, home=home)
        assert done.code == 1
        assert said in done.err


def test_the_words_are_shown_when_they_are_asked_for(run: Run, home: Path, secret: Path) -> None:
    done = run("wallet", "words", "--passphrase-file", secret, home=home)
    assert done.out == WORDS + "\n"


def test_the_identity_in_use_can_be_chosen_and_gives_its_card(run: Run, home: Path, secret: Path) -> None:
    run("wallet", "add", "--name", "Second", "--passphrase-file", secret, home=home)
    done = run("wallet", "use", "Second", "--passphrase-file", secret, home=home)
    assert done.code == 0, done.err
    card = run("contact", "card", "--passphrase-file", secret, home=home).out
    assert card == run("contact", "card", "Second", "--passphrase-file", secret, home=home).out


@pytest.mark.parametrize("command", ["use", "rotate", "export-key", "rename"])
def test_an_empty_name_is_nobody_not_the_only_one(
    run: Run, home: Path, tmp_path: Path, secret: Path, command: str
) -> None:
    more = {"export-key": ["--out", str(tmp_path / "key")], "rename": ["--name", "x"]}.get(command, [])
    done = run("wallet", command, "", *more, "--passphrase-file", secret, home=home)
    assert done.code == 1
    assert "answers to ''" in done.err
    assert not (tmp_path / "key").exists()


# -- passphrase and keyring -----------------------------------------------------


def test_another_passphrase_opens_and_the_old_one_no_longer(
    run: Run, home: Path, secret: Path, tmp_path: Path
) -> None:
    new = passphrase_file(tmp_path, "four other plain words", "new")
    arguments = ("wallet", "passphrase", "--passphrase-file", secret, "--new-passphrase-file", new)
    done = run(*arguments, home=home)
    assert done.code == 0, done.err
    assert len(shown(run, home, new)) == 1
    assert run("wallet", "show", "--passphrase-file", secret, home=home).code == 1


@pytest.mark.parametrize(
    ("old", "new"), [("wrong wrong wrong", "four other plain words"), (PASSPHRASE, "short")]
)
def test_a_passphrase_that_is_not_changed_stays(
    run: Run, home: Path, tmp_path: Path, old: str, new: str
) -> None:
    before = (home / "wallet.cms").read_bytes()
    files = [passphrase_file(tmp_path, old, "old"), passphrase_file(tmp_path, new, "new")]
    done = run(
        "wallet", "passphrase", "--passphrase-file", files[0], "--new-passphrase-file", files[1], home=home
    )
    assert done.code == 1
    assert (home / "wallet.cms").read_bytes() == before


def test_the_missing_new_passphrase_names_its_own_option(run: Run, home: Path, secret: Path) -> None:
    done = run("wallet", "passphrase", "--passphrase-file", secret, home=home)
    assert done.code == 1
    assert "--new-passphrase-file" in done.err


def test_the_keyring_opens_the_wallet_follows_a_change_and_forgets(
    run: Run, home: Path, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = memory_keyring(monkeypatch).kept
    assert run("wallet", "remember", "--passphrase-file", secret, home=home).code == 0
    assert list(kept.values()) == [PASSPHRASE]
    assert run("wallet", "show", home=home).code == 0
    new = passphrase_file(tmp_path, "four other plain words", "new")
    run("wallet", "passphrase", "--passphrase-file", secret, "--new-passphrase-file", new, home=home)
    assert run("wallet", "show", home=home).code == 0
    assert run("wallet", "forget", home=home).code == 0
    assert kept == {}
    assert run("wallet", "show", home=home).code == 1
    assert run("wallet", "forget", home=home).code == 0


def test_a_wrong_passphrase_is_not_remembered(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = memory_keyring(monkeypatch).kept
    wrong = passphrase_file(tmp_path, "not the passphrase", "wrong")
    assert run("wallet", "remember", "--passphrase-file", wrong, home=home).code == 1
    assert kept == {}


def test_a_keyring_that_keeps_nothing_is_said(run: Run, home: Path, secret: Path) -> None:
    done = run("wallet", "remember", "--passphrase-file", secret, home=home)
    assert done.code == 1
    assert "no keyring" in done.err


# -- backup ---------------------------------------------------------------------


def test_a_backup_is_the_sealed_file_and_takes_no_others_place(run: Run, home: Path, tmp_path: Path) -> None:
    done = run("wallet", "backup", tmp_path / "copy.cms", home=home)
    assert done.code == 0
    assert (tmp_path / "copy.cms").read_bytes() == (home / "wallet.cms").read_bytes()
    assert (tmp_path / "copy.cms").stat().st_mode & 0o777 == 0o600
    (tmp_path / "letter.txt").write_text("of somebody")
    for taken in ("copy.cms", "letter.txt", "home"):
        again = run("wallet", "backup", tmp_path / taken, home=home)
        assert again.code == 1
        assert "there already" in again.err
    assert (tmp_path / "letter.txt").read_text() == "of somebody"


def test_a_backup_needs_a_wallet_and_a_folder(run: Run, home: Path, tmp_path: Path) -> None:
    assert run("wallet", "backup", tmp_path / "copy.cms", home=tmp_path / "new").code == 1
    done = run("wallet", "backup", tmp_path / "no" / "copy.cms", home=home)
    assert done.code == 1
    assert "could not be made" in done.err


# -- no secret ever -------------------------------------------------------------


def test_no_option_takes_a_secret_itself() -> None:
    command = typer.main.get_command(app)
    secret = ("pass", "word", "secret", "seed", "private")
    for group in ("wallet", "contact"):
        for name, one in command.commands[group].commands.items():  # type: ignore[attr-defined]
            for parameter in one.params:
                if any(word in str(parameter.name) for word in secret):
                    assert str(parameter.name).endswith("_file"), (name, parameter.name)


@pytest.mark.parametrize("group", ["wallet", "contact", "ledger", "backend", "contract"])
def test_the_help_of_every_command_teaches_in_plain_letters(run: Run, home: Path, group: str) -> None:
    names = typer.main.get_command(app).commands[group].commands  # type: ignore[attr-defined]
    for name, command in names.items():
        done = run(group, name, "--help", home=home)
        assert done.code == 0
        assert command.help, name
        # did:key: between colons is an emoji to the library that draws the help.
        assert not [letter for letter in done.out if ord(letter) > 0x2FFF], name


def test_help_teaches_the_way_back_after_a_rotation(run: Run, home: Path) -> None:
    done = run("wallet", "restore", "--help", home=home)
    assert done.code == 0
    for word in ("--did", "--generation", "rotated", "recover"):
        assert word in done.out


@pytest.mark.parametrize(
    "arguments", [("wallet", "no-such"), ("wallet", "show", "--no-such"), ("contact", "show")]
)
def test_wrong_usage_ends_with_64(run: Run, home: Path, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, home=home).code == 64
