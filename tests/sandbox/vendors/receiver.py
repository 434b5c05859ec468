"""Somebody whom a vendor calls, on a clock that moves while calls are waited for."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.clock import HandClock

LOOKS = 500


@dataclass
class Receiver:
    """Keeps what it is told. ``answers`` are the next statuses; then 200."""

    clock: HandClock = field(default_factory=HandClock)
    url: str = ""
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    """Headers and body of each."""
    times: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """While it can be called."""
        app = web.Application()
        app.router.add_post("/hook/{job}", self._take)
        async with TestServer(app) as server:
            self.url = str(server.make_url("/hook/7"))
            yield

    async def _take(self, request: web.Request) -> web.Response:
        self.calls.append((dict(request.headers), await request.read()))
        self.times.append(self.clock.now())
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.calls]

    async def have(self, number: int) -> list[dict[str, Any]]:
        """What was told, when it is so much."""
        for _ in range(LOOKS):
            if len(self.calls) >= number:
                return self.told()
            await self.pass_time(1)
        raise AssertionError(f"{len(self.calls)} calls came")

    async def pass_time(self, looks: int) -> None:
        """For so many looks of whoever waits for the clock."""
        for _ in range(looks):
            self.clock.advance_to_next(1.0)
            await asyncio.sleep(0.002)
