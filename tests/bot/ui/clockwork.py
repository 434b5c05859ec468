"""A clock that a test turns by hand; whoever sleeps wakes in the right order, at the right moment."""

import asyncio
import heapq
from itertools import count

from tests.bot.ui.views import NOW

_ROUNDS = 50
"""Turns of the event loop after which everything that can happen has happened."""


class Clockwork:
    def __init__(self) -> None:
        self._now = NOW
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = count()

    def now(self) -> int:
        return self._now

    async def sleep(self, seconds: float) -> None:
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + int(seconds * 1000), next(self._order), waking))
        await waking

    async def turn(self, seconds: float = 0) -> None:
        """Let so much time pass."""
        until = self._now + int(seconds * 1000)
        await _settle()
        while self._sleepers and self._sleepers[0][0] <= until:
            self._now, _, waking = heapq.heappop(self._sleepers)
            if not waking.done():
                waking.set_result(None)
            await _settle()
        self._now = until


async def _settle() -> None:
    for _ in range(_ROUNDS):
        await asyncio.sleep(0)
