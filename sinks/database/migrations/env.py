"""Alembic's entrance: migrations run on the connection that `sinks.database.migrate` hands over."""

from alembic import context

from sinks.database.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
