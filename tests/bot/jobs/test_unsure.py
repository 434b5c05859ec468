"""What an owner can do about runs of which nobody knows whether the vendor accepted them."""

import pytest

from bot.jobs.clock import MINUTE
from bot.jobs.unsure import NotUnsure, Unsure
from bot.jobs.views import JobView
from storage.models import JobState, RunState
from tests.bot.jobs.conftest import Workshop


async def one_unsure(workshop: Workshop) -> tuple[Unsure, JobView]:
    workshop.vendor.lose.append("accepted")
    workshop.vendor.records = "blind"
    view = await workshop.make()
    return Unsure(journal=workshop.core.jobs.journal), view


async def test_an_adopted_task_is_delivered_and_charged_to_nobody(workshop: Workshop) -> None:
    unsure, view = await one_unsure(workshop)
    (run,) = await unsure.all()

    await unsure.adopt(run.id, "task-1", deadline=30 * MINUTE)
    await workshop.core.engine.run_until_idle()
    workshop.core.engine.wake()
    await workshop.core.engine.run_until_idle()

    now = await workshop.view(view.job)
    assert (now.job.state, now.stages[0].failure) == (JobState.DONE, None)
    assert now.model_file is not None
    assert (now.charged, await workshop.left()) == (0, 10)
    assert await unsure.all() == []


async def test_a_closed_run_has_failed_and_can_be_tried_again(workshop: Workshop) -> None:
    unsure, view = await one_unsure(workshop)
    (run,) = await unsure.all()

    await unsure.close(run.id)

    now = await workshop.view(view.job)
    assert (now.stages[0].state, now.stages[0].can_retry) == (RunState.FAILED, True)
    assert await workshop.left() == 10


@pytest.mark.parametrize("run_id", ["no-such-run", None])
async def test_only_unsure_runs_can_be_decided_about(workshop: Workshop, run_id: str | None) -> None:
    view = await workshop.make()
    unsure = Unsure(journal=workshop.core.jobs.journal)

    with pytest.raises(NotUnsure):
        await unsure.close(run_id or view.stages[0].run_id)
