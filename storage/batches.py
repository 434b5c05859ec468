"""What is asked for several at once: batches, and the texts that they are made from.

Plain data, as in ``storage.models``.
"""

from dataclasses import dataclass
from enum import StrEnum


class BatchKind(StrEnum):
    """Why several jobs were asked for at once."""

    LIST = "list"
    """A plan, one asset a line."""
    VARIATIONS = "variations"
    """The same request several times, to choose from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Several jobs of one member, asked for at once and shown on one card."""

    id: str
    account_id: str
    user_id: int
    guild_id: int | None
    interaction_id: int
    """Unique, so that one click makes one batch."""
    locale: str
    kind: BatchKind
    model_id: str | None
    """What these are variations of."""
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a member wrote for a batch, until it is started or a day has passed."""

    id: str
    account_id: str
    text: str
    provider: str
    style: str
    project: str
    created_at: int
