import asyncio
import json
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from providers.errors import AnswerLost, ContractChanged, Unavailable
from providers.http import PATIENT, Api, Timing
from providers.http.api import ANSWER_LIMIT
from tests.providers.conftest import Handler, Reply, ScriptedVendor, StillClock, cut, json_reply
from tests.providers.uploads import upload_of

KEY = "Bearer tsk_made_up"


def api_at(url: str, clock: StillClock, timing: Timing = PATIENT) -> Api:
    return Api("tripo", base_url=url, authorization=KEY, now=clock.now, sleep=clock.sleep, timing=timing)


@pytest.fixture
async def api(vendor: ScriptedVendor, clock: StillClock) -> AsyncIterator[Api]:
    api = api_at(vendor.url, clock)
    yield api
    await api.aclose()


def ok(data: object = None) -> Reply:
    return json_reply({"code": 0, "data": data})


def html(status: int) -> Reply:
    return Reply(status=status, body=b"<html>nginx</html>", headers={"Content-Type": "text/html"})


async def hang(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


# Reading


async def test_a_read_carries_the_key_and_gives_the_json(api: Api, vendor: ScriptedVendor) -> None:
    vendor.answers(ok([1]))

    answer = await api.get_json("/account/usage", limit=200, offset=0)

    assert answer.body == {"code": 0, "data": [1]}
    assert vendor.seen[0].path == "/account/usage?limit=200&offset=0"
    assert vendor.seen[0].headers["Authorization"] == KEY


@pytest.mark.parametrize("trouble", [html(502), html(503), html(504), cut])
async def test_a_read_survives_passing_trouble(
    api: Api, vendor: ScriptedVendor, clock: StillClock, trouble: Reply | Handler
) -> None:
    vendor.answers(trouble, ok())

    assert (await api.get_json("/x")).status == 200
    assert clock.slept == [0.5]


async def test_a_read_gives_up_after_three_tries(api: Api, vendor: ScriptedVendor, clock: StillClock) -> None:
    vendor.answers(cut)

    with pytest.raises(Unavailable):
        await api.get_json("/x")

    assert len(vendor.seen) == 3
    assert clock.slept == [0.5, 1.5]


async def test_a_read_that_stays_in_trouble_is_unavailable(api: Api, vendor: ScriptedVendor) -> None:
    vendor.answers(html(503))

    with pytest.raises(Unavailable) as caught:
        await api.get_json("/x")

    assert caught.value.status == 503


async def test_a_read_waits_as_long_as_it_is_asked_to(
    api: Api, vendor: ScriptedVendor, clock: StillClock
) -> None:
    vendor.answers(json_reply({"code": 1007}, status=429, headers={"Retry-After": "3"}), ok())

    assert (await api.get_json("/x")).status == 200
    assert clock.slept == [3.0]


async def test_a_long_wait_is_told_instead_of_waited(
    api: Api, vendor: ScriptedVendor, clock: StillClock
) -> None:
    reset = str(clock.at // 1000 + 90)
    vendor.answers(json_reply({"code": 1007}, status=429, headers={"X-RateLimit-Reset": reset}))

    answer = await api.get_json("/x")

    assert (answer.status, answer.retry_after) == (429, 90.0)
    assert (len(vendor.seen), clock.slept) == (1, [])


async def test_a_read_that_took_long_is_not_tried_again(
    api: Api, vendor: ScriptedVendor, clock: StillClock
) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        clock.at += 10_000
        return await cut(request)

    vendor.answers(slow)

    with pytest.raises(Unavailable):
        await api.get_json("/x")

    assert (len(vendor.seen), clock.slept) == (1, [])


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_a_clear_refusal_is_not_repeated(api: Api, vendor: ScriptedVendor, status: int) -> None:
    vendor.answers(json_reply({"code": 1}, status=status, headers={"X-Request-ID": "r-1"}))

    answer = await api.get_json("/x")

    assert (answer.status, answer.reference, len(vendor.seen)) == (status, "r-1", 1)


async def test_a_page_instead_of_json_is_a_changed_contract(api: Api, vendor: ScriptedVendor) -> None:
    vendor.answers(html(200))

    with pytest.raises(ContractChanged):
        await api.get_json("/x")


async def test_an_endless_answer_is_not_read_to_its_end(api: Api, vendor: ScriptedVendor) -> None:
    vendor.answers(Reply(body=b" " * (ANSWER_LIMIT + 1) + b"{}"))

    with pytest.raises(ContractChanged):
        await api.get_json("/x")


async def test_a_post_that_only_reads_is_repeated(api: Api, vendor: ScriptedVendor) -> None:
    vendor.answers(html(502), ok())

    await api.ask_json("/tasks/list", {"task_ids": ["a"]})

    assert [json.loads(seen.body) for seen in vendor.seen] == [{"task_ids": ["a"]}] * 2


async def test_an_api_is_not_followed_to_another_place(api: Api, vendor: ScriptedVendor) -> None:
    vendor.answers(Reply(status=302, headers={"Location": "/elsewhere"}))

    with pytest.raises(ContractChanged):
        await api.get_json("/x")

    assert len(vendor.seen) == 1


# Posting


@pytest.mark.parametrize(
    "trouble", [cut, html(200), html(404), html(502), json_reply({"code": 1000}, status=500)]
)
async def test_a_post_without_a_clear_answer_is_lost_and_never_repeated(
    api: Api, vendor: ScriptedVendor, clock: StillClock, trouble: Reply | Handler
) -> None:
    vendor.answers(trouble)

    with pytest.raises(AnswerLost):
        await api.post_json("/generation/text-to-model", {"prompt": "an owl"})

    assert (len(vendor.seen), clock.slept) == (1, [])


@pytest.mark.parametrize("timing", [Timing(read=0.05), Timing(call=0.05)])
async def test_a_post_that_is_not_answered_in_time_is_lost(
    vendor: ScriptedVendor, clock: StillClock, timing: Timing
) -> None:
    vendor.answers(hang)
    api = api_at(vendor.url, clock, timing)

    with pytest.raises(AnswerLost):
        await api.post_json("/x", {})

    assert len(vendor.seen) == 1
    await api.aclose()


@pytest.mark.parametrize("status", [400, 401, 429])
async def test_a_post_that_is_refused_is_not_repeated(api: Api, vendor: ScriptedVendor, status: int) -> None:
    vendor.answers(json_reply({"code": 1}, status=status))

    assert (await api.post_json("/x", {})).status == status
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("status", [401, 413, 429])
async def test_a_gateway_may_say_no_without_json(api: Api, vendor: ScriptedVendor, status: int) -> None:
    vendor.answers(html(status))

    answer = await api.post_json("/x", {})

    assert (answer.status, answer.body) == (status, None)


async def test_a_post_that_never_left_is_unavailable(clock: StillClock) -> None:
    with socket.socket() as taken:  # bound but not listening: the connection is refused
        taken.bind(("127.0.0.1", 0))
        api = api_at(f"http://127.0.0.1:{taken.getsockname()[1]}", clock)
        with pytest.raises(Unavailable):
            await api.post_json("/x", {})
    await api.aclose()


async def test_half_a_surrogate_pair_in_a_prompt_is_sent_and_not_stumbled_over(
    api: Api, vendor: ScriptedVendor
) -> None:
    vendor.answers(ok())

    await api.post_json("/x", {"prompt": "owl \ud83e"})

    assert json.loads(vendor.seen[0].body) == {"prompt": "owl \ud83e"}


# Uploading


async def test_an_upload_arrives_whole_as_a_form_with_one_file(api: Api, vendor: ScriptedVendor) -> None:
    content = bytes(range(256)) * 1000
    arrived: dict[str, object] = {}

    async def receive(request: web.Request) -> web.StreamResponse:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        arrived.update(name=file.filename, type=file.content_type, body=file.file.read(), parts=len(form))
        return ok().response()

    vendor.answers(receive)
    await api.upload("/files", upload_of(content, name='ev"il\r\nX: y.png'), field="file")

    assert arrived["body"] == content
    assert (arrived["type"], arrived["parts"]) == ("image/png", 1)
    assert "\r" not in str(arrived["name"])
    assert int(vendor.seen[0].headers["Content-Length"]) > len(content)  # streamed, with its size told


@pytest.mark.parametrize("trouble", [cut, html(502)])
async def test_an_upload_that_fails_may_be_repeated_by_the_caller(
    api: Api, vendor: ScriptedVendor, trouble: Reply | Handler
) -> None:
    vendor.answers(trouble)

    with pytest.raises(Unavailable):
        await api.upload("/files", upload_of(b"abc"), field="file")

    assert len(vendor.seen) == 1


@pytest.mark.parametrize("announced", [2, 500])
async def test_a_file_that_is_not_as_long_as_announced_is_not_sent_as_if_it_were(
    api: Api, vendor: ScriptedVendor, announced: int
) -> None:
    vendor.answers(ok())

    with pytest.raises(Unavailable, match="bytes"):
        await api.upload("/files", upload_of(b"abc", size=announced), field="file")
