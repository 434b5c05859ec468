"""Vendors that make a draft first: its picture is shown, and it is paid for once."""

import pytest

from bot.jobs.clock import DAY
from bot.jobs.orders import RetryOrder
from providers.base import (
    DraftRequest,
    Failed,
    FileRef,
    GenerateRequest,
    RigRequest,
    Running,
    Succeeded,
    TaskHandle,
    TaskRef,
)
from storage.models import ArtifactKind, JobState, RunState, Stage
from tests.bot.jobs.conftest import CHAIN, OWL, Workshop
from tests.bot.jobs.vendor import Task


@pytest.fixture
def workshop(workshop: Workshop) -> Workshop:
    workshop.vendor.drafts = True
    return workshop


def only_drafts(task: Task) -> Running | None:
    """The model takes for ever; drafts go on."""
    return None if isinstance(task.request, DraftRequest) else Running(progress=30)


def no_models(task: Task) -> Failed | None:
    return Failed(code="vendor_failed") if isinstance(task.request, GenerateRequest) else None


def the_model(workshop: Workshop) -> GenerateRequest:
    request = workshop.vendor.submitted(GenerateRequest)[-1].request
    assert isinstance(request, GenerateRequest)
    return request


async def test_the_model_is_made_from_the_draft_for_the_price_of_one(workshop: Workshop) -> None:
    view = await workshop.make()

    (draft,) = workshop.vendor.submitted(DraftRequest)
    assert the_model(workshop).draft == TaskRef(task_id=draft.id)
    assert (view.job.state, view.charged) == (JobState.DONE, 2)
    assert [(stage.stage, stage.state) for stage in view.stages] == [(Stage.GENERATE, RunState.DONE)]


async def test_the_drafts_picture_is_seen_while_the_model_is_made(workshop: Workshop) -> None:
    workshop.vendor.judge = only_drafts
    job = await workshop.ask()
    await workshop.core.engine.start()
    while not workshop.vendor.submitted(GenerateRequest):
        if not await workshop.core.engine.run_once():
            workshop.clock.advance(seconds=2)

    view = await workshop.view(job)

    assert view.preview is not None
    assert view.model_file is None
    assert workshop.changes.count(job.id) > 2
    draft = (await workshop.runs(job))[0]
    async with workshop.db.read() as tx:
        kept = await tx.artifacts.of_run(draft.id)
    assert [artifact.kind for artifact in kept] == [ArtifactKind.PREVIEW]


async def test_a_draft_that_the_vendor_has_forgotten_is_stood_in_for_by_its_picture(
    workshop: Workshop,
) -> None:
    workshop.vendor.judge = no_models
    failed = await workshop.make()
    workshop.vendor.judge = lambda _: None
    workshop.vendor.forgotten.update(task.id for task in workshop.vendor.submitted(DraftRequest))

    again = await workshop.make(RetryOrder(run_id=failed.stages[0].run_id))

    request = the_model(workshop)
    assert again.job.state is JobState.DONE
    assert request.draft is None
    assert request.pictures == (FileRef(token="file_1"),)
    assert workshop.vendor.uploads[0][1].startswith(b"\x89PNG")


async def test_a_draft_that_has_expired_is_stood_in_for_by_its_picture(workshop: Workshop) -> None:
    submit = workshop.vendor.submit
    expires = workshop.clock.now() + 3 * DAY

    async def for_three_days(request: object, *, seed: int) -> TaskHandle:
        handle = await submit(request, seed=seed)  # type: ignore[arg-type]
        return TaskHandle(task_id=handle.task_id, expires_at=expires)

    workshop.vendor.submit = for_three_days  # type: ignore[method-assign, assignment]
    workshop.vendor.judge = no_models
    failed = await workshop.make()
    workshop.clock.advance(hours=73)
    workshop.vendor.judge = lambda _: None

    again = await workshop.make(RetryOrder(run_id=failed.stages[0].run_id))

    assert again.job.state is JobState.DONE
    assert the_model(workshop).draft is None
    assert len(the_model(workshop).pictures) == 1


async def test_a_retry_of_the_model_does_not_make_the_draft_again(workshop: Workshop) -> None:
    workshop.vendor.judge = no_models
    failed = await workshop.make(CHAIN)
    assert (failed.job.state, await workshop.left()) == (JobState.FAILED, 10)
    workshop.vendor.judge = lambda _: None

    again = await workshop.make(RetryOrder(run_id=failed.stages[0].run_id))

    (draft,) = workshop.vendor.submitted(DraftRequest)
    assert the_model(workshop).draft == TaskRef(task_id=draft.id)
    assert (again.job.state, again.charged) == (JobState.DONE, 5)


async def test_a_draft_that_fails_is_told_on_the_row_of_the_model_and_nothing_is_charged(
    workshop: Workshop,
) -> None:
    workshop.vendor.judge = lambda task: (
        Failed(code="vendor_failed") if isinstance(task.request, DraftRequest) else None
    )

    view = await workshop.make(CHAIN)

    assert [(stage.stage, stage.state, stage.failure) for stage in view.stages] == [
        (Stage.GENERATE, RunState.FAILED, "vendor_failed"),
        (Stage.RIG, RunState.SKIPPED, "needed_failed"),
        (Stage.ANIMATE, RunState.SKIPPED, "needed_failed"),
        (Stage.ANIMATE, RunState.SKIPPED, "needed_failed"),
    ]
    assert (view.job.state, view.reserved, await workshop.left()) == (JobState.FAILED, 0, 10)
    assert workshop.vendor.submitted(GenerateRequest) == []


async def test_a_draft_that_failed_is_made_again_with_all_that_waited_for_it(workshop: Workshop) -> None:
    workshop.vendor.judge = lambda task: (
        Failed(code="vendor_failed") if isinstance(task.request, DraftRequest) else None
    )
    failed = await workshop.make(CHAIN)
    workshop.vendor.judge = lambda _: None
    assert failed.stages[0].can_retry

    again = await workshop.make(RetryOrder(run_id=failed.stages[0].run_id))

    drafts = workshop.vendor.submitted(DraftRequest)
    assert (again.job.state, len(drafts)) == (JobState.DONE, 2)
    assert the_model(workshop).draft == TaskRef(task_id=drafts[-1].id)
    assert len(again.stages) == 4


async def test_a_draft_without_a_picture_is_gone_on_from_all_the_same(workshop: Workshop) -> None:
    workshop.vendor.judge = lambda task: Succeeded() if isinstance(task.request, DraftRequest) else None

    assert (await workshop.make()).job.state is JobState.DONE


async def test_a_forgotten_draft_without_a_picture_leaves_nothing_to_build_on(workshop: Workshop) -> None:
    workshop.vendor.judge = lambda task: (
        Succeeded() if isinstance(task.request, DraftRequest) else Failed(code="vendor_failed")
    )
    failed = await workshop.make()
    workshop.vendor.forgotten.update(workshop.vendor.tasks)

    again = await workshop.make(RetryOrder(run_id=failed.stages[0].run_id))

    assert (again.stages[0].failure, await workshop.left()) == ("source_lost", 10)


async def test_a_lost_answer_to_the_model_does_not_lose_the_draft(workshop: Workshop) -> None:
    job = await workshop.ask(OWL)
    await workshop.core.engine.start()
    while not workshop.vendor.submitted(DraftRequest):
        await workshop.core.engine.run_once()
    workshop.vendor.lose.append("dropped")
    await workshop.core.engine.run_until_idle()

    (draft,) = workshop.vendor.submitted(DraftRequest)
    assert (await workshop.view(job)).job.state is JobState.DONE
    assert the_model(workshop).draft == TaskRef(task_id=draft.id)
    assert workshop.vendor.submitted(RigRequest) == []
