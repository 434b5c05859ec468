"""Answers that Tripo should not give, and what must not come of them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from providers.base import CannotTell, GenerateRequest, Running
from providers.errors import AnswerLost, ContractChanged, HostRefused, ProviderError
from providers.tripo import Tripo
from providers.tripo.recovery import PAGE
from tests.providers.conftest import ScriptedVendor, StillClock, json_reply
from tests.providers.uploads import upload_of

OWL = GenerateRequest(prompt="a brass owl")


@pytest.fixture
async def tripo(vendor: ScriptedVendor, clock: StillClock) -> AsyncIterator[Tripo]:
    tripo = Tripo(
        api_key="tsk_made_up",
        api_url=vendor.url,
        file_hosts=(vendor.host,),
        now=clock.now,
        sleep=clock.sleep,
    )
    yield tripo
    await tripo.aclose()


def data(content: Any) -> Any:
    return json_reply({"code": 0, "data": content})


@pytest.mark.parametrize("content", [None, {}, [], {"task_id": None}, {"task": "t-1"}])
async def test_an_acceptance_without_a_task_id_may_still_be_one(
    tripo: Tripo, vendor: ScriptedVendor, content: Any
) -> None:
    vendor.answers(data(content))

    with pytest.raises(AnswerLost):
        await tripo.submit(OWL, seed=1)

    assert len(vendor.seen) == 1


async def test_one_broken_task_in_a_list_does_not_spoil_the_rest(
    tripo: Tripo, vendor: ScriptedVendor
) -> None:
    good = {"task_id": "a", "status": "running", "progress": 5}
    vendor.answers(data({"tasks": {"a": good, "b": {"status": []}, "c": "?"}, "missed": ["d"]}))

    outcomes = await tripo.check_many(["a", "b", "c", "d"])

    assert outcomes["a"] == Running(progress=5)
    assert [type(outcomes[task_id]).__name__ for task_id in "bcd"] == [
        "ContractChanged",
        "ContractChanged",
        "TaskNotFound",
    ]


@pytest.mark.parametrize("content", [None, [], {"tasks": None}])
async def test_a_list_that_is_none_is_the_error_of_each(
    tripo: Tripo, vendor: ScriptedVendor, content: Any
) -> None:
    vendor.answers(data(content))

    outcomes = await tripo.check_many(["a", "b", "c", "d"])

    assert all(isinstance(outcome, ContractChanged) for outcome in outcomes.values())


async def test_an_account_whose_list_does_not_end_is_read_so_far_and_no_further(
    tripo: Tripo, vendor: ScriptedVendor, clock: StillClock
) -> None:
    rows = [{"task_id": f"t-{n}", "type": "animate_rig", "status": "running"} for n in range(PAGE)]
    vendor.answers(data(rows))

    answer = await tripo.find(OWL, seed=1, since=clock.at, now=clock.at, known=())

    assert answer == CannotTell()
    assert len(vendor.seen) == 10


async def test_a_presigned_address_may_have_another_name(tripo: Tripo, vendor: ScriptedVendor) -> None:
    async def receive(request: web.Request) -> web.StreamResponse:
        size = sum([len(chunk) async for chunk in request.content.iter_any()])
        assert size == int(request.headers["Content-Length"])
        return web.Response()

    vendor.answers(data({"file_token": "file_1", "upload_url": f"{vendor.url}/put"}), receive)
    file = upload_of(bytes(51 * 1024 * 1024), name="large.glb")

    assert (await tripo.upload(file)).token == "file_1"
    assert "Authorization" in vendor.seen[0].headers
    assert "Authorization" not in vendor.seen[1].headers


async def test_a_place_without_an_address_takes_no_file(tripo: Tripo, vendor: ScriptedVendor) -> None:
    vendor.answers(data({"file_token": "file_1"}))

    with pytest.raises(HostRefused):
        await tripo.upload(upload_of(bytes(51 * 1024 * 1024), name="large.glb"))


@pytest.mark.parametrize("content", [None, {}, {"balance": "much"}, {"image_token": "x"}])
async def test_answers_of_another_shape_are_a_changed_contract(
    tripo: Tripo, vendor: ScriptedVendor, content: Any
) -> None:
    vendor.answers(data(content))

    for call in (tripo.balance(), tripo.check("a"), tripo.upload(upload_of(b"abc"))):
        with pytest.raises(ContractChanged):
            await call


async def test_an_id_of_theirs_cannot_lead_to_another_route(tripo: Tripo, vendor: ScriptedVendor) -> None:
    vendor.answers(data({}))

    with pytest.raises(ProviderError):
        await tripo.check("../account/balance?x=1")

    assert vendor.seen[0].path == "/tasks/..%2Faccount%2Fbalance%3Fx%3D1"
