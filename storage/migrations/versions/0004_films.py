"""Models that we are to film; those that are there already too, the newest first."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("artifacts", sa.Column("film_due_at", sa.BigInteger))
    op.add_column("artifacts", sa.Column("film_attempts", sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_artifacts_film_due_at", "artifacts", ["film_due_at"])
    op.execute("UPDATE artifacts SET film_due_at = created_at WHERE kind = 'model'")
