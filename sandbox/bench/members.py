"""Members of one server who all type, and how long the bot takes to acknowledge it.

Counting from outside: an interaction begins when it is dispatched, and is acknowledged when
its callback has come in, whatever is answered to that.
"""

import asyncio
import math
import re
import statistics
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.discord.interactions import DEADLINE_MS
from sandbox.discord.people import Outcome
from sandbox.discord.server import DiscordSandbox

_CALLBACK = re.compile(r".*/interactions/(\d+)/[^/]+/callback")
_LOOK = 0.05


@dataclass(slots=True)
class Callbacks:
    """When each interaction's callback came in, by its id (seconds since 1970)."""

    at: dict[int, float] = field(default_factory=dict)

    def seen(self, _server: str, request: web.Request, begun: float, _ended: float) -> None:
        """Discord was asked for something."""
        found = _CALLBACK.fullmatch(request.path)
        if found:
            self.at.setdefault(int(found[1]), begun)

    async def all_of(self, interactions: Iterable[int]) -> None:
        """Wait until each has come in, or Discord would no longer take it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DEADLINE_MS / 1000):
                while not self.at.keys() >= set(interactions):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(_LOOK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """So many people, and the channels of their server in which they type."""

    discord: DiscordSandbox
    ids: Sequence[int]
    channels: Sequence[int]

    @classmethod
    def join(cls, discord: DiscordSandbox, members: int, channels: int) -> "Members":
        """Let them come into the first server, which gets the channels, too."""
        guild = next(iter(discord.world.guilds))
        people = [discord.changes.add_user(f"member{number}").id for number in range(members)]
        for person in people:
            discord.changes.put_member(guild, person)
        rooms = [discord.changes.add_channel(guild, f"bench-{number}").id for number in range(channels)]
        return cls(discord=discord, ids=people, channels=rooms)

    async def type(self, number: int, *, wait: bool, **options: str) -> Outcome:
        """Let one of them, in turn, ask for a model; ``wait`` for the answer."""
        channel = self.channels[number % len(self.channels)]
        person = self.ids[number % len(self.ids)]
        wish = {"prompt": f"a wooden cube number {number}", **options}
        return await self.discord.people.invoke(person, channel, "generate", wish, wait=wait)

    async def type_at(self, rate: float, count: int, **options: str) -> dict[int, float]:
        """Have ``count`` models asked for, ``rate`` a second, answered or not; gives when each was."""
        begun, asked = time.monotonic(), {}
        for number in range(count):
            await asyncio.sleep(begun + number / rate - time.monotonic())
            at = time.time()
            asked[(await self.type(number, wait=False, **options)).interaction] = at
        return asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """How long each took (seconds); what never came back took for ever."""

    seconds: Sequence[float]

    @classmethod
    def between(cls, asked: dict[int, float], callbacks: Callbacks) -> "Delays":
        """From being asked to the callback."""
        return cls(seconds=[callbacks.at.get(one, math.inf) - at for one, at in asked.items()])

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.seconds)

    @property
    def p99(self) -> float:
        """What one in a hundred exceeds."""
        return sorted(self.seconds)[math.ceil(0.99 * len(self.seconds)) - 1]

    @property
    def longest(self) -> float:
        """The worst of all."""
        return max(self.seconds)

    def __str__(self) -> str:
        return f"p50 {self.p50 * 1000:.1f}, p99 {self.p99 * 1000:.1f}, max {self.longest * 1000:.0f} ms"
