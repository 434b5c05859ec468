"""What people hang on models to find them by, what to ask a list of models for, and what it answers.

Plain data, as in ``storage.models``.
"""

from dataclasses import dataclass
from enum import StrEnum

from storage.models import Model

INBOX = ""
"""In place of a project's id: the models that are in none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A word that hangs on a model."""

    model_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Star:
    """Somebody likes a model."""

    model_id: str
    account_id: str
    guild_id: int | None
    """The model's server, so that a server's week is found without everybody else's."""
    created_at: int


class Standing(StrEnum):
    """How far models are, as a list can be cut down to."""

    WORKING = "working"
    """A job is under way or waits."""
    READY = "ready"
    """Has a file, and nothing is under way."""
    FAILED = "failed"
    """Has no file, and nothing is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFilter:
    """Which models; deleted ones never. What is ``None`` or empty leaves nothing out."""

    account_id: str | None = None
    guild_id: int | None = None
    public: bool = False
    """Only those that everybody in their server may see."""
    project_id: str | None = None
    """A project's, or ``INBOX``."""
    batch_id: str | None = None
    """Only those that this batch made."""
    has_file: bool = False
    """Only those that there is something of to have."""
    standing: Standing | None = None
    rigged: bool | None = None
    text: str = ""
    """Words that are all somewhere in name, prompt, label or tags; neither case nor accents matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The neighbour from which a page goes on, and in which direction."""

    model: Model
    stars: int = 0
    """What it was listed with; of a list by stars, part of the place."""
    back: bool = False
    """Towards the beginning of the list. The page comes in the list's order all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A model in a list, with the stars that gave it its place."""

    model: Model
    stars: int
