"""What Alembic runs for every command; ``storage.schema`` hands the connection over.

The transaction is the caller's: SQLite can make and change tables in one, although
Alembic does not count on it.
"""
# ruff: noqa: INP001 -- Alembic loads this file by its path; it is no module to import

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,  # SQLite changes a column by rebuilding its table
)
context.run_migrations()
