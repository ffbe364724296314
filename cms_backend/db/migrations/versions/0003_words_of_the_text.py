"""The text search knows the words of the contracts' clauses and the names of their attachments."""

from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_MOST = 200_000


def upgrade() -> None:
    """Make the table of words anew with one column more, and fill that from the newest text of each contract."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    op.execute("ALTER TABLE contracts_search RENAME TO contracts_search_before")
    op.execute(
        "CREATE VIRTUAL TABLE contracts_search USING fts5("
        # Whoever types begins with one letter; without its own index that would walk through every word.
        "title, description, people, terms, tokenize = 'unicode61 remove_diacritics 2', prefix = '1')"
    )
    documents = connection.execute(
        sa.text(
            "SELECT c.n, (SELECT d.body FROM documents d WHERE d.contract = c.n AND d.revision = c.revision "
            "ORDER BY d.root LIMIT 1) FROM contracts c"
        )
    )
    fill = sa.text(
        "INSERT INTO contracts_search (rowid, title, description, people, terms) "
        "SELECT rowid, title, description, people, :terms FROM contracts_search_before WHERE rowid = :n"
    )
    while rows := documents.fetchmany(_AT_ONCE):
        connection.execute(
            fill, [{"n": n, "terms": "" if body is None else _terms(body)} for n, body in rows]
        )
    op.execute("DROP TABLE contracts_search_before")


def _terms(body: bytes) -> str:
    """The clauses of a stored text, whole or with hidden parts, and the names of its attachments."""
    document: dict[str, Any] = orjson.loads(body)
    if "content" in document:
        terms, attachments = document["content"]["terms"], document["content"]["attachments"]
    else:
        leaves = [entry["leaf"] for entry in document["disclosed"]]
        terms = [value for _, path, value in leaves if path.startswith("/terms/")]
        attachments = [value for _, path, value in leaves if path.startswith("/attachments/")]
    return "\n".join((*terms, *(attachment["name"] for attachment in attachments)))[:_MOST]
