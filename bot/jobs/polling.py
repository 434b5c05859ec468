"""Looking at tasks that a vendor works on. Looking writes nothing; only an end does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.jobs.board import Board, News
from bot.jobs.clock import MINUTE, SECOND, Clock
from bot.jobs.failures import Failure
from bot.jobs.machine import Advance, Fail
from bot.jobs.machine import Outcome as StepOutcome
from providers.base import Failed, Outcome, Provider, RemoteFile, Running, Succeeded
from providers.errors import ProviderError, TaskNotFound
from storage.models import RunState, Stage, StageRun

log = structlog.get_logger()

EAGER = 20 * SECOND
"""How long after acceptance a task is looked at often."""
OFTEN = 2 * SECOND
LATER = 5 * SECOND
FORGOTTEN = 3
"""Times in a row that the vendor says it knows no such task, before we believe it."""


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
    clock: Clock
    _missing: dict[str, int] = field(default_factory=dict)

    async def look(self, provider: Provider, runs: Sequence[StageRun]) -> dict[str, Look]:
        """Look at every run's task once; gives a ``Look`` by run id."""
        try:
            found = await provider.check_many([run.task_id or "" for run in runs])
        except ProviderError as error:
            found = {run.task_id or "": error for run in runs}
        now = self.clock.now()
        return {run.id: self._judge(run, found[run.task_id or ""], now) for run in runs}

    def _judge(self, run: StageRun, outcome: Outcome | Exception, now: int) -> Look:
        if not isinstance(outcome, TaskNotFound):
            self._missing.pop(run.id, None)
        match outcome:
            case Succeeded():
                return Look(outcome=_succeeded(run, outcome), files=outcome.files)
            case Failed():
                return Look(outcome=_failed(outcome))
            case Running():
                return self._running(run, outcome, now)
            case TaskNotFound():
                return self._not_found(run, now)
            case _:
                log.warning("poll_failed", run=run.id, reason=type(outcome).__name__)
                return self._later(run, now)

    def _running(self, run: StageRun, outcome: Running, now: int) -> Look:
        changed = self.board.post(run.id, News(progress=outcome.progress, started=outcome.started))
        if changed:
            log.info("poll", job=run.job_id, run=run.id, stage=run.stage.value, percent=outcome.progress)
        return self._later(run, now, changed=changed)

    def _not_found(self, run: StageRun, now: int) -> Look:
        self._missing[run.id] = self._missing.get(run.id, 0) + 1
        if self._missing[run.id] < FORGOTTEN:
            return self._later(run, now)
        del self._missing[run.id]
        return Look(outcome=Fail(failure=Failure.TASK_FORGOTTEN))

    def _later(self, run: StageRun, now: int, *, changed: bool = False) -> Look:
        """This was the last look if the deadline has passed; otherwise when the next is due."""
        deadline = run.deadline_at or now
        if now >= deadline:
            minutes = (now - (run.accepted_at or now)) // MINUTE
            return Look(outcome=Fail(failure=Failure.DEADLINE, data={"minutes": minutes}, look_again=True))
        pause = OFTEN if now - (run.accepted_at or now) < EAGER else LATER
        return Look(again_at=min(now + pause, deadline), changed=changed)


def record(outcome: Succeeded) -> dict[str, Any]:
    """What a run keeps of the vendor's final answer."""
    fields: dict[str, Any] = {"result": {"facts": dict(outcome.facts), "answer": dict(outcome.answer)}}
    if outcome.cost:
        fields |= {"cost_micros": outcome.cost.micros, "cost_unit": outcome.cost.unit}
    return fields


def _succeeded(run: StageRun, outcome: Succeeded) -> StepOutcome:
    if run.stage is not Stage.RIG_CHECK:
        return Advance(to=RunState.COLLECTING, fields=record(outcome))
    if outcome.facts.get("riggable"):
        return Advance(to=RunState.DONE, fields=record(outcome))
    return Fail(failure=Failure.NOT_RIGGABLE, data={"rig_type": outcome.facts.get("rig_type")})


def _failed(outcome: Failed) -> Fail:
    return Fail(failure=Failure(outcome.code))
