"""Calling back: again where nobody answered, and twice, out of order, old or forged where that was asked for.

What is said, and how it is signed, is the vendor's: it gives a ``Letter``. How often vendors
try again, and after which pauses, is seldom known; here it is three times unless said.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import aiohttp
from yarl import URL

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A letter that waits for the next one."""

    url: str
    letter: Letter
    pauses: Sequence[float]


class Deliveries:
    """Brings letters to their receivers, by the clock."""

    def __init__(self, clock: Clock, *, pauses: Sequence[float] = PAUSES, look: float = LOOK) -> None:
        self._clock = clock
        self._pauses = pauses
        self._every = look
        self._held: defaultdict[URL, list[Held]] = defaultdict(list)
        self._watch: asyncio.Task[None] | None = None
        self.background = Background()

    def watch(self, look: Callable[[], None]) -> None:
        """Look every so many seconds from now on: tasks end when somebody looks."""
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

    async def deliver(
        self, url: str, letter: Letter, fault: str = "", *, pauses: Sequence[float] | None = None
    ) -> None:
        """Until it is taken, or given up after the last of ``pauses`` (the usual ones).

        Held back for the next one to this receiver, whatever its path, where asked for.
        """
        receiver, tries = URL(url).origin(), self._pauses if pauses is None else pauses
        if fault == "webhook_after_the_next":
            self._held[receiver].append(Held(url=url, letter=letter, pauses=tries))
            return
        for _ in range(2 if fault == "webhook_twice" else 1):
            await self._bring(url, letter, fault, tries)
        for late in self._held.pop(receiver, []):
            await self._bring(late.url, late.letter, "", late.pauses)

    async def _look(self, look: Callable[[], None]) -> None:
        while True:
            await self._clock.sleep(self._every)
            look()

    async def _bring(self, url: str, letter: Letter, fault: str, pauses: Sequence[float]) -> None:
        for pause in pauses:
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
