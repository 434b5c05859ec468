"""An answer that does not come: what was accepted is found, and nothing is ever posted twice."""

import pytest

from providers.base import (
    Absent,
    AnimateRequest,
    CannotTell,
    DraftRequest,
    Found,
    GenerateRequest,
    RemeshRequest,
    Request,
    RetextureRequest,
    RigRequest,
    Search,
    Succeeded,
    TaskRef,
)
from providers.errors import AnswerLost, ProviderError
from providers.meshy import Meshy
from tests.providers.meshy.conftest import Stage

KNIGHT = DraftRequest(prompt="a brass knight", polycount=3_000)
A_WHILE = 301


class Searcher:
    """Loses one submit, and looks for it later."""

    def __init__(self, stage: Stage, meshy: Meshy) -> None:
        self.stage = stage
        self.meshy = meshy
        self.sent_at = stage.clock.now()

    async def lose(self, request: Request, fault: str) -> None:
        self.stage.arm(fault)
        self.sent_at = self.stage.clock.now()
        with pytest.raises(AnswerLost):
            await self.meshy.submit(request, seed=1)

    async def search(self, request: Request, known: frozenset[str] = frozenset()) -> Search:
        return await self.meshy.find(
            request, seed=1, since=self.sent_at, now=self.stage.clock.now(), known=known
        )


@pytest.fixture
def lost(stage: Stage, meshy: Meshy) -> Searcher:
    return Searcher(stage, meshy)


async def ready(stage: Stage, meshy: Meshy, request: Request) -> TaskRef:
    task_id = (await meshy.submit(request, seed=1)).task_id
    assert isinstance(await stage.end_of(meshy, task_id), Succeeded)
    return TaskRef(task_id=task_id)


def ids_of(stage: Stage) -> frozenset[str]:
    return frozenset(f"{task.plan.resource}/{task.task_id}" for task in stage.vendor.tasks.all())


@pytest.mark.parametrize("fault", ["cut_after_accept", "html_502_after_accept", "accepted_late"])
async def test_a_task_whose_answer_was_lost_is_found_and_was_posted_once(
    stage: Stage, lost: Searcher, fault: str
) -> None:
    await lost.lose(KNIGHT, fault)

    answer = await lost.search(KNIGHT)

    assert isinstance(answer, Found)
    assert answer.handle.task_id == stage.newest()
    assert answer.handle.expires_at == stage.clock.at + 3 * 24 * 3600 * 1000
    assert stage.accepted() == 1


async def test_every_kind_of_task_is_found(stage: Stage, meshy: Meshy, lost: Searcher) -> None:
    draft = await ready(stage, meshy, KNIGHT)
    model = await ready(stage, meshy, GenerateRequest(draft=draft))
    rig = await ready(stage, meshy, RigRequest(source=model))

    for request in (
        GenerateRequest(prompt="a brass knight", draft=draft),
        RemeshRequest(source=model, polycount=1_000),
        RetextureRequest(source=model, prompt="rusty iron"),
        RigRequest(source=model),
        AnimateRequest(source=rig, clips=("walk", "jump")),
    ):
        known = ids_of(stage)
        await lost.lose(request, "cut_after_accept")
        answer = await lost.search(request, known)

        assert isinstance(answer, Found)
        assert answer.handle.task_id == stage.newest()


async def test_a_task_that_has_ended_meanwhile_is_found_as_well(stage: Stage, lost: Searcher) -> None:
    stage.arm("late_failed")
    await lost.lose(KNIGHT, "cut_after_accept")
    stage.pass_time(600)

    assert isinstance(await lost.search(KNIGHT), Found)


async def test_what_was_never_accepted_is_absent_once_the_list_must_have_it(
    stage: Stage, lost: Searcher
) -> None:
    await lost.lose(KNIGHT, "cut_before_accept")

    early = await lost.search(KNIGHT)
    stage.pass_time(A_WHILE)
    late = await lost.search(KNIGHT)

    assert (early, late) == (CannotTell(), Absent())


async def test_a_task_that_the_list_shows_late_is_waited_for(stage: Stage, lost: Searcher) -> None:
    await lost.lose(KNIGHT, "cut_after_accept")
    stage.vendor.tasks.all()[-1].listed_at = stage.clock.at + 60_000

    early = await lost.search(KNIGHT)
    stage.pass_time(61)
    late = await lost.search(KNIGHT)

    assert early == CannotTell()
    assert isinstance(late, Found)


async def test_the_task_of_another_run_is_not_taken_for_ours(
    stage: Stage, meshy: Meshy, lost: Searcher
) -> None:
    others = await meshy.submit(KNIGHT, seed=2)  # the same words, in the same second
    await lost.lose(KNIGHT, "cut_before_accept")
    stage.pass_time(A_WHILE)

    assert await lost.search(KNIGHT, frozenset({others.task_id})) == Absent()


async def test_ours_is_told_from_another_s_with_the_same_words(
    stage: Stage, meshy: Meshy, lost: Searcher
) -> None:
    others = await meshy.submit(KNIGHT, seed=2)
    await lost.lose(KNIGHT, "cut_after_accept")

    answer = await lost.search(KNIGHT, frozenset({others.task_id}))

    assert isinstance(answer, Found)
    assert answer.handle.task_id == stage.newest() != others.task_id


async def test_two_that_nobody_knows_are_not_guessed_apart(stage: Stage, lost: Searcher) -> None:
    await lost.lose(KNIGHT, "cut_after_accept")
    await lost.lose(KNIGHT, "cut_after_accept")
    stage.pass_time(A_WHILE)

    assert await lost.search(KNIGHT) == CannotTell()


async def test_a_rig_that_another_program_made_long_before_is_neither_ours_nor_in_the_way(
    stage: Stage, meshy: Meshy, lost: Searcher
) -> None:
    model = await ready(stage, meshy, KNIGHT)
    await meshy.submit(RigRequest(source=model), seed=1)
    stage.pass_time(A_WHILE)
    await lost.lose(RigRequest(source=model), "cut_after_accept")

    answer = await lost.search(RigRequest(source=model))

    assert isinstance(answer, Found)
    assert answer.handle.task_id == stage.newest()


async def test_a_rig_that_another_program_made_just_before_leaves_it_open(
    stage: Stage, meshy: Meshy, lost: Searcher
) -> None:
    model = await ready(stage, meshy, KNIGHT)
    await meshy.submit(RigRequest(source=model), seed=1)
    stage.pass_time(60)
    await lost.lose(RigRequest(source=model), "cut_before_accept")
    stage.pass_time(A_WHILE)

    assert await lost.search(RigRequest(source=model)) == CannotTell()


async def test_ours_is_found_behind_a_hundred_others(stage: Stage, meshy: Meshy, lost: Searcher) -> None:
    stage.vendor.keys.limits = {"requests": 1_000, "tasks": 1_000}
    stage.vendor.keys.account("main").balance *= 10
    await lost.lose(KNIGHT, "cut_after_accept")
    ours = stage.newest()
    for number in range(110):
        await meshy.submit(DraftRequest(prompt=f"knight number {number}"), seed=1)

    answer = await lost.search(KNIGHT, ids_of(stage) - {ours})

    assert isinstance(answer, Found)
    assert answer.handle.task_id == ours


async def test_a_list_that_cannot_be_read_is_an_error_and_no_answer(stage: Stage, lost: Searcher) -> None:
    await lost.lose(KNIGHT, "cut_after_accept")
    stage.arm("html_502", on="read", times=3)

    with pytest.raises(ProviderError):
        await lost.search(KNIGHT)
