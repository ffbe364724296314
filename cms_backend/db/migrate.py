"""Bring a database to this version's schema; refuse, untouched, one that a newer version has written."""

import sqlite3
from pathlib import Path

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from cms_backend.core.errors import CmsError
from cms_backend.db.migrations import HEAD
from cms_backend.db.session import storage_error

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
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "alembic_version" not in tables:
            if tables:
                raise DamagedDatabase(
                    f"{path} is not a database of this program.",
                    remedy="Move the file away, or choose another home.",
                )
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise DamagedDatabase(
            f"The database {path} cannot be read.", remedy="Restore the data folder from its last backup."
        ) from error
    finally:
        connection.close()
    return None if row is None else str(row[0])


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
        problem = storage_error(error)
        if problem is None:
            raise
        raise problem from error
    finally:
        engine.dispose()
    return True
