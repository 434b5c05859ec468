"""Stopping a job: what comes back, and what goes on."""

import pytest

from bot.jobs.views import CancelTerms
from providers.base import Running
from providers.errors import PoolFull, ProviderError, TaskNotFound, Unauthorised, Unavailable
from storage.models import Job, JobState, ModelState
from tests.bot.jobs.conftest import ADA, CHAIN, OWL, Workshop


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


async def at_the_vendor(workshop: Workshop, *, started: bool) -> Job:
    """A job whose task the vendor has taken, and was looked at."""
    workshop.vendor.can_stop, workshop.vendor.can = True, {"stops_started": False}
    workshop.vendor.judge = lambda task: Running(progress=0, started=started) if task.looks < 4 else None
    job = await workshop.ask()
    await workshop.core.engine.start()
    while not any(task.looks for task in workshop.vendor.tasks.values()):
        await workshop.core.engine.run_once()
    return job


async def cancelled(workshop: Workshop, job: Job) -> CancelTerms:
    terms = await workshop.core.jobs.cancel_terms(ADA, job.id)
    await workshop.core.jobs.cancel(ADA, job.id)
    await workshop.core.engine.run_until_idle()
    return terms


async def test_what_only_waits_at_the_vendor_is_stopped_and_comes_back(workshop: Workshop) -> None:
    job = await at_the_vendor(workshop, started=False)

    terms = await cancelled(workshop, job)

    assert (terms.returned, terms.charged) == (2, 0)
    assert (await workshop.view(job)).job.state is JobState.CANCELLED
    assert await workshop.left() == 10


async def test_what_the_vendor_has_begun_is_delivered_and_charged_as_was_said(workshop: Workshop) -> None:
    job = await at_the_vendor(workshop, started=True)

    async def too_late(task_id: str) -> bool:
        workshop.vendor.stopped.append(task_id)
        return False

    workshop.vendor.cancel = too_late  # type: ignore[method-assign]

    terms = await cancelled(workshop, job)

    view = await workshop.view(job)
    assert (terms.returned, terms.charged) == (0, 2)
    assert (view.job.state, view.charged, await workshop.left()) == (JobState.DONE, 2, 8)
    assert set(workshop.vendor.stopped) == {"task-1"}


async def test_nothing_is_promised_of_what_was_not_looked_at_since_a_restart(workshop: Workshop) -> None:
    job = await at_the_vendor(workshop, started=False)
    workshop.restart()

    terms = await workshop.core.jobs.cancel_terms(ADA, job.id)

    assert (terms.returned, terms.charged) == (0, 2)


async def test_nothing_is_promised_of_what_may_or_may_not_have_arrived(workshop: Workshop) -> None:
    workshop.vendor.can_stop, workshop.vendor.can = True, {"stops_started": False}
    workshop.vendor.lose.append("accepted")
    job = await workshop.ask(OWL)
    await workshop.core.engine.start()
    while not workshop.vendor.tasks:
        await workshop.core.engine.run_once()

    terms = await workshop.core.jobs.cancel_terms(ADA, job.id)

    assert (terms.returned, terms.charged) == (0, 2)


@pytest.mark.parametrize(
    "error", [Unavailable("tripo"), TaskNotFound("tripo"), Unauthorised("tripo"), ProviderError("tripo")]
)
async def test_a_vendor_that_fails_to_stop_a_task_has_its_result_delivered(
    workshop: Workshop, error: ProviderError
) -> None:
    workshop.vendor.can_stop = True
    job = await workshop.ask()
    await workshop.core.engine.start()
    while not workshop.vendor.tasks:
        await workshop.core.engine.run_once()

    async def fails(task_id: str) -> bool:
        raise error

    workshop.vendor.cancel = fails  # type: ignore[method-assign]
    await cancelled(workshop, job)

    view = await workshop.view(job)
    assert (view.job.state, view.charged, await workshop.left()) == (JobState.DONE, 2, 8)


async def test_a_task_found_again_after_a_lost_answer_is_stopped_too(workshop: Workshop) -> None:
    workshop.vendor.can_stop = True
    workshop.vendor.lose.append("accepted")
    job = await workshop.ask()
    await workshop.core.engine.start()
    while not workshop.vendor.tasks:
        await workshop.core.engine.run_once()

    await cancelled(workshop, job)

    assert workshop.vendor.stopped == ["task-1"]
    assert (await workshop.view(job)).job.state is JobState.CANCELLED
    assert await workshop.left() == 10
