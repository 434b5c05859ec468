"""Stopping a job: what comes back, and what goes on."""

from providers.errors import (
    PoolFull,
)
from storage.models import JobState, ModelState
from tests.bot.jobs.conftest import ADA, CHAIN, Workshop


async def test_cancelling_before_the_submit_gives_everything_back(workshop: Workshop) -> None:
    job = await workshop.ask(CHAIN)

    terms = await workshop.core.jobs.cancel_terms(ADA, job.id)
    await workshop.core.jobs.cancel(ADA, job.id)
    await workshop.finish()

    assert (terms.returned, terms.charged) == (5, 0)
    assert (await workshop.view(job)).job.state is JobState.CANCELLED
    assert workshop.vendor.tasks == {}
    assert await workshop.left() == 10


async def test_cancelling_later_stops_the_chain_and_delivers_what_runs(workshop: Workshop) -> None:
    job = await workshop.ask(CHAIN)
    await workshop.core.engine.start()
    while not workshop.vendor.tasks:
        await workshop.core.engine.run_once()

    terms = await workshop.core.jobs.cancel_terms(ADA, job.id)
    await workshop.core.jobs.cancel(ADA, job.id)
    await workshop.core.engine.run_until_idle()

    view = await workshop.view(job)
    assert (terms.returned, terms.charged) == (3, 2)
    assert (view.job.state, view.state) == (JobState.PARTIAL, ModelState.GENERATED)
    assert await workshop.left() == 8


async def test_a_vendor_that_can_stop_is_stopped(workshop: Workshop) -> None:
    workshop.vendor.can_stop = True
    job = await workshop.ask()
    await workshop.core.engine.start()
    while not workshop.vendor.tasks:
        await workshop.core.engine.run_once()

    terms = await workshop.core.jobs.cancel_terms(ADA, job.id)
    await workshop.core.jobs.cancel(ADA, job.id)
    await workshop.core.engine.run_until_idle()

    assert (terms.returned, terms.charged) == (2, 0)
    assert workshop.vendor.stopped == ["task-1"]
    assert (await workshop.view(job)).job.state is JobState.CANCELLED
    assert await workshop.left() == 10


async def test_a_cancelled_run_that_was_throttled_is_not_sent_again(workshop: Workshop) -> None:
    job = await workshop.ask()
    await workshop.core.engine.start()
    original = workshop.vendor.submit

    async def cancel_amid(request: object, *, seed: int) -> object:
        workshop.vendor.submit = original  # type: ignore[method-assign]
        await workshop.core.jobs.cancel(ADA, job.id)
        raise PoolFull("tripo", retry_after=5)

    workshop.vendor.submit = cancel_amid  # type: ignore[assignment, method-assign]
    await workshop.core.engine.run_until_idle()

    assert workshop.vendor.tasks == {}
    assert (await workshop.view(job)).job.state is JobState.CANCELLED
    assert await workshop.left() == 10
