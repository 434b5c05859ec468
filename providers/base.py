"""What every vendor of 3D models looks like from our side.

A vendor turns three kinds of request into tasks of its own and tells how they go.
``Provider`` is the protocol; the rest are the nouns it speaks in. A vendor's file
is pure mapping to its wire plus thin I/O; when to call it, how often to try again
and who pays is not known here.

Times are milliseconds since 1970 UTC; costs are millionths of the vendor's unit.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, Self

from providers.capabilities import Capabilities, Estimate, Pool

MICRO = 1_000_000

# What we ask for ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file that the vendor can read: one that it holds for us, one behind a link, one in the request."""

    token: str
    """The vendor's word for it, a link, or for a file in the request its sha256."""
    inline: bytes | None = field(default=None, repr=False, compare=False)
    """The bytes, where they go into the request itself. They are never stored with it."""
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRef:
    """An earlier task of the same vendor and key."""

    task_id: str


Source = FileRef | TaskRef
"""A model to work on: the vendor's own task, or a file that was uploaded to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """Make a model from words or pictures."""

    prompt: str = ""
    negative_prompt: str = ""
    pictures: tuple[FileRef | None, ...] = ()
    """None, one, or up to four in the order front, left, back, right; ``None`` for a missing side."""
    style: str | None = None
    polycount: int | None = None
    seed: int | None = None
    """A seed the member chose; makes the result repeatable where the vendor can."""
    draft: TaskRef | None = None
    """The draft to go on from, where the vendor makes one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequest:
    """What comes before the model itself: a bare shape, or a picture. Its picture is shown meanwhile."""

    prompt: str
    negative_prompt: str = ""
    style: str | None = None
    polycount: int | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RigCheckRequest:
    """Can this be rigged, and with which skeleton?"""

    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class RigRequest:
    """Put a skeleton into a model."""

    source: Source
    rig_type: str | None = None
    """The skeleton that the check named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemeshRequest:
    """Fewer triangles, the same look."""

    source: Source
    polycount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetextureRequest:
    """Another surface for the same shape."""

    source: Source
    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnimateRequest:
    """Let a rigged model play clips: as many as the vendor takes at once, in one file."""

    source: Source
    clips: tuple[str, ...]
    """Our names of them: ``walk``, ``wave_goodbye_01``."""
    rig: Mapping[str, Any] = field(default_factory=dict)
    """The facts of the rig run's success, as given to ``clips``; empty: a humanoid of our own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertRequest:
    """The same model in another format."""

    source: Source
    format: str
    """By its extension, without the dot: ``fbx``."""


Request = (
    ConvertRequest
    | DraftRequest
    | GenerateRequest
    | RemeshRequest
    | RetextureRequest
    | RigCheckRequest
    | RigRequest
    | AnimateRequest
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of ours on its way to a vendor. ``open`` gives its bytes anew each time it is called."""

    name: str
    content_type: str
    size: int
    open: "OpenStream"
    link: str | None = None
    """A short-lived address of the same bytes, where the owner's set-up has one."""


class OpenStream(Protocol):
    """Opens a stream of bytes."""

    def __call__(self) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """A context in which the bytes can be read in order, once."""
        ...


# What comes back ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a task took from the owner's account."""

    micros: int
    unit: str
    """``tripo credit``, ``usd`` ..."""

    @classmethod
    def of(cls, amount: Decimal | float, unit: str) -> Self:
        """So much of a unit; what is finer than a millionth is left out."""
        return cls(micros=int(amount * MICRO), unit=unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHandle:
    """A task that the vendor accepted."""

    task_id: str
    expires_at: int | None = None
    """After this the vendor may have forgotten it; ``None``: not documented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file in a vendor's answer. The link is short-lived: fetch at once, and never store it."""

    url: str
    kind: str
    """``model``, ``preview``, or ``clip``: a model that plays a clip which came along unasked."""
    extension: str
    """From the link's path, lower case, with the dot: ``.glb``, ``.fbx``, ``.webp``."""
    clip: str = ""
    """Our name of the clip, for that kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Not done yet."""

    progress: int
    """0 to 100; may go backwards at some vendors."""
    started: bool = True
    """False while the vendor itself has it queued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """Done, and paid for."""

    files: tuple[RemoteFile, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the vendor found out and later stages use: ``riggable``, ``rig_type``."""
    answer: Mapping[str, Any] = field(default_factory=dict)
    """The final answer for the record, without links and keys."""
    cost: Cost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Ended without a result, and not paid for."""

    code: str
    """One of ``FAILURES``."""
    answer: Mapping[str, Any] = field(default_factory=dict)


FAILURES = frozenset(
    {
        "moderated",  # the vendor's content policy
        "vendor_failed",  # it tried and could not
        "vendor_cancelled",  # somebody stopped it at the vendor
        "vendor_expired",  # it waited too long in the vendor's queue
        "too_complex",  # the mesh is too heavy for what was asked
        "not_riggable",  # no skeleton fits this shape
        "contract_changed",  # an answer we do not understand, several times
    }
)

Outcome = Running | Succeeded | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The vendor has the task we were looking for."""

    handle: TaskHandle


@dataclass(frozen=True, slots=True)
class Absent:
    """The vendor's records are complete and our task is not in them: it was never accepted."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The vendor's records do not (yet) say either way."""


Search = Found | Absent | CannotTell


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What is left on the owner's account at the vendor, in whole and broken units of ``unit``."""

    available: float
    frozen: float
    unit: str


class Provider(Protocol):
    """A vendor behind one key. Every method raises only ``providers.errors.ProviderError``."""

    name: str
    """As in settings and in the database: ``tripo``."""
    title: str
    """As people write it: ``Tripo``."""

    def behind(self, api_key: str) -> "Provider":
        """The same vendor behind another key, over the same connections."""
        ...

    def capabilities(self) -> Capabilities:
        """What can be asked for."""
        ...

    def expand(self, stage: str, *, pictures: int = 0, triangles: int | None = None) -> tuple[str, ...]:
        """The vendor's own steps for one of our stages, helpers first: rig -> rig_check, rig.

        ``pictures``: how many a generation starts from. ``triangles`` of the model to work on, if known.
        """
        ...

    def estimate(self, step: str, *, pictures: int = 0) -> Estimate:
        """What one such step usually takes; a generation may start from pictures."""
        ...

    def clips(self, rig: Mapping[str, Any]) -> tuple[str, ...]:
        """Clips that a rig can play; ``rig`` is the final answer's facts of its rig run.

        With an empty mapping: the clips of the rig we would make of a humanoid.
        """
        ...

    def pool(self, stage: str) -> Pool:
        """Which of the vendor's pools a stage takes a place in."""
        ...

    def deadline(self, stage: str) -> int:
        """Milliseconds after acceptance at which we stop believing in a task."""
        ...

    async def upload(self, file: Upload) -> FileRef:
        """Hand a file over; costs nothing and may be repeated."""
        ...

    async def submit(self, request: Request, *, seed: int) -> TaskHandle:
        """Ask for a task. Sent once: a lost answer raises ``AnswerLost``, and ``find`` tells.

        ``seed`` is a number that no other submit uses; it goes into the request so
        that ``find`` recognises it, and stands in for ``request.seed`` where that is not set.
        """
        ...

    async def check(self, task_id: str) -> Outcome:
        """How a task goes."""
        ...

    async def check_many(self, task_ids: Sequence[str]) -> Mapping[str, Outcome | Exception]:
        """How several go, in as few calls as the vendor allows; an error of one is its value."""
        ...

    async def find(
        self, request: Request, *, seed: int, since: int, now: int, known: Collection[str]
    ) -> Search:
        """Was the submit with this seed, sent at ``since``, accepted? ``known`` ids are other runs'."""
        ...

    def fetch(self, file: RemoteFile, *, limit: int) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a result, at most ``limit``; only from hosts known for this vendor."""
        ...

    async def cancel(self, task_id: str) -> bool:
        """Stop a task and get the money back; False where it is too late or not possible."""
        ...

    async def balance(self) -> Balance | None:
        """What the account has left; ``None`` where there is none to ask. Proves the key in any case."""
        ...

    async def inspect(self) -> Sequence[str]:
        """What at the vendor no longer fits us, each in words for the owner. Read only, and free."""
        ...

    async def heard(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Which task a call to our webhook is about; ``None``: none, or none that can be told.

        Only a hint to look: what it says is never believed. Raises ``Forged`` for a call that
        the vendor did not make, or made too long ago.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...
