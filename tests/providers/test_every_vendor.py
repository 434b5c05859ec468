"""What holds for our client of every vendor that has keys, each against its simulator."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from providers.base import Failed, Found, Provider, Running
from providers.errors import ProviderError, TaskNotFound, TooLarge, Unauthorised, Unavailable
from tests.providers.conftest import StillClock
from tests.providers.meshy.conftest import Stage as MeshyStage
from tests.providers.replicate.conftest import Stage as ReplicateStage
from tests.providers.searcher import Searcher, task_of
from tests.providers.stage import first_file
from tests.providers.tripo.conftest import Stage as TripoStage

Stage = Any  # one of these three
STAGES = {"tripo": TripoStage, "meshy": MeshyStage, "replicate": ReplicateStage}
PREFIX = 4  # characters of a key, of which its maker makes no secret: tsk_, msy_


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest, clock: StillClock) -> AsyncIterator[Stage]:
    async with STAGES[request.param](clock) as stage:
        yield stage


@pytest.fixture
def provider(stage: Stage) -> Provider:
    return stage.client()


# Keys


async def test_a_wrong_key_is_told_and_not_repeated(stage: Stage) -> None:
    stranger = stage.client(key=stage.stranger)

    for call in (
        stranger.balance(),
        stranger.check(stage.nobody),
        stranger.submit(stage.wish, seed=1),
    ):
        with pytest.raises(Unauthorised) as caught:
            await call
        assert stage.stranger[:PREFIX] not in f"{caught.value} {caught.value.detail}"


async def test_a_task_of_another_account_is_not_found(stage: Stage, provider: Provider) -> None:
    stage.vendor.keys.add(stage.stranger, account="another")
    handle = await provider.submit(stage.wish, seed=1)

    with pytest.raises(TaskNotFound):
        await stage.client(key=stage.stranger).check(handle.task_id)
    with pytest.raises(TaskNotFound):
        await provider.behind(stage.stranger).check(handle.task_id)


async def test_no_log_of_any_level_holds_a_key_or_a_signed_link(
    stage: Stage, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    _, outcome = await stage.made(provider, stage.wish)
    await first_file(provider, outcome)

    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp")]
    secrets = (stage.key[:PREFIX], "Expires=", "Signature=")
    assert not [line for line in ours if any(secret in line for secret in secrets)]


# Tasks


async def test_an_unknown_state_is_borne_for_a_while(stage: Stage, provider: Provider) -> None:
    stage.arm("unknown_status")
    handle = await provider.submit(stage.wish, seed=1)

    looks = [await provider.check(handle.task_id) for _ in range(11)]

    assert looks[:10] == [Running(progress=0)] * 10
    assert isinstance(looks[10], Failed)
    assert looks[10].code == "contract_changed"


@pytest.mark.parametrize("count", [0, 1, 3, 4, 8])
async def test_many_are_looked_at_and_a_missing_one_does_not_spoil_the_rest(
    stage: Stage, provider: Provider, count: int
) -> None:
    ids = [(await provider.submit(stage.wish, seed=seed)).task_id for seed in range(1, count + 1)]

    outcomes = await provider.check_many([*ids, stage.nobody])

    assert list(outcomes) == [*ids, stage.nobody]
    assert all(isinstance(outcomes[task_id], Running) for task_id in ids)
    assert isinstance(outcomes[stage.nobody], TaskNotFound)


@pytest.mark.parametrize("count", [0, 2, 5])
async def test_when_nothing_can_be_read_each_is_told_so(stage: Stage, provider: Provider, count: int) -> None:
    stage.arm("html_502", on="read", times=100)

    outcomes = await provider.check_many([f"{stage.nobody[:-1]}{number}" for number in range(count)])

    assert [type(outcome) for outcome in outcomes.values()] == [Unavailable] * count


async def test_a_file_over_the_limit_is_not_taken(stage: Stage, provider: Provider) -> None:
    _, outcome = await stage.made(provider, stage.wish)

    with pytest.raises(TooLarge):
        await first_file(provider, outcome, limit=1_000)


# Submits whose answer does not come


@pytest.mark.parametrize("fault", ["cut_after_accept", "html_502_after_accept"])
@pytest.mark.parametrize("chosen", [None, 42])
async def test_a_task_whose_answer_was_lost_is_found_and_was_posted_once(
    stage: Stage, provider: Provider, fault: str, chosen: int | None
) -> None:
    lost, wish = Searcher(stage, provider), replace(stage.wish, seed=chosen)
    await lost.lose(wish, fault)

    assert task_of(await lost.search(wish)) == stage.newest()
    assert stage.accepted() == 1


async def test_a_task_that_has_ended_meanwhile_is_found_as_well(stage: Stage, provider: Provider) -> None:
    lost = Searcher(stage, provider)
    stage.arm("late_failed")
    await lost.lose(stage.wish, "cut_after_accept")

    assert isinstance(await lost.search(stage.wish, after=600), Found)


async def test_a_list_that_cannot_be_read_is_an_error_and_no_answer(stage: Stage, provider: Provider) -> None:
    lost = Searcher(stage, provider)
    await lost.lose(stage.wish, "cut_after_accept")
    stage.arm("html_502", on="read", times=3)

    with pytest.raises(ProviderError):
        await lost.search(stage.wish)
