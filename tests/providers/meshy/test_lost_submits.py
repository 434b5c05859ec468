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
    RetextureRequest,
    RigRequest,
)
from providers.meshy import Meshy
from tests.providers.meshy.conftest import Stage
from tests.providers.searcher import Searcher

KNIGHT = Stage.wish
A_WHILE = 301


@pytest.fixture
def lost(stage: Stage, meshy: Meshy) -> Searcher:
    return Searcher(stage, meshy)


def ids_of(stage: Stage) -> frozenset[str]:
    return frozenset(f"{task.plan.resource}/{task.task_id}" for task in stage.vendor.tasks.all())


async def test_a_task_that_was_accepted_late_is_found_and_known_for_three_days(
    stage: Stage, lost: Searcher
) -> None:
    await lost.lose(KNIGHT, "accepted_late")

    answer = await lost.search(KNIGHT)

    assert isinstance(answer, Found)
    assert answer.handle.task_id == stage.newest()
    assert answer.handle.expires_at == stage.clock.at + 3 * 24 * 3600 * 1000
    assert stage.accepted() == 1


async def test_every_kind_of_task_is_found(stage: Stage, meshy: Meshy, lost: Searcher) -> None:
    draft, _ = await stage.made(meshy, KNIGHT)
    model, _ = await stage.made(meshy, GenerateRequest(draft=draft))
    rig, _ = await stage.made(meshy, RigRequest(source=model))

    for request in (
        GenerateRequest(prompt="a brass knight", draft=draft),
        RemeshRequest(source=model, polycount=1_000),
        RetextureRequest(source=model, prompt="rusty iron"),
        RigRequest(source=model),
        AnimateRequest(source=rig, clips=("walk", "jump")),
    ):
        known = ids_of(stage)
        await lost.lose(request, "cut_after_accept")
        answer = await lost.search(request, *known)

        assert isinstance(answer, Found)
        assert answer.handle.task_id == stage.newest()


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

    assert await lost.search(KNIGHT, others.task_id) == Absent()


async def test_ours_is_told_from_another_s_with_the_same_words(
    stage: Stage, meshy: Meshy, lost: Searcher
) -> None:
    others = await meshy.submit(KNIGHT, seed=2)
    await lost.lose(KNIGHT, "cut_after_accept")

    answer = await lost.search(KNIGHT, others.task_id)

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
    model, _ = await stage.made(meshy, KNIGHT)
    await meshy.submit(RigRequest(source=model), seed=1)
    stage.pass_time(A_WHILE)
    await lost.lose(RigRequest(source=model), "cut_after_accept")

    answer = await lost.search(RigRequest(source=model))

    assert isinstance(answer, Found)
    assert answer.handle.task_id == stage.newest()


async def test_a_rig_that_another_program_made_just_before_leaves_it_open(
    stage: Stage, meshy: Meshy, lost: Searcher
) -> None:
    model, _ = await stage.made(meshy, KNIGHT)
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

    answer = await lost.search(KNIGHT, *ids_of(stage) - {ours})

    assert isinstance(answer, Found)
    assert answer.handle.task_id == ours
