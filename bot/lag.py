"""How late the event loop is.

Everything here shares one thread: whoever computes for too long keeps commands, edits and
webhooks waiting. Somebody who waits for the clock alone sees by how much.
"""

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field

EVERY = 0.1
KEPT = 600
"""Looks of the last minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """The delays of the last minute."""

    _late: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))
    """Seconds."""

    async def watch(self) -> None:
        """Look ten times a second, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + EVERY
            await asyncio.sleep(EVERY)
            self._late.append(max(0.0, loop.time() - due))

    def p99(self) -> float:
        """Milliseconds that one look in a hundred of the last minute exceeded; 0 before the first."""
        late = sorted(self._late)
        return 1000 * late[math.ceil(0.99 * len(late)) - 1] if late else 0.0
