"""A log never signs a second history: every mix of old, new and missing parts of a data folder, on real processes.

Each case prints what the backend gave away: acknowledgements, and checkpoints of a second history.
"""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path

import pytest

from tests.support.frozen_homes import DATABASE, Ages, Attacked, Part, attack, two_ages

PARTS: tuple[Part, ...] = ("old", "new", "missing")
MIXES = list(product(PARTS, PARTS))
BY_HAND = [mix for mix in MIXES if mix != ("old", "old")]


@pytest.fixture(scope="module")
def ages(tmp_path_factory: pytest.TempPathFactory) -> Ages:
    return two_ages(tmp_path_factory.mktemp("ages"))


def _told(name: str, found: Attacked) -> None:
    print(f"{name}: {found.acknowledged} acknowledged, {found.second} second checkpoints; {found.frozen}")
    assert found.acknowledged == 0
    assert found.second == 0
    assert found.frozen is not None


@pytest.mark.parametrize(("head", "ledger"), MIXES)
def test_a_backup_that_is_put_back_signs_nothing_more(
    ages: Ages, tmp_path: Path, head: Part, ledger: Part
) -> None:
    ages.mix(tmp_path / "home", head=head, ledger=ledger, marked=True)
    _told(f"backup, head {head}, ledger {ledger}", attack(tmp_path / "home", ages))


@pytest.mark.parametrize(("head", "ledger"), BY_HAND)
def test_a_copy_made_by_hand_signs_nothing_more_where_a_part_tells(
    ages: Ages, tmp_path: Path, head: Part, ledger: Part
) -> None:
    ages.mix(tmp_path / "home", head=head, ledger=ledger, marked=False)
    _told(f"copied by hand, head {head}, ledger {ledger}", attack(tmp_path / "home", ages))


def test_what_this_computer_has_seen_tells_where_all_parts_are_old(ages: Ages, tmp_path: Path) -> None:
    home = tmp_path / "home"
    ages.mix(home, head="old", ledger="old", marked=False)
    (home / "logs-seen").mkdir()
    (home / "logs-seen" / "kept.note").write_text(ages.note)
    _told("copied by hand, all old, newest note seen", attack(home, ages))


def test_the_database_of_a_backup_is_marked_without_the_file_beside_it(ages: Ages, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(ages.old, home)
    shutil.copy2(ages.backup / DATABASE, home / DATABASE)
    for ending in ("-wal", "-shm"):
        (home / f"{DATABASE}{ending}").unlink(missing_ok=True)
    _told("the backup's database in a folder copied by hand", attack(home, ages))


def test_a_lost_database_does_not_begin_a_second_history_under_the_old_key(
    ages: Ages, tmp_path: Path
) -> None:
    for head in (True, False):
        home = tmp_path / f"home {head}"
        shutil.copytree(ages.new, home)
        (home / DATABASE).unlink()
        if not head:
            (home / "log-head.json").unlink()
        found = attack(home, ages)
        print(f"database deleted, head file {'kept' if head else 'deleted'}: {found}")
        assert found.second == 0
        assert found.frozen is not None or not head
