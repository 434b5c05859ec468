"""How members wish to be told of jobs that ended, and which servers were greeted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("notify", sa.String(16), nullable=False, server_default="off"))
    op.add_column("jobs", sa.Column("notify_due_at", sa.BigInteger))
    op.create_index("ix_jobs_notify_due_at", "jobs", ["notify_due_at"])
    op.create_table(
        "greetings",
        sa.Column("guild_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_greetings"),
    )
