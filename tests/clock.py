"""A clock that stands still until somebody waits, and then has already waited."""

import asyncio

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
