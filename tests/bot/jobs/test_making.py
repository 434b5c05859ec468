"""A job that goes well: what is made, kept, charged and told."""

from bot.jobs.orders import AnimateOrder, RigOrder
from providers.base import AnimateRequest, GenerateRequest, RigRequest, Running
from storage.models import EntryKind, JobState, ModelState, RunState, Stage
from tests.bot.jobs.conftest import CHAIN, Workshop


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
    stages = [(stage.stage, stage.clips, stage.state) for stage in view.stages]
    assert stages == [
        (Stage.GENERATE, (), RunState.DONE),
        (Stage.RIG, (), RunState.DONE),
        (Stage.ANIMATE, ("walk",), RunState.DONE),
        (Stage.ANIMATE, ("idle",), RunState.DONE),
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


async def test_an_estimate_needs_three_finished_runs(workshop: Workshop) -> None:
    for expected in (None, None, None):
        job = await workshop.ask()
        assert (await workshop.view(job)).stages[0].estimate_ms == expected
        await workshop.finish()
        workshop.clock.advance(minutes=2)
    job = await workshop.ask()
    assert (await workshop.view(job)).stages[0].estimate_ms


async def test_clips_are_shown_in_the_order_they_were_asked_for(workshop: Workshop) -> None:
    workshop.vendor.judge = lambda task: (
        Running(progress=50)
        if isinstance(task.request, AnimateRequest) and task.request.clips == ("walk",) and task.looks < 9
        else None
    )

    view = await workshop.make(CHAIN)

    finished = sorted(await workshop.runs(view.job), key=lambda run: run.finished_at or 0)
    assert [run.params["clips"] for run in finished if run.stage is Stage.ANIMATE] == [["idle"], ["walk"]]
    assert [file.clip for file in view.clip_files] == ["walk", "idle"]
