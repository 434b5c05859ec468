"""Many jobs live in one channel: how often we edit, whether Discord refuses, how far messages lag behind."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from aiohttp import web

from sandbox.bench.figures import Figure
from sandbox.bench.members import Members
from sandbox.bench.under_way import begin, read, room_for
from sandbox.playground import playground

FOLDER = Path(".bench")
SPEED = 0.1
"""A model takes some minutes."""
LOOK = 0.25
CARDS = """
    SELECT cards.id, jobs.version, cards.rendered_version
    FROM cards JOIN jobs ON jobs.id = cards.job_id WHERE NOT cards.gone
"""


@dataclass(slots=True)
class Edits:
    """How many messages the bot edited."""

    count: int = 0

    def seen(self, _server: str, request: web.Request, _begun: float, _ended: float) -> None:
        """Discord was asked for something."""
        self.count += request.method == "PATCH"


@dataclass(slots=True)
class Lag:
    """Since when each change of a job waits to be drawn, and how long those drawn had waited (seconds)."""

    waiting: dict[tuple[str, int], float] = field(default_factory=dict)
    drawn: list[float] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """The latest version of each card's job that was seen."""

    def look(self, cards: Iterable[tuple[str, int, int]], now: float) -> None:
        """Take in which version each card should show, and which one it does."""
        for card, version, rendered in cards:
            for new in range(self._known[card] + 1, version + 1):
                self.waiting[card, new] = now
            for seen in range(rendered, 0, -1):
                if (card, seen) not in self.waiting:
                    break
                self.drawn.append(now - self.waiting.pop((card, seen)))
            self._known[card] = version

    def oldest(self, now: float) -> float:
        """How old the oldest change is or was that had not been drawn."""
        return max([*self.drawn, *(now - since for since in self.waiting.values())], default=0.0)


async def figures(
    log: TextIO, *, jobs: int = 200, seconds: float = 120, folder: Path = FOLDER
) -> list[Figure]:
    """Takes about ``seconds`` longer than it takes to begin so many jobs."""
    edits, lag = Edits(), Lag()
    async with playground(
        folder, log=log, speed=SPEED, settings=room_for(jobs), overhearer=edits.seen
    ) as ground:
        members = Members.join(ground.discord, jobs, 1)
        await ground.connected()
        watching = asyncio.create_task(_watch(folder, lag))
        began = time.monotonic()
        await begin(members, jobs, folder)
        await asyncio.sleep(seconds)
        watching.cancel()
        took, refused = time.monotonic() - began, ground.discord.door.traffic.rate_limited
    what = f"edits, {jobs} jobs in one channel"
    return [
        Figure(what=f"{what}, refused", value=refused, unit="429s", goal=0, note=f"of {edits.count}"),
        Figure(what=f"{what}, made", value=edits.count / took, unit="a second", note=f"in {took:.0f} s"),
        Figure(
            what=f"{what}, oldest change not drawn",
            value=lag.oldest(time.monotonic()),
            unit="s",
            note=f"{len(lag.drawn)} were drawn, {len(lag.waiting)} wait",
        ),
    ]


async def _watch(folder: Path, lag: Lag) -> None:
    while True:
        lag.look([tuple(row) for row in await read(folder, CARDS)], time.monotonic())
        await asyncio.sleep(LOOK)
