"""Alembic's entry: works on the connection that mediation.store.migrating lends."""

from alembic import context

from mediation.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
