"""A database is brought forward, or refused and left as it was."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

import cms_backend.app  # noqa: F401  # registers the tables of every slice
from cms_backend.db import migrate as migrations
from cms_backend.db.base import metadata
from cms_backend.db.migrations import HEAD


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "cms.sqlite3"
    assert migrations.migrate(path)
    return path


def test_a_new_database_gets_this_versions_tables_and_a_second_run_does_nothing(database: Path) -> None:
    assert migrations.current_revision(database) == HEAD
    assert not migrations.migrate(database)


def test_the_newest_migration_is_the_one_that_the_code_expects() -> None:
    assert max(migrations.known_revisions()) == HEAD


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Path) -> None:
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = [
            change for change in compare_metadata(context, metadata) if not _is_search_table(change)
        ]
    engine.dispose()
    assert differences == []


def _is_search_table(change: object) -> bool:
    return isinstance(change, tuple) and change[0] == "remove_table" and "contracts_search" in change[1].name


def test_the_database_is_in_wal_mode_and_readable_by_its_owner_alone(database: Path) -> None:
    connection = sqlite3.connect(database)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    assert database.stat().st_mode & 0o077 == 0


def test_a_database_of_a_newer_version_is_refused_and_not_touched(database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    before = database.read_bytes()
    with pytest.raises(migrations.NewerDatabase, match="newer version"):
        migrations.migrate(database)
    assert database.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "cms.sqlite3"
    path.write_bytes(b"not a database, but something that somebody may want back" * 40)
    before = path.read_bytes()
    with pytest.raises(migrations.DamagedDatabase, match="cannot be read"):
        migrations.migrate(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "cms.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(migrations.DamagedDatabase, match="not a database of this program"):
        migrations.migrate(path)
    assert path.read_bytes() == before
