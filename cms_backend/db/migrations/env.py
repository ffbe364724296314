"""What Alembic runs: the migrations of this package on the connection that ``db.migrate`` hands over."""

from alembic import context

from cms_backend.db.base import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, transaction_per_migration=False, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
