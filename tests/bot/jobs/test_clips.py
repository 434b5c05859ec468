"""Clips: such as come with a rig, several in one run, and several runs in one file."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.jobs.errors import HasClips, NothingToRetry, RigPlaysNothing, UnknownClip
from bot.jobs.orders import AnimateOrder, RetryOrder, RigOrder
from bot.jobs.views import JobView
from providers.base import AnimateRequest, Failed, RemoteFile
from storage.models import JobState, ModelState, RunState, Stage
from tests.bot.jobs.conftest import ADA, BEN, CHAIN, OWL, Workshop
from tests.bot.jobs.vendor import ScriptedVendor

FREE = ("walk", "run")
FOUR = ("walk", "run", "idle", "jump")


@pytest.fixture
def giving(workshop: Workshop) -> Workshop:
    """A vendor whose rigs bring walking and running along."""
    workshop.vendor.can = {"rig_clips": FREE, "clips_at_once": 10}
    workshop.vendor.extras = FREE
    return workshop


def names(view: JobView) -> list[str]:
    return sorted(file.artifact.name for file in view.clip_files)


def best(view: JobView) -> str:
    assert view.model_file is not None
    return view.model_file.artifact.name


async def test_clips_that_nobody_asked_for_are_kept_beside_the_rig(giving: Workshop) -> None:
    view = await giving.make(replace(OWL, rig=True))

    assert (view.state, view.charged) == (ModelState.RIGGED, 3)
    assert (best(view), names(view)) == (
        "a-brass-owl-rigged.glb",
        ["a-brass-owl-run.glb", "a-brass-owl-walk.glb"],
    )
    assert view.can_animate


async def test_a_clip_that_comes_with_the_rig_costs_nothing_and_counts_as_animated(giving: Workshop) -> None:
    order = replace(CHAIN, clips=("walk",))
    assert await giving.core.jobs.check(ADA, order) == 3

    view = await giving.make(order)

    assert [stage.stage for stage in view.stages] == [Stage.GENERATE, Stage.RIG]
    assert (view.state, view.charged, await giving.left()) == (ModelState.COMPLETE, 3, 7)
    assert best(view) == "a-wooden-knight-walk.glb"
    assert giving.vendor.submitted(AnimateRequest) == []


async def test_only_the_clips_that_do_not_come_along_are_paid_for(giving: Workshop) -> None:
    view = await giving.make(replace(CHAIN, clips=("walk", "idle", "jump")))

    (played,) = giving.vendor.submitted(AnimateRequest)
    assert played.request.clips == ("idle", "jump")  # type: ignore[union-attr]
    assert view.charged == 2 + 1 + 2


async def test_what_came_with_the_rig_is_not_paid_for_later(giving: Workshop) -> None:
    rigged = await giving.make(replace(OWL, rig=True))

    with pytest.raises(HasClips) as refusal:
        await giving.ask(AnimateOrder(model_id=rigged.model.id, clips=FREE))
    moved = await giving.make(AnimateOrder(model_id=rigged.model.id, clips=("walk", "idle")))

    assert refusal.value.clips == FREE
    assert (moved.charged, moved.job.request["clips"]) == (1, ["idle"])


@pytest.mark.parametrize("asked", [(), ("walk",)])
async def test_a_clip_that_came_along_broken_is_left_out_and_the_rig_stands(
    giving: Workshop, asked: tuple[str, ...]
) -> None:
    whole = giving.vendor._bytes

    async def broken(file: RemoteFile) -> AsyncIterator[bytes]:
        if file.clip == "walk":
            yield b"<html>not a model</html>"
        else:
            async for piece in whole(file):
                yield piece

    giving.vendor._bytes = broken  # type: ignore[method-assign]

    view = await giving.make(replace(OWL, rig=True, clips=asked))

    assert (view.job.state, view.state, view.charged) == (JobState.DONE, ModelState.RIGGED, 3)
    async with giving.db.read() as tx:
        kept = [artifact.facts.get("clip") for artifact in await tx.artifacts.of_model(view.model.id)]
    assert "run" in kept
    assert "walk" not in kept


async def test_a_clip_can_be_paid_for_where_it_did_not_come_along(giving: Workshop) -> None:
    giving.vendor.extras = ()
    rigged = await giving.make(replace(OWL, rig=True))

    moved = await giving.make(AnimateOrder(model_id=rigged.model.id, clips=("walk",)))

    assert (moved.state, moved.charged) == (ModelState.COMPLETE, 1)


async def test_who_builds_on_anothers_rig_pays_for_its_clips(giving: Workshop) -> None:
    rigged = await giving.make(replace(OWL, rig=True))

    moved = await giving.make(AnimateOrder(model_id=rigged.model.id, clips=("walk",)), BEN)

    assert (moved.charged, moved.state) == (1, ModelState.COMPLETE)


async def test_several_clips_of_one_run_are_one_row_and_one_file(giving: Workshop) -> None:
    view = await giving.make(replace(CHAIN, clips=("idle", "jump", "dance_01")))

    row = view.stages[2]
    assert (row.stage, row.clips, row.price) == (Stage.ANIMATE, ("idle", "jump", "dance_01"), 3)
    assert view.model_file is not None
    assert view.model_file.artifact.facts["clips"] == ["idle", "jump", "dance_01"]
    assert best(view) == "a-wooden-knight-idle-jump-dance-01.glb"
    assert [run.stage for run in await giving.runs(view.job)][-1] is Stage.ANIMATE
    assert view.charged == 2 + 1 + 3


async def test_several_clips_that_fail_together_are_retried_together(giving: Workshop) -> None:
    giving.vendor.judge = lambda task: (
        Failed(code="vendor_failed") if isinstance(task.request, AnimateRequest) else None
    )
    failed = await giving.make(replace(CHAIN, clips=("idle", "jump")))
    assert (failed.job.state, await giving.left()) == (JobState.PARTIAL, 7)
    giving.vendor.judge = lambda _: None

    again = await giving.make(RetryOrder(run_id=failed.stages[2].run_id))

    assert ([stage.clips for stage in again.stages], again.charged) == ([("idle", "jump")], 2)
    with pytest.raises(NothingToRetry):
        await giving.ask(RetryOrder(run_id=failed.stages[2].run_id))


async def test_more_clips_than_a_run_takes_come_in_several_and_in_one_file(workshop: Workshop) -> None:
    workshop.vendor.can = {"clips_at_once": 3}

    view = await workshop.make(replace(CHAIN, clips=FOUR))

    assert [stage.clips for stage in view.stages[2:]] == [FOUR[:3], FOUR[3:]]
    assert view.model_file is not None
    assert view.model_file.artifact.facts["clips"] == list(FOUR)
    assert best(view) == "a-wooden-knight-all-clips.glb"
    assert view.charged == 2 + 1 + 4


async def test_a_retry_of_one_of_several_runs_makes_the_whole_file(workshop: Workshop) -> None:
    workshop.vendor.can = {"clips_at_once": 2}
    workshop.vendor.judge = lambda task: (
        Failed(code="vendor_failed")
        if isinstance(task.request, AnimateRequest) and "jump" in task.request.clips
        else None
    )
    failed = await workshop.make(replace(CHAIN, clips=FOUR))
    assert [stage.state for stage in failed.stages[2:]] == [RunState.DONE, RunState.FAILED]
    workshop.vendor.judge = lambda _: None

    again = await workshop.make(RetryOrder(run_id=failed.stages[3].run_id))

    assert again.model_file is not None
    assert again.model_file.artifact.facts["clips"] == list(FOUR)
    assert (again.charged, await workshop.left()) == (2, 10 - 7)


@pytest.mark.parametrize("clips", [(), ("",)])
async def test_no_clip_at_all_is_nothing_to_be_made(workshop: Workshop, clips: tuple[str, ...]) -> None:
    rigged = await workshop.make(replace(OWL, rig=True))

    with pytest.raises(UnknownClip):
        await workshop.ask(AnimateOrder(model_id=rigged.model.id, clips=clips))


async def test_a_rig_that_plays_nothing_is_told_with_who_rigs_and_plays(workshop: Workshop) -> None:
    still = ScriptedVendor(name="still", title="Still", can={"animate": False})
    workshop.others = [still]
    workshop.restart()
    made = await workshop.make(replace(OWL, rig=True, provider="still"))
    animate = AnimateOrder(model_id=made.model.id, clips=("walk",))

    with pytest.raises(RigPlaysNothing) as refusal:
        await workshop.ask(animate)
    assert (refusal.value.vendor, refusal.value.others) == ("Still", ("Tripo",))

    await workshop.make(RigOrder(model_id=made.model.id, provider="tripo"))
    assert (await workshop.make(animate)).state is ModelState.COMPLETE
