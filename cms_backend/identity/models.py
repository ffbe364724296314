"""The table of resolutions: the operator's word on which key a DID named, and when."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from cms_backend.db.base import metadata

resolutions = Table(
    "resolutions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("did", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("resolved_at", Text, nullable=False),
    Index("ix_resolutions_did", "did", "key"),
)
