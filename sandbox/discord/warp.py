"""A clock that can jump ahead."""

import asyncio

from sandbox.clock import Clock

_LOOK_SECONDS = 0.02


class WarpClock:
    """Another clock's time plus what has been skipped.

    It never sleeps on the other clock, which may stand still until somebody moves it, or be moved by
    sleeping; it looks at the time instead, so that a deadline passes whoever moved the hands.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._skipped = 0

    def now(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self._clock.now() + self._skipped

    async def sleep(self, seconds: float) -> None:
        """Come back when this clock shows so much more."""
        end = self.now() + seconds * 1_000
        while self.now() < end:  # noqa: ASYNC110 - nobody tells when the other clock is moved
            await asyncio.sleep(_LOOK_SECONDS)

    def advance(self, seconds: float) -> None:
        """Jump ahead."""
        self._skipped += round(seconds * 1_000)
