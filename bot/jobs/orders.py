"""What a person asks for, and where the answer goes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, as Discord told us with the interaction."""

    user_id: int
    guild_id: int | None
    """The server it is asked in; ``None`` in direct messages."""
    locale: str
    """Discord's name of the reader's language: ``en-US``, ``es-ES``."""
    moderator: bool = False
    """May manage the server ``guild_id``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The message that will show the job, as the first answer to the interaction made it."""

    interaction_id: int
    channel_id: int
    message_id: int
    token: str
    token_expires_at: int
    bot_may_edit: bool
    attachment_limit: int
    """Bytes per file that Discord takes on this path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A member's picture, already checked and in our store."""

    key: str
    name: str
    content_type: str
    size: int
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateOrder:
    """A model from words or pictures, and what is to be done with it at once."""

    prompt: str = ""
    negative_prompt: str = ""
    pictures: tuple[Picture | None, ...] = ()
    """Front, left, back, right; ``None`` for a side that is missing."""
    picture_count: int = 0
    """How many pictures there will be; known before they are fetched, for the first checks."""
    style: str | None = None
    polycount: int | None = None
    seed: int | None = None
    rig: bool = False
    clips: tuple[str, ...] = ()
    provider: str | None = None
    """A vendor's name, ``auto``, or ``None`` for the owner's default."""
    parent_id: str | None = None
    """The model whose picture it is made after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RigOrder:
    """A skeleton for a model that exists."""

    model_id: str
    provider: str | None = None
    """``None``: the vendor that made the model, where it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnimateOrder:
    """Clips for a rigged model."""

    model_id: str
    clips: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetextureOrder:
    """The same shape with another surface, as a model of its own."""

    model_id: str
    words: str
    provider: str | None = None
    """``None``: the vendor that made the shape, where it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemeshOrder:
    """The same look with fewer faces, as a model of its own."""

    model_id: str
    faces: int
    provider: str | None = None
    """``None``: the vendor that made the shape, where it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertOrder:
    """A copy of a model in another format."""

    model_id: str
    format: str
    """By its extension, without the dot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimiseOrder:
    """Lighter copies of a model."""

    model_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOrder:
    """One failed run again, and what waited for it."""

    run_id: str
    all_failed: bool = False
    """With everything else of its job that failed and could be tried again."""


Order = (
    GenerateOrder
    | RigOrder
    | AnimateOrder
    | RetextureOrder
    | RemeshOrder
    | ConvertOrder
    | OptimiseOrder
    | RetryOrder
)
