"""Calling back: again where nobody answered, and twice, out of order, old or forged where that was asked for.

What is said, and how it is signed, is the vendor's: it gives a ``Letter``. How often vendors
try again, and after which pauses, is seldom known; here it is three times unless said.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import aiohttp

from sandbox.clock import Clock
from sandbox.vendors.background import Background

PAUSES = (0.0, 5.0, 30.0)
"""Seconds before each try."""
LOOK = 1.0
"""Seconds between two looks whether a task has ended."""
OLD = 600
"""Seconds that an old timestamp lies back: twice of what a receiver may accept."""
PATIENCE = aiohttp.ClientTimeout(total=5)

Letter = Callable[[str], tuple[bytes, Mapping[str, str]]]
"""Body and headers of one try, signed as of now. It is told the fault's name: with ``webhook_old`` its time
lies ``OLD`` back, with ``webhook_forged`` its signature is another's."""


class Deliveries:
    """Brings letters to their receivers, by the clock."""

    def __init__(self, clock: Clock, *, pauses: Sequence[float] = PAUSES) -> None:
        self._clock = clock
        self._pauses = pauses
        self._held: defaultdict[str, list[Letter]] = defaultdict(list)
        self._watch: asyncio.Task[None] | None = None
        self.background = Background()

    def watch(self, look: Callable[[], None]) -> None:
        """Look every second from now on: tasks end when somebody looks."""
        if self._watch is None:
            self._watch = self.background.begin(self._look(look))

    def unwatch(self) -> None:
        """Look no more."""
        if self._watch is not None:
            self._watch.cancel()
        self._watch = None

    async def aclose(self) -> None:
        """Call nobody any more."""
        self.unwatch()
        await self.background.aclose()

    async def deliver(self, url: str, letter: Letter, fault: str = "") -> None:
        """Until it is taken, or given up; held back for the next one to this receiver where asked for."""
        if fault == "webhook_after_the_next":
            self._held[url].append(letter)
            return
        for _ in range(2 if fault == "webhook_twice" else 1):
            await self._bring(url, letter, fault)
        for late in self._held.pop(url, []):
            await self._bring(url, late, "")

    async def _look(self, look: Callable[[], None]) -> None:
        while True:
            await self._clock.sleep(LOOK)
            look()

    async def _bring(self, url: str, letter: Letter, fault: str) -> None:
        for pause in self._pauses:
            if pause:
                await self._clock.sleep(pause)
            body, headers = letter(fault)
            if await _taken(url, body, headers):
                return


async def _taken(url: str, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as http,
            http.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status // 100 == 2
    except (aiohttp.ClientError, TimeoutError):
        return False
