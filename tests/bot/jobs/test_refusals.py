"""What a vendor refuses, fails at, or gives back broken: nothing is charged for it."""

import pytest

from bot.jobs.orders import RetryOrder
from providers.base import AnimateRequest, Failed, GenerateRequest, RigRequest, Running, Succeeded
from providers.errors import (
    HostRefused,
    Moderated,
    OutOfCredit,
    PoolFull,
    ProviderError,
    Rejected,
    TooLarge,
    Unauthorised,
    Unavailable,
)
from storage.models import EntryKind, JobState, ModelState, RunState, Stage
from tests.bot.jobs.conftest import CHAIN, Workshop


async def test_a_shape_that_cannot_be_rigged_costs_nothing_for_the_rig(workshop: Workshop) -> None:
    workshop.vendor.judge = lambda task: (
        Succeeded(facts={"riggable": False, "rig_type": "others"})
        if type(task.request).__name__ == "RigCheckRequest"
        else None
    )

    view = await workshop.make(CHAIN)

    assert (view.job.state, view.state) == (JobState.PARTIAL, ModelState.GENERATED)
    rig = view.stages[1]
    assert (rig.failure, rig.failure_data["rig_type"], rig.can_retry) == ("not_riggable", "others", False)
    assert workshop.vendor.submitted(RigRequest) == []
    assert await workshop.left() == 8


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (Moderated("tripo"), "moderated"),
        (OutOfCredit("tripo"), "out_of_credit"),
        (Unauthorised("tripo"), "unauthorised"),
        (Rejected("tripo"), "rejected"),
    ],
)
async def test_a_refusal_ends_the_job_and_gives_everything_back(
    workshop: Workshop, error: Exception, failure: str
) -> None:
    workshop.vendor.refuse.append(error)  # type: ignore[arg-type]

    view = await workshop.make(CHAIN)

    assert view.job.state is JobState.FAILED
    assert view.stages[0].failure == failure
    assert await workshop.left() == 10


async def test_a_task_that_fails_late_gives_everything_back(workshop: Workshop) -> None:
    workshop.vendor.judge = lambda task: Failed(code="moderated") if task.looks > 1 else None

    view = await workshop.make()

    assert (view.job.state, view.stages[0].failure) == (JobState.FAILED, "moderated")
    assert await workshop.left() == 10


async def test_a_failed_stage_can_be_tried_again_alone(workshop: Workshop) -> None:
    workshop.vendor.judge = lambda task: (
        Failed(code="vendor_failed") if isinstance(task.request, RigRequest) else None
    )
    view = await workshop.make(CHAIN)
    assert view.stages[1].can_retry
    workshop.vendor.judge = lambda _: None

    again = await workshop.make(RetryOrder(run_id=view.stages[1].run_id))

    assert (again.job.state, again.state) == (JobState.DONE, ModelState.COMPLETE)
    assert len(workshop.vendor.submitted(GenerateRequest)) == 1
    assert [stage.stage for stage in again.stages] == [Stage.RIG, Stage.ANIMATE, Stage.ANIMATE]
    assert await workshop.left() == 10 - 2 - 1 - 2


async def test_one_failed_clip_leaves_the_others(workshop: Workshop) -> None:
    workshop.vendor.judge = lambda task: (
        Failed(code="vendor_failed")
        if isinstance(task.request, AnimateRequest) and task.request.clips == ("idle",)
        else None
    )

    view = await workshop.make(CHAIN)

    assert (view.job.state, view.state) == (JobState.PARTIAL, ModelState.COMPLETE)
    assert await workshop.left() == 10 - 2 - 1 - 1
    workshop.vendor.judge = lambda _: None
    again = await workshop.make(RetryOrder(run_id=view.stages[3].run_id))
    assert again.model_file is not None
    assert again.model_file.artifact.facts["clips"] == ["walk", "idle"]


@pytest.mark.parametrize("error", [PoolFull("tripo", retry_after=7), Unavailable("tripo", "down")])
async def test_not_now_is_tried_again_later(workshop: Workshop, error: Exception) -> None:
    workshop.vendor.refuse.extend([error, error])  # type: ignore[list-item]

    view = await workshop.make()

    assert view.job.state is JobState.DONE
    assert len(workshop.vendor.tasks) == 1


async def test_a_vendor_that_stays_down_is_given_up(workshop: Workshop) -> None:
    workshop.vendor.refuse.extend([Unavailable("tripo")] * 20)

    view = await workshop.make()

    assert view.stages[0].failure == "vendor_down"
    assert await workshop.left() == 10


async def test_a_task_past_its_deadline_fails_and_a_late_success_is_never_charged(workshop: Workshop) -> None:
    workshop.vendor.judge = lambda _: Running(progress=40)
    view = await workshop.make()
    assert (view.stages[0].failure, view.stages[0].failure_data["minutes"]) == ("deadline", 15)
    assert await workshop.left() == 10

    workshop.vendor.judge = lambda _: None
    workshop.vendor.looks_needed = 0
    workshop.clock.advance(hours=2)
    await workshop.core.engine.run_once()

    (run,) = await workshop.runs(view.job)
    assert (run.state, run.cost_micros) == (RunState.FAILED, 20_000_000)
    assert run.due_at is None
    assert [entry.kind for entry in await workshop.books(run)] == [EntryKind.RESERVE, EntryKind.RELEASE]


async def test_a_forgotten_task_ends_the_run(workshop: Workshop) -> None:
    job = await workshop.ask()
    await workshop.core.engine.start()
    while not workshop.vendor.tasks:
        await workshop.core.engine.run_once()
    workshop.vendor.forgotten.update(workshop.vendor.tasks)
    await workshop.core.engine.run_until_idle()

    assert (await workshop.view(job)).stages[0].failure == "task_forgotten"
    assert await workshop.left() == 10


async def test_a_broken_file_is_not_kept(workshop: Workshop) -> None:
    workshop.vendor.glb = lambda _: b"<html>not a model</html>"

    view = await workshop.make()

    assert (view.stages[0].failure, view.stages[0].failure_data["rule"]) == ("bad_file", "not_a_glb")
    assert view.model_file is None
    assert [key async for key in workshop.store.keys("models/")] == []
    assert await workshop.left() == 10


@pytest.mark.parametrize(
    ("error", "code"), [(TooLarge("tripo"), "too_large"), (HostRefused("tripo"), "download")]
)
async def test_a_file_that_we_will_never_take_is_asked_for_once(
    workshop: Workshop, error: ProviderError, code: str
) -> None:
    workshop.vendor.unfetchable = error

    view = await workshop.make()

    assert view.stages[0].failure == code
    assert workshop.vendor.fetches == 1
    assert await workshop.left() == 10


async def test_a_disk_that_takes_no_files_in_passing_costs_nothing(workshop: Workshop) -> None:
    (workshop.folder / "scratch").write_text("a file where the folder should be")

    view = await workshop.make()

    assert view.stages[0].failure == "store"
    assert await workshop.left() == 10
