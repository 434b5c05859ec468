"""Vendors in trouble: nothing new is sent, nobody is charged, and it goes on by itself."""

import pytest

from bot.jobs.circuits import HELD_BACK, LONGEST, REFILLED, WITHIN, Circuits, Trouble
from bot.jobs.clock import HOUR, MINUTE
from bot.jobs.errors import VendorInTrouble
from bot.jobs.plan import OWNER_KEY
from providers.base import Balance, Running
from providers.errors import (
    AnswerLost,
    ContractChanged,
    Moderated,
    OutOfCredit,
    PoolFull,
    ProviderError,
    Unauthorised,
    Unavailable,
)
from storage.models import JobState, RunState
from tests.bot.jobs.conftest import BEN, CHAIN, OWL, Workshop
from tests.clock import StillClock

HERE = ("tripo", OWNER_KEY)
FULL = Balance(available=5, frozen=0, unit="credit")
NONE = Balance(available=0, frozen=0, unit="credit")


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def told() -> list[tuple[str, str, Trouble]]:
    return []


@pytest.fixture
def circuits(clock: StillClock, told: list[tuple[str, str, Trouble]]) -> Circuits:
    return Circuits(now=clock.now, opened=lambda *trouble: told.append(trouble))


@pytest.mark.parametrize("error", [Unavailable("tripo"), AnswerLost("tripo"), ContractChanged("tripo")])
def test_three_failures_in_a_short_time_open_it(circuits: Circuits, error: ProviderError) -> None:
    for expected in (None, None, Trouble.DOWN):
        circuits.note(*HERE, error)
        assert circuits.trouble(*HERE) is expected


def test_three_failures_over_a_longer_time_do_not(circuits: Circuits, clock: StillClock) -> None:
    for _ in range(5):
        circuits.note(*HERE, Unavailable("tripo"))
        clock.advance(seconds=WITHIN / 1000 * 2 / 3)

    assert circuits.trouble(*HERE) is None


def test_a_success_in_between_begins_the_count_anew(circuits: Circuits) -> None:
    for _ in range(2):
        circuits.note(*HERE, Unavailable("tripo"))
    circuits.went_well(*HERE)
    for _ in range(2):
        circuits.note(*HERE, Unavailable("tripo"))

    assert circuits.trouble(*HERE) is None


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OutOfCredit("tripo"), Trouble.EMPTY),
        (Unauthorised("tripo"), Trouble.REFUSED),
        (Moderated("tripo"), None),
        (PoolFull("tripo"), None),
    ],
)
def test_a_word_about_the_account_opens_it_at_once(
    circuits: Circuits, error: ProviderError, trouble: Trouble | None
) -> None:
    circuits.note(*HERE, error)

    assert circuits.trouble(*HERE) is trouble


def test_each_key_and_each_vendor_has_its_own(circuits: Circuits) -> None:
    circuits.open(*HERE, Trouble.EMPTY)

    assert circuits.trouble("tripo", "adas-key") is None
    assert circuits.trouble("meshy", OWNER_KEY) is None


def test_each_trouble_is_told_once_as_it_begins(
    circuits: Circuits, told: list[tuple[str, str, Trouble]]
) -> None:
    for _ in range(3):
        circuits.note(*HERE, OutOfCredit("tripo"))
    circuits.note(*HERE, Unauthorised("tripo"))
    circuits.went_well(*HERE)
    circuits.note(*HERE, OutOfCredit("tripo"))

    assert [trouble for *_, trouble in told] == [Trouble.EMPTY, Trouble.REFUSED, Trouble.EMPTY]


def test_looks_come_less_and_less_often_up_to_five_minutes(circuits: Circuits, clock: StillClock) -> None:
    circuits.open(*HERE, Trouble.DOWN)
    looks = []
    while len(looks) < 7:
        assert circuits.due() == []
        next_at = circuits.next_look()
        assert next_at is not None
        looks.append(next_at - clock.now())
        clock.advance(seconds=looks[-1] / 1000)
        assert circuits.due() == [HERE]

    assert looks == [30_000, 60_000, 120_000, 240_000, LONGEST, LONGEST, LONGEST]


def test_what_waits_is_held_back_for_an_hour_at_most(circuits: Circuits, clock: StillClock) -> None:
    circuits.open(*HERE, Trouble.DOWN)
    clock.advance(seconds=HELD_BACK / 1000 - 1)
    assert circuits.holds_back(*HERE)
    clock.advance(seconds=1)

    assert not circuits.holds_back(*HERE)
    assert circuits.trouble(*HERE) is Trouble.DOWN


@pytest.mark.parametrize(
    ("trouble", "balance", "closes"),
    [
        (Trouble.DOWN, FULL, True),
        (Trouble.DOWN, None, True),
        (Trouble.EMPTY, FULL, True),
        (Trouble.EMPTY, NONE, False),
        (Trouble.EMPTY, None, False),
        (Trouble.REFUSED, FULL, True),
        (Trouble.REFUSED, None, True),
    ],
)
def test_a_look_closes_it_where_it_says_enough(
    circuits: Circuits, trouble: Trouble, balance: Balance | None, *, closes: bool
) -> None:
    circuits.open(*HERE, trouble)

    circuits.looked(*HERE, balance)

    assert circuits.trouble(*HERE) is (None if closes else trouble)


def test_an_account_that_tells_no_balance_is_left_alone_for_ten_minutes(
    circuits: Circuits, clock: StillClock
) -> None:
    circuits.open(*HERE, Trouble.EMPTY)
    clock.advance(seconds=REFILLED / 1000 - 1)
    circuits.looked(*HERE, None)
    assert circuits.trouble(*HERE) is Trouble.EMPTY
    clock.advance(seconds=1)
    circuits.looked(*HERE, None)

    assert circuits.trouble(*HERE) is None


async def test_an_empty_account_is_told_once_and_new_jobs_are_refused_before_they_cost(
    workshop: Workshop,
) -> None:
    workshop.vendor.money = NONE
    workshop.vendor.refuse.append(OutOfCredit("tripo"))
    view = await workshop.make()

    with pytest.raises(VendorInTrouble) as refusal:
        await workshop.ask(OWL, BEN)

    assert (view.stages[0].failure, refusal.value.trouble) == ("out_of_credit", "empty")
    assert workshop.troubles == [("tripo", OWNER_KEY, Trouble.EMPTY)]
    assert (await workshop.left(), await workshop.left(BEN)) == (10, 10)


async def test_what_is_queued_waits_and_says_so_until_a_look_goes_well(workshop: Workshop) -> None:
    job = await workshop.ask()
    workshop.circuits.open(*HERE, Trouble.DOWN)
    workshop.vendor.money = Unavailable("tripo")
    await workshop.core.engine.start()
    for _ in range(20):
        await workshop.core.engine.run_once()
        workshop.clock.advance(seconds=30)
    (stage,) = (await workshop.view(job)).stages
    assert (stage.state, stage.held_back, workshop.vendor.tasks) == (RunState.QUEUED, True, {})

    workshop.vendor.money = FULL
    well_at = workshop.clock.now()
    await workshop.core.engine.run_until_idle()

    (run,) = await workshop.runs(job)
    assert (run.state, run.attempt) == (RunState.DONE, 0)
    assert (run.submitted_at or 0) - well_at <= LONGEST + MINUTE
    assert not (await workshop.view(job)).stages[0].held_back


async def test_after_an_hour_what_waits_takes_its_chance_and_fails_in_words(workshop: Workshop) -> None:
    job = await workshop.ask()
    workshop.circuits.open(*HERE, Trouble.EMPTY)
    workshop.vendor.money = NONE
    workshop.vendor.refuse.append(OutOfCredit("tripo"))
    begun = workshop.clock.now()

    await workshop.finish()

    (run,) = await workshop.runs(job)
    assert (run.failure, await workshop.left()) == ("out_of_credit", 10)
    assert HOUR <= (run.finished_at or 0) - begun <= HOUR + 2 * MINUTE


async def test_what_runs_already_carries_on(workshop: Workshop) -> None:
    job = await workshop.ask(CHAIN)
    await workshop.core.engine.start()
    while not workshop.vendor.tasks:
        await workshop.core.engine.run_once()
    workshop.circuits.open(*HERE, Trouble.EMPTY)
    workshop.vendor.money = NONE
    for _ in range(20):
        await workshop.core.engine.run_once()
        workshop.clock.advance(seconds=10)

    stages = (await workshop.view(job)).stages
    assert [(stage.state, stage.held_back) for stage in stages[:2]] == [
        (RunState.DONE, False),
        (RunState.QUEUED, True),
    ]
    workshop.vendor.money = FULL
    await workshop.core.engine.run_until_idle()
    assert (await workshop.view(job)).job.state is JobState.DONE


async def test_looks_at_tasks_that_all_fail_count_and_one_failing_task_does_not(workshop: Workshop) -> None:
    bad = Unavailable("tripo")

    def fail(task: object) -> Running:
        if workshop.clock.now() < until and (all_of_them or task is first):
            raise bad
        return Running(progress=1)

    jobs = [await workshop.ask(OWL, asker) for asker in (BEN, BEN)]
    await workshop.core.engine.start()
    while len(workshop.vendor.tasks) < len(jobs):
        await workshop.core.engine.run_once()
    first = workshop.vendor.tasks["task-1"]
    until, all_of_them = workshop.clock.now() + HOUR, False
    workshop.vendor.judge = fail
    await look(workshop, 6)
    assert workshop.troubles == []

    all_of_them = True
    await look(workshop, 6)
    assert workshop.troubles == [("tripo", OWNER_KEY, Trouble.DOWN)]


async def look(workshop: Workshop, times: int) -> None:
    for _ in range(times):
        workshop.clock.advance(seconds=8)
        await workshop.core.engine.run_once()


async def test_a_probe_of_a_key_that_is_gone_lets_the_trouble_go(workshop: Workshop) -> None:
    workshop.circuits.open("tripo", "a-key-that-is-gone", Trouble.REFUSED)

    await workshop.core.engine.steps.probe("tripo", "a-key-that-is-gone")

    assert workshop.circuits.trouble("tripo", "a-key-that-is-gone") is None


async def test_after_a_restart_the_first_failures_tell_again(workshop: Workshop) -> None:
    workshop.circuits.open(*HERE, Trouble.EMPTY)
    workshop.restart()
    workshop.vendor.refuse.append(OutOfCredit("tripo"))

    await workshop.make()

    assert workshop.troubles == [("tripo", OWNER_KEY, Trouble.EMPTY)] * 2
