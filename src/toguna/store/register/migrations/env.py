"""Where Alembic begins: it runs on the connection that `toguna.store.register.database` holds."""

from __future__ import annotations

from alembic import context

from toguna.store.register import account_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=account_tables.Account.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
