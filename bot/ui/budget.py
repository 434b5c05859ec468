"""How many edits a channel gets, and whose turn it is."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.jobs.clock import SECOND, Clock

EDITS = 4
WINDOW = 5 * SECOND


class Line:
    """One channel: at most four edits in five seconds, first come, first served.

    Every job has one writer, who stands in line again only after its edit: so the
    jobs of a channel take turns.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turn = asyncio.Lock()
        self._spent: deque[int] = deque(maxlen=EDITS)
        self._waiting = 0

    @property
    def idle(self) -> bool:
        """Whether nobody waits and the last edit is forgotten."""
        return not self._waiting and (not self._spent or self._clock.now() - self._spent[-1] >= WINDOW)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until an edit may be made; ``spend`` inside says that it is."""
        self._waiting += 1
        try:
            async with self._turn:
                if len(self._spent) == EDITS:
                    wait = self._spent[0] + WINDOW - self._clock.now()
                    await self._clock.sleep(max(0, wait) / SECOND)
                yield
        finally:
            self._waiting -= 1

    def spend(self) -> None:
        """Count one edit."""
        self._spent.append(self._clock.now())


class Budget:
    """The lines of all channels that were busy lately."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: dict[int, Line] = {}

    def line(self, channel_id: int) -> Line:
        """The channel's line; channels that have been quiet are forgotten here."""
        if channel_id not in self._lines:
            self._lines = {channel: line for channel, line in self._lines.items() if not line.idle}
            self._lines[channel_id] = Line(self._clock)
        return self._lines[channel_id]
