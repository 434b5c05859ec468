"""What there is to show of a job, a model, a quota: plain data, no sentences, no Discord."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.models import Artifact, Job, JobState, Model, ModelState, Project, QuotaChange, RunState, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """One row of a card."""

    run_id: str
    stage: Stage
    clips: tuple[str, ...]
    """Those of an animate run, in order."""
    vendor: str
    """Who does it, as people write it; a model may be rigged by another than who made it."""
    state: RunState
    """Of the run, or of its helper while that is what works."""
    progress: int | None
    """Percent, while the vendor works; never goes backwards."""
    elapsed_ms: int | None
    """Since it was submitted; for an ended run, how long it took."""
    estimate_ms: int | None
    """Median of the last 20 of this vendor and stage; ``None`` under 3."""
    place: int | None
    """1 for next in the queue; only while queued."""
    price: int
    failure: str | None
    failure_data: Mapping[str, Any]
    can_retry: bool
    held_back: bool = False
    """It waits because its vendor is in trouble."""
    checking: bool = False
    """An answer of the vendor was lost; we are finding out whether it was accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """One file to have."""

    artifact: Artifact
    url: str | None
    """A lasting or signed link; ``None`` where the owner's set-up has none."""
    clip: str | None = None
    """Set where the file plays exactly one clip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """All that a card needs."""

    job: Job
    model: Model
    state: ModelState
    vendor: str
    """As people write it: ``Tripo``."""
    stages: tuple[StageView, ...]
    model_file: FileView | None
    """The best file so far: rigged over plain, animated over rigged, all clips over one."""
    clip_files: tuple[FileView, ...]
    """One per clip, where there are several."""
    copies: tuple[FileView, ...] = ()
    """In other formats, and lighter ones; those of this job first, then the newest."""
    preview: Artifact | None
    page: str | None
    """Where the model can be looked at from all sides."""
    parent: Model | None
    seed: int | None
    charged: int
    """Credits that this job has settled."""
    reserved: int
    """Credits that it holds at present."""
    left: int
    """What the member has left in this server."""
    costs: tuple[tuple[str, int], ...]
    """(unit, millionths of it) that the vendor took so far; nothing that was free."""
    links_expire: bool
    """Whether the files' links are good for a while only, so that a fresh one must be on offer."""
    can_rig: bool
    can_animate: bool
    can_vary: bool = False
    """It was made from words or pictures, which can be used again."""
    now: int

    @property
    def live(self) -> bool:
        """Whether anything is still to come."""
        return self.job.state is JobState.LIVE

    @property
    def version(self) -> int:
        """Grows with every change that the card shows."""
        return self.job.version


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """A line in a list of models."""

    model: Model
    state: ModelState
    url: str | None
    rigged: bool
    clips: tuple[str, ...]
    """By name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """A model in a list of pictures, as one reader may see it."""

    listed: ModelView
    still: Artifact | None
    """Its picture."""
    picture: str | None
    """A lasting address of the picture; ``None`` without a site."""
    page: str | None
    """Where it can be looked at from all sides."""
    tags: tuple[str, ...]
    stars: int
    """Of all time."""
    week: int
    """Of the last seven days, where the list goes by them."""
    starred: bool
    """The reader gave one."""
    project: Project | None
    """For its owner alone."""
    owns: bool
    may_act: bool

    @property
    def model(self) -> Model:
        """The model itself."""
        return self.listed.model


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """One page of models."""

    entries: tuple[EntryView, ...]
    newer: bool
    """Whether there is a page before this one ..."""
    older: bool
    """... and after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A model on its own page, for whoever has the link."""

    model: Model
    vendor: str
    """As people write it."""
    prompt: str
    """Empty where its owner keeps the model to themselves."""
    file: Artifact
    """The GLB to look at."""
    files: tuple[Artifact, ...]
    """All that can be downloaded, the best first; of several with one name, the newest."""
    still: Artifact | None
    """A picture to see until the model is there."""
    unfolded: Artifact | None
    """The picture for a chat in which the link unfolds: the turntable, where there is one."""

    @property
    def showable(self) -> tuple[Artifact, ...]:
        """What the page itself asks for."""
        return tuple(one for one in (self.file, self.still, self.unfolded) if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreView:
    """What else can be done with a finished model. Prices are credits; ``None``: it cannot be done."""

    model: Model
    owns: bool
    """It is the asker's own."""
    may_act: bool
    """They may delete it."""
    retexture: int | None
    remesh: int | None
    faces: range
    """Face counts that a remesh takes."""
    formats: Mapping[str, int]
    """Other formats to be had, and their prices."""
    lighter: bool
    """Whether lighter copies can be made."""
    reference: int | None
    """A new model after its picture."""
    copies: tuple[FileView, ...]
    """What lies beside the model already, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorOffer:
    """A vendor to choose, with what it would come to."""

    name: str
    """What is sent back: ``tripo``, or ``auto``."""
    title: str
    """Of the vendor; of ``auto``, of the one that it would take now."""
    price: int
    """Credits."""
    seconds: int
    """How long the whole usually takes."""
    own_key: bool
    """Paid with the member's own key."""
    trouble: str | None
    """``down``, ``empty`` or ``refused``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaView:
    """What a member has, and when more comes back."""

    allowance: int
    used: int
    """Of the allowance, in the last 24 hours."""
    granted: int
    """Credits of grants that are still good."""
    left: int
    """What can be spent now, under all limits; never below 0."""
    returns: tuple[tuple[int, int], ...]
    """(when in ms, credits) in order: what comes back over the next 24 hours."""
    prices: Mapping[str, int]
    """Credits by stage: ``generate``, ``rig``, ``animate``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaReport:
    """What ``/admin quota show`` tells."""

    quota: QuotaView
    changes: tuple[QuotaChange, ...]
    """The latest first, at most ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTerms:
    """What cancelling would do, to be said before the click that does it."""

    job_id: str
    returned: int
    """Credits that come back."""
    charged: int
    """Credits of what runs already and cannot be stopped; its result is still delivered."""
