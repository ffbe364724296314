"""Tables of the transparency log (RFC 6962 / RFC 9162), one log per backend and origin.

Hashes and slots are stored raw (32 bytes), times as the protocol's text. ``log_nodes`` holds the root of
every complete subtree: level 0 are the leaf hashes, (level, idx) covers leaves [idx * 2**level, (idx + 1)
* 2**level).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from cms_backend.db.base import metadata

logs = Table(
    "logs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", Text, nullable=False, unique=True),
    Column("vkey", Text, nullable=False, unique=True),
    Column("operator", Text, nullable=False),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("frozen", Text),
    Column("lease_holder", String(64)),
    Column("lease_epoch", BigInteger, nullable=False, server_default="0"),
    Column("lease_until", Text),
    Column("created_at", Text, nullable=False),
    CheckConstraint("size >= 0", name="size"),
)

log_queue = Table(
    "log_queue",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("log", ForeignKey("logs.id"), nullable=False),
    Column("slot", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    # A slot holds one leaf; those of ended keys may hold several.
    Column("single", Boolean, nullable=False),
    Column("accepted_at", Text, nullable=False),
    sqlite_autoincrement=True,
)

log_leaves = Table(
    "log_leaves",
    metadata,
    Column("log", ForeignKey("logs.id"), primary_key=True),
    Column("idx", BigInteger, primary_key=True),
    Column("slot", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("single", Boolean, nullable=False),
    UniqueConstraint("log", "digest"),
    Index(
        "uq_log_leaves_slot",
        "log",
        "slot",
        unique=True,
        sqlite_where=text("single"),
        postgresql_where=text("single"),
    ),
    sqlite_with_rowid=False,
)

log_nodes = Table(
    "log_nodes",
    metadata,
    Column("log", ForeignKey("logs.id"), primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("idx", BigInteger, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("log", ForeignKey("logs.id"), primary_key=True),
    Column("size", BigInteger, primary_key=True),
    Column("root", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)

log_statements = Table(
    "log_statements",
    metadata,
    Column("log", ForeignKey("logs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),
)
