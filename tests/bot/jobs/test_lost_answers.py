"""Answers that never came: found again, sent again, or left alone, and never paid for twice."""

from storage.models import JobState, RunState
from tests.bot.jobs.conftest import Workshop


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
