"""An answer that does not come: what was accepted is found, and nothing is ever posted twice."""

import pytest

from providers.base import (
    Absent,
    AnimateRequest,
    CannotTell,
    Found,
    GenerateRequest,
    Request,
    RigCheckRequest,
    RigRequest,
    Search,
    Succeeded,
    TaskRef,
)
from providers.errors import AnswerLost, ProviderError
from providers.tripo import Tripo
from tests.providers.tripo.conftest import Stage

OWL = GenerateRequest(prompt="a brass owl")
SEED = 4_711


class Searcher:
    """Loses one submit, and looks for it later."""

    def __init__(self, stage: Stage, tripo: Tripo) -> None:
        self.stage = stage
        self.tripo = tripo
        self.sent_at = stage.clock.now()

    async def lose(self, request: Request, fault: str) -> None:
        self.stage.arm(fault)
        self.sent_at = self.stage.clock.now()
        with pytest.raises(AnswerLost):
            await self.tripo.submit(request, seed=SEED)

    async def search(self, request: Request, known: frozenset[str] = frozenset()) -> Search:
        return await self.tripo.find(
            request, seed=SEED, since=self.sent_at, now=self.stage.clock.now(), known=known
        )


@pytest.fixture
def lost(stage: Stage, tripo: Tripo) -> Searcher:
    return Searcher(stage, tripo)


def newest(stage: Stage) -> str:
    return stage.vendor.tasks.all()[0].task_id


async def ready(stage: Stage, tripo: Tripo, request: Request) -> TaskRef:
    task_id = (await tripo.submit(request, seed=1)).task_id
    assert isinstance(await stage.end_of(tripo, task_id), Succeeded)
    return TaskRef(task_id=task_id)


@pytest.mark.parametrize("fault", ["cut_after_accept", "html_502_after_accept"])
@pytest.mark.parametrize("request_", [OWL, GenerateRequest(prompt="a brass owl", seed=42)])
async def test_a_generation_whose_answer_was_lost_is_found_and_was_posted_once(
    stage: Stage, lost: Searcher, fault: str, request_: Request
) -> None:
    await lost.lose(request_, fault)

    answer = await lost.search(request_)

    assert isinstance(answer, Found)
    assert answer.handle.task_id == newest(stage)
    assert stage.accepted() == 1


async def test_every_kind_of_task_is_found(stage: Stage, tripo: Tripo, lost: Searcher) -> None:
    model = await ready(stage, tripo, OWL)
    rig = await ready(stage, tripo, RigRequest(source=model))

    for request in (
        RigCheckRequest(source=model),
        RigRequest(source=model),
        AnimateRequest(source=rig, clips=("walk",)),
    ):
        await lost.lose(request, "cut_after_accept")
        answer = await lost.search(request, frozenset({model.task_id, rig.task_id}))

        assert isinstance(answer, Found)
        assert answer.handle.task_id == newest(stage)


async def test_a_task_that_has_ended_meanwhile_is_found_as_well(stage: Stage, lost: Searcher) -> None:
    stage.arm("late_failed")
    await lost.lose(OWL, "cut_after_accept")
    stage.pass_time(600)

    assert isinstance(await lost.search(OWL), Found)


async def test_the_task_of_another_run_is_not_taken_for_ours(
    stage: Stage, tripo: Tripo, lost: Searcher
) -> None:
    await tripo.submit(OWL, seed=SEED + 1)  # the same words under another seed
    await lost.lose(OWL, "cut_before_accept")

    assert await lost.search(OWL) == Absent()


async def test_a_clip_that_another_run_asked_for_is_not_taken_for_ours(
    stage: Stage, tripo: Tripo, lost: Searcher
) -> None:
    rig = await ready(stage, tripo, RigRequest(source=await ready(stage, tripo, OWL)))
    walk = AnimateRequest(source=rig, clips=("walk",))
    others = await tripo.submit(walk, seed=1)
    await lost.lose(walk, "cut_before_accept")

    assert await lost.search(walk, frozenset({others.task_id})) == Absent()


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
    ours = newest(stage)
    for seed in range(210):
        await tripo.submit(OWL, seed=seed)

    answer = await lost.search(OWL)

    assert isinstance(answer, Found)
    assert answer.handle.task_id == ours


async def test_a_list_that_cannot_be_read_is_an_error_and_no_answer(stage: Stage, lost: Searcher) -> None:
    await lost.lose(OWL, "cut_after_accept")
    stage.arm("html_502", on="read", times=3)

    with pytest.raises(ProviderError):
        await lost.search(OWL)
