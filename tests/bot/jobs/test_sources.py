"""What a stage builds on, when the vendor no longer has it."""

from bot.jobs.orders import AnimateOrder, GenerateOrder, RigOrder
from providers.errors import (
    TaskNotFound,
)
from storage.models import JobState
from tests.bot.jobs.conftest import Workshop


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


async def test_an_unknown_source_is_told(workshop: Workshop) -> None:
    made = await workshop.make()
    workshop.vendor.refuse.extend([TaskNotFound("tripo"), TaskNotFound("tripo")])

    view = await workshop.make(RigOrder(model_id=made.model.id))

    assert view.stages[0].failure == "rejected"
    assert await workshop.left() == 8
