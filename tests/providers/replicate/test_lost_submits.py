"""An answer that does not come: what was accepted is found, and nothing is ever posted twice."""

from typing import Any

import pytest

from providers.base import (
    Absent,
    CannotTell,
    DraftRequest,
    FileRef,
    GenerateRequest,
    RigRequest,
    TaskRef,
)
from providers.replicate import Replicate
from tests.providers.replicate.conftest import Stage, glb_of
from tests.providers.searcher import SEED, Searcher, task_of
from tests.providers.stage import first_file

OWL = GenerateRequest(prompt="a brass owl")


@pytest.fixture
def lost(stage: Stage, replicate: Replicate) -> Searcher:
    return Searcher(stage, replicate)


async def test_a_draft_and_the_model_made_of_it_are_found(stage: Stage, trellis: Replicate) -> None:
    lost = Searcher(stage, trellis)
    words = DraftRequest(prompt="a brass owl")

    await lost.lose(words, "cut_after_accept")
    draft = TaskRef(task_id=task_of(await lost.search(words)))
    stage.pass_time(60)
    on = GenerateRequest(prompt="a brass owl", draft=draft)
    await lost.lose(on, "cut_after_accept")

    assert task_of(await lost.search(on)) == stage.newest()


@pytest.mark.parametrize("shown", ["echoed", "linked"])
async def test_a_rig_is_found_however_its_file_is_shown(
    stage: Stage, replicate: Replicate, lost: Searcher, shown: Any
) -> None:
    stage.vendor.ways.data_uris = shown
    source, generated = await stage.made(replicate, OWL)
    file = await replicate.upload(glb_of(await first_file(replicate, generated)))

    stored = FileRef(
        token=file.token, content_type=file.content_type
    )  # as it is read back, without its bytes
    for sent, kept in ((source, source), (file, stored)):
        others = [one.id for one in stage.vendor.book.all()]
        await lost.lose(RigRequest(source=sent), "cut_after_accept")
        assert task_of(await lost.search(RigRequest(source=kept), *others)) == stage.newest()


async def test_what_was_never_accepted_is_absent_once_the_list_has_caught_up(lost: Searcher) -> None:
    await lost.lose(OWL, "cut_before_accept")

    assert await lost.search(OWL) == CannotTell()
    assert await lost.search(OWL, after=60) == Absent()


async def test_a_prediction_that_is_listed_late_is_found_when_it_is(stage: Stage, lost: Searcher) -> None:
    handle = await _accepted(stage, "listed_late", lost)

    assert await lost.search(OWL) == CannotTell()
    assert task_of(await lost.search(OWL, after=60)) == handle


async def _accepted(stage: Stage, fault: str, lost: Searcher) -> str:
    stage.arm(fault)
    lost.sent_at = stage.clock.now()
    return (await lost.client.submit(OWL, seed=SEED)).task_id


async def test_the_prediction_of_another_run_is_not_taken_for_ours(
    replicate: Replicate, lost: Searcher
) -> None:
    others = await replicate.submit(OWL, seed=SEED + 1)
    await lost.lose(OWL, "cut_before_accept")

    assert await lost.search(OWL, others.task_id, after=60) == Absent()


async def test_a_seed_tells_submits_of_the_same_moment_apart(stage: Stage) -> None:
    rodin = stage.client(model="hyper3d/rodin")
    lost = Searcher(stage, rodin)
    await lost.lose(OWL, "cut_after_accept", seed=1)
    first = stage.newest()
    await lost.lose(OWL, "cut_after_accept", seed=2)

    assert task_of(await lost.search(OWL, seed=1)) == first
    assert task_of(await lost.search(OWL, seed=2)) == stage.newest()
    assert await lost.search(OWL, seed=3, after=60) == Absent()


async def test_without_a_seed_equal_submits_are_not_guessed_apart(stage: Stage, lost: Searcher) -> None:
    await lost.lose(OWL, "cut_after_accept")
    first = stage.newest()
    await lost.lose(OWL, "cut_after_accept")

    assert await lost.search(OWL) == CannotTell()
    assert task_of(await lost.search(OWL, first)) == stage.newest()


@pytest.mark.parametrize("removed", ["object", "null"])
async def test_a_prediction_whose_input_was_erased_leaves_it_open(
    stage: Stage, lost: Searcher, removed: Any
) -> None:
    stage.vendor.ways.removed_input = removed
    await lost.lose(OWL, "cut_after_accept")

    assert await lost.search(OWL, after=7_200) == CannotTell()


async def test_another_account_is_not_looked_into(stage: Stage, lost: Searcher) -> None:
    stage.vendor.keys.add("r8_second000000000000000", account="second")
    await lost.client.behind("r8_second000000000000000").submit(OWL, seed=SEED)
    await lost.lose(OWL, "cut_before_accept")

    assert await lost.search(OWL, after=60) == Absent()


async def test_ours_is_found_behind_hundreds_of_others(
    stage: Stage, replicate: Replicate, lost: Searcher
) -> None:
    await lost.lose(OWL, "cut_after_accept")
    ours = stage.newest()
    for seed in range(210):
        await replicate.submit(GenerateRequest(prompt=f"owl {seed}"), seed=seed)

    assert task_of(await lost.search(OWL)) == ours
