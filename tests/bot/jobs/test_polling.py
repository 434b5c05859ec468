"""Looking at a vendor's tasks."""

from bot.jobs.clock import MINUTE
from providers.base import Running
from storage.models import JobState
from tests.bot.jobs.conftest import Workshop


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
    assert workshop.vendor.tasks["task-1"].looks <= 31
