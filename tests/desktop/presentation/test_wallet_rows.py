"""What the wallet page says of identities, contacts and their safety."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cms_backend.core.ids import Time
from cms_desktop.presentation.wallet_rows import STALE_DAYS, contact_rows, holds, identity_rows, safety_rows
from cms_desktop.wallet.model import Wallet
from cms_desktop.wallet.records import WalletSettings
from tests.support.wallet_home import NOW, wallet

OTHER = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"


@pytest.fixture
def mine(tmp_path: Path) -> Wallet:
    return wallet(tmp_path)[1]


def test_identities_that_sign_come_first_and_only_derived_keys_can_be_rotated(mine: Wallet) -> None:
    mine.watch(OTHER, "Lena")
    mine.import_key(bytes(range(1, 33)), "ethereum", "Webwerk")
    rows = identity_rows(mine.identities, mine.in_use, {str(mine.identities[0].did): 5})
    assert [row["name"] for row in rows] == ["Katrin Ostermann", "Webwerk", "Lena"]
    assert [row["canRotate"] for row in rows] == [True, False, False]
    assert [row["ethereum"] for row in rows] == [False, True, False]
    assert [row["since"] for row in rows] == [
        "since 18 May 2026",
        "imported on 18 May 2026",
        "since 18 May 2026",
    ]
    assert [row["signed"] for row in rows] == ["5 contracts", "no contract yet", "no contract yet"]
    assert [row["inUse"] for row in rows] == [True, False, False]


def test_a_rotated_key_says_which_one_it_is(mine: Wallet) -> None:
    for expected, earlier in (
        ("2nd key", "1 earlier key"),
        ("3rd key", "2 earlier keys"),
        ("4th key", "3 earlier keys"),
    ):
        mine.rotate(mine.identities[0].id)
        (row,) = identity_rows(mine.identities, None, {})
        assert str(row["since"]).startswith(f"{expected}, since ")
        assert row["earlier"] == earlier


def test_a_contact_says_how_surely_it_is_known(mine: Wallet) -> None:
    mine.add_contact_card(OTHER, "Idris")
    (row,) = contact_rows(mine.contacts, {})
    assert (row["how"], row["tone"]) == ("Not compared yet", "pending")
    mine.compared(OTHER)
    (row,) = contact_rows(mine.contacts, {OTHER: 2})
    assert (row["how"], row["tone"], row["contracts"]) == ("Compared on 18 May 2026", "accentText", 2)


def test_holds_counts_in_words(mine: Wallet) -> None:
    assert holds((), ()) == "nothing yet"
    assert holds(mine.identities, ()) == "one identity"
    mine.add_contact_card(OTHER, "Idris")
    assert holds(mine.identities * 2, mine.contacts) == "two identities and one contact"


@pytest.mark.parametrize(
    ("backed_up", "tone", "second"),
    [
        (None, "pending", "None yet"),
        (timedelta(0), "passed", "Made today"),
        (timedelta(days=-STALE_DAYS), "passed", f"{STALE_DAYS} days old"),
        (timedelta(days=-STALE_DAYS - 1), "pending", f"{STALE_DAYS + 1} days old"),
    ],
)
def test_an_old_backup_asks_for_a_new_one(backed_up: timedelta | None, tone: str, second: str) -> None:
    made = None if backed_up is None else Time.from_datetime(NOW.datetime + backed_up)
    rows = safety_rows(WalletSettings(backed_up_at=made), (), keyring=False, now=NOW.datetime)
    (row,) = (one for one in rows if one["key"] == "backup")
    assert (row["tone"], row["second"]) == (tone, second)


def test_a_backup_from_before_the_newest_key_does_not_count(mine: Wallet) -> None:
    before = Time.from_datetime(NOW.datetime - timedelta(days=2))
    settings = replace(mine.settings, backed_up_at=before)
    rows = safety_rows(settings, mine.identities, keyring=True, now=NOW.datetime)
    (row,) = (one for one in rows if one["key"] == "backup")
    assert (row["tone"], row["second"]) == ("pending", "2 days old, before your newest key")
    (row,) = (one for one in rows if one["key"] == "keyring")
    assert row["second"] == "Opens the wallet"
