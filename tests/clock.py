"""Clocks for tests: one that has already waited when somebody waits, one that a test moves by hand."""

import asyncio
import heapq
import itertools
import math
from typing import Any

START = 1_790_000_000_000


class StillClock:
    """Serves the bot and the sandbox alike: ``sleep`` moves time instead of passing it."""

    def __init__(self, start: int = START) -> None:
        self._now = start

    def now(self) -> int:
        return self._now

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self._now += int(seconds * 1000)

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        self._now += int((seconds + 60 * minutes + 3600 * hours) * 1000)


class HandClock:
    """Stands still until somebody moves its hands; who sleeps wakes when they have come so far."""

    def __init__(self, start: int = START) -> None:
        self._now = start
        self._numbers = itertools.count()
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._asleep: set[asyncio.Task[Any] | None] = set()

    def now(self) -> int:
        return self._now

    async def sleep(self, seconds: float) -> None:
        bell = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + round(seconds * 1000), next(self._numbers), bell))
        self.advance(0)
        task = asyncio.current_task()
        self._asleep.add(task)
        try:
            await bell
        finally:
            self._asleep.discard(task)

    def holds(self, task: asyncio.Task[Any]) -> bool:
        """Whether a task waits for the hands to move."""
        return task in self._asleep

    def advance(self, seconds: float) -> None:
        """Move the hands, and wake whose time has come."""
        self._now += round(seconds * 1000)
        while self._sleepers and (self._sleepers[0][0] <= self._now or self._sleepers[0][2].done()):
            *_, bell = heapq.heappop(self._sleepers)
            if not bell.done():  # a sleeper who was cancelled does not wake
                bell.set_result(None)

    def advance_to_next(self, at_most: float) -> None:
        """Move the hands to where the next sleeper wakes, or by ``at_most`` seconds."""
        self.advance(0)
        wakes = self._sleepers[0][0] if self._sleepers else math.inf
        self.advance(min(at_most, (wakes - self._now) / 1000))
