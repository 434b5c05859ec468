"""Time as an argument, so that a test can hold it still or let a quarter of an hour pass in one line."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What time it is, and waiting."""

    def now(self) -> int:
        """Milliseconds since 1970 UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Come back after this long."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> int:
        """Milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    async def sleep(self, seconds: float) -> None:
        """Come back after this long."""
        await asyncio.sleep(seconds)
