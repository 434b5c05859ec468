"""Everything that vendors' sandboxes let go wrong, at every step: how it ends, and who pays."""

from collections import defaultdict
from collections.abc import Sequence

import pytest

from sandbox.vendors.faults import Fault
from storage.models import JobState, RunState, Stage
from tests.contracts.vendors.conftest import Open
from tests.contracts.vendors.orders import order_until, whole_plan
from tests.contracts.vendors.outcomes import Blow, blows
from tests.contracts.vendors.stage import Playhouse

MEGABYTE = 1024 * 1024
A_WHILE = {"slow_answer": 0.5, "slow_body": 0.5}
LONGER_THAN_ANY_DEADLINE = 3600

ALL = list(blows())
ENDING = [blow for blow in ALL if blow.failure]


def passing() -> dict[str, list[Blow]]:
    """Faults after which work goes on: one plan is struck at every step at which they do.

    All that can happen to looks happens to those of one plan.
    """
    found = defaultdict(list)
    for blow in ALL:
        if blow.failure is None:
            found[f"{blow.row}-{blow.on}" + (f"-{blow.fault}" if blow.on != "read" else "")].append(blow)
    return found


def strike(house: Playhouse, blow: Blow) -> list[Fault]:
    """Let it happen when its step is there; the list will hold what was armed for it."""
    details = {"times": blow.times, "seconds": A_WHILE.get(blow.fault, 30.0)}
    if blow.on == "create":
        return [house.vendor.arm(blow.fault, step=blow.step, **details)]
    armed: list[Fault] = []
    before = RunState.WAITING if blow.on == "read" else RunState.COLLECTING
    house.when(
        Stage(blow.step), before, lambda: armed.append(house.vendor.arm(blow.fault, on=blow.on, **details))
    )
    return armed


def has_struck(blow: Blow, armed: Sequence[Fault]) -> bool:
    """Whether it happened; once may have been enough."""
    return [fault.times < blow.times for fault in armed] == [True]


@pytest.mark.parametrize("blow", ENDING, ids=str)
async def test_it_ends_as_the_table_says_and_gives_the_credits_back(open_house: Open, blow: Blow) -> None:
    house = await open_house(blow.row, model_bytes=2 * MEGABYTE)
    armed = strike(house, blow)
    if blow.fault == "never_finishes":
        house.when(Stage(blow.step), RunState.WAITING, lambda: house.clock.advance(LONGER_THAN_ANY_DEADLINE))

    job = await house.make(order_until(blow.row, blow.felt_at))

    run = await house.run(job, Stage(blow.felt_at))
    assert (run.state, run.failure) == (RunState.FAILED, blow.failure)
    assert len(await house.vendor.books(blow.step)) == blow.accepted
    assert has_struck(blow, armed)
    await house.balanced(job)


@pytest.mark.parametrize("all_blows", passing().values(), ids=passing())
async def test_it_passes_at_every_step_and_every_task_is_made_once(
    open_house: Open, all_blows: Sequence[Blow]
) -> None:
    row = all_blows[0].row
    house = await open_house(row)
    armed = [strike(house, blow) for blow in all_blows]

    job = await house.make(whole_plan(row))

    assert job.state is JobState.DONE
    assert [len(await house.vendor.books(step)) for step in row.types] == [1] * len(row.types)
    assert all(map(has_struck, all_blows, armed))
    await house.balanced(job)
