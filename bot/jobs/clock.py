"""Time, ids and chance as arguments, so that a test can hold them still."""

import asyncio
import secrets
import time
from typing import Protocol

from ulid import ULID

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_LABEL_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are mistaken for another when read aloud


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


class Ids(Protocol):
    """New names for new things."""

    def new(self) -> str:
        """A ULID: unique, and sorted by time."""
        ...

    def label(self) -> str:
        """Six characters to speak of a model by."""
        ...

    def link(self) -> str:
        """128 random bits, URL-safe."""
        ...

    def seed(self) -> int:
        """A number below 2**31 that is not used again."""
        ...


class RandomIds:
    """Ids from the operating system's randomness."""

    def new(self) -> str:
        """A ULID: unique, and sorted by time."""
        return str(ULID())

    def label(self) -> str:
        """Six characters to speak of a model by."""
        return "".join(secrets.choice(_LABEL_SIGNS) for _ in range(6))

    def link(self) -> str:
        """128 random bits, URL-safe."""
        return secrets.token_urlsafe(16)

    def seed(self) -> int:
        """A number below 2**31 that is not used again."""
        return secrets.randbelow(2**31 - 1) + 1
