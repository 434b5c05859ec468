"""A new process on the same database."""

import pytest

from providers.base import AnimateRequest, GenerateRequest
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
