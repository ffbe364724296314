"""The first tables: contracts and their events, the log, anchors, key ends, resolutions, the search index."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    _register()
    _log()
    _tree()
    _content()
    _keys()
    _anchoring()
    _search()


def _register() -> None:
    op.create_table(
        "contracts",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("genesis", sa.String(length=64), nullable=False),
        sa.Column("home", sa.String(length=9), nullable=False),
        sa.Column("own_log", sa.Integer(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sort_title", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("closed_status", sa.String(length=12), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("terminated_on", sa.Text(), nullable=True),
        sa.Column("in_force_until", sa.Text(), nullable=True),
        sa.Column("reply_by", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_until", sa.Text(), nullable=True),
        sa.Column("parties", sa.LargeBinary(), nullable=False),
        sa.Column("awaited", sa.LargeBinary(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_contracts")),
        sa.UniqueConstraint("id", name=op.f("uq_contracts_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contracts_created_at", "contracts", ["created_at", "n"], unique=False)
    op.create_index("ix_contracts_sort_title", "contracts", ["sort_title", "n"], unique=False)
    op.create_index("ix_contracts_updated_at", "contracts", ["updated_at", "n"], unique=False)
    op.create_table(
        "contract_people",
        sa.Column("contract", sa.Integer(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("needed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract"], ["contracts.n"], name=op.f("fk_contract_people_contract_contracts")
        ),
        sa.PrimaryKeyConstraint("contract", "did", name=op.f("pk_contract_people")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_contract_people_did", "contract_people", ["did", "needed"], unique=False)


def _log() -> None:
    op.create_table(
        "logs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("vkey", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("frozen", sa.Text(), nullable=True),
        sa.Column("lease_holder", sa.String(length=64), nullable=True),
        sa.Column("lease_epoch", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_logs_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logs")),
        sa.UniqueConstraint("origin", name=op.f("uq_logs_origin")),
        sa.UniqueConstraint("vkey", name=op.f("uq_logs_vkey")),
    )
    op.create_table(
        "log_queue",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("slot", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("single", sa.Boolean(), nullable=False),
        sa.Column("accepted_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_log_queue_log_logs")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_queue")),
        sa.UniqueConstraint("digest", name=op.f("uq_log_queue_digest")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "log_statements",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_log_statements_log_logs")),
        sa.PrimaryKeyConstraint("log", "number", name=op.f("pk_log_statements")),
        sa.UniqueConstraint("digest", name=op.f("uq_log_statements_digest")),
    )


def _tree() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_checkpoints_log_logs")),
        sa.PrimaryKeyConstraint("log", "size", name=op.f("pk_checkpoints")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_leaves",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("single", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_log_leaves_log_logs")),
        sa.PrimaryKeyConstraint("log", "idx", name=op.f("pk_log_leaves")),
        sa.UniqueConstraint("log", "digest", name=op.f("uq_log_leaves_log_digest")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_log_leaves_slot",
        "log_leaves",
        ["log", "slot"],
        unique=True,
        sqlite_where=sa.text("single"),
        postgresql_where=sa.text("single"),
    )
    op.create_table(
        "log_nodes",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_log_nodes_log_logs")),
        sa.PrimaryKeyConstraint("log", "level", "idx", name=op.f("pk_log_nodes")),
        sqlite_with_rowid=False,
    )


def _content() -> None:
    op.create_table(
        "attachments",
        sa.Column("contract", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract"], ["contracts.n"], name=op.f("fk_attachments_contract_contracts")
        ),
        sa.PrimaryKeyConstraint("contract", "sha256", name=op.f("pk_attachments")),
    )
    op.create_table(
        "documents",
        sa.Column("contract", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["contract"], ["contracts.n"], name=op.f("fk_documents_contract_contracts")),
        sa.PrimaryKeyConstraint("contract", "root", name=op.f("pk_documents")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("statement", sa.String(length=64), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("accepted_at", sa.Text(), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.Column("log", sa.Integer(), nullable=True),
        sa.Column("idx", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contract"], ["contracts.n"], name=op.f("fk_events_contract_contracts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("digest", name=op.f("uq_events_digest")),
        sa.UniqueConstraint("statement", name=op.f("uq_events_statement")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_contract", "events", ["contract", "id"], unique=False)
    op.create_table(
        "foreign_logs",
        sa.Column("contract", sa.Integer(), nullable=False),
        sa.Column("vkey", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("anchors", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract"], ["contracts.n"], name=op.f("fk_foreign_logs_contract_contracts")
        ),
        sa.PrimaryKeyConstraint("contract", "vkey", name=op.f("pk_foreign_logs")),
    )


def _keys() -> None:
    op.create_table(
        "key_ends",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("statement", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("accepted_at", sa.Text(), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.Column("idx", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_ends")),
        sa.UniqueConstraint("digest", name=op.f("uq_key_ends_digest")),
        sa.UniqueConstraint("statement", name=op.f("uq_key_ends_statement")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_key_ends_key"), "key_ends", ["key"], unique=False)
    op.create_table(
        "resolutions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("resolved_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolutions")),
        sa.UniqueConstraint("digest", name=op.f("uq_resolutions_digest")),
    )
    op.create_index("ix_resolutions_did", "resolutions", ["did", "key"], unique=False)
    op.create_table(
        "contract_key_ends",
        sa.Column("contract", sa.Integer(), nullable=False),
        sa.Column("key_end", sa.Integer(), nullable=False),
        sa.Column("log", sa.Integer(), nullable=True),
        sa.Column("idx", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contract"], ["contracts.n"], name=op.f("fk_contract_key_ends_contract_contracts")
        ),
        sa.ForeignKeyConstraint(
            ["key_end"], ["key_ends.id"], name=op.f("fk_contract_key_ends_key_end_key_ends")
        ),
        sa.PrimaryKeyConstraint("contract", "key_end", name=op.f("pk_contract_key_ends")),
        sa.UniqueConstraint("contract", "key_end", name=op.f("uq_contract_key_ends_contract_key_end")),
    )


def _anchoring() -> None:
    op.create_table(
        "anchors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("ledger", sa.String(length=42), nullable=False),
        sa.Column("log_id", sa.String(length=64), nullable=False),
        sa.Column("tx", sa.String(length=64), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("nonce", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("block", sa.BigInteger(), nullable=True),
        sa.Column("block_hash", sa.String(length=64), nullable=True),
        sa.Column("time", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_anchors_log_logs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchors")),
        sa.UniqueConstraint("log", "size", "chain", "tx", name=op.f("uq_anchors_log_size_chain_tx")),
    )
    op.create_index("ix_anchors_log_status", "anchors", ["log", "status", "size"], unique=False)


def _search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE contracts_search USING fts5("
            "title, description, people, tokenize = 'unicode61 remove_diacritics 2')"
        )
