"""A `moved` has a leaf in the log that it leaves and one in the log that it enters; a statement has many envelopes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for the second leaf, and for more than one envelope of a statement."""
    with op.batch_alter_table("events", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("opens", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("undecided", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.drop_constraint("uq_events_statement", type_="unique")
        table.create_index("ix_events_statement", ["statement"], unique=False)
    op.add_column("foreign_logs", sa.Column("successor", sa.Text(), nullable=True))
    op.add_column("foreign_logs", sa.Column("successor_idx", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("key_ends", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("undecided", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.drop_constraint("uq_key_ends_statement", type_="unique")
        table.create_index("ix_key_ends_statement", ["statement"], unique=False)
