"""Progress over a real websocket."""

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from providers.comfyui import feed as feeds
from providers.comfyui.feed import Feed
from tests.providers.comfyui.conftest import until

WEIGHTS = {"1": 1, "2": 1}
HALF = {"type": "executed", "data": {"node": "1", "prompt_id": "owl"}}


class Server:
    """Takes in websockets, and says over the newest what a test wants said."""

    def __init__(self) -> None:
        self.sockets: list[web.WebSocketResponse] = []
        self.requests: list[web.Request] = []
        self.refuses = False
        self.slept: list[float] = []
        app = web.Application()
        app.router.add_get("/ws", self._take)
        self.server = TestServer(app)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        if self.refuses:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        async for message in socket:
            assert message.type is not WSMsgType.TEXT
        return socket

    def feed(self, authorization: str = "") -> Feed:
        url = str(self.server.make_url("/ws?clientId=mine")).replace("http://", "ws://")
        return Feed(url, authorization=authorization, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.refuses = self.refuses and len(self.slept) < 8

    async def says(self, frame: Any) -> None:
        await until(lambda: bool(self.sockets))
        await self.sockets[-1].send_str(frame if isinstance(frame, str) else json.dumps(frame))


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    async with server.server:
        yield server


@pytest.fixture
async def feed(server: Server) -> AsyncIterator[Feed]:
    feed = server.feed()
    yield feed
    await feed.aclose()


async def test_what_is_heard_of_a_job_is_its_progress(server: Server, feed: Feed) -> None:
    feed.watch("owl", WEIGHTS)
    await server.says(HALF)

    await until(lambda: feed.percent("owl") == 50)
    assert feed.percent("another") == 0
    assert server.requests[0].query["clientId"] == "mine"
    assert "Origin" not in server.requests[0].headers


async def test_pictures_nonsense_and_the_jobs_of_others_are_passed_over(server: Server, feed: Feed) -> None:
    feed.watch("owl", WEIGHTS)
    for frame in ("[]", "{", {"type": "status"}, {"type": "executed", "data": {"node": "2"}}):
        await server.says(frame)
    await server.says({"type": "executed", "data": {"node": "2", "prompt_id": "fox"}})
    await server.sockets[0].send_bytes(b"\x00\x00\x00\x01" + bytes(3_000_000))
    await server.says(HALF)

    await until(lambda: feed.percent("owl") == 50)
    assert len(server.sockets) == 1


async def test_one_connection_serves_all_jobs_and_goes_with_the_last(server: Server, feed: Feed) -> None:
    feed.watch("owl", WEIGHTS)
    feed.watch("fox", WEIGHTS)
    await server.says(HALF)
    await until(lambda: feed.percent("owl") == 50)

    feed.forget("owl")
    await server.says({**HALF, "data": {"node": "1", "prompt_id": "fox"}})
    await until(lambda: feed.percent("fox") == 50)
    assert not server.sockets[0].closed
    feed.forget("fox")
    await until(lambda: server.sockets[0].closed)
    assert len(server.requests) == 1


async def test_a_job_after_the_last_one_is_listened_for_again(server: Server, feed: Feed) -> None:
    feed.watch("owl", WEIGHTS)
    await until(lambda: len(server.sockets) == 1)
    feed.forget("owl")
    feed.watch("fox", WEIGHTS)

    await until(lambda: len(server.sockets) == 2)
    await server.says({**HALF, "data": {"node": "1", "prompt_id": "fox"}})
    await until(lambda: feed.percent("fox") == 50)


async def test_a_connection_that_was_cut_comes_back_and_keeps_what_was_heard(
    server: Server, feed: Feed
) -> None:
    feed.watch("owl", WEIGHTS)
    await server.says(HALF)
    await until(lambda: feed.percent("owl") == 50)

    await server.sockets[0].close()
    await until(lambda: len(server.sockets) == 2)
    assert feed.percent("owl") == 50
    await server.says({"type": "progress", "data": {"node": "2", "prompt_id": "owl", "value": 1, "max": 2}})
    await until(lambda: feed.percent("owl") == 75)


async def test_a_server_that_refuses_is_asked_ever_more_rarely(server: Server, feed: Feed) -> None:
    server.refuses = True
    feed.watch("owl", WEIGHTS)

    await until(lambda: len(server.sockets) == 1)
    assert server.slept == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_a_proxy_is_shown_the_key_and_no_log_has_it(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    feed = server.feed("Bearer swordfish")
    feed.watch("owl", WEIGHTS)

    await until(lambda: len(server.sockets) == 1)
    await feed.aclose()
    assert server.requests[0].headers["Authorization"] == "Bearer swordfish"
    assert "swordfish" not in caplog.text


async def test_a_job_that_nobody_asks_about_any_more_makes_room(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST", 2)
    for job in ("owl", "fox", "hen"):
        feed.watch(job, WEIGHTS)

    assert set(feed._tallies) == {"fox", "hen"}


async def test_a_feed_that_was_never_used_closes(server: Server, feed: Feed) -> None:
    await feed.aclose()

    assert server.requests == []
