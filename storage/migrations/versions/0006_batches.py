"""Batches: jobs that are asked for at once and shown on one card, and the texts that they are made from."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _batches()
    _sheets()
    with op.batch_alter_table("jobs") as jobs:
        jobs.alter_column("interaction_id", existing_type=sa.BigInteger, nullable=True)
        jobs.add_column(sa.Column("batch_id", sa.String))
        jobs.create_foreign_key("fk_jobs_batch_id", "batches", ["batch_id"], ["id"])
    op.create_index("ix_jobs_batch_id", "jobs", ["batch_id"])
    with op.batch_alter_table("cards") as cards:
        cards.alter_column("job_id", existing_type=sa.String, nullable=True)
        cards.add_column(sa.Column("batch_id", sa.String))
        cards.create_foreign_key("fk_cards_batch_id", "batches", ["batch_id"], ["id"])
    op.create_index("ix_cards_batch_id", "cards", ["batch_id"])


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("interaction_id", sa.BigInteger, nullable=False),
        sa.Column("locale", sa.String, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("model_id", sa.String),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_batches_account_id"),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name="fk_batches_model_id"),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
        sa.UniqueConstraint("interaction_id", name="uq_batches_interaction_id"),
    )


def _sheets() -> None:
    op.create_table(
        "sheets",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("style", sa.String, nullable=False),
        sa.Column("project", sa.String, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_sheets_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sheets"),
    )
    op.create_index("ix_sheets_created_at", "sheets", ["created_at"])
