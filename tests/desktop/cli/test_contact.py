"""`cms contact`: cards out and in, names of one's own, the words to compare."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cms_desktop.wallet.model import Wallet
from cms_desktop.wallet.words import fingerprint_words
from tests.support.cli_run import Done, Run
from tests.support.wallet_home import PASSPHRASE, service

LENA = "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"


@pytest.fixture
def idris(tmp_path: Path) -> Wallet:
    """The wallet of somebody else, with words of their own."""
    made = service(tmp_path / "idris").create_now(PASSPHRASE)
    made.add_identity("ed25519", "Idris Calloway", "Calloway Orchard Foods Ltd")
    return made


@pytest.fixture
def contact(run: Run, home: Path, secret: Path) -> Run:
    """`cms contact` on Katrin's home."""

    def call(*arguments: str | Path) -> Done:
        return run("contact", *arguments, "--passphrase-file", secret, home=home)

    return call


def listed(contact: Run) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(contact("list", "--json").out)
    return found


@pytest.mark.parametrize("form", ["text", "file", "vcard"])
def test_a_card_goes_from_one_home_to_another(
    run: Run, contact: Run, tmp_path: Path, secret: Path, idris: Wallet, form: str
) -> None:
    out = tmp_path / "idris.card"
    given = {"text": (), "file": ("--out", out), "vcard": ("--vcard", "--out", out)}[form]
    card = run("contact", "card", *given, "--passphrase-file", secret, home=tmp_path / "idris")
    assert card.code == 0, card.err
    added = contact("add", card.out.strip() if form == "text" else out)
    assert added.code == 0, added.err
    one = idris.identities[0]
    assert added.out == f"Idris Calloway  {one.did}\n"
    [known] = listed(contact)
    assert (known["did"], known["next"], known["organisation"]) == (one.did, one.next, one.organisation)
    assert known["origin"] == "card"


def test_the_list_is_by_name_and_its_json_has_every_member(contact: Run, idris: Wallet) -> None:
    contact("add", LENA, "--name", "lena")
    contact("add", idris.contact_card(idris.identities[0].id), "--name", "Zoe")
    assert [line.split("  ")[0] for line in contact("list").out.splitlines()] == ["lena", "Zoe"]
    assert set(listed(contact)[0]) == {
        *("did", "key", "next", "name", "organisation", "origin", "added_at", "compared_at"),
    }


def test_nobody_known_yet_is_an_empty_list(contact: Run) -> None:
    assert contact("list").out == ""
    assert listed(contact) == []


def test_a_bare_did_needs_a_name_of_ones_own(contact: Run) -> None:
    done = contact("add", LENA)
    assert done.code == 1
    assert "--name" in done.err or "name of your own" in done.err
    assert contact("add", LENA, "--name", "Lena").code == 0


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("did:key:zzz", 1),
        ("did:", 1),
        ("cms-contact:", 1),
        ("cms-contact:!!", 1),
        ("not-there.card", 74),
        ("folder", 74),
        ("binary", 74),
        ("letter", 1),
    ],
)
def test_what_is_no_card_is_refused_in_words_and_never_kept(
    contact: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, card: str, code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "letter").write_text("Dear Katrin,")
    done = contact("add", card, "--name", "x")
    assert done.code == code
    assert done.err.startswith("cms: ")
    assert listed(contact) == []


def test_a_changed_card_is_not_trusted(contact: Run, idris: Wallet) -> None:
    card = idris.contact_card(idris.identities[0].id)
    done = contact("add", card[:60] + ("A" if card[60] != "A" else "B") + card[61:])
    assert done.code == 1
    assert "Ask for the card again" in done.err


def test_ones_own_card_makes_no_contact(run: Run, contact: Run, home: Path, secret: Path) -> None:
    own = contact("card").out.strip()
    done = contact("add", own)
    assert done.code == 1
    assert "your own" in done.err


def test_a_name_that_steers_the_terminal_is_refused(contact: Run) -> None:
    for name in ("\x1b[2J", "a\x9bb", "\udc80"):
        done = contact("add", LENA, "--name", name)
        assert done.code == 1
        assert "control character" in done.err
    assert listed(contact) == []


def test_somebody_added_again_keeps_the_name_that_was_given_and_loses_nothing(
    contact: Run, idris: Wallet
) -> None:
    one = idris.identities[0]
    contact("add", idris.contact_card(one.id), "--name", "Idris of the orchard")
    [before] = listed(contact)
    for again in (idris.contact_card(one.id), one.did):
        assert contact("add", again).code == 0
        assert listed(contact) == [before]


def test_a_contact_gets_another_name_and_answers_to_its_beginning(contact: Run) -> None:
    contact("add", LENA, "--name", "Lena")
    done = contact("rename", "Le", "--name", "Lena  Köhler")
    assert done.code == 0, done.err
    assert done.out == f"Lena Köhler  {LENA}\n"
    assert contact("rename", LENA, "--name", " ").code == 1
    assert [one["name"] for one in listed(contact)] == ["Lena Köhler"]


def test_a_contact_is_forgotten_by_name_or_did(contact: Run) -> None:
    for wanted in ("Lena", LENA):
        contact("add", LENA, "--name", "Lena")
        done = contact("remove", wanted)
        assert done.code == 0
        assert LENA in done.out
        assert listed(contact) == []


def test_an_unclear_name_changes_nobody(contact: Run, idris: Wallet) -> None:
    contact("add", LENA, "--name", "Anna One")
    contact("add", idris.identities[0].did, "--name", "Anna Two")
    for command in (("remove", "Anna"), ("rename", "Anna", "--name", "x"), ("show", "Anna")):
        done = contact(*command)
        assert done.code == 1
        assert "More than one contact" in done.err
    gone = contact("remove", "Zoe")
    assert gone.code == 1
    assert "No contact answers" in gone.err
    assert "cms contact list" in gone.err
    assert contact("remove", "").code == 1
    assert len(listed(contact)) == 2


def test_a_contact_is_shown_with_the_words_to_compare(contact: Run, idris: Wallet) -> None:
    one = idris.identities[0]
    contact("add", idris.contact_card(one.id))
    done = contact("show", "Idris")
    words = " ".join(fingerprint_words(one.did))
    told = [one.name, one.did, one.organisation, f"Words: {words}"]
    assert done.out.splitlines() == [*told, "Never compared."]
    assert contact("compared", "Idris").code == 0
    [known] = listed(contact)
    assert known["origin"] == "compared"
    assert contact("show", "Idris").out.splitlines() == [*told, f"Compared on {known['compared_at']}."]


def test_a_picture_of_the_did_is_a_png(contact: Run, tmp_path: Path) -> None:
    done = contact("card", "--out", tmp_path / "me.png")
    assert done.code == 0
    assert (tmp_path / "me.png").read_bytes().startswith(b"\x89PNG")


def test_a_card_that_cannot_be_written_ends_with_74(contact: Run, tmp_path: Path) -> None:
    done = contact("card", "--out", tmp_path / "no" / "me.card")
    assert done.code == 74


def test_of_several_identities_the_named_one_gives_its_card(
    run: Run, contact: Run, home: Path, secret: Path
) -> None:
    run("wallet", "add", "--name", "Second", "--passphrase-file", secret, home=home)
    first, second = contact("card"), contact("card", "Second")
    assert first.code == second.code == 0
    assert first.out != second.out
    assert contact("card", "Third").code == 1


def test_an_account_in_mixed_case_is_added_when_its_checksum_fits(contact: Run) -> None:
    before, address = "did:pkh:eip155:1:", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    done = contact("add", before + address, "--name", "Lena")
    assert done.code == 0, done.err
    assert [one["did"] for one in listed(contact)] == [before + address.lower()]
    wrong = contact("add", before + address.replace("A", "a", 1), "--name", "Lena")
    assert wrong.code == 1
    assert "checksum" in wrong.err
