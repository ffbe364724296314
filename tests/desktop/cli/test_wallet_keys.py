"""`cms wallet import-key, export-key, import-keystore, export-keystore, rotate`: single keys, in, out and ended."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.backend_process import BackendProcess
from tests.support.cli_run import Run, passphrase_file
from tests.support.wallet_home import PASSPHRASE, service, wallet

KEY = "0x" + "07" * 32


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(KEY + "\n")
    return path


@pytest.mark.parametrize("kind", ["ed25519", "secp256k1", "ethereum"])
def test_a_raw_key_goes_out_and_comes_in_again_as_the_same_identity(
    run: Run, home: Path, tmp_path: Path, secret: Path, kind: str
) -> None:
    added = run("wallet", "add", "--name", "Other", "--kind", kind, "--passphrase-file", secret, home=home)
    out = tmp_path / "raw"
    done = run("wallet", "export-key", "Other", "--out", out, "--passphrase-file", secret, home=home)
    assert done.code == 0, done.err
    assert out.stat().st_mode & 0o777 == 0o600
    assert out.read_text().strip() not in done.out + done.err
    wallet(tmp_path / "b")
    arguments = ("wallet", "import-key", out, "--name", "Again", "--kind", kind, "--passphrase-file", secret)
    taken = run(*arguments, home=tmp_path / "b")
    assert taken.code == 0, taken.err
    assert taken.out == added.out
    twice = run(*arguments, home=tmp_path / "b")
    assert twice.code == 1
    assert "already" in twice.err


@pytest.mark.parametrize(
    "text", ["", "07" * 31, "07" * 33, "zz" * 32, "07 " * 31, "00" * 32, "ff" * 32, "abandon abandon"]
)
def test_what_is_no_key_is_refused_and_not_repeated(
    run: Run, home: Path, tmp_path: Path, secret: Path, text: str
) -> None:
    (tmp_path / "key").write_text(text + "\n")
    arguments = ("wallet", "import-key", tmp_path / "key", "--name", "x", "--passphrase-file", secret)
    done = run(*arguments, home=home)
    assert done.code == 1
    assert "key" in done.err
    assert not text or text not in done.err
    assert len(service(home).unlock_now(PASSPHRASE).identities) == 1


def test_a_key_file_that_is_not_there_ends_with_74(
    run: Run, home: Path, tmp_path: Path, secret: Path
) -> None:
    for command in ("import-key", "import-keystore"):
        for name in ("gone", "home"):
            arguments = ("wallet", command, tmp_path / name, "--name", "x", "--passphrase-file", secret)
            done = run(*arguments, home=home)
            assert done.code == 74
            assert name in done.err


def test_each_kind_of_key_file_names_the_command_for_it(
    run: Run, home: Path, tmp_path: Path, secret: Path, key_file: Path
) -> None:
    (tmp_path / "keystore.json").write_text('{"crypto": {}}')
    files = ("--name", "x", "--passphrase-file", secret)
    raw = run("wallet", "import-keystore", key_file, *files, home=home)
    keystore = run("wallet", "import-key", tmp_path / "keystore.json", *files, home=home)
    assert (raw.code, keystore.code) == (1, 1)
    assert "cms wallet import-key" in raw.err
    assert "cms wallet import-keystore" in keystore.err


def test_an_exported_key_takes_the_place_of_no_file(
    run: Run, home: Path, tmp_path: Path, secret: Path
) -> None:
    (tmp_path / "letter").write_text("of somebody")
    for arguments in (
        ("export-key", "Katrin", "--out", tmp_path / "letter"),
        ("export-key", "Katrin", "--out", tmp_path),
    ):
        done = run("wallet", *arguments, "--passphrase-file", secret, home=home)
        assert done.code == 1
        assert "there already" in done.err
    assert (tmp_path / "letter").read_text() == "of somebody"
    nowhere = run(
        *("wallet", "export-key", "Katrin", "--out", tmp_path / "no" / "key"),
        *("--passphrase-file", secret),
        home=home,
    )
    assert nowhere.code == 1
    assert "was not written" in nowhere.err


def test_a_keystore_goes_out_and_comes_in_again_as_the_same_account(
    run: Run, home: Path, tmp_path: Path, secret: Path
) -> None:
    added = run(
        "wallet", "add", "--name", "Account", "--kind", "ethereum", "--passphrase-file", secret, home=home
    )
    password, out = passphrase_file(tmp_path, "its own password", "password"), tmp_path / "keystore.json"
    files = ("--password-file", password, "--passphrase-file", secret)
    done = run("wallet", "export-keystore", "Account", out, *files, home=home)
    assert done.code == 0, done.err
    assert out.stat().st_mode & 0o777 == 0o600
    assert json.loads(out.read_text())["version"] == 3
    wallet(tmp_path / "b")
    arguments = ("wallet", "import-keystore", out, "--name", "Again")
    wrong = passphrase_file(tmp_path, "another password", "wrong")
    refused = run(*arguments, "--password-file", wrong, "--passphrase-file", secret, home=tmp_path / "b")
    assert refused.code == 1
    assert "keystore's own" in refused.err
    taken = run(*arguments, *files, home=tmp_path / "b")
    assert taken.code == 0, taken.err
    assert taken.out == added.out


def test_an_ed25519_identity_has_no_keystore_and_no_file_is_left(
    run: Run, home: Path, tmp_path: Path, secret: Path
) -> None:
    out = tmp_path / "keystore.json"
    files = ("--password-file", secret, "--passphrase-file", secret)
    done = run("wallet", "export-keystore", "Katrin", out, *files, home=home)
    assert done.code == 1
    assert "Ed25519" in done.err
    assert not out.exists()


def test_a_keystore_that_is_none_is_refused_in_words(
    run: Run, home: Path, tmp_path: Path, secret: Path
) -> None:
    (tmp_path / "keystore.json").write_text('{"crypto": {}}')
    files = ("--password-file", secret, "--passphrase-file", secret)
    done = run("wallet", "import-keystore", tmp_path / "keystore.json", "--name", "x", *files, home=home)
    assert done.code == 1
    assert "not version 3" in done.err


def test_the_missing_password_of_a_keystore_names_its_own_option(
    run: Run, home: Path, tmp_path: Path, secret: Path
) -> None:
    (tmp_path / "keystore.json").write_text('{"crypto": {}}')
    arguments = ("import-keystore", tmp_path / "keystore.json", "--name", "x", "--passphrase-file", secret)
    done = run("wallet", *arguments, home=home)
    assert done.code == 1
    assert "--password-file" in done.err


def test_a_rotation_goes_on_with_the_successor_and_the_log_has_the_end(
    run: Run, home: Path, secret: Path
) -> None:
    [before] = service(home).unlock_now(PASSPHRASE).identities
    with BackendProcess(home):
        done = run(
            "wallet", "rotate", "Katrin", "--reason", "Laptop lost", "--passphrase-file", secret, home=home
        )
        assert done.code == 0, done.err
    opened = service(home).unlock_now(PASSPHRASE)
    [now] = opened.identities
    assert now.generation == 1
    assert f"Ended:     {before.key}" in done.out
    assert f"New DID:   {now.did}" in done.out
    assert "--did" in done.out
    assert opened.unsent_key_ends() == ()


def test_what_cannot_be_rotated_is_said_and_stays(run: Run, home: Path, secret: Path, key_file: Path) -> None:
    imported = run(
        "wallet", "import-key", key_file, "--name", "Imported", "--passphrase-file", secret, home=home
    )
    assert imported.code == 0
    with BackendProcess(home):
        for arguments, said in (
            (("Imported",), "no successor"),
            (("Nobody",), "No identity"),
            (("Katrin", "--reason", "\x07"), "U+0007"),
            (("Katrin", "--reason", "\udc80"), "U+DC80"),
        ):
            done = run("wallet", "rotate", *arguments, "--passphrase-file", secret, home=home)
            assert done.code in (1, 64), arguments
            assert said in done.err
    assert [one.generation for one in service(home).unlock_now(PASSPHRASE).identities] == [0, 0]


def test_a_rotation_is_told_also_when_the_log_refuses_an_end_that_was_kept(
    run: Run, home: Path, secret: Path
) -> None:
    opened = service(home).unlock_now(PASSPHRASE)
    [one] = opened.identities
    ended, rotated = opened.rotate(one.id)
    broken = replace(rotated.earlier[0], key_end={**ended.json, "reason": "not what was signed"})
    opened._put(replace(rotated, earlier=(broken,)))
    with BackendProcess(home):
        done = run("wallet", "rotate", "Katrin", "--passphrase-file", secret, home=home)
    opened = service(home).unlock_now(PASSPHRASE)
    [now] = opened.identities
    assert done.code == 1
    assert f"New DID:   {now.did}" in done.out
    assert now.generation == 2
    assert "An earlier key is ended here, but no log has its end yet" in done.err
    assert [end.key for end in opened.unsent_key_ends()] == [one.key]
