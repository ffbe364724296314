"""`cms contract`: drafts, amendments as text, comparisons; what is not there is said. The happy path is end to end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.backend_process import BackendProcess
from tests.support.cli_run import Done, Run, at_terminal, passphrase_file
from tests.support.evidence_files import file_bytes, members_of
from tests.support.wallet_home import WORDS, wallet

TEXT = """+++
title = "Lending a bicycle"

[[parties]]
name = "Katrin Ostermann"
did = "{did}"
+++
A blue touring bicycle.

## Deposit

Fifty euros.
"""


class Shop:
    """A home with one person and a running backend."""

    def __init__(self, home: Path, text: str, folder: Path, run: Run) -> None:
        self.home, self.text, self.folder, self._run = home, text, folder, run
        self.secret = passphrase_file(folder)

    def __call__(self, *arguments: str | Path, signed: bool = False) -> Done:
        """`cms contract ...`; `signed` with the passphrase."""
        more = ("--passphrase-file", self.secret) if signed else ()
        return self._run("contract", *arguments, *more, home=self.home)

    def open(self) -> str:
        """A contract in force, which this person signed alone; its id."""
        path = self.folder / "bicycle.md"
        path.write_text(self.text)
        proposed = self("propose", path, signed=True)
        assert proposed.code == 0, proposed.err
        found = re.search(r"Contract (\S{36})", proposed.out)
        assert found
        signed = self("sign", found[1], "--root", self.root(proposed.out), signed=True)
        assert signed.code == 0, signed.err
        return found[1]

    @staticmethod
    def root(said: str) -> str:
        """The root of the text that a command told of."""
        found = re.search(r"root ([0-9a-f]{64})", said)
        assert found, said
        return found[1]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A home with a running backend, and the text of a contract with its one person."""
    home = tmp_path_factory.mktemp("contract") / "home"
    _, made = wallet(home)
    with BackendProcess(home):
        yield home, TEXT.format(did=made.identities[0].did)


@pytest.fixture
def shop(running: tuple[Path, str], run: Run, tmp_path: Path) -> Shop:
    return Shop(*running, tmp_path, run)


def test_a_draft_is_kept_and_told_what_it_lacks(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("+++\n+++\n")
    done = run("contract", "draft", tmp_path / "empty.md", home=tmp_path / "home")
    assert done.code == 0, done.err
    assert "missing: The contract has no title" in done.out
    listed = run("contract", "list", "--drafts", home=tmp_path / "home")
    assert len(listed.out.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("gone.md", None, 74, "gone.md"),
        ("binary.md", b"\xff\xfe\x00", 74, "binary.md"),
        ("open.md", b"+++\ntitle = 'x'\n", 1, "has no end"),
        ("typo.md", b"+++\ntitel = 'x'\n+++\n", 1, "Did you mean title?"),
        ("toml.md", b"+++\ntitle =\n+++\n", 1, "is not TOML"),
    ],
)
@pytest.mark.parametrize("command", ["draft", "propose"])
def test_a_text_that_cannot_be_read_is_refused_and_nothing_is_kept(
    run: Run,
    home: Path,
    tmp_path: Path,
    secret: Path,
    command: str,
    name: str,
    content: bytes | None,
    code: int,
    said: str,
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    more = ("--passphrase-file", secret) if command == "propose" else ()
    done = run("contract", command, tmp_path / name, *more, home=home)
    assert done.code == code
    assert said in done.err
    assert run("contract", "list", "--drafts", home=home).out == ""


def test_a_wrong_passphrase_leaves_no_draft_behind(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("+++\ntitle = 'a'\n+++\ntext")
    wrong = passphrase_file(tmp_path, "not the passphrase", "wrong")
    done = run("contract", "propose", tmp_path / "a.md", "--passphrase-file", wrong, home=home)
    assert done.code == 1
    assert run("contract", "list", "--drafts", home=home).out == ""


@pytest.mark.parametrize("wanted", ["", "0", "no-such-draft"])
def test_no_draft_is_proposed_that_was_not_named(
    run: Run, home: Path, tmp_path: Path, secret: Path, wanted: str
) -> None:
    (tmp_path / "a.md").write_text("+++\ntitle = 'a'\n+++\ntext")
    kept = run("contract", "draft", tmp_path / "a.md", home=home)
    if kept.out.split()[1].startswith(wanted or "?"):
        wanted = "zz"
    done = run("contract", "propose", wanted, "--passphrase-file", secret, home=home)
    assert done.code == 1
    assert "No draft" in done.err
    assert "cms contract list --drafts" in done.err


@pytest.mark.parametrize(
    "arguments",
    [("show",), ("sign",), ("amend", "--out", "x.md"), ("diff",), ("withdraw",)],
)
def test_no_contract_is_met_that_was_not_named(shop: Shop, arguments: tuple[str, ...]) -> None:
    shop.open()
    command, *more = arguments
    more = [str(shop.folder / one) if one == "x.md" else one for one in more]
    needs = command in ("sign", "withdraw")
    more += ["--root", "0" * 8] if command == "sign" else []
    for wanted in ("", "zz", "00000000-0000-4000-8000-000000000000"):
        done = shop(command, wanted, *more, signed=needs)
        assert done.code in (1, 64), (wanted, done)
        assert done.err.startswith("cms: ")
        assert done.out == ""


def test_an_amendment_goes_out_as_text_and_comes_back_with_the_same_clauses(shop: Shop) -> None:
    contract = shop.open()
    out = shop.folder / "amended.md"
    done = shop("amend", contract[:8], "--out", out)
    assert done.code == 0, done.err
    out.write_text(out.read_text().replace("Fifty", "Sixty"))
    proposed = shop("propose", out, signed=True)
    assert proposed.code == 0, proposed.err
    shown = json.loads(shop("show", contract, "--json").out)
    assert shown["status"] == "in_force"
    assert [one["action"] for one in shown["events"]].count("proposed") == 2
    told = shop("diff", contract)
    assert told.code == 0, told.err
    assert "[-Fifty-]" in told.out
    assert "{+Sixty+}" in told.out
    assert "bicycle" not in told.out


def test_an_amendment_takes_the_place_of_no_other_text(shop: Shop) -> None:
    contract = shop.open()
    letter = shop.folder / "letter.md"
    letter.write_text("of somebody")
    before = shop("list", "--drafts").out
    done = shop("amend", contract, "--out", letter)
    assert done.code == 1
    assert "there already" in done.err
    assert letter.read_text() == "of somebody"
    assert shop("list", "--drafts").out == before


@pytest.mark.parametrize("revisions", [("7",), ("7", "1"), ("1", "7"), ("-1", "1")])
def test_a_revision_that_is_not_there_is_not_compared_as_empty(
    shop: Shop, revisions: tuple[str, ...]
) -> None:
    contract = shop.open()
    done = shop("diff", contract, "--", *revisions)
    assert done.code in (1, 64)
    assert "revision" in done.err.lower()
    assert "{+" not in done.out


def test_the_first_revision_is_compared_with_nothing_before_it(shop: Shop) -> None:
    contract = shop.open()
    done = shop("diff", contract)
    assert done.code == 0, done.err


def pending(shop: Shop, text: str = "") -> tuple[str, str]:
    """A contract that waits for this person's signature: its id and the root of its text."""
    path = shop.folder / "pending.md"
    path.write_text(text or shop.text)
    said = shop("propose", path, signed=True)
    assert said.code == 0, said.err
    return said.out.split("Contract ")[1].split()[0], shop.root(said.out)


def test_a_script_has_to_name_the_text_that_it_signs(shop: Shop) -> None:
    contract, root = pending(shop)
    other = "0" * 8 if root[:8] != "0" * 8 else "1" * 8
    for arguments, said in (
        ((), "--root ROOT"),
        (("--root", root[:7]), "at least 8"),
        (("--root", ""), "at least 8"),
        (("--root", "zz" * 8), "at least 8"),
        (("--root", other), "another one"),
        (("--root", root + "0"), "at least 8"),
    ):
        done = shop("sign", contract, *arguments, signed=True)
        assert done.code == 64, done
        assert said in done.err
    assert json.loads(shop("show", contract, "--json").out)["status"] == "pending"
    shown = json.loads(shop("show", contract, "--json").out)["pending"]
    assert shown["root"] == root
    assert root in shop("show", contract).out
    signed = shop("sign", contract, "--root", root[:8], signed=True)
    assert signed.code == 0, signed.err
    assert f"revision 1, root {root}" in signed.out


def test_a_person_at_a_terminal_is_shown_the_text_s_root_and_asked(shop: Shop) -> None:
    contract, root = pending(shop)
    question = [("[y/N]: ", "n")]
    more = ("--passphrase-file", shop.secret)
    refused = at_terminal("contract", "sign", contract, *more, home=shop.home, answers=question)
    assert refused.code == 1
    assert f"revision 1, root {root}" in refused.out
    assert "Lending a bicycle" in refused.out
    assert "Nothing was sent." in refused.out
    assert json.loads(shop("show", contract, "--json").out)["status"] == "pending"
    signed = at_terminal("contract", "sign", contract, *more, home=shop.home, answers=[("[y/N]: ", "y")])
    assert signed.code == 0, signed.out
    assert json.loads(shop("show", contract, "--json").out)["status"] == "in_force"


def test_the_text_at_the_terminal_is_whole_and_forges_no_line(shop: Shop) -> None:
    hostile = shop.text.replace(
        "Fifty euros.", "Fifty.\n\n[1]: # (ninety)\n\nParties\n\n2   Deposit\n\u3164x"
    )
    contract, root = pending(shop, hostile)
    lines = shop("show", contract, "--text").out.split("\n")
    assert "    [1]: # (ninety)" in lines
    assert "    [U+3164]x" in lines
    assert [line for line in lines if line.startswith(("Parties", "1 ", "2 "))] == [
        "1   A blue touring bicycle.",
        "2   ## Deposit",
        "Parties",
    ]
    assert "Title: Lending a bicycle" in lines
    assert any(line.strip().startswith("next key") or line.strip().startswith("did:key:") for line in lines)
    assert f"      contract {contract}" in lines
    assert root


def test_a_field_that_hides_something_is_not_proposed(shop: Shop) -> None:
    path = shop.folder / "forged.md"
    path.write_text(shop.text.replace('"Lending a bicycle"', '"Lending\\nState: in_force"'))
    done = shop("propose", path, signed=True)
    assert done.code == 1
    assert "U+000A LINE FEED" in done.err
    contract, root = pending(shop)
    noted = shop("propose", shop.folder / "pending.md", "--note", "see\u200bthis", signed=True)
    assert "U+200B" in noted.err
    declined = shop("decline", contract, "--reason", "a\nb", signed=True)
    assert declined.code == 1
    assert "The reason holds" in declined.err
    assert root


def test_what_is_not_allowed_is_refused_with_a_reason(shop: Shop) -> None:
    contract = shop.open()
    for arguments in (
        ("sign", contract, "--root", "0" * 64),
        ("withdraw", contract),
        ("decline", contract),
    ):
        done = shop(*arguments, signed=True)
        assert done.code == 1, arguments
        assert done.err.startswith("cms: ")
        assert "Traceback" not in done.err
    assert shop("terminate", contract, "--effective-on", "soon", signed=True).code == 64


@pytest.mark.parametrize("content", [b"", b"{}", b"%PDF-1.4\n%%EOF", b"[" * 100_000])
def test_what_is_no_evidence_file_is_not_taken_in(shop: Shop, content: bytes) -> None:
    path = shop.folder / "x.cmsproof"
    path.write_bytes(content)
    before = {row["id"]: row["events"] for row in json.loads(shop("list", "--json").out)}
    done = shop("import", path)
    assert done.code in (1, 64)
    assert done.err.startswith("cms: ")
    assert {row["id"]: row["events"] for row in json.loads(shop("list", "--json").out)} == before


def test_an_altered_file_is_not_taken_in_and_all_that_is_wrong_is_listed(shop: Shop, run: Run) -> None:
    path = shop.folder / "bicycle.cmsproof"
    exported = run("evidence", "export", shop.open(), "--out", path, home=shop.home)
    assert exported.code == 0, exported.err
    members = members_of(path.read_bytes())
    members["documents"][-1]["content"]["terms"][0] = "Everything is lent for ever."
    path.write_bytes(file_bytes(members))
    done = shop("import", path)
    assert done.code == 1
    assert "The file was altered." in done.err
    assert "DOC-ROOT: " in done.out


def test_json_lists_every_contract_as_a_row(shop: Shop) -> None:
    contract = shop.open()
    rows = {row["id"]: row for row in json.loads(shop("list", "--json").out)}
    assert rows[contract]["status"] == "in_force"
    assert json.loads(shop("list", "--status", "terminated", "--json").out) == []


def test_a_key_that_was_rotated_twice_and_restored_signs_for_its_party(run: Run, tmp_path: Path) -> None:
    _, made = wallet(tmp_path / "home")
    with BackendProcess(tmp_path / "home") as backend:
        shop = Shop(backend.home, TEXT.format(did=made.identities[0].did), tmp_path, run)
        (tmp_path / "bicycle.md").write_text(shop.text)
        proposed = shop("propose", tmp_path / "bicycle.md", signed=True).out
        contract, root = proposed.split("Contract ")[1].split()[0], shop.root(proposed)
        secret = ("--passphrase-file", shop.secret)
        run("wallet", "rotate", "Katrin", *secret, home=shop.home)
        rotated = run("wallet", "rotate", "Katrin", *secret, home=shop.home)
        now = rotated.out.split("New DID:")[1].split()[0]
        # The disk is lost; the backend's folder came back from its backup, the wallet from paper.
        (shop.home / "wallet.cms").unlink()
        (tmp_path / "words").write_text(WORDS)
        restore = ("wallet", "restore", "--name", "Katrin", "--words-file", tmp_path / "words", *secret)
        assert run(*restore, home=shop.home).code == 0
        ended = shop("sign", contract, "--root", root, signed=True)
        assert ended.code == 1
        assert run("wallet", "recover", now, *secret, home=shop.home).code == 0
        signed = shop("sign", contract, "--root", root[:8], signed=True)
        assert signed.code == 0, signed.err
        shown = json.loads(shop("show", contract, "--json").out)
        told = shop("show", contract).out.splitlines()
    assert shown["status"] == "in_force"
    assert shown["events"][-1]["actor"] == now
    assert "Katrin Ostermann" in told[-1]
