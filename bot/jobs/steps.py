"""One step of one run: what is called, what is kept of it, what it came to.

A step never leaves anything half said: what it learned is written with all that follows
(``journal``) or not at all, and a step that was cut off is simply taken again.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import structlog

from bot.files.errors import BrokenGlb, CannotCombine, ToolFailed, WrongFormat
from bot.jobs.board import Board, News
from bot.jobs.circuits import Circuits
from bot.jobs.clock import SECOND, Clock
from bot.jobs.collecting import Collector, NoUsableFile
from bot.jobs.failures import Failure
from bot.jobs.handiwork import Handiwork
from bot.jobs.journal import Journal
from bot.jobs.machine import Advance, Fail, Outcome, Retry, Wait, decide
from bot.jobs.plan import LOCAL, OWNER_KEY
from bot.jobs.polling import Poller, record
from bot.jobs.scanning import Infected, NotScanned
from bot.jobs.submitting import GIVE_UP, GRACE, Prepared, Submitter
from bot.jobs.vendors import Vendors
from providers.base import Provider, RemoteFile, Succeeded
from providers.errors import HostRefused, ProviderError, TooLarge
from storage.database import Database
from storage.errors import DatabaseConflict, StorageError
from storage.models import RUN_ENDED, Artifact, RunState, StageRun

log = structlog.get_logger()

WITHOUT_KEY = 30 * SECOND
"""How often a run is looked at whose key is gone at present."""
UNTOLD = {
    RunState.SUBMITTING: Failure.UNSURE,
    RunState.WAITING: Failure.DEADLINE,
    RunState.COLLECTING: Failure.DOWNLOAD,
}
"""What has become of a run past its deadline, when there is no key to ask with."""
NOT_COLLECTED: Mapping[type[Exception], tuple[type[Fail | Retry], Failure]] = {
    BrokenGlb: (Fail, Failure.BAD_FILE),
    WrongFormat: (Fail, Failure.BAD_FILE),
    NoUsableFile: (Fail, Failure.NO_FILE),
    Infected: (Fail, Failure.INFECTED),
    NotScanned: (Retry, Failure.NOT_SCANNED),
    TooLarge: (Fail, Failure.TOO_LARGE),
    HostRefused: (Fail, Failure.DOWNLOAD),
    ProviderError: (Retry, Failure.DOWNLOAD),  # a dead link, too: the next look at the task signs new ones
    StorageError: (Retry, Failure.STORE),
    OSError: (Retry, Failure.STORE),  # the disk for files in passing may be full
}
"""What follows where a result does not come home; the nearest ancestor counts."""
ONE_BY_ONE = 5 * SECOND
"""When a run tries again that waits for another's fate."""


@dataclass(slots=True, eq=False)
class Live:
    """A run that the engine holds."""

    run: StageRun
    next_at: int
    busy: bool = False
    breaks: int = 0
    """How often in a row a step of it broke by a mistake of ours."""
    over: bool = False
    """It ended, went back to the queue, or somebody else has it: to be let go."""
    told: bool = False
    """The vendor called while a look was under way, which may have come too early."""
    files: tuple[RemoteFile, ...] = ()
    """Links of a finished task, for the next moments; never stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Takes steps. ``changed`` is told the job's id after every commit, ``progressed`` on progress alone."""

    db: Database
    vendors: Vendors
    circuits: Circuits
    journal: Journal
    submitter: Submitter
    poller: Poller
    collector: Collector
    handiwork: Handiwork
    board: Board
    clock: Clock
    changed: Callable[[str], None]
    progressed: Callable[[str], None]
    _one_by_one: WeakValueDictionary[tuple[str, str], asyncio.Lock] = field(
        default_factory=WeakValueDictionary
    )

    async def step(self, live: Live) -> None:
        """Move one run by one step."""
        run = live.run
        if run.provider == LOCAL:
            await self._locally(live)
            return
        provider = await self.vendors.behind(run.provider, run.credential)
        if provider is None:
            await self._without_key(live)
        elif run.state is RunState.QUEUED:
            await self._submit(live, provider)
        elif run.state is RunState.SUBMITTING:
            await self._search(live, provider)
        elif run.state is RunState.COLLECTING:
            await self._collect(live, provider)

    async def _without_key(self, live: Live) -> None:
        """The key was taken away: what was not sent fails, what was sent waits for the key for a while."""
        run, now = live.run, self.clock.now()
        if run.state is RunState.QUEUED:
            own = run.credential != OWNER_KEY
            await self._write(live, Fail(failure=Failure.OWN_KEY_REFUSED if own else Failure.UNAUTHORISED))
        elif now < (run.deadline_at or (run.submitted_at or 0) + GIVE_UP):
            live.next_at = now + WITHOUT_KEY
        else:
            await self._write(live, Fail(failure=UNTOLD[run.state]))

    async def _submit(self, live: Live, provider: Provider) -> None:
        if provider.capabilities().echoes:
            await self._send(live, provider)
            return
        key = (live.run.provider, live.run.credential)
        async with self._one_by_one.setdefault(key, asyncio.Lock()):
            if await self._another_is_lost(live.run):
                await self._write(live, Wait(until=self.clock.now() + ONE_BY_ONE))
            else:
                await self._send(live, provider)

    async def _another_is_lost(self, run: StageRun) -> bool:
        """Whether a request under the same key may or may not have arrived.

        Where a vendor's records do not say what was asked, only a single such request can be
        found in them: the next one waits until its fate is known.
        """
        async with self.db.read() as tx:
            return await tx.runs.any_submitting(run.provider, run.credential)

    async def _send(self, live: Live, provider: Provider) -> None:
        prepared = await self.submitter.prepare(provider, live.run)
        if not isinstance(prepared, Prepared):
            await self._write(live, prepared)
            return
        if not await self._write(live, prepared.outcome):
            return
        run = live.run
        log.info("submit", job=run.job_id, run=run.id, stage=run.stage.value, provider=run.provider)
        outcome = await self.submitter.send(provider, run, prepared.request)
        if isinstance(outcome, Wait) and outcome.back_to is None:
            self.board.post(run.id, News(checking=True))
        await self._write(live, outcome)
        self.changed(run.job_id)

    async def _search(self, live: Live, provider: Provider) -> None:
        try:
            await self._write(live, await self.submitter.search(provider, live.run))
        except DatabaseConflict:  # an equal request of another run was lost too, and that run has it now
            live.next_at = self.clock.now() + GRACE

    async def poll(self, lives: list[Live]) -> None:
        """Look at the tasks of one vendor and key together."""
        provider = await self.vendors.behind(lives[0].run.provider, lives[0].run.credential)
        if provider is None:
            for live in lives:
                await self._without_key(live)
            return
        unwanted = await self._unwanted(provider, lives)
        held = [live for live in lives if live not in unwanted or not await self._stopped(provider, live)]
        looks = await self.poller.look(provider, [live.run for live in held]) if held else {}
        for live in held:
            look = looks[live.run.id]
            live.next_at, live.files = look.again_at, look.files
            if look.outcome:
                await self._write(live, look.outcome)
            elif look.changed:
                self.progressed(live.run.job_id)

    async def _unwanted(self, provider: Provider, lives: list[Live]) -> list[Live]:
        """Where the vendor can stop a task and give its price back, a cancelled job's are to be stopped."""
        if not provider.capabilities().can_stop:
            return []
        async with self.db.read() as tx:
            asked = await tx.jobs.asked_to_cancel({live.run.job_id for live in lives})
        return [live for live in lives if live.run.job_id in asked]

    async def _stopped(self, provider: Provider, live: Live) -> bool:
        try:
            stopped = await provider.cancel(live.run.task_id or "")
        except ProviderError as error:
            log.warning("not_stopped", run=live.run.id, reason=type(error).__name__)
            return False
        if not stopped:
            return False
        return await self._write(live, Advance(to=RunState.CANCELLED))

    async def _collect(self, live: Live, provider: Provider) -> None:
        run = live.run
        try:
            files, live.files = live.files or await self._links(provider, run), ()  # links are not used twice
            async with self.db.read() as tx:
                model = await tx.models.get(run.model_id)
            artifacts = await self.collector.collect(provider, model, run, files) if model else []
        except tuple(NOT_COLLECTED) as error:
            await self._write(live, _not_collected(run, error))
        else:
            await self._write(live, Advance(to=RunState.DONE), artifacts)

    async def _links(self, provider: Provider, run: StageRun) -> tuple[RemoteFile, ...]:
        outcome = await provider.check(run.task_id or "")
        return outcome.files if isinstance(outcome, Succeeded) else ()

    async def _locally(self, live: Live) -> None:
        """Our own work, which waits for nobody."""
        if live.run.state is RunState.QUEUED and not await self._write(live, Advance(to=RunState.COLLECTING)):
            return
        run = live.run
        try:
            artifacts = await self.handiwork.do(run)
        except (CannotCombine, BrokenGlb, ToolFailed) as error:
            log.warning("not_made_here", run=run.id, stage=run.stage.value, reason=str(error))
            await self._write(live, Fail(failure=Failure.NOT_MADE))
        except (StorageError, OSError):
            await self._write(live, Retry(failure=Failure.STORE))
        else:
            await self._write(live, Advance(to=RunState.DONE), artifacts)

    def forget(self, run_id: str) -> None:
        """The run is let go: nothing of it is kept in memory."""
        self.board.drop(run_id)
        self.poller.drop(run_id)

    async def probe(self, provider: str, credential: str) -> None:
        """Is a vendor in trouble well again? Asks what is free."""
        vendor = await self.vendors.behind(provider, credential)
        try:
            balance = await vendor.balance() if vendor else None
        except ProviderError as error:
            log.info("vendor_still_unwell", provider=provider, reason=type(error).__name__)
        else:
            self.circuits.looked(provider, credential, balance)

    async def give_up(self, live: Live) -> None:
        """Its steps keep breaking, as the log says. What may have been accepted is not called failed."""
        sent = live.run.state is RunState.SUBMITTING
        await self._write(live, Fail(failure=Failure.UNSURE if sent else Failure.INTERNAL))

    async def late_look(self, run: StageRun) -> None:
        """Long after the deadline: did the vendor finish it, and what did it cost? Never charged."""
        fields: dict[str, Any] = {"due_at": None}
        provider = await self.vendors.behind(run.provider, run.credential)
        try:
            outcome = await provider.check(run.task_id) if provider and run.task_id else None
        except ProviderError:
            outcome = None
        if isinstance(outcome, Succeeded):
            fields |= record(outcome)
            log.warning("finished_late", run=run.id, provider=run.provider)
        async with self.db.begin() as tx:
            await tx.runs.save(run.id, epoch=run.epoch, changes=fields, expect={run.state})

    async def _write(self, live: Live, outcome: Outcome, artifacts: list[Artifact] | None = None) -> bool:
        """Write an outcome and everything that follows; false where the run is no longer ours."""
        change = decide(live.run, outcome, self.clock.now())
        run = await self.journal.write(live.run, change, artifacts or [])
        if run is None:
            log.info("lost_race", run=live.run.id)
            live.over = True
            return False
        live.run = run
        live.next_at = run.due_at or self.clock.now()
        if run.state in RUN_ENDED or run.state is RunState.QUEUED:
            live.over = True
        if change.visible:
            self._tell(run, outcome)
        return True

    def _tell(self, run: StageRun, outcome: Outcome) -> None:
        if isinstance(outcome, Fail) or run.state is RunState.FAILED:
            log.warning("failed", job=run.job_id, run=run.id, stage=run.stage.value, failure=run.failure)
        elif run.state is RunState.DONE:
            log.info("done", job=run.job_id, run=run.id, stage=run.stage.value)
        self.changed(run.job_id)


def _not_collected(run: StageRun, error: Exception) -> Outcome:
    kind, failure = next(NOT_COLLECTED[one] for one in type(error).__mro__ if one in NOT_COLLECTED)
    why = {"rule": error.rule.value} if isinstance(error, BrokenGlb) else {}
    reason, detail = type(error).__name__, getattr(error, "detail", None)
    log.warning("not_collected", run=run.id, provider=run.provider, reason=reason, detail=detail)
    return kind(failure=failure, data=why)
