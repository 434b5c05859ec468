"""Members' own keys at vendors."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "vendor_keys",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("secret", sa.String, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("removed_at", sa.BigInteger),
        sa.Column("refused_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_vendor_keys_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_vendor_keys"),
    )
    op.create_index("ix_vendor_keys_account_id_provider", "vendor_keys", ["account_id", "provider"])
