"""The tables, one per noun of ``storage.models``: a column per field, of the same name.

Portable SQL: enums are text, times and Discord's ids are 64-bit integers. The
migrations make the same schema; a test holds the two against each other.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

from storage.batches import BatchKind
from storage.models import (
    ArtifactKind,
    EntryKind,
    JobState,
    Notify,
    QuotaAction,
    RunState,
    Stage,
    Visibility,
)


class Facts(TypeDecorator[Mapping[str, Any]]):
    """A mapping, kept as JSON; read-only views are taken too."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> dict[str, Any]:  # noqa: ARG002 -- the base class's signature
        """A plain dictionary, which is what the JSON encoder knows."""
        return dict(value or {})


class Names(TypeDecorator[tuple[str, ...]]):
    """A few names in order, kept as a JSON list."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002 -- the base class's signature
        """Unchangeable again."""
        return tuple(value or ())


def _word(enum: type[StrEnum]) -> Enum:
    """A closed set of words as plain text, so that adding a word needs no migration."""
    return Enum(enum, native_enum=False, length=16, values_callable=lambda words: [w.value for w in words])


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),
    Column("user_id", BigInteger, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("notify", _word(Notify), nullable=False, server_default="off"),
)

greetings = Table(
    "greetings",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("created_at", BigInteger, nullable=False),
)

vendor_keys = Table(
    "vendor_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("provider", String, nullable=False),
    Column("secret", String, nullable=False),  # sealed; empty once nothing needs it any more
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    Column("refused_at", BigInteger),
    Index(None, "account_id", "provider"),
)

projects = Table(
    "projects",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("folded", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("account_id", "folded"),
)

models = Table(
    "models",
    metadata,
    Column("id", String, primary_key=True),
    Column("label", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("guild_id", BigInteger),
    Column("prompt", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("parent_id", ForeignKey("models.id")),
    Column("visibility", _word(Visibility), nullable=False),
    Column("link_id", String, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    Column("project_id", ForeignKey("projects.id")),
    Column("words", String, nullable=False, server_default=""),
    Index(None, "account_id", "created_at", "id"),
    Index(None, "account_id", "project_id", "created_at", "id"),
    Index(None, "guild_id", "visibility", "created_at", "id"),
)

tags = Table(
    "tags",
    metadata,
    Column("model_id", ForeignKey("models.id"), primary_key=True),
    Column("name", String, primary_key=True),
)

stars = Table(
    "stars",
    metadata,
    Column("model_id", ForeignKey("models.id"), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("guild_id", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "guild_id", "created_at", "model_id"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("interaction_id", BigInteger, nullable=False, unique=True),
    Column("locale", String, nullable=False),
    Column("kind", _word(BatchKind), nullable=False),
    Column("model_id", ForeignKey("models.id")),
    Column("created_at", BigInteger, nullable=False),
)

sheets = Table(
    "sheets",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("text", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("style", String, nullable=False),
    Column("project", String, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String, primary_key=True),
    Column("model_id", ForeignKey("models.id"), nullable=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("interaction_id", BigInteger, unique=True),
    Column("locale", String, nullable=False),
    Column("state", _word(JobState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("request", Facts, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("cancel_asked_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("notify_due_at", BigInteger, index=True),
    Column("batch_id", ForeignKey("batches.id"), index=True),
    Index(None, "model_id", "created_at"),
    Index(None, "state", "account_id"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("job_id", ForeignKey("jobs.id"), nullable=False),
    Column("model_id", ForeignKey("models.id"), nullable=False, index=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("stage", _word(Stage), nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("needs", Names, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("state", _word(RunState), nullable=False),
    Column("provider", String, nullable=False),
    Column("credential", String, nullable=False),
    Column("params", Facts, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("submit_seed", BigInteger),
    Column("task_id", String),
    Column("task_expires_at", BigInteger),
    Column("due_at", BigInteger),
    Column("deadline_at", BigInteger),
    Column("owner", String),
    Column("epoch", Integer, nullable=False),
    Column("failure", String),
    Column("failure_data", Facts, nullable=False),
    Column("result", Facts, nullable=False),
    Column("cost_micros", BigInteger),
    Column("cost_unit", String),
    Column("queued_at", BigInteger),
    Column("submitted_at", BigInteger),
    Column("accepted_at", BigInteger),
    Column("finished_at", BigInteger),
    UniqueConstraint("provider", "credential", "task_id"),
    Index(None, "job_id", "position"),
    Index(None, "state", "due_at"),
    Index(None, "provider", "stage", "finished_at"),
    Index(None, "provider", "credential", "accepted_at"),
)

cards = Table(
    "cards",
    metadata,
    Column("id", String, primary_key=True),
    Column("job_id", ForeignKey("jobs.id"), index=True),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False, index=True),
    Column("guild_id", BigInteger),
    Column("token", String),  # sealed
    Column("token_expires_at", BigInteger, nullable=False),
    Column("bot_may_edit", Boolean, nullable=False),
    Column("locale", String, nullable=False),
    Column("attachment_limit", BigInteger, nullable=False),
    Column("rendered_version", Integer, nullable=False),
    Column("files", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("batch_id", ForeignKey("batches.id"), index=True),
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("id", String, primary_key=True),
    Column("model_id", ForeignKey("models.id"), nullable=False, index=True),
    Column("run_id", ForeignKey("runs.id"), index=True),
    Column("kind", _word(ArtifactKind), nullable=False),
    Column("key", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("content_type", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String, nullable=False),
    Column("facts", Facts, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("film_due_at", BigInteger, index=True),
    Column("film_attempts", Integer, nullable=False, server_default="0"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("guild_id", BigInteger),
    Column("kind", _word(EntryKind), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("run_id", ForeignKey("runs.id"), index=True),
    Column("grant_id", ForeignKey("ledger.id"), index=True),
    Column("effective_at", BigInteger, nullable=False, index=True),
    Column("expires_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "account_id", "effective_at"),
)

quota_changes = Table(
    "quota_changes",
    metadata,
    Column("id", String, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("guild_id", BigInteger),
    Column("action", _word(QuotaAction), nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("before", BigInteger, nullable=False),
    Column("after", BigInteger, nullable=False),
    Column("reason", String),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "account_id", "created_at"),
)
