"""A vendor on loopback that answers as told, and time that stands still."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer that can be given many times."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        return web.Response(status=self.status, body=self.body, headers=self.headers)


def json_reply(data: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    headers = {"Content-Type": "application/json", **(headers or {})}
    return Reply(status=status, body=json.dumps(data).encode(), headers=headers)


@dataclass
class StillClock:
    """Moves only when somebody sleeps, or a test moves it."""

    at: int = 1_800_000_000_000
    slept: list[float] = field(default_factory=list)

    def now(self) -> int:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self.at += int(seconds * 1000)


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class ScriptedVendor:
    """Answers each request with the next line of its script; the last line stays."""

    def __init__(self) -> None:
        self.script: list[Reply | Handler] = []
        self.seen: list[Seen] = []
        app = web.Application(client_max_size=200 * 1024 * 1024)
        app.router.add_route("*", "/{rest:.*}", self._answer)
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    @property
    def host(self) -> str:
        return f"{self.server.host}:{self.server.port}"

    def answers(self, *lines: Reply | Handler) -> None:
        self.script = list(lines)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        line = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        body = await request.read() if isinstance(line, Reply) else b""  # else the handler reads
        self.seen.append(Seen(request.method, request.path_qs, dict(request.headers), body))
        return line.response() if isinstance(line, Reply) else await line(request)


async def cut(request: web.Request) -> web.StreamResponse:
    """The connection dies after the request has arrived."""
    await request.read()
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def vendor() -> AsyncIterator[ScriptedVendor]:
    vendor = ScriptedVendor()
    async with vendor.server:
        yield vendor
