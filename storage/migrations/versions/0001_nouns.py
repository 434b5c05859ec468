"""All nouns: accounts, models, jobs, runs, cards, artifacts, the ledger and quota changes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WORD = sa.String(16)


def upgrade() -> None:
    _accounts()
    _models()
    _jobs()
    _runs()
    _cards()
    _artifacts()
    _ledger()
    _quota_changes()
    for table in ("ledger", "quota_changes"):
        _append_only(table)


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("user_id", name="uq_accounts_user_id"),
    )


def _models() -> None:
    op.create_table(
        "models",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("prompt", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("parent_id", sa.String),
        sa.Column("visibility", WORD, nullable=False),
        sa.Column("link_id", sa.String, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("deleted_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_models_account_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["models.id"], name="fk_models_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_models"),
        sa.UniqueConstraint("label", name="uq_models_label"),
        sa.UniqueConstraint("link_id", name="uq_models_link_id"),
    )
    op.create_index("ix_models_account_id_created_at", "models", ["account_id", "created_at"])


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("model_id", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("interaction_id", sa.BigInteger, nullable=False),
        sa.Column("locale", sa.String, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("cancel_asked_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_jobs_account_id"),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name="fk_jobs_model_id"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("interaction_id", name="uq_jobs_interaction_id"),
    )
    op.create_index("ix_jobs_model_id_created_at", "jobs", ["model_id", "created_at"])
    op.create_index("ix_jobs_state_account_id", "jobs", ["state", "account_id"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("job_id", sa.String, nullable=False),
        sa.Column("model_id", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("stage", WORD, nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        sa.Column("needs", sa.JSON, nullable=False),
        sa.Column("price", sa.BigInteger, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("credential", sa.String, nullable=False),
        sa.Column("params", sa.JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("submit_seed", sa.BigInteger),
        sa.Column("task_id", sa.String),
        sa.Column("task_expires_at", sa.BigInteger),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("deadline_at", sa.BigInteger),
        sa.Column("owner", sa.String),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("failure", sa.String),
        sa.Column("failure_data", sa.JSON, nullable=False),
        sa.Column("result", sa.JSON, nullable=False),
        sa.Column("cost_micros", sa.BigInteger),
        sa.Column("cost_unit", sa.String),
        sa.Column("queued_at", sa.BigInteger),
        sa.Column("submitted_at", sa.BigInteger),
        sa.Column("accepted_at", sa.BigInteger),
        sa.Column("finished_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_runs_account_id"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_runs_job_id"),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name="fk_runs_model_id"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("provider", "credential", "task_id", name="uq_runs_provider_credential_task_id"),
    )
    op.create_index("ix_runs_job_id_position", "runs", ["job_id", "position"])
    op.create_index("ix_runs_model_id", "runs", ["model_id"])
    op.create_index(
        "ix_runs_provider_credential_accepted_at", "runs", ["provider", "credential", "accepted_at"]
    )
    op.create_index("ix_runs_provider_stage_finished_at", "runs", ["provider", "stage", "finished_at"])
    op.create_index("ix_runs_state_due_at", "runs", ["state", "due_at"])


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("job_id", sa.String, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("token", sa.String),
        sa.Column("token_expires_at", sa.BigInteger, nullable=False),
        sa.Column("bot_may_edit", sa.Boolean, nullable=False),
        sa.Column("locale", sa.String, nullable=False),
        sa.Column("attachment_limit", sa.BigInteger, nullable=False),
        sa.Column("rendered_version", sa.Integer, nullable=False),
        sa.Column("files", sa.String, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_cards_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cards"),
    )
    op.create_index("ix_cards_job_id", "cards", ["job_id"])
    op.create_index("ix_cards_message_id", "cards", ["message_id"])


def _artifacts() -> None:
    op.create_table(
        "artifacts",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("model_id", sa.String, nullable=False),
        sa.Column("run_id", sa.String),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("content_type", sa.String, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name="fk_artifacts_model_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_artifacts_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_artifacts"),
        sa.UniqueConstraint("key", name="uq_artifacts_key"),
    )
    op.create_index("ix_artifacts_model_id", "artifacts", ["model_id"])
    op.create_index("ix_artifacts_run_id", "artifacts", ["run_id"])


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("run_id", sa.String),
        sa.Column("grant_id", sa.String),
        sa.Column("effective_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_ledger_account_id"),
        sa.ForeignKeyConstraint(["grant_id"], ["ledger.id"], name="fk_ledger_grant_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_ledger_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
        sa.UniqueConstraint("key", name="uq_ledger_key"),
    )
    op.create_index("ix_ledger_account_id_effective_at", "ledger", ["account_id", "effective_at"])
    op.create_index("ix_ledger_effective_at", "ledger", ["effective_at"])
    op.create_index("ix_ledger_grant_id", "ledger", ["grant_id"])
    op.create_index("ix_ledger_run_id", "ledger", ["run_id"])


def _quota_changes() -> None:
    op.create_table(
        "quota_changes",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("action", WORD, nullable=False),
        sa.Column("actor_id", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("before", sa.BigInteger, nullable=False),
        sa.Column("after", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_quota_changes_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_quota_changes"),
    )
    op.create_index("ix_quota_changes_account_id_created_at", "quota_changes", ["account_id", "created_at"])


def _append_only(table: str) -> None:
    """Books that can be rewritten prove nothing. SQLite's own syntax: another database has its own rights."""
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
