"""Projects, tags and stars, and what a search looks through."""

import sqlalchemy as sa
from alembic import op

from storage.stores.words import words_of

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _projects()
    _models()
    _tags()
    _stars()


def _projects() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("folded", sa.String, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_projects_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_projects"),
        sa.UniqueConstraint("account_id", "folded", name="uq_projects_account_id_folded"),
    )


def _models() -> None:
    with op.batch_alter_table("models") as models:
        models.add_column(sa.Column("project_id", sa.String))
        models.add_column(sa.Column("words", sa.String, nullable=False, server_default=""))
        models.create_foreign_key("fk_models_project_id", "projects", ["project_id"], ["id"])
    op.drop_index("ix_models_account_id_created_at", "models")
    for start in (["account_id"], ["account_id", "project_id"], ["guild_id", "visibility"]):
        columns = [*start, "created_at", "id"]
        op.create_index(f"ix_models_{'_'.join(columns)}", "models", columns)
    _fill_words()


def _fill_words() -> None:
    """Models from before are found by their words too."""
    models = sa.table("models", *(sa.column(name) for name in ("id", "name", "prompt", "label", "words")))
    found = op.get_bind().execute(sa.select(models)).all()
    change = models.update().where(models.c.id == sa.bindparam("model"))
    for row in found:
        words = words_of(row.name, row.prompt, row.label)
        op.get_bind().execute(change.values(words=words), {"model": row.id})


def _tags() -> None:
    op.create_table(
        "tags",
        sa.Column("model_id", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name="fk_tags_model_id"),
        sa.PrimaryKeyConstraint("model_id", "name", name="pk_tags"),
    )


def _stars() -> None:
    op.create_table(
        "stars",
        sa.Column("model_id", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_stars_account_id"),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name="fk_stars_model_id"),
        sa.PrimaryKeyConstraint("model_id", "account_id", name="pk_stars"),
    )
    columns = ["guild_id", "created_at", "model_id"]
    op.create_index(f"ix_stars_{'_'.join(columns)}", "stars", columns)
