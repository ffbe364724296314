"""Bring a database to this version's schema; refuse, untouched, one that a newer version has written."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from cms_backend.core.errors import CmsError
from cms_backend.db.base import metadata
from cms_backend.db.migrations import HEAD
from cms_backend.db.session import RESTORE, StorageFailed, storage_problem

_FOLDER = Path(__file__).parent / "migrations"


class NewerDatabase(CmsError):
    """The database was written by a newer version of the program."""

    code = "database.newer"
    status = 503


class DamagedDatabase(CmsError):
    """The file is no database of ours."""

    code = "database.damaged"
    status = 503


def known_revisions() -> frozenset[str]:
    """The revisions that this version has (file names begin with them)."""
    return frozenset(path.name.split("_", 1)[0] for path in (_FOLDER / "versions").glob("[0-9]*_*.py"))


def current_revision(path: Path) -> str | None:
    """The schema revision of a database file, read only; None for a missing or empty one. Raises
    DamagedDatabase.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with closing(_read_only(path)) as connection:
            return _revision_of(path, connection)
    except sqlite3.Error as error:
        raise _problem(path, error) from error


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _problem(path: Path, error: BaseException) -> CmsError:
    """A full or absent disk is told as such; a file that lacks what it must have is damaged."""
    problem = storage_problem(error, path.parent)
    if problem is not None and not isinstance(problem, StorageFailed):
        return problem
    if isinstance(problem, StorageFailed) and problem.remedy != RESTORE:
        return problem
    return DamagedDatabase(f"The database {path} cannot be read: it is damaged.", remedy=RESTORE)


def _revision_of(path: Path, connection: sqlite3.Connection) -> str | None:
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" not in tables:
        if tables:
            raise DamagedDatabase(
                f"{path} is not a database of this program.",
                remedy="Move the file away, or choose another home.",
            )
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise DamagedDatabase(f"The database {path} does not say which form it has.", remedy=RESTORE)
    return str(row[0])


def check_tables(path: Path) -> None:
    """Raise DamagedDatabase for a database that lacks a table or a column of this version."""
    try:
        with closing(_read_only(path)) as connection:
            for table in metadata.sorted_tables:
                # The name is one of ours.
                there = {row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")}
                lacking = [column.name for column in table.columns if column.name not in there]
                if lacking:
                    what = f"the column {table.name}.{lacking[0]}" if there else f"the table {table.name}"
                    raise DamagedDatabase(f"The database {path} lacks {what}.", remedy=RESTORE)
    except sqlite3.Error as error:
        raise _problem(path, error) from error


def check_revision(path: Path) -> str | None:
    """``current_revision``, but a revision this version does not know is refused. Raises NewerDatabase."""
    revision = current_revision(path)
    if revision is not None and revision not in known_revisions():
        raise NewerDatabase(
            f"The database {path} was written by a newer version of the program (schema {revision}).",
            remedy="Update the program. The database was not touched.",
        )
    return revision


def migrate(path: Path) -> bool:
    """Bring a database file to ``HEAD``, in one transaction; True if anything was done. Raises CmsError."""
    if check_revision(path) == HEAD:
        check_tables(path)
        return False
    # Alembic is loaded only when there is something to do: it costs a third of a second.
    from alembic import command
    from alembic.config import Config

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def connected(dbapi_connection: sqlite3.Connection, _record: object) -> None:
        dbapi_connection.isolation_level = None
        dbapi_connection.execute("PRAGMA journal_mode=WAL")
        dbapi_connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def began(connection: object) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]  # an engine's Connection

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DatabaseError as error:
        raise _problem(path, error.orig or error) from error
    finally:
        engine.dispose()
    return True
