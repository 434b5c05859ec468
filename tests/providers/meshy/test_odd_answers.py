"""Answers that Meshy should not give, or gives seldom, and what comes of them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from providers.base import Absent, CannotTell, DraftRequest, Failed, Running
from providers.errors import (
    AnswerLost,
    ContractChanged,
    NotHandedOver,
    ProviderError,
    TaskNotFound,
    Unauthorised,
    Unavailable,
)
from providers.meshy import Meshy
from providers.meshy.recovery import MINUTE, PAGE
from tests.providers.conftest import Reply, ScriptedVendor, StillClock, cut, json_reply

OWL = DraftRequest(prompt="a brass owl")
TASK = "text-to-3d/0196f4ce-7c1b-7b0e-9a52-3f0d6a5c8e11"
WAITS = json_reply({"id": "1", "status": "PENDING"})
RUNS = json_reply({"id": "1", "status": "IN_PROGRESS", "progress": 5})
DONE = json_reply({"id": "1", "status": "SUCCEEDED"})
GONE = json_reply({"message": "Task not found"}, status=404)
EMPTY = Reply()


@pytest.fixture
async def meshy(vendor: ScriptedVendor, clock: StillClock) -> AsyncIterator[Meshy]:
    meshy = Meshy(api_key="msy_made_up_key", api_url=vendor.url, now=clock.now, sleep=clock.sleep)
    yield meshy
    await meshy.aclose()


@pytest.mark.parametrize("content", [None, {}, [], {"result": None}, {"result": {"id": "1"}}])
async def test_an_acceptance_without_a_task_id_may_still_be_one(
    meshy: Meshy, vendor: ScriptedVendor, content: Any
) -> None:
    vendor.answers(json_reply(content, status=202))

    with pytest.raises(AnswerLost):
        await meshy.submit(OWL, seed=1)

    assert len(vendor.seen) == 1


@pytest.mark.parametrize("line", [cut, Reply(status=502, body=b"<html>"), Reply(status=200, body=b"<html>")])
async def test_an_answer_that_says_nothing_leaves_it_open(
    meshy: Meshy, vendor: ScriptedVendor, line: Any
) -> None:
    vendor.answers(line)

    with pytest.raises(AnswerLost):
        await meshy.submit(OWL, seed=1)

    assert len(vendor.seen) == 1


async def test_a_body_too_large_for_a_gateway_is_a_clear_no(meshy: Meshy, vendor: ScriptedVendor) -> None:
    vendor.answers(Reply(status=413, body=b"<html>too large</html>"))

    with pytest.raises(NotHandedOver):
        await meshy.submit(OWL, seed=1)


async def test_the_key_goes_along_and_a_list_is_asked_for_newest_first(
    meshy: Meshy, vendor: ScriptedVendor, clock: StillClock
) -> None:
    vendor.answers(json_reply([]))

    await meshy.find(OWL, seed=1, since=clock.at, now=clock.at, known=())

    [seen] = vendor.seen
    assert seen.headers["Authorization"] == "Bearer msy_made_up_key"
    assert seen.path == f"/openapi/v2/text-to-3d?page_num=1&page_size={PAGE}&sort_by=-created_at"


async def test_another_key_works_over_the_same_connections(meshy: Meshy, vendor: ScriptedVendor) -> None:
    vendor.answers(json_reply({"balance": 7}))

    await meshy.behind("msy_another_key").balance()
    await meshy.balance()

    keys = [seen.headers["Authorization"] for seen in vendor.seen]
    assert keys == ["Bearer msy_another_key", "Bearer msy_made_up_key"]


async def test_a_list_that_does_not_end_is_read_so_far_and_no_further(
    meshy: Meshy, vendor: ScriptedVendor, clock: StillClock
) -> None:
    vendor.answers(json_reply([{"id": f"t-{n}", "created_at": clock.at} for n in range(PAGE)]))

    answer = await meshy.find(OWL, seed=1, since=clock.at, now=clock.at + 60 * MINUTE, known=())

    assert answer == CannotTell()
    assert len(vendor.seen) == 10


async def test_an_empty_list_proves_something_only_after_a_while(
    meshy: Meshy, vendor: ScriptedVendor, clock: StillClock
) -> None:
    vendor.answers(json_reply([]))
    asked = {"seed": 1, "since": clock.at, "known": ()}

    early = await meshy.find(OWL, now=clock.at + 5 * MINUTE, **asked)  # type: ignore[arg-type] # by name
    late = await meshy.find(OWL, now=clock.at + 5 * MINUTE + 1, **asked)  # type: ignore[arg-type] # by name

    assert (early, late) == (CannotTell(), Absent())


@pytest.mark.parametrize("content", [None, [], {"balance": "much"}, {"status": "SUCCEEDED"}])
async def test_answers_of_another_shape_are_a_changed_contract(
    meshy: Meshy, vendor: ScriptedVendor, content: Any
) -> None:
    vendor.answers(json_reply(content))

    for call in (meshy.balance(), meshy.check(TASK)):
        with pytest.raises(ContractChanged):
            await call


async def test_an_unknown_state_is_borne_for_a_while(meshy: Meshy, vendor: ScriptedVendor) -> None:
    vendor.answers(json_reply({"id": "1", "status": "REHEARSING", "model_urls": {"glb": "https://x"}}))

    looks = [await meshy.check(TASK) for _ in range(11)]

    assert looks[:10] == [Running(progress=0)] * 10
    assert isinstance(looks[10], Failed)
    assert (looks[10].code, "://" in str(looks[10].answer)) == ("contract_changed", False)


async def test_an_id_of_theirs_cannot_lead_to_another_route(meshy: Meshy, vendor: ScriptedVendor) -> None:
    vendor.answers(GONE)

    with pytest.raises(TaskNotFound):
        await meshy.check("text-to-3d/../../v1/balance?x=1")

    assert vendor.seen[0].path == "/openapi/v2/text-to-3d/..%2F..%2Fv1%2Fbalance%3Fx%3D1"


@pytest.mark.parametrize("task_id", ["", "1", "balance/1", "rigging/"])
async def test_an_id_that_is_none_of_ours_is_not_even_asked_for(
    meshy: Meshy, vendor: ScriptedVendor, task_id: str
) -> None:
    with pytest.raises(TaskNotFound):
        await meshy.check(task_id)

    assert not vendor.seen


# Stopping


@pytest.mark.parametrize("answer", [EMPTY, json_reply({}), GONE])
async def test_a_task_that_waits_is_deleted(meshy: Meshy, vendor: ScriptedVendor, answer: Reply) -> None:
    vendor.answers(WAITS, answer)

    assert await meshy.cancel(TASK)
    assert [seen.method for seen in vendor.seen] == ["GET", "DELETE"]


@pytest.mark.parametrize("state", [RUNS, DONE, json_reply({"id": "1", "status": "REHEARSING"})])
async def test_a_task_that_has_begun_is_left_alone(
    meshy: Meshy, vendor: ScriptedVendor, state: Reply
) -> None:
    vendor.answers(state)

    assert not await meshy.cancel(TASK)
    assert [seen.method for seen in vendor.seen] == ["GET"]


async def test_a_task_that_begins_in_the_same_moment_goes_on(meshy: Meshy, vendor: ScriptedVendor) -> None:
    vendor.answers(WAITS, json_reply({"message": "The task is in progress"}, status=409))

    assert not await meshy.cancel(TASK)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (json_reply({"message": "Invalid API key"}, status=401), Unauthorised),
        (Reply(status=502), Unavailable),
        (cut, Unavailable),
    ],
)
async def test_an_order_that_was_not_heard_is_an_error(
    meshy: Meshy, vendor: ScriptedVendor, answer: Any, kind: type[ProviderError]
) -> None:
    vendor.answers(WAITS, answer)

    with pytest.raises(kind):
        await meshy.cancel(TASK)


async def test_an_order_whose_answer_was_lost_is_known_by_the_task_being_gone(
    meshy: Meshy, vendor: ScriptedVendor
) -> None:
    vendor.answers(GONE)

    assert await meshy.cancel(TASK)


# Webhooks


async def test_only_the_id_of_a_call_is_believed(meshy: Meshy, vendor: ScriptedVendor) -> None:
    body = {"id": "1", "type": "rig", "status": "FAILED", "task_error": {"message": "not true"}}

    assert await meshy.heard({}, json.dumps(body).encode()) == "rigging/1"
    assert await meshy.heard({}, b"nonsense") is None
    assert not vendor.seen
