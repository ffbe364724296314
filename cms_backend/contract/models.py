"""Tables of contracts. ``events`` is the truth; ``contracts`` is the row that the register shows and
searches.

Envelopes, documents and receipts are kept as their canonical bytes. The row's status is stored in parts
that do not depend on the clock (``terminated_on``, ``in_force_until``, ``reply_by`` ...); queries derive
the rest from ``now``.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from cms_backend.db.base import metadata

contracts = Table(
    "contracts",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("genesis", String(64), nullable=False),
    # "here": sequenced in this backend's log; "elsewhere": in another's; "none": a contract without a log.
    Column("home", String(9), nullable=False),
    # Which of the contract's logs is this backend's own, if any (see ``events.log``).
    Column("own_log", Integer),
    Column("owner", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("sort_title", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("closed_status", String(12), nullable=False),
    Column("pending", Boolean, nullable=False),
    Column("in_force", Boolean, nullable=False),
    Column("terminated_on", Text),
    Column("in_force_until", Text),
    Column("reply_by", Text),
    Column("valid_from", Text),
    Column("valid_until", Text),
    Column("parties", LargeBinary, nullable=False),
    Column("awaited", LargeBinary, nullable=False),
    Column("events", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Index("ix_contracts_updated_at", "updated_at", "n"),
    Index("ix_contracts_created_at", "created_at", "n"),
    Index("ix_contracts_sort_title", "sort_title", "n"),
    sqlite_autoincrement=True,
)

contract_people = Table(
    "contract_people",
    metadata,
    Column("contract", ForeignKey("contracts.n"), primary_key=True),
    Column("did", Text, primary_key=True),
    # Party of the shown revision; everyone who ever was one may go on reading.
    Column("current", Boolean, nullable=False),
    # It is this person's turn in the pending proposal.
    Column("needed", Boolean, nullable=False),
    Index("ix_contract_people_did", "did", "needed"),
    sqlite_with_rowid=False,
)

documents = Table(
    "documents",
    metadata,
    Column("contract", ForeignKey("contracts.n"), primary_key=True),
    Column("root", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract", ForeignKey("contracts.n"), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    # Envelopes of one statement are one event, and any of their digests refers to it.
    Column("statement", String(64), nullable=False, index=True),
    Column("envelope", LargeBinary, nullable=False),
    Column("accepted_at", Text, nullable=False),
    Column("receipt", LargeBinary),
    # Which of the contract's logs (0 is the first) and the leaf's index there; null while not logged.
    Column("log", Integer),
    Column("idx", BigInteger),
    # Of a `moved`: its leaf in the log that it enters, the one after ``log``.
    Column("opens", BigInteger),
    # Only the contract of the signer's account could judge the signature.
    Column("undecided", Boolean, nullable=False, server_default=false()),
    Index("ix_events_contract", "contract", "id"),
    sqlite_autoincrement=True,
)

foreign_logs = Table(
    "foreign_logs",
    metadata,
    Column("contract", ForeignKey("contracts.n"), primary_key=True),
    Column("vkey", Text, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("anchors", LargeBinary, nullable=False),
    # The next key that the log's operator has named, and the leaf of that statement: the record goes on there.
    Column("successor", Text),
    Column("successor_idx", BigInteger),
)

attachments = Table(
    "attachments",
    metadata,
    Column("contract", ForeignKey("contracts.n"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

key_ends = Table(
    "key_ends",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("statement", String(64), nullable=False, index=True),
    Column("key", Text, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
    Column("accepted_at", Text, nullable=False),
    Column("receipt", LargeBinary),
    Column("idx", BigInteger),
    # Only the contract of the account could judge the signature.
    Column("undecided", Boolean, nullable=False, server_default=false()),
    sqlite_autoincrement=True,
)

contract_key_ends = Table(
    "contract_key_ends",
    metadata,
    Column("contract", ForeignKey("contracts.n"), primary_key=True),
    Column("key_end", ForeignKey("key_ends.id"), primary_key=True),
    # The leaf in another backend's log, where that is the contract's.
    Column("log", Integer),
    Column("idx", BigInteger),
    UniqueConstraint("contract", "key_end"),
)
