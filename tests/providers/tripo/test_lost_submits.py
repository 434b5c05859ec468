"""An answer that does not come: what was accepted is found, and nothing is ever posted twice."""

import pytest

from providers.base import (
    Absent,
    AnimateRequest,
    CannotTell,
    Found,
    GenerateRequest,
    RigCheckRequest,
    RigRequest,
)
from providers.tripo import Tripo
from tests.providers.searcher import SEED, Searcher
from tests.providers.tripo.conftest import Stage

OWL = GenerateRequest(prompt="a brass owl")


@pytest.fixture
def lost(stage: Stage, tripo: Tripo) -> Searcher:
    return Searcher(stage, tripo)


async def test_every_kind_of_task_is_found(stage: Stage, tripo: Tripo, lost: Searcher) -> None:
    model, _ = await stage.made(tripo, OWL)
    rig, _ = await stage.made(tripo, RigRequest(source=model))

    for request in (
        RigCheckRequest(source=model),
        RigRequest(source=model),
        AnimateRequest(source=rig, clips=("walk",)),
    ):
        await lost.lose(request, "cut_after_accept")
        answer = await lost.search(request, model.task_id, rig.task_id)

        assert isinstance(answer, Found)
        assert answer.handle.task_id == stage.newest()


async def test_the_task_of_another_run_is_not_taken_for_ours(
    stage: Stage, tripo: Tripo, lost: Searcher
) -> None:
    await tripo.submit(OWL, seed=SEED + 1)  # the same words under another seed
    await lost.lose(OWL, "cut_before_accept")

    assert await lost.search(OWL) == Absent()


async def test_a_clip_that_another_run_asked_for_is_not_taken_for_ours(
    stage: Stage, tripo: Tripo, lost: Searcher
) -> None:
    model, _ = await stage.made(tripo, OWL)
    rig, _ = await stage.made(tripo, RigRequest(source=model))
    walk = AnimateRequest(source=rig, clips=("walk",))
    others = await tripo.submit(walk, seed=1)
    await lost.lose(walk, "cut_before_accept")

    assert await lost.search(walk, others.task_id) == Absent()


async def test_a_list_without_unfinished_tasks_proves_nothing_until_it_has_caught_up(
    stage: Stage, lost: Searcher
) -> None:
    await lost.lose(OWL, "cut_before_accept")

    early = await lost.search(OWL)
    stage.pass_time(16 * 60)
    late = await lost.search(OWL)

    assert (early, late) == (CannotTell(), Absent())


async def test_a_task_that_the_list_hides_while_it_runs_is_found_when_it_has_ended(
    stage: Stage, lost: Searcher
) -> None:
    stage.vendor.ways.usage_shows_unfinished = False
    await lost.lose(OWL, "cut_after_accept")

    early = await lost.search(OWL)
    stage.pass_time(60)
    late = await lost.search(OWL)

    assert early == CannotTell()
    assert isinstance(late, Found)


async def test_the_list_may_come_wrapped(stage: Stage, lost: Searcher) -> None:
    stage.vendor.ways.usage_shape = "items"
    await lost.lose(OWL, "cut_after_accept")

    assert isinstance(await lost.search(OWL), Found)


async def test_a_task_of_another_key_in_the_same_account_leaves_it_open(stage: Stage, lost: Searcher) -> None:
    stage.vendor.keys.add("tsk_second", account="main")
    await stage.client(key="tsk_second").submit(OWL, seed=1)
    await lost.lose(OWL, "cut_before_accept")

    assert await lost.search(OWL) == CannotTell()


async def test_two_lost_submits_with_a_seed_that_members_chose_are_not_guessed_apart(
    stage: Stage, lost: Searcher
) -> None:
    chosen = GenerateRequest(prompt="a brass owl", seed=42)
    await lost.lose(chosen, "cut_after_accept")
    await lost.lose(chosen, "cut_after_accept")

    assert await lost.search(chosen) == CannotTell()


async def test_ours_is_found_behind_hundreds_of_others(stage: Stage, tripo: Tripo, lost: Searcher) -> None:
    stage.vendor.tasks.pools = dict.fromkeys(stage.vendor.tasks.pools, 1_000)
    stage.vendor.keys.limits["create"] = 1_000
    stage.vendor.keys.account("main").balance *= 10
    await lost.lose(OWL, "cut_after_accept")
    ours = stage.newest()
    for seed in range(210):
        await tripo.submit(OWL, seed=seed)

    answer = await lost.search(OWL)

    assert isinstance(answer, Found)
    assert answer.handle.task_id == ours
