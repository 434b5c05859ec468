"""Looking at a vendor's tasks: seldom enough, soon after the end, and at once when the vendor calls."""

import asyncio
import statistics
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest

from bot.jobs.board import Board
from bot.jobs.circuits import Circuits
from bot.jobs.clock import MINUTE, SECOND
from bot.jobs.engine import ALONG, together
from bot.jobs.polling import TOGETHER, Poller, pause_before
from bot.jobs.steps import Live
from providers.base import Outcome, Running
from providers.errors import DownloadFailed, TaskNotFound, Unavailable
from storage.models import JobState, RunState
from tests.bot.jobs.conftest import Workshop
from tests.bot.jobs.vendor import ScriptedVendor, Task
from tests.clock import StillClock
from tests.storage.nouns import run

Shape = Callable[[int, int], int]
"""Percent, from how long it has run and how long it takes (ms)."""
HONEST: Shape = lambda gone, takes: 100 * gone // takes  # noqa: E731 # one of a table
SHAPES: dict[str, Shape] = {
    "honest": HONEST,
    "none at all": lambda _gone, _takes: 0,
    "stuck at 99": lambda gone, _takes: 99 if gone > 10 * SECOND else 0,
    "a jump to 95": lambda gone, takes: 95 if gone > takes // 4 else 5,
    "only late": lambda gone, takes: 90 if gone > takes * 3 // 4 else 0,
    "in quarters": lambda gone, takes: 100 * gone // takes // 25 * 25,
    "fast at first": lambda gone, takes: min(99, int(100 * (gone / takes) ** 0.5)),
    "slow at first": lambda gone, takes: int(100 * (gone / takes) ** 2),
}
LENGTHS = range(60 * SECOND, 180 * SECOND, 777)


def looks(takes: int, shape: Shape, usual: int) -> list[int]:
    """When a task is looked at that takes so long; the last is the first after its end."""
    times = [0]
    while times[-1] < takes:
        gone = times[-1]
        times.append(gone + pause_before(gone, shape(gone, takes), usual, len(times)))
    return times


@pytest.mark.parametrize("usual", [20 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_task_of_two_minutes_is_looked_at_thirty_times_at_most(shape: str, usual: int) -> None:
    assert len(looks(2 * MINUTE, SHAPES[shape], usual)) <= 30


@pytest.mark.parametrize("usual", [20 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE])
def test_the_end_is_seen_within_two_seconds_where_progress_is_honest(usual: int) -> None:
    late = [looks(takes, HONEST, usual)[-1] - takes for takes in LENGTHS]

    assert max(late) <= 2 * SECOND
    assert statistics.median(late) <= 1.3 * SECOND


@pytest.mark.parametrize("shape", SHAPES)
def test_the_end_is_seen_within_six_seconds_whatever_progress_says(shape: str) -> None:
    late = [looks(takes, SHAPES[shape], MINUTE)[-1] - takes for takes in LENGTHS]

    assert max(late) <= 6 * SECOND
    assert statistics.median(late) <= 3 * SECOND


def test_a_task_of_a_quarter_of_an_hour_is_looked_at_every_five_seconds_at_most() -> None:
    times = looks(15 * MINUTE, SHAPES["stuck at 99"], MINUTE)

    assert min(later - sooner for sooner, later in pairwise(times[40:])) >= 5 * SECOND


async def test_polling_writes_nothing(workshop: Workshop) -> None:
    job = await workshop.ask()
    workshop.vendor.looks_needed = 50
    await workshop.core.engine.start()
    while not workshop.vendor.tasks:
        await workshop.core.engine.run_once()
    before = await workshop.runs(job), (await workshop.view(job)).job.version
    for _ in range(20):
        await workshop.core.engine.run_once()
        workshop.clock.advance(seconds=5)

    assert (await workshop.runs(job), (await workshop.view(job)).job.version) == before
    assert (await workshop.view(job)).stages[0].progress


async def test_a_two_minute_job_takes_at_most_thirty_looks(workshop: Workshop) -> None:
    start = workshop.clock.now()
    workshop.vendor.judge = lambda _: (
        Running(progress=1) if workshop.clock.now() - start < 2 * MINUTE else None
    )
    workshop.vendor.looks_needed = 0

    view = await workshop.make()

    assert view.job.state is JobState.DONE
    assert workshop.vendor.tasks["task-1"].looks <= 30


async def running(workshop: Workshop) -> None:
    """A task that was looked at once, and is not to be looked at now."""
    workshop.vendor.judge = lambda _: Running(progress=5)
    await workshop.ask()
    await workshop.core.engine.start()
    while not any(task.looks for task in workshop.vendor.tasks.values()):
        await workshop.core.engine.run_once()
    assert not await workshop.core.engine.run_once()


async def test_a_call_of_the_vendor_makes_us_look_now_and_once(workshop: Workshop) -> None:
    await running(workshop)

    assert workshop.core.engine.look("tripo", "task-1")
    assert workshop.core.engine.look("tripo", "task-1")
    await workshop.core.engine.run_once()
    await workshop.core.engine.run_once()

    assert workshop.vendor.tasks["task-1"].looks == 2


@pytest.mark.parametrize(("vendor", "task"), [("tripo", "task-2"), ("meshy", "task-1"), ("", "")])
async def test_a_call_about_what_is_not_ours_moves_nothing(
    workshop: Workshop, vendor: str, task: str
) -> None:
    await running(workshop)

    assert not workshop.core.engine.look(vendor, task)

    assert not await workshop.core.engine.run_once()


async def test_calls_amid_a_look_bring_one_more_look_and_never_two_at_once(workshop: Workshop) -> None:
    await running(workshop)
    engine, ask = workshop.core.engine, workshop.vendor.check_many
    at_once: list[int] = [0]

    async def slow(task_ids: Sequence[str]) -> object:
        at_once.append(at_once[-1] + 1)
        for _ in range(50):
            assert engine.look("tripo", "task-1")
            await engine._start_due()
            await asyncio.sleep(0)
        found = await ask(task_ids)
        workshop.vendor.check_many = ask  # type: ignore[method-assign]
        at_once.append(at_once[-1] - 1)
        return found

    workshop.vendor.check_many = slow  # type: ignore[assignment, method-assign]
    workshop.vendor.judge = lambda task: Running(progress=6) if task.looks < 3 else None
    engine.look("tripo", "task-1")
    await engine.run_once()
    await engine.run_once()

    assert (max(at_once), workshop.vendor.tasks["task-1"].looks) == (1, 3)
    assert next(iter(engine._live.values())).run.state is RunState.COLLECTING


async def test_a_call_that_comes_twice_does_not_hasten_a_download_that_failed(workshop: Workshop) -> None:
    job = await workshop.ask()
    workshop.vendor.looks_needed = 0
    workshop.vendor.unfetchable = DownloadFailed("tripo")
    await workshop.core.engine.start()
    while not workshop.vendor.fetches:
        await workshop.core.engine.run_once()

    for _ in range(10):
        assert not workshop.core.engine.look("tripo", "task-1")
        await workshop.core.engine.run_once()

    assert workshop.vendor.fetches == 1
    workshop.vendor.unfetchable = None
    await workshop.core.engine.run_until_idle()
    assert (await workshop.view(job)).job.state is JobState.DONE


async def test_a_task_that_is_unknown_once_or_twice_is_not_given_up(workshop: Workshop) -> None:
    def judge(task: object) -> Outcome | None:
        if task.looks in {1, 2, 4, 5}:  # type: ignore[attr-defined]
            raise TaskNotFound("tripo")
        return Running(progress=5) if task.looks < 7 else None  # type: ignore[attr-defined]

    workshop.vendor.judge = judge

    assert (await workshop.make()).job.state is JobState.DONE


async def test_nothing_of_a_run_that_ended_is_kept_in_memory(workshop: Workshop) -> None:
    await workshop.make()

    poller, board = workshop.core.engine.steps.poller, workshop.core.engine.steps.board
    assert (poller._looks, poller._missing, board._news) == ({}, {}, {})


async def test_a_job_of_two_tasks_and_two_minutes_is_looked_at_thirty_times_at_most(
    workshop: Workshop,
) -> None:
    workshop.vendor.drafts = True
    begun: dict[str, int] = {}

    def at_work(task: Task) -> Outcome | None:
        since = begun.setdefault(task.id, workshop.clock.now())
        gone = workshop.clock.now() - since
        return Running(progress=gone * 99 // MINUTE) if gone < MINUTE else None

    workshop.vendor.judge = at_work
    workshop.vendor.looks_needed = 0

    view = await workshop.make()

    assert view.job.state is JobState.DONE
    assert len(begun) == 2
    assert sum(task.looks for task in workshop.vendor.tasks.values()) <= 30


def test_what_is_due_soon_is_looked_at_along_with_what_is_due_now() -> None:
    due, soon = Live(run("due"), 100), Live(run("soon"), 100 + ALONG)
    later, elsewhere = Live(run("later"), 101 + ALONG), Live(run("elsewhere", provider="meshy"), 101)

    assert together([soon, due, later, elsewhere], 100) == [[soon, due]]
    assert together([later, elsewhere], 100) == []


class Crowded(ScriptedVendor):
    """Knows nothing but how many it was asked about at once."""

    asked: list[int]
    down = False

    async def check_many(self, task_ids: Sequence[str]) -> dict[str, Outcome | Exception]:
        self.asked.append(len(task_ids))
        if self.down:
            raise Unavailable("tripo")
        return {task_id: Running(progress=1) for task_id in task_ids}


async def test_hundreds_are_asked_about_a_hundred_at_a_time_and_a_failure_of_all_is_one() -> None:
    clock, vendor = StillClock(), Crowded()
    circuits = Circuits(now=clock.now)
    poller = Poller(board=Board(), circuits=circuits, clock=clock)
    runs = [
        run(f"run {number}", task_id=f"task {number}", deadline_at=clock.now() + MINUTE)
        for number in range(3 * TOGETHER + 1)
    ]
    vendor.asked = []

    looks = await poller.look(vendor, runs)

    assert vendor.asked == [TOGETHER, TOGETHER, TOGETHER, 1]
    assert set(looks) == {one.id for one in runs}

    vendor.down = True
    await poller.look(vendor, runs)

    assert circuits.trouble("tripo", "owner") is None
