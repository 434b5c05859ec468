"""Models that are too heavy to be rigged as they are: a lighter copy at the vendor comes first."""

import pytest

from bot.jobs.clock import DAY
from bot.jobs.orders import RetryOrder, RigOrder
from bot.jobs.requests import LIGHT
from bot.jobs.views import JobView
from providers.base import Failed, GenerateRequest, RemeshRequest, RigRequest, TaskHandle, TaskRef
from storage.models import JobState, ModelState, RunState, Stage
from tests.bot.jobs.conftest import Workshop


@pytest.fixture
def workshop(workshop: Workshop) -> Workshop:
    """Where every triangle is one too many."""
    workshop.vendor.heavy = 0
    return workshop


async def rigged(workshop: Workshop) -> JobView:
    made = await workshop.make()
    return await workshop.make(RigOrder(model_id=made.model.id))


def the_rig(workshop: Workshop) -> RigRequest:
    request = workshop.vendor.submitted(RigRequest)[-1].request
    assert isinstance(request, RigRequest)
    return request


async def test_a_lighter_copy_is_made_and_rigged_for_the_price_of_a_rig(workshop: Workshop) -> None:
    view = await rigged(workshop)

    (made,) = workshop.vendor.submitted(GenerateRequest)
    (lighter,) = workshop.vendor.submitted(RemeshRequest)
    assert lighter.request == RemeshRequest(source=TaskRef(task_id=made.id), polycount=LIGHT)
    assert the_rig(workshop).source == TaskRef(task_id=lighter.id)
    assert [(stage.stage, stage.state) for stage in view.stages] == [(Stage.RIG, RunState.DONE)]
    assert (view.state, view.charged) == (ModelState.RIGGED, 1)


async def test_nothing_is_kept_of_the_lighter_copy(workshop: Workshop) -> None:
    view = await rigged(workshop)

    remesh, rig = await workshop.runs(view.job)
    async with workshop.db.read() as tx:
        assert await tx.artifacts.of_run(remesh.id) == []
        assert await tx.artifacts.of_run(rig.id) != []


async def test_a_light_model_is_rigged_as_it_is(workshop: Workshop) -> None:
    workshop.vendor.heavy = 300_000

    await rigged(workshop)

    assert workshop.vendor.submitted(RemeshRequest) == []


async def test_a_copy_that_fails_is_told_on_the_row_of_the_rig(workshop: Workshop) -> None:
    workshop.vendor.judge = lambda task: (
        Failed(code="vendor_failed") if isinstance(task.request, RemeshRequest) else None
    )
    view = await rigged(workshop)
    (stage,) = view.stages
    assert (stage.stage, stage.state, stage.failure) == (Stage.RIG, RunState.FAILED, "vendor_failed")
    assert (view.job.state, await workshop.left()) == (JobState.FAILED, 8)

    workshop.vendor.judge = lambda _: None
    again = await workshop.make(RetryOrder(run_id=stage.run_id))

    lighter = workshop.vendor.submitted(RemeshRequest)[-1]
    assert again.state is ModelState.RIGGED
    assert the_rig(workshop).source == TaskRef(task_id=lighter.id)


@pytest.mark.parametrize(("days", "copies"), [(1, 1), (4, 2)])
async def test_a_retry_of_the_rig_makes_the_copy_anew_only_where_the_vendor_lost_it(
    workshop: Workshop, days: int, copies: int
) -> None:
    submit = workshop.vendor.submit

    async def for_three_days(request: object, *, seed: int) -> TaskHandle:
        handle = await submit(request, seed=seed)  # type: ignore[arg-type]
        return TaskHandle(task_id=handle.task_id, expires_at=workshop.clock.now() + 3 * DAY)

    workshop.vendor.submit = for_three_days  # type: ignore[method-assign, assignment]
    workshop.vendor.judge = lambda task: (
        Failed(code="vendor_failed") if isinstance(task.request, RigRequest) else None
    )
    failed = await rigged(workshop)
    workshop.vendor.judge = lambda _: None
    workshop.clock.advance(hours=24 * days)

    again = await workshop.make(RetryOrder(run_id=failed.stages[0].run_id))

    lighter = workshop.vendor.submitted(RemeshRequest)
    assert (again.state, len(lighter)) == (ModelState.RIGGED, copies)
    assert the_rig(workshop).source == TaskRef(task_id=lighter[-1].id)
