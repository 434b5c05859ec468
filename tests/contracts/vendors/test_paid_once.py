"""However answers get lost, every run is one task at the vendor, and nobody gets another's."""

import asyncio
from collections.abc import Sequence

import pytest

from storage.models import JobState, Stage
from tests.contracts.vendors.conftest import Open
from tests.contracts.vendors.orders import ADA, BEN, order_until
from tests.contracts.vendors.stage import Playhouse
from tests.contracts.vendors.table import ROWS, Row

STEPS = [pytest.param(row, step, id=f"{row}-{step}") for row in ROWS for step in row.types]
LISTING = [one for one in STEPS if "listed_late" in one.values[0].faults]
GENERATING = [one for one in STEPS if one.values[1] == "generate"]


async def tasks_of(house: Playhouse, step: str, jobs: Sequence[str]) -> list[str | None]:
    """The vendor's tasks that the jobs' runs of a step hold."""
    async with house.db.read() as tx:
        runs = [run for job in jobs for run in await tx.runs.of_job(job)]
    return [run.task_id for run in runs if run.stage is Stage(step)]


@pytest.mark.parametrize(("row", "step"), STEPS)
@pytest.mark.parametrize("loss", ["cut_after_accept", "accepted_late"])
async def test_two_who_ask_the_same_in_the_same_second_and_get_no_answer_get_one_each(
    open_house: Open, row: Row, step: str, loss: str
) -> None:
    await _two_without_an_answer(await open_house(row), row, step, (loss, loss))


@pytest.mark.parametrize(("row", "step"), GENERATING)
async def test_also_where_one_of_the_two_requests_never_arrived(
    open_house: Open, row: Row, step: str
) -> None:
    lost = ("cut_before_accept", "cut_after_accept")
    await _two_without_an_answer(await open_house(row), row, step, lost)


async def _two_without_an_answer(house: Playhouse, row: Row, step: str, losses: Sequence[str]) -> None:
    for fault in losses:
        house.vendor.arm(fault, step=step)

    jobs = await asyncio.gather(*(house.ask(order_until(row, step), asker) for asker in (ADA, BEN)))
    await house.finish()

    assert [(await house.job(job)).state for job in jobs] == [JobState.DONE, JobState.DONE]
    held = await tasks_of(house, step, [job.id for job in jobs])
    assert len(await house.vendor.books(step)) == len(set(held)) == 2
    assert house.vendor.sandbox.faults.armed() == []
    for job in jobs:
        await house.balanced(job)


@pytest.mark.parametrize(("row", "step"), STEPS)
async def test_a_task_accepted_just_before_a_crash_is_found_after_it(
    open_house: Open, row: Row, step: str
) -> None:
    await _crash_amid_the_answer(await open_house(row), row, step)


@pytest.mark.parametrize(("row", "step"), LISTING)
async def test_also_where_the_vendor_lists_it_late(open_house: Open, row: Row, step: str) -> None:
    house = await open_house(row)
    house.vendor.arm("listed_late", step=step, seconds=45.0)
    await _crash_amid_the_answer(house, row, step)


async def _crash_amid_the_answer(house: Playhouse, row: Row, step: str) -> None:
    house.vendor.arm("slow_body", step=step)

    async def accepted() -> bool:
        return bool(await house.vendor.books(step))

    job = await house.ask(order_until(row, step))
    await house.until(accepted)
    held = await tasks_of(house, step, [job.id])
    await house.restart()
    await house.finish()

    assert held == [None]
    assert (await house.job(job)).state is JobState.DONE
    assert len(await house.vendor.books(step)) == 1
    await house.balanced(job)
