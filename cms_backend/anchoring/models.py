"""The table of anchors: one row for each transaction that was to put a checkpoint on a ledger."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from cms_backend.db.base import metadata

anchors = Table(
    "anchors",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("log", ForeignKey("logs.id"), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("root", String(64), nullable=False),
    Column("chain", Text, nullable=False),
    Column("ledger", String(42), nullable=False),
    Column("log_id", String(64), nullable=False),
    Column("tx", String(64), nullable=False),
    # The signed transaction is kept before it is sent: after a crash it is sent again, not signed anew.
    Column("raw", LargeBinary),
    Column("nonce", BigInteger),
    # submitted, mined, confirmed or lost.
    Column("status", String(12), nullable=False),
    Column("block", BigInteger),
    Column("block_hash", String(64)),
    Column("time", Text),
    Column("submitted_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    UniqueConstraint("log", "size", "chain", "tx"),
    Index("ix_anchors_log_status", "log", "status", "size"),
)
