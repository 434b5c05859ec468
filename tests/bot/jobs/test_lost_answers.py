"""Answers that never came: found again, sent again, or left alone, and never paid for twice."""

from typing import Any

import pytest

from bot.jobs.orders import AnimateOrder, RigOrder
from bot.jobs.submitting import GRACE
from providers.base import (
    AnimateRequest,
    DraftRequest,
    Found,
    GenerateRequest,
    RemeshRequest,
    Request,
    RigCheckRequest,
    RigRequest,
    Search,
    TaskHandle,
)
from providers.errors import Unauthorised, Unavailable
from storage.models import JobState, RunState
from tests.bot.jobs.conftest import ADA, BEN, OWL, Workshop


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


def lose(workshop: Workshop, kind: type, fate: str) -> list[object]:
    """The first answer to this kind of request is lost; gives what became known of it."""
    submit, lost = workshop.vendor.submit, []

    async def submit_and_lose(request: Request, *, seed: int) -> TaskHandle:
        if isinstance(request, kind) and not lost:
            lost.append(request)
            workshop.vendor.lose.append(fate)
        return await submit(request, seed=seed)

    workshop.vendor.submit = submit_and_lose  # type: ignore[method-assign]
    return lost


@pytest.mark.parametrize("fate", ["accepted", "dropped"])
@pytest.mark.parametrize(
    "kind", [DraftRequest, GenerateRequest, RemeshRequest, RigCheckRequest, RigRequest, AnimateRequest]
)
async def test_an_answer_lost_at_any_step_is_paid_for_once(workshop: Workshop, kind: type, fate: str) -> None:
    workshop.vendor.drafts = kind is DraftRequest
    workshop.vendor.heavy = 0 if kind is RemeshRequest else 300_000
    lost = lose(workshop, kind, fate)

    made = await workshop.make()
    rigged = await workshop.make(RigOrder(model_id=made.model.id))
    moved = await workshop.make(AnimateOrder(model_id=made.model.id, clips=("walk",)))

    assert len(lost) == 1
    assert [view.job.state for view in (made, rigged, moved)] == [JobState.DONE] * 3
    assert len(workshop.vendor.submitted(kind)) == 1
    assert await workshop.left() == 10 - 2 - 1 - 1


async def test_two_equal_requests_of_one_moment_whose_answers_are_lost_are_told_apart(
    workshop: Workshop,
) -> None:
    workshop.vendor.lose.extend(["accepted", "accepted"])
    jobs = [await workshop.ask(OWL, asker) for asker in (ADA, BEN)]

    await workshop.finish()

    tasks = {(await workshop.runs(job))[0].task_id for job in jobs}
    assert [(await workshop.view(job)).job.state for job in jobs] == [JobState.DONE] * 2
    assert tasks == set(workshop.vendor.tasks) == {"task-1", "task-2"}


async def test_one_found_by_two_goes_to_one_and_the_other_is_searched_for_on(workshop: Workshop) -> None:
    workshop.vendor.lose.extend(["accepted", "dropped"])

    async def the_same_for_all(request: Request, **_: object) -> Found:
        return Found(handle=TaskHandle(task_id="task-1"))

    workshop.vendor.find = the_same_for_all  # type: ignore[method-assign, assignment]
    jobs = [await workshop.ask(OWL, asker) for asker in (ADA, BEN)]
    await workshop.core.engine.start()
    for _ in range(20):
        await workshop.core.engine.run_once()
        workshop.clock.advance(seconds=10)

    states = [(await workshop.view(job)).stages[0].state for job in jobs]
    assert sorted(states) == [RunState.DONE, RunState.SUBMITTING]


async def test_records_that_cannot_be_asked_are_asked_again(workshop: Workshop) -> None:
    workshop.vendor.lose.append("accepted")
    find, troubles = workshop.vendor.find, [Unavailable("tripo"), Unauthorised("tripo")]

    async def down(request: Request, **rest: Any) -> Search:
        if troubles:
            raise troubles.pop(0)
        return await find(request, **rest)

    workshop.vendor.find = down  # type: ignore[method-assign]

    view = await workshop.make()

    assert (view.job.state, troubles, len(workshop.vendor.tasks)) == (JobState.DONE, [], 1)


async def test_the_first_look_waits_for_the_records_also_across_a_restart(workshop: Workshop) -> None:
    workshop.vendor.lose.append("accepted")
    sent_at = workshop.clock.now()
    asked: list[int] = []
    find = workshop.vendor.find

    async def noting(request: Request, **rest: Any) -> Search:
        asked.append(workshop.clock.now() - sent_at)
        return await find(request, **rest)

    workshop.vendor.find = noting  # type: ignore[method-assign]
    await workshop.ask()
    await workshop.core.engine.start()
    while not workshop.vendor.tasks:
        await workshop.core.engine.run_once()
    workshop.restart()
    await workshop.finish()

    assert asked
    assert asked[0] >= GRACE
