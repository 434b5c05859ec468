"""A new process on the same database."""

import asyncio
from dataclasses import replace

import pytest

from bot.jobs.engine import AFTER_A_BREAK
from providers.base import AnimateRequest, DraftRequest, GenerateRequest, RigRequest
from storage.models import EntryKind, JobState
from tests.bot.jobs.conftest import CHAIN, Workshop


@pytest.mark.parametrize("steps", range(1, 14))
async def test_a_new_process_carries_on_from_any_step(workshop: Workshop, steps: int) -> None:
    job = await workshop.ask(CHAIN)
    await workshop.core.engine.start()
    for _ in range(steps):
        if not await workshop.core.engine.run_once():
            workshop.clock.advance(seconds=2)

    workshop.restart()
    await workshop.finish()

    view = await workshop.view(job)
    assert (view.job.state, view.charged) == (JobState.DONE, 5)
    assert len(workshop.vendor.submitted(GenerateRequest)) == 1
    assert len(workshop.vendor.submitted(AnimateRequest)) == 2


@pytest.mark.parametrize("steps", range(1, 14))
async def test_a_new_process_carries_on_from_any_step_of_a_vendor_that_drafts_and_does_not_echo(
    workshop: Workshop, steps: int
) -> None:
    vendor = workshop.vendor
    vendor.drafts, vendor.can = True, {"echoes": False, "clips_at_once": 10, "rig_clips": ("walk",)}
    vendor.extras = ("walk",)
    job = await workshop.ask(replace(CHAIN, clips=("walk", "idle", "jump")))
    await workshop.core.engine.start()
    for _ in range(steps):
        if not await workshop.core.engine.run_once():
            workshop.clock.advance(seconds=2)

    workshop.restart()
    await workshop.finish()

    view = await workshop.view(job)
    assert (view.job.state, view.charged) == (JobState.DONE, 2 + 1 + 2)
    kinds = (DraftRequest, GenerateRequest, RigRequest, AnimateRequest)
    assert [len(vendor.submitted(kind)) for kind in kinds] == [1, 1, 1, 1]


async def test_an_old_engine_changes_nothing_any_more(workshop: Workshop) -> None:
    job = await workshop.ask()
    old = workshop.core.engine
    await old.start()
    while not workshop.vendor.tasks:
        await old.run_once()
    workshop.restart()
    await workshop.finish()

    await old.run_until_idle()

    (run,) = await workshop.runs(job)
    assert [entry.kind for entry in await workshop.books(run)] == [EntryKind.RESERVE, EntryKind.SETTLE]


async def test_a_database_that_cannot_be_written_for_a_while_stops_no_engine(workshop: Workshop) -> None:
    job = await workshop.ask()
    await workshop.core.engine.start()
    await write_nothing(workshop, sure=True)
    stop = asyncio.Event()
    running = asyncio.create_task(workshop.core.engine.run(stop))
    begun = workshop.clock.now()
    while workshop.clock.now() < begun + 3 * AFTER_A_BREAK:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0)
    assert not running.done()

    await write_nothing(workshop, sure=False)
    while (await workshop.view(job)).job.state is JobState.LIVE:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0)
    stop.set()
    await running

    assert (await workshop.view(job)).charged == 2
    assert len(workshop.vendor.tasks) == 1


async def write_nothing(workshop: Workshop, *, sure: bool) -> None:
    """With this SQLite says that the file may only be read."""
    async with workshop.db._writer.connect() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection
        await raw.driver_connection.execute(f"PRAGMA query_only = {'ON' if sure else 'OFF'}")
