"""Looking at tasks that a vendor works on. Looking writes nothing; only an end does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.jobs.board import Board, News
from bot.jobs.circuits import Circuits
from bot.jobs.clock import MINUTE, SECOND, Clock
from bot.jobs.failures import Failure
from bot.jobs.machine import Advance, Fail
from bot.jobs.machine import Outcome as StepOutcome
from bot.jobs.plan import OWNER_KEY, batched
from providers.base import Failed, Outcome, Provider, RemoteFile, Running, Succeeded
from providers.errors import ProviderError, TaskNotFound, Unauthorised
from storage.models import RunState, Stage, StageRun

log = structlog.get_logger()

OFTEN = 2 * SECOND
SELDOM = 6 * SECOND
SHARE = 4
"""The next look comes after a quarter of the time that is probably left ..."""
FIRST_LOOKS = 5
LATER = 5 * SECOND
"""... but there are never more than one in five seconds, and five: vendors count, and ends are misjudged."""
QUICK = 30 * SECOND
"""A helper that usually takes longer is looked at seldom: who waits, waits for what comes after it."""
TOLD = 10
"""Percent from which on progress says something about the time that is left."""
TOGETHER = 100
"""Tasks that a vendor is asked about in one go; the longest list that any takes."""
BELIEVED = 3
"""Times in a row that the vendor says it knows no such task, or no such key, before we believe it."""
UNHEARD = {TaskNotFound: Failure.TASK_FORGOTTEN, Unauthorised: Failure.OWN_KEY_REFUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of looking at one task: an outcome to write, or when to look again."""

    outcome: StepOutcome | None = None
    again_at: int = 0
    files: tuple[RemoteFile, ...] = ()
    changed: bool = False


@dataclass(slots=True, kw_only=True)
class Poller:
    """Looks at the tasks of one vendor and key together."""

    board: Board
    circuits: Circuits
    clock: Clock
    _missing: dict[str, int] = field(default_factory=dict)
    _looks: dict[str, int] = field(default_factory=dict)

    async def look(self, provider: Provider, runs: Sequence[StageRun]) -> dict[str, Look]:
        """Look at every run's task once; gives a ``Look`` by run id."""
        looks: dict[str, Look] = {}
        errors: list[Exception] = []
        for some in batched(runs, TOGETHER):  # hundreds at one go would keep everybody else waiting
            found = await _found(provider, some)
            errors += [one for one in found.values() if isinstance(one, Exception)]
            looks |= {run.id: self._look(provider, run, found[run.task_id or ""]) for run in some}
        if len(errors) == len(runs):  # not the trouble of one task
            self.circuits.note(runs[0].provider, runs[0].credential, errors[0])
        return looks

    def _look(self, provider: Provider, run: StageRun, outcome: Outcome | Exception) -> Look:
        self._looks[run.id] = self._looks.get(run.id, 0) + 1
        usual = provider.estimate(run.stage.value).seconds * SECOND
        return self._judge(run, outcome, self.clock.now(), usual)

    def drop(self, run_id: str) -> None:
        """The run is let go."""
        self._looks.pop(run_id, None)
        self._missing.pop(run_id, None)

    def _judge(self, run: StageRun, outcome: Outcome | Exception, now: int, usual: int) -> Look:
        unheard = _unheard(run, outcome)
        if unheard is None:
            self._missing.pop(run.id, None)
        match outcome:
            case Succeeded():
                return Look(outcome=_succeeded(run, outcome), files=outcome.files)
            case Failed():
                return Look(outcome=_failed(outcome))
            case Running():
                return self._running(run, outcome, now, usual)
            case _ if unheard:
                return self._not_heard_of(run, unheard, now)
            case _:
                log.warning("poll_failed", run=run.id, reason=type(outcome).__name__)
                return self._later(run, now, SELDOM)

    def _running(self, run: StageRun, outcome: Running, now: int, usual: int) -> Look:
        changed = self.board.post(run.id, News(progress=outcome.progress, started=outcome.started))
        if changed:
            log.info("poll", job=run.job_id, run=run.id, stage=run.stage.value, percent=outcome.progress)
        gone = now - (run.accepted_at or now)
        pause = pause_before(gone, outcome.progress, usual, self._looks[run.id])
        if not run.shown and usual > QUICK:
            pause = SELDOM
        return self._later(run, now, pause, changed=changed)

    def _not_heard_of(self, run: StageRun, unheard: Failure, now: int) -> Look:
        self._missing[run.id] = self._missing.get(run.id, 0) + 1
        if self._missing[run.id] < BELIEVED:
            return self._later(run, now, OFTEN)
        return Look(outcome=Fail(failure=unheard))

    def _later(self, run: StageRun, now: int, pause: int, *, changed: bool = False) -> Look:
        """This was the last look if the deadline has passed; otherwise when the next is due."""
        deadline = run.deadline_at or now
        if now >= deadline:
            minutes = (now - (run.accepted_at or now)) // MINUTE
            return Look(outcome=Fail(failure=Failure.DEADLINE, data={"minutes": minutes}, look_again=True))
        return Look(again_at=min(now + pause, deadline), changed=changed)


def pause_before(gone: int, progress: int, usual: int, looks: int) -> int:
    """Milliseconds until the next look: seldom at first, often when the end is near.

    ``gone``: since acceptance. ``usual``: what such work takes, for as long as progress says little.
    ``looks``: how many there were.
    """
    left = gone * (100 - progress) // progress if progress >= TOLD else max(0, usual - gone)
    least = OFTEN if looks < FIRST_LOOKS + gone // LATER else LATER
    return min(SELDOM, max(least, left // SHARE))


async def _found(provider: Provider, runs: Sequence[StageRun]) -> Mapping[str, Outcome | Exception]:
    try:
        return await provider.check_many([run.task_id or "" for run in runs])
    except ProviderError as error:
        return {run.task_id or "": error for run in runs}


def _unheard(run: StageRun, outcome: Outcome | Exception) -> Failure | None:
    """The vendor knows no such task, or no longer takes the member's key. The owner may mend theirs."""
    if isinstance(outcome, Unauthorised) and run.credential == OWNER_KEY:
        return None
    return next((failure for kind, failure in UNHEARD.items() if isinstance(outcome, kind)), None)


def record(outcome: Succeeded) -> dict[str, Any]:
    """What a run keeps of the vendor's final answer."""
    fields: dict[str, Any] = {"result": {"facts": dict(outcome.facts), "answer": dict(outcome.answer)}}
    if outcome.cost:
        fields |= {"cost_micros": outcome.cost.micros, "cost_unit": outcome.cost.unit}
    return fields


def _succeeded(run: StageRun, outcome: Succeeded) -> StepOutcome:
    if run.stage is Stage.REMESH and not run.shown:  # the rig goes on with the vendor's own copy
        return Advance(to=RunState.DONE, fields=record(outcome))
    if run.stage is not Stage.RIG_CHECK:
        return Advance(to=RunState.COLLECTING, fields=record(outcome))
    if outcome.facts.get("riggable"):
        return Advance(to=RunState.DONE, fields=record(outcome))
    return Fail(failure=Failure.NOT_RIGGABLE, data={"rig_type": outcome.facts.get("rig_type")})


def _failed(outcome: Failed) -> Fail:
    return Fail(failure=Failure(outcome.code))
