"""The life of jobs, on a real database, with a vendor that does what each test says."""

import asyncio

import pytest

from bot.jobs.clock import MINUTE
from bot.jobs.errors import QuotaExceeded
from bot.jobs.orders import AnimateOrder, GenerateOrder, RetryOrder, RigOrder
from providers.base import AnimateRequest, Failed, GenerateRequest, RigRequest, Running, Succeeded
from providers.errors import (
    Moderated,
    OutOfCredit,
    PoolFull,
    Rejected,
    TaskNotFound,
    Unauthorised,
    Unavailable,
)
from storage.models import EntryKind, JobState, ModelState, RunState, Stage
from tests.bot.jobs.conftest import ADA, BEN, OWL, Workshop

CHAIN = GenerateOrder(prompt="a wooden knight", rig=True, clips=("walk", "idle"))


async def test_words_become_a_stored_model_with_its_picture(workshop: Workshop) -> None:
    view = await workshop.make()

    assert (view.job.state, view.state) == (JobState.DONE, ModelState.GENERATED)
    assert view.model_file is not None
    assert view.model_file.url is not None
    assert view.model_file.url.startswith(f"https://models.example/m/{view.model.link_id}/")
    assert view.model_file.artifact.facts["triangles"] > 0
    assert view.preview is not None
    async with workshop.store.open(view.model_file.artifact.key) as stream:
        assert (await anext(stream)).startswith(b"glTF")


async def test_it_is_charged_once(workshop: Workshop) -> None:
    view = await workshop.make()

    (run,) = await workshop.runs(view.job)
    assert [entry.kind for entry in await workshop.books(run)] == [EntryKind.RESERVE, EntryKind.SETTLE]
    assert (view.charged, view.reserved, await workshop.left()) == (2, 0, 8)
    assert view.costs == (("tripo credit", 20_000_000),)


async def test_a_chained_job_generates_checks_rigs_and_plays_each_clip(workshop: Workshop) -> None:
    view = await workshop.make(CHAIN)

    assert (view.job.state, view.state) == (JobState.DONE, ModelState.COMPLETE)
    stages = [(stage.stage, stage.clip, stage.state) for stage in view.stages]
    assert stages == [
        (Stage.GENERATE, None, RunState.DONE),
        (Stage.RIG, None, RunState.DONE),
        (Stage.ANIMATE, "walk", RunState.DONE),
        (Stage.ANIMATE, "idle", RunState.DONE),
    ]
    assert view.charged == 5
    assert view.model_file is not None
    assert view.model_file.artifact.facts["clips"] == ["walk", "idle"]
    assert [file.clip for file in view.clip_files] == ["walk", "idle"]


async def test_the_rig_builds_on_the_vendors_own_task_with_the_skeleton_the_check_named(
    workshop: Workshop,
) -> None:
    await workshop.make(CHAIN)

    (made,) = workshop.vendor.submitted(GenerateRequest)
    (rig,) = workshop.vendor.submitted(RigRequest)
    assert isinstance(rig.request, RigRequest)
    assert (rig.request.source.task_id, rig.request.rig_type) == (made.id, "biped")  # type: ignore[union-attr]


async def test_rig_and_animate_go_on_with_a_finished_model(workshop: Workshop) -> None:
    made = await workshop.make()
    rigged = await workshop.make(RigOrder(model_id=made.model.id))
    played = await workshop.make(AnimateOrder(model_id=made.model.id, clips=("walk",)))

    assert (rigged.state, played.state) == (ModelState.RIGGED, ModelState.COMPLETE)
    assert rigged.model.id == played.model.id == made.model.id
    assert await workshop.left() == 10 - 2 - 1 - 1


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
        if isinstance(task.request, AnimateRequest) and task.request.clip == "idle"
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


async def test_a_lost_answer_is_looked_up_and_adopted(workshop: Workshop) -> None:
    workshop.vendor.lose.append("accepted")

    view = await workshop.make()

    assert view.job.state is JobState.DONE
    assert len(workshop.vendor.tasks) == 1


async def test_a_request_that_never_arrived_is_sent_again_after_two_clear_noes(workshop: Workshop) -> None:
    workshop.vendor.lose.append("dropped")

    view = await workshop.make()

    assert view.job.state is JobState.DONE
    assert len(workshop.vendor.tasks) == 1


async def test_what_cannot_be_known_is_never_paid_for_twice(workshop: Workshop) -> None:
    workshop.vendor.lose.append("accepted")
    workshop.vendor.records = "blind"

    view = await workshop.make()

    assert view.stages[0].state is RunState.UNSURE
    assert len(workshop.vendor.tasks) == 1
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


async def test_a_source_that_the_vendor_forgot_is_uploaded_from_our_store(workshop: Workshop) -> None:
    made = await workshop.make()
    workshop.vendor.forgotten.update(workshop.vendor.tasks)

    view = await workshop.make(RigOrder(model_id=made.model.id))

    assert view.job.state is JobState.DONE
    assert all(data.startswith(b"glTF") for _, data in workshop.vendor.uploads)
    assert len(workshop.vendor.uploads) == 2


async def test_a_lost_rig_offers_a_new_one(workshop: Workshop) -> None:
    made = await workshop.make(GenerateOrder(prompt="a wooden knight", rig=True))
    workshop.vendor.forgotten.update(workshop.vendor.tasks)

    view = await workshop.make(AnimateOrder(model_id=made.model.id, clips=("walk",)))
    assert (view.stages[0].failure, view.can_rig, view.can_animate) == ("source_lost", True, False)
    assert await workshop.left() == 10 - 3

    rigged = await workshop.make(RigOrder(model_id=made.model.id))
    played = await workshop.make(AnimateOrder(model_id=made.model.id, clips=("walk",)))
    assert (rigged.job.state, played.job.state) == (JobState.DONE, JobState.DONE)


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


async def test_one_members_pile_does_not_keep_another_waiting(workshop: Workshop) -> None:
    for _ in range(4):
        await workshop.ask(OWL, ADA)
    await workshop.core.engine.start()
    await workshop.core.engine.run_once()
    assert len(workshop.vendor.tasks) == 2

    bens = await workshop.ask(OWL, BEN)
    await workshop.core.engine.run_once()

    assert len(workshop.vendor.tasks) == 3
    assert (await workshop.view(bens)).stages[0].state is RunState.WAITING


async def test_a_waiting_member_sees_a_place(workshop: Workshop) -> None:
    jobs = [await workshop.ask() for _ in range(4)]
    await workshop.core.engine.start()
    await workshop.core.engine.run_once()

    places = [(await workshop.view(job)).stages[0].place for job in jobs]

    assert places == [None, None, 1, 2]


async def test_the_vendors_pool_is_respected_before_asking(workshop: Workshop) -> None:
    workshop.vendor.pool_size = 1
    for asker in (ADA, BEN):
        await workshop.ask(OWL, asker)
    await workshop.core.engine.start()
    await workshop.core.engine.run_once()
    assert len(workshop.vendor.tasks) == 1
    await workshop.core.engine.run_until_idle()
    assert len(workshop.vendor.tasks) == 2


async def test_two_requests_at_once_cannot_overspend(workshop: Workshop) -> None:
    asked = [workshop.ask() for _ in range(7)]

    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert sum(isinstance(answer, QuotaExceeded) for answer in answers) == 2
    assert await workshop.left() == 0


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


async def test_an_estimate_needs_three_finished_runs(workshop: Workshop) -> None:
    for expected in (None, None, None):
        job = await workshop.ask()
        assert (await workshop.view(job)).stages[0].estimate_ms == expected
        await workshop.finish()
        workshop.clock.advance(minutes=2)
    job = await workshop.ask()
    assert (await workshop.view(job)).stages[0].estimate_ms


async def test_an_unknown_source_is_told(workshop: Workshop) -> None:
    made = await workshop.make()
    workshop.vendor.refuse.extend([TaskNotFound("tripo"), TaskNotFound("tripo")])

    view = await workshop.make(RigOrder(model_id=made.model.id))

    assert view.stages[0].failure == "rejected"
    assert await workshop.left() == 8
