"""What there is to show of a batch, before and after it is started: plain data, no sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.jobs.batch_text import Line
from bot.jobs.errors import JobError
from storage.batches import Batch, Sheet
from storage.models import (
    Artifact,
    Job,
    JobState,
    Model,
    ModelState,
    StageRun,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOffer:
    """A line of a plan, and what it would come to."""

    line: Line
    errors: tuple[JobError, ...]
    """Why it cannot be, from its words and from what vendors do; then nothing else is said of it."""
    vendor: str = ""
    """As people write it."""
    price: int = 0
    """Credits."""
    seconds: int = 0
    """How long it usually takes by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """A plan before it is started."""

    sheet: Sheet
    lines: tuple[LineOffer, ...]
    left: int
    """Credits that its member has left."""
    refusal: JobError | None
    """Why the whole cannot be started now, though each line could."""
    at_once: int
    """How many are made side by side."""

    @property
    def ready(self) -> bool:
        """Whether a click may start it."""
        return self.refusal is None and not any(one.errors for one in self.lines)

    @property
    def price(self) -> int:
        """Credits for all of it."""
        return sum(one.price for one in self.lines)

    @property
    def seconds(self) -> int:
        """How long all of it usually takes, with nobody else waiting."""
        together = sum(one.seconds for one in self.lines) // self.at_once
        return max([together, *(one.seconds for one in self.lines)])


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """One line of a batch's card."""

    model: Model
    job: Job
    """The latest of the batch on this model: the first, or a retry."""
    state: ModelState
    stage: StageRun | None
    """What is at work or waits next; ``None`` once all has ended."""
    progress: int | None
    """Percent of that, while the vendor works."""
    failed: StageRun | None
    """What failed first, if anything did."""
    can_retry: bool
    """The failed could be tried again."""
    file: Artifact | None
    still: Artifact | None
    """Its picture."""
    page: str | None
    """Where it can be looked at; else where its file is, if anywhere."""

    @property
    def live(self) -> bool:
        """Whether anything of it is still to come."""
        return self.job.state is JobState.LIVE

    @property
    def gone(self) -> bool:
        """Its model was deleted."""
        return self.model.deleted_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """All that a batch's card needs."""

    batch: Batch
    source: Model | None
    """What these are variations of."""
    parts: tuple[PartView, ...]
    """In the order in which they were asked for."""
    version: int
    """Grows with every change that the card shows."""
    can_cancel: bool
    charged: int
    """Credits that it has settled."""
    reserved: int
    """Credits that it holds at present."""
    left: int
    """What the member has left in this server."""

    @property
    def live(self) -> bool:
        """Whether anything is still to come."""
        return any(part.live for part in self.parts)

    @property
    def ended(self) -> Sequence[PartView]:
        """What has come to its end, well or not."""
        return [part for part in self.parts if not part.live]

    @property
    def made(self) -> Sequence[PartView]:
        """What has something to have, and nothing to come."""
        return [part for part in self.ended if part.file and not part.gone]

    @property
    def retriable(self) -> Sequence[PartView]:
        """What could be tried again."""
        return [part for part in self.parts if part.can_retry and not part.gone]

    @property
    def percent(self) -> int:
        """How much of the whole is done, as far as vendors say."""
        done = sum(100 if not part.live else part.progress or 0 for part in self.parts)
        return done // max(1, len(self.parts))
