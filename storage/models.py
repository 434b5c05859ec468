"""The nouns we keep: models, jobs, runs, files, ledger entries.

Everything here is frozen and imports the standard library only, so that any
layer may hold one. Units: credits are whole numbers, vendor costs are millionths
of the vendor's own unit, times are milliseconds since 1970 UTC, Discord's ids are
64-bit integers, our own ids are ULIDs as text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Visibility(StrEnum):
    """Who may look at a model besides its owner."""

    PRIVATE = "private"
    SERVER = "server"


class Stage(StrEnum):
    """What one run does. Names are only ever added."""

    DRAFT = "draft"
    """What comes before a model: a bare shape or a picture, by which it can already be judged."""
    GENERATE = "generate"
    REMESH = "remesh"
    """Fewer triangles: a member's wish, or a helper where a vendor rigs no heavier mesh."""
    RETEXTURE = "retexture"
    """Another surface for the same shape."""
    RIG_CHECK = "rig_check"
    RIG = "rig"
    ANIMATE = "animate"
    COMBINE = "combine"
    """Puts the clips of one rig into a single GLB; our own work, no vendor."""
    CONVERT = "convert"
    """A copy in another format, by a vendor or by us."""
    OPTIMISE = "optimise"
    """Lighter copies; our own work."""


class RunState(StrEnum):
    """Where a run is. ``docs/jobs.md`` draws the arrows, ``bot.jobs.machine`` holds them."""

    PLANNED = "planned"
    """Waits for the runs that it needs."""
    QUEUED = "queued"
    """Could start; waits for its turn."""
    SUBMITTING = "submitting"
    """We said that we would call the vendor; whether we did is known once a task id is stored."""
    WAITING = "waiting"
    """The vendor works."""
    COLLECTING = "collecting"
    """The vendor is done; its files are on their way to our store."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """Stopped on request before it cost anything."""
    SKIPPED = "skipped"
    """Never started, because something that it needed failed."""
    UNSURE = "unsure"
    """Perhaps accepted by the vendor, perhaps not; not paid for twice by guess."""


RUN_ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.CANCELLED, RunState.SKIPPED, RunState.UNSURE})
RUN_AT_VENDOR = frozenset({RunState.SUBMITTING, RunState.WAITING, RunState.COLLECTING})


class JobState(StrEnum):
    """How a job stands as a whole."""

    LIVE = "live"
    DONE = "done"
    PARTIAL = "partial"
    """Something was made and kept, something else was not."""
    FAILED = "failed"
    CANCELLED = "cancelled"


class ModelState(StrEnum):
    """What a member is told about a model; derived, never stored."""

    QUEUED = "queued"
    GENERATING = "generating"
    GENERATED = "generated"
    RIGGING = "rigging"
    RIGGED = "rigged"
    ANIMATING = "animating"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ArtifactKind(StrEnum):
    """What a stored file is for."""

    MODEL = "model"
    PREVIEW = "preview"
    COPY = "copy"
    """The model in another format, or lighter: to be had beside it, and never the model itself."""
    TURNTABLE = "turntable"
    SOURCE = "source"
    """A member's picture, kept because Discord's links die."""


class EntryKind(StrEnum):
    """What a ledger entry says."""

    RESERVE = "reserve"
    SETTLE = "settle"
    RELEASE = "release"
    GRANT = "grant"
    RESET = "reset"


class QuotaAction(StrEnum):
    """What a moderator did to a member's quota."""

    SET = "set"
    GRANT = "grant"
    RESET = "reset"


class Notify(StrEnum):
    """How a member wishes to be told that a job of theirs has ended."""

    OFF = "off"
    """Not at all: the card shows it."""
    MENTION = "mention"
    """By a message beside the card that mentions them."""
    DIRECT = "direct"
    """By a direct message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A member as the ledger knows one; forgetting a person removes ``user_id`` and nothing else."""

    id: str
    user_id: int | None
    created_at: int
    notify: Notify = Notify.OFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """A server whose moderators have had their first card."""

    guild_id: int
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorKey:
    """A member's own key at a vendor; what runs with it is paid by them."""

    id: str
    """What a run's ``credential`` says."""
    account_id: str
    provider: str
    secret: str = field(repr=False)
    """The key, decrypted; empty where it was sealed under another secret than ours."""
    created_at: int
    removed_at: int | None = None
    """Taken away by its member, or replaced: used for runs that began with it, and for nothing new."""
    refused_at: int | None = None
    """When the vendor no longer took it; not used for anything new until it is set again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """How a member sorts models."""

    id: str
    account_id: str
    name: str
    folded: str
    """The name without capitals and accents: one of each for a member."""
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What a member keeps."""

    id: str
    label: str
    """Six characters to speak of it by, unique per bot; it opens nothing."""
    name: str
    account_id: str
    guild_id: int | None
    """The server it was made in; ``None`` in direct messages."""
    prompt: str
    provider: str
    parent_id: str | None
    visibility: Visibility
    link_id: str
    """128 random bits, URL-safe: whoever has it may download. Changes when the model goes private."""
    created_at: int
    deleted_at: int | None = None
    project_id: str | None = None
    """``None``: in the inbox."""
    words: str = field(default="", repr=False, compare=False)
    """What a search looks through; written by the store whenever a part of it changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a person asked for once."""

    id: str
    model_id: str
    account_id: str
    user_id: int
    """Who is told about it (the Discord id at the time)."""
    guild_id: int | None
    interaction_id: int | None
    """Discord's id of the command or click; unique, so that one click makes one job. A batch has its own."""
    locale: str
    state: JobState
    version: int
    """Grows with every change that a card shows."""
    request: Mapping[str, Any]
    """What was asked, as shown and as used by Again: prompt, style, polycount, seed, pictures..."""
    created_at: int
    cancel_asked_at: int | None = None
    ended_at: int | None = None
    notify_due_at: int | None = None
    """Since when its member is to be told that it ended; ``None``: they need not be, or were."""
    batch_id: str | None = None
    """What it was asked for together with; its own work and money are its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRun:
    """One piece of work in a job's plan."""

    id: str
    job_id: str
    model_id: str
    account_id: str
    position: int
    """Order in the plan and on the card."""
    stage: Stage
    shown: bool
    """False for helpers (a rig check, a combine): they have no row of their own on the card."""
    needs: tuple[str, ...]
    """Ids of runs of the same job that have to be done first."""
    price: int
    state: RunState
    provider: str
    credential: str
    """Which key does it: ``owner``, or a ``VendorKey``'s id. A task is read with the key that made it."""
    params: Mapping[str, Any]
    """What the stage needs to know besides its inputs: prompt, clip, style, seeds, source model..."""
    created_at: int
    attempt: int = 0
    submit_seed: int | None = None
    """A number we chose for this submit, by which ``find`` knows it again."""
    task_id: str | None = None
    task_expires_at: int | None = None
    due_at: int | None = None
    """When the engine looks next, for waits that outlive the process (back-off, find, late look)."""
    deadline_at: int | None = None
    owner: str | None = None
    """The process life that works on it."""
    epoch: int = 0
    """Grows with every claim; a write with an old epoch changes nothing."""
    failure: str | None = None
    """A code of ``bot.jobs.failures``, never a sentence."""
    failure_data: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)
    """The vendor's final answer, without links and keys."""
    cost_micros: int | None = None
    cost_unit: str | None = None
    queued_at: int | None = None
    submitted_at: int | None = None
    """When ``submitting`` was committed."""
    accepted_at: int | None = None
    """When the vendor's task id was stored."""
    finished_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedRun:
    """As much of a queued run as says whose turn it is; there may be many thousands."""

    id: str
    account_id: str
    stage: Stage
    provider: str
    credential: str
    queued_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One Discord message that shows a job or a batch; a projection, redrawn from it."""

    id: str
    job_id: str | None
    """``None`` where it shows a batch."""
    channel_id: int
    message_id: int
    guild_id: int | None
    token: str | None
    """The interaction's token, decrypted; good for 15 minutes."""
    token_expires_at: int
    bot_may_edit: bool
    """False where only the token can edit: private replies, servers the bot is not in."""
    locale: str
    attachment_limit: int
    """Bytes per file on this path, as Discord said."""
    rendered_version: int
    files: str
    """A name for the set of files attached at present; an edit that keeps it omits ``attachments``."""
    created_at: int
    gone: bool = False
    """The message was deleted, or the bot lost sight of it: not tried again."""
    batch_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One stored file."""

    id: str
    model_id: str
    run_id: str | None
    """The run that made it; ``None`` for a member's picture."""
    kind: ArtifactKind
    key: str
    """``models/<model>/<run>/<name>`` in the object store."""
    name: str
    """What a person would call the file, with its extension."""
    content_type: str
    size: int
    sha256: str
    facts: Mapping[str, Any]
    """Counts: ``triangles``, ``joints``, ``clips`` (names), ``width``, ``height``."""
    created_at: int
    film_due_at: int | None = None
    """When we are to film it, or try again; ``None``: it has a film, needs none, or cannot be filmed."""
    film_attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One line in the books; appended, never changed.

    ``amount`` is what it adds to the used credits: a reserve is positive, a release
    or reset negative, a settle 0. A grant's amount is what it gives.
    """

    id: str
    key: str
    """Idempotency: the same key is written once."""
    account_id: str
    guild_id: int | None
    kind: EntryKind
    amount: int
    run_id: str | None
    grant_id: str | None
    """The grant that pays for this part; ``None``: the allowance does."""
    effective_at: int
    """When it counts from; a release or reset copies that of its reserve."""
    expires_at: int | None
    """Of a grant: until when it can be used."""
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaChange:
    """What a moderator did, for the audit."""

    id: str
    account_id: str
    guild_id: int | None
    action: QuotaAction
    actor_id: int
    """The moderator's Discord id."""
    amount: int
    before: int
    """What the member had left (for ``set``: the allowance) before ..."""
    after: int
    """... and after."""
    reason: str | None
    created_at: int
