"""The engine: takes runs that are due and moves each by one step.

Queued work is rows; only runs at a vendor are held in memory. To resume is the ordinary
path: on start every live run is claimed anew. The engine can be stepped: ``run_once`` does
what is due now, ``run_until_idle`` goes on until nothing is left, ``run`` until told to stop.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import structlog

from bot.jobs.admission import InLine, Slot, admit
from bot.jobs.board import News
from bot.jobs.clock import SECOND, Clock, Ids
from bot.jobs.rules import Rules
from bot.jobs.steps import Live, Steps
from storage.database import Database
from storage.errors import DatabaseError, DatabaseUnavailable
from storage.models import RunState, Stage, StageRun

log = structlog.get_logger()

LINGER = 5.0
"""Seconds that steps under way get to end when the engine stops."""
LONGEST_NAP = 30 * SECOND
AFTER_A_BREAK = 30 * SECOND
"""Pause of a run whose step broke by a mistake of ours, and of everything while the database fails."""
BREAKS = 3
"""After so many breaks in a row a run is given up."""
LATE_LOOKS = 20
ALONG = SECOND // 2
"""What is due so soon is looked at along with what is due now: some vendors tell of many in one answer."""
Line = tuple[str, str, Stage]
"""Provider, credential and stage."""
QUEUE_DEPTH = 8
"""How many of one member's queued runs are considered at a time."""

Work = Callable[[], Coroutine[Any, Any, None]]
"""Begun by the task itself: a task that is cancelled before its turn leaves nothing behind."""


@dataclass(slots=True, kw_only=True, eq=False)
class Engine:
    """Decides what is due and who is next; ``Steps`` does it."""

    db: Database
    steps: Steps
    clock: Clock
    ids: Ids
    rules: Rules
    life: str = ""
    """This process life's name; runs claimed under another are claimed anew."""
    beat_at: int = 0
    """When the engine last looked around; a health check reads it."""
    _live: dict[str, Live] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _look_at: int = 0
    _some_wait: bool = False

    async def start(self) -> None:
        """Claim every live run, whoever held it before."""
        self.life = self.ids.new()
        async with self.db.begin() as tx:
            runs = await tx.runs.claim_live(self.life)
        now = self.clock.now()
        for run in runs:
            searching = run.state is RunState.SUBMITTING
            self._live[run.id] = Live(run, max(now, run.due_at or now) if searching else now)
            if searching:
                self.steps.board.post(run.id, News(checking=True))
                self.steps.changed(run.job_id)
        self.wake()
        log.info("resumed", runs=len(runs))

    def wake(self) -> None:
        """Something was queued or cancelled: look at once."""
        self._look_at = 0
        self._woken.set()

    def look(self, provider: str, task_id: str) -> bool:
        """A vendor says that something is new about a task: look now instead of when it is due.

        While a look is under way, however often it is said, one more follows. False where
        we wait for no such task: it is none of ours, or has ended already.
        """
        for live in self._live.values():
            if (live.run.provider, live.run.task_id) == (provider, task_id):
                return self._hasten(live)
        return False

    def _hasten(self, live: Live) -> bool:
        if live.run.state is not RunState.WAITING:
            return False
        live.told = live.busy
        live.next_at = min(live.next_at, self.clock.now())
        self._woken.set()
        return True

    async def run_once(self) -> int:
        """Do everything that is due now, each by one step; gives how many steps that were."""
        started = await self._start_due()
        await asyncio.gather(*started)
        return len(started)

    async def run_until_idle(self) -> None:
        """Go on until nothing is queued or at a vendor; waits with the injected clock."""
        while True:
            if not await self.run_once():
                pause = self._pause()
                if pause is None:
                    return
                await self.clock.sleep(pause / SECOND)

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until ``stop`` is set; then let steps under way end, for some seconds."""
        stopping = asyncio.ensure_future(stop.wait())
        while not stop.is_set():
            self._woken.clear()
            await self._look_around()
            pause = self._pause()
            await self._nap(LONGEST_NAP if pause is None else pause, stopping)
        stopping.cancel()
        await self._finish()

    async def _look_around(self) -> None:
        """A database that fails costs a pause, never the engine."""
        try:
            await self._start_due()
        except DatabaseError as error:
            log.warning("database_failed", reason=type(error).__name__)
            self._look_at, self._some_wait = self.clock.now() + AFTER_A_BREAK, True

    async def _nap(self, pause: int, stopping: "asyncio.Future[Any]") -> None:
        """Until something is due, finished, queued, or we are to stop."""
        waits: set[asyncio.Future[Any]] = {
            asyncio.ensure_future(self.clock.sleep(pause / SECOND)),
            asyncio.ensure_future(self._woken.wait()),
        }
        await asyncio.wait({*waits, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _finish(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LINGER)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _start_due(self) -> list[asyncio.Task[None]]:
        now = self.beat_at = self.clock.now()
        if now >= self._look_at:
            await self._admit(now)
        free = [live for live in self._live.values() if not live.busy]
        waiting = [live for live in free if live.run.state is RunState.WAITING]
        started = []
        for live in free:
            if live.next_at <= now and live.run.state is not RunState.WAITING:
                live.busy = True
                started.append(self._task(partial(self.steps.step, live), [live]))
        for group in together(waiting, now):
            for live in group:
                live.busy = True
            started.append(self._task(partial(self.steps.poll, group), group))
        return started

    def _task(self, work: Work, lives: list[Live]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._guarded(work, lives))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._woken.set()

    async def _guarded(self, work: Work, lives: list[Live]) -> None:
        """The one place where any error of a step ends: it costs that run a pause, never the engine."""
        try:
            await work()
            for live in lives:
                live.breaks = 0
                if live.told:
                    live.next_at = self.clock.now()
        except DatabaseUnavailable:  # nobody's mistake: what could not be written is done again later
            log.warning("step_unwritten", runs=[live.run.id for live in lives])
            self._pause_all(lives)
        except Exception:
            log.exception("step_broke", runs=[live.run.id for live in lives])
            self._pause_all(lives)
            await self._give_up_broken(lives)
        finally:
            for live in lives:
                live.busy = live.told = False
                if live.over:
                    self._let_go(live)

    def _pause_all(self, lives: list[Live]) -> None:
        for live in lives:
            live.next_at = self.clock.now() + AFTER_A_BREAK

    async def _give_up_broken(self, lives: list[Live]) -> None:
        for live in lives:
            live.breaks += 1
            if live.breaks >= BREAKS:
                try:
                    await self.steps.give_up(live)
                except Exception:
                    log.exception("give_up_broke", run=live.run.id)

    def _let_go(self, live: Live) -> None:
        """Its place is free, and what waited for it may be queued now."""
        del self._live[live.run.id]
        self.steps.forget(live.run.id)
        self.wake()

    def _pause(self) -> int | None:
        """Milliseconds until something is due; ``None``: nothing to do at all."""
        times = [live.next_at for live in self._live.values() if not live.busy]
        if self._some_wait:
            times.append(self._look_at)
        if not times:
            return LONGEST_NAP if self._tasks else None
        return max(1, min(times) - self.clock.now())

    async def _admit(self, now: int) -> None:
        """Take from the queue what may start, and see to late looks and to what the owner adopted."""
        slot = cache(self._slot)  # a thousand runs share a few
        async with self.db.read() as tx:
            lines = await tx.runs.lines(now)
            queued = await tx.runs.queued(QUEUE_DEPTH, now) if self._any_place(lines, slot) else []
            in_all = await tx.runs.count_queued()
            next_due = await tx.runs.next_due(now)
            late = await tx.runs.due(now, LATE_LOOKS)
            adopted = await tx.runs.unowned()
        looks = (next_due, self.steps.circuits.next_look(), now + LONGEST_NAP)
        self._look_at = min(look for look in looks if look is not None)
        running = [live.run for live in self._live.values()]
        waiting = [run for run in queued if run.id not in self._live]
        admitted = admit(
            waiting, running, per_member=self.rules.running, slot=lambda run: slot(*line_of(run))
        )
        for run in admitted:
            await self._claim(run.id, now)
        self._some_wait = in_all > len(admitted)
        for run in late:
            await self.steps.late_look(run)
        for run in adopted:
            await self._take(run, now)
        for provider, credential in self.steps.circuits.due():
            self._task(partial(self.steps.probe, provider, credential), [])

    def _any_place(self, lines: Sequence[Line], slot: Callable[[str, str, Stage], Slot | None]) -> bool:
        """Whether one of all who wait could start, or the long queue need not even be read."""
        taken = Counter(slot(*line_of(live.run)) for live in self._live.values())
        places = [slot(*line) for line in lines]
        return any(place is None or taken[place] < place.size for place in places)

    def slot(self, run: InLine) -> Slot | None:
        """Which place at a vendor a run takes; ``None``: it needs none."""
        return self._slot(*line_of(run))

    def _slot(self, name: str, credential: str, stage: Stage) -> Slot | None:
        provider = self.steps.vendors.kinds.get(name)
        if provider is None:
            return None
        pool = provider.pool(stage.value)
        size = 0 if self.steps.circuits.holds_back(name, credential) else pool.size
        return Slot(provider=name, credential=credential, pool=pool.name, size=size)

    async def _claim(self, run_id: str, now: int) -> None:
        async with self.db.begin() as tx:
            fresh = await tx.runs.claim(run_id, owner=self.life, now=now)
        if fresh is not None:
            self._live[fresh.id] = Live(fresh, now)

    async def _take(self, run: StageRun, now: int) -> None:
        """Go on with what the owner adopted by the command line, in a process of its own."""
        async with self.db.begin() as tx:
            fresh = await tx.runs.take(run.id, owner=self.life)
        if fresh is not None:
            self._live[fresh.id] = Live(fresh, now)
            self.steps.changed(fresh.job_id)


def line_of(run: InLine) -> Line:
    """Whom a run waits for, and with what."""
    return run.provider, run.credential, run.stage


def together(waiting: Sequence[Live], now: int) -> list[list[Live]]:
    """Those to be looked at now, by vendor and key: where one is due, what is due soon goes along."""
    groups: dict[tuple[str, str], list[Live]] = defaultdict(list)
    for live in waiting:
        if live.next_at <= now + ALONG:
            groups[live.run.provider, live.run.credential].append(live)
    return [group for group in groups.values() if any(live.next_at <= now for live in group)]
