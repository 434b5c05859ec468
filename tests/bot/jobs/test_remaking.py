"""The same shape anew: a model of its own, whose parent stays as it is."""

from typing import Any

import pytest

from bot.jobs.errors import CannotDo, NoFileYet, NotRigged, PolycountOutOfRange, PromptTooShort
from bot.jobs.orders import AnimateOrder, RemeshOrder, RetextureOrder, RigOrder
from providers.base import Failed, FileRef, RemeshRequest, RetextureRequest, RigRequest, TaskRef
from storage.models import JobState, ModelState, Stage
from tests.bot.files.building import triangle
from tests.bot.jobs.conftest import BEN, CHAIN, Workshop
from tests.bot.jobs.vendor import ScriptedVendor, Task

CAN: dict[str, Any] = {"retexture": True, "remesh": range(100, 20_001)}


@pytest.fixture(autouse=True)
def _able(workshop: Workshop) -> None:
    workshop.vendor.can |= CAN


async def test_another_surface_is_a_model_of_its_own_that_remembers_its_parent(workshop: Workshop) -> None:
    owl = await workshop.make()
    painted = await workshop.make(RetextureOrder(model_id=owl.model.id, words="made of  moss"))

    assert painted.model.id != owl.model.id
    assert painted.parent is not None
    assert painted.parent.id == owl.model.id
    assert (painted.model.name, painted.model.prompt) == (owl.model.name, owl.model.prompt)
    assert painted.state is ModelState.GENERATED
    assert painted.model_file is not None
    (task,) = workshop.vendor.submitted(RetextureRequest)
    assert task.request == RetextureRequest(source=TaskRef(task_id="task-1"), prompt="made of moss")
    assert (painted.charged, await workshop.left()) == (1, 7)
    assert (await workshop.view(owl.job)).model_file == owl.model_file


async def test_a_rig_of_the_new_model_is_for_its_own_surface(workshop: Workshop) -> None:
    knight = await workshop.make(CHAIN)
    painted = await workshop.make(RetextureOrder(model_id=knight.model.id, words="made of moss"))

    assert (painted.can_rig, painted.can_animate) == (True, False)
    with pytest.raises(NotRigged):
        await workshop.ask(AnimateOrder(model_id=painted.model.id, clips=("walk",)))
    rigged = await workshop.make(RigOrder(model_id=painted.model.id))

    assert rigged.model.id == painted.model.id
    (surface,) = workshop.vendor.submitted(RetextureRequest)
    latest: Any = workshop.vendor.submitted(RigRequest)[-1].request
    assert latest.source == TaskRef(task_id=surface.id)


async def test_fewer_faces_are_asked_for_by_number_and_kept(workshop: Workshop) -> None:
    workshop.vendor.glb = _heavy
    heavy = await workshop.make()
    light = await workshop.make(RemeshOrder(model_id=heavy.model.id, faces=500))

    (task,) = workshop.vendor.submitted(RemeshRequest)
    assert task.request == RemeshRequest(source=TaskRef(task_id="task-1"), polycount=500)
    assert [stage.stage for stage in light.stages] == [Stage.REMESH]
    assert (light.charged, light.state) == (1, ModelState.GENERATED)
    assert light.model_file is not None


async def test_as_many_faces_as_there_are_is_no_remesh(workshop: Workshop) -> None:
    workshop.vendor.glb = _heavy
    heavy = await workshop.make()

    for faces in (1_800, 99):
        with pytest.raises(PolycountOutOfRange) as caught:
            await workshop.ask(RemeshOrder(model_id=heavy.model.id, faces=faces))
        assert (caught.value.low, caught.value.high) == (100, 1_799)


async def test_a_vendor_that_cannot_says_who_can_and_the_other_gets_our_file(workshop: Workshop) -> None:
    workshop.vendor.can |= {"retexture": False}
    other = ScriptedVendor(name="meshy", title="Meshy", can=CAN)
    workshop.others = [other]
    workshop.restart()
    owl = await workshop.make()

    with pytest.raises(CannotDo) as caught:
        await workshop.ask(RetextureOrder(model_id=owl.model.id, words="moss", provider="tripo"))
    painted = await workshop.make(RetextureOrder(model_id=owl.model.id, words="moss"))

    assert (caught.value.what, caught.value.others) == ("retexture", ("Meshy",))
    assert painted.job.state is JobState.DONE
    (task,) = other.submitted(RetextureRequest)
    request: Any = task.request
    assert isinstance(request.source, FileRef)
    assert other.uploads[0][1].startswith(b"glTF")


async def test_anybody_who_sees_a_model_may_build_on_it(workshop: Workshop) -> None:
    owl = await workshop.make()
    painted = await workshop.make(RetextureOrder(model_id=owl.model.id, words="made of moss"), BEN)

    assert painted.job.user_id == BEN.user_id
    assert painted.parent is not None


async def test_what_fails_is_given_back_and_leaves_the_parent_alone(workshop: Workshop) -> None:
    def judge(task: Task) -> Failed | None:
        return Failed(code="vendor_failed") if isinstance(task.request, RetextureRequest) else None

    workshop.vendor.judge = judge
    owl = await workshop.make()
    painted = await workshop.make(RetextureOrder(model_id=owl.model.id, words="made of moss"))

    assert (painted.job.state, painted.charged, await workshop.left()) == (JobState.FAILED, 0, 8)
    assert painted.stages[0].can_retry
    assert (await workshop.view(owl.job)).state is ModelState.GENERATED
    with pytest.raises(NoFileYet):
        await workshop.ask(RemeshOrder(model_id=await _failed(workshop), faces=500))


async def test_words_are_checked_before_anything_is_charged(workshop: Workshop) -> None:
    owl = await workshop.make()

    with pytest.raises(PromptTooShort):
        await workshop.ask(RetextureOrder(model_id=owl.model.id, words="!"))
    assert await workshop.left() == 8


def _heavy(_: Task) -> bytes:
    """A triangle of 1,800 layers."""
    build = triangle()
    indices = build.accessor("SCALAR", [(0,), (1,), (2,)] * 1_800, "H")
    build.document["meshes"][0]["primitives"][0]["indices"] = indices
    return build.bytes()


async def _failed(workshop: Workshop) -> str:
    workshop.vendor.judge = lambda _: Failed(code="vendor_failed")
    return (await workshop.make()).model.id
