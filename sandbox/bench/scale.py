"""Ten thousand jobs that wait, a thousand at vendors: what the bot uses, and how soon it is back.

The jobs are put there beforehand (``tests.crowd``), in channels of a size that Discord's
limits allow to keep up to date, and nothing ends while we measure; so this is what it costs
to hold, watch and show them. One member a second asks for one more.
"""

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

import aiohttp
from aiohttp import web

from sandbox.bench.figures import Figure
from sandbox.bench.members import Members
from sandbox.bench.process import Commits, Usage
from sandbox.discord.nouns import Message, MessageFlag
from sandbox.discord.server import DiscordSandbox
from sandbox.player import NotAsItShouldBe
from sandbox.playground import Playground, playground

FOLDER = Path(".bench")
CROWD = ("-m", "tests.crowd")
SECRET_KEY = "a-key-for-measuring-alone-and-nothing-else"
CONTROLS = "/sandbox/"
QUEUE = ("/queue", "/api/queue")
"""A ComfyUI's answer to this tells of all its jobs."""
WORD = re.compile(r"[\w:-]{20,}")
BIG = 10**6
ALLOWED: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "tripo": {"pools": {"h_series": BIG}, "limits": {"create": BIG}},
        "meshy": {"limits": {"requests": BIG, "tasks": BIG}},
        "replicate": {"creates_per_minute": BIG, "reads_per_minute": BIG},
    }
)
"""Limits of an account that has so much going on."""
SETTINGS: Mapping[str, str] = MappingProxyType(
    {"SECRET_KEY": SECRET_KEY, "QUOTA_ALLOWANCE": "1000000", "MEMBER_WAITING": "1000", "PUBLIC_URL": ""}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much, and for how long (seconds)."""

    queued: int = 10_000
    at_vendors: Mapping[str, int] = field(
        default_factory=lambda: {"tripo": 600, "replicate": 200, "meshy": 100, "comfyui": 100}
    )
    channels: int = 40
    """Four edits in five seconds each are two thirds of what Discord allows a bot."""
    speed: float = 0.015
    """Of the vendors: a job takes about a quarter of an hour, and goes on by a percent in eight seconds."""
    head_start: float = 3
    """Seconds at their usual speed, after which they work on everything."""
    settle: float = 30
    measure: float = 60
    typing: int = 50
    """Members who ask for more meanwhile, one a second."""

    @property
    def jobs(self) -> int:
        """All of them."""
        return self.queued + sum(self.at_vendors.values())


@dataclass(slots=True, kw_only=True)
class Looks:
    """Which tasks vendors were asked about, and how many calls that took."""

    calls: int = 0
    wanted: set[str] = field(default_factory=set)
    """Tasks that nobody asked about since ``wait_for``."""
    of_queue: frozenset[str] = frozenset()
    """Those that a look at ComfyUI's queue tells of."""
    _reading: set[asyncio.Task[None]] = field(default_factory=set)

    def seen(self, vendor: str, request: web.Request, _begun: float, _ended: float) -> None:
        """A vendor answered a request."""
        if request.path.startswith(CONTROLS):
            return
        self.calls += 1
        if self.wanted:
            reading = asyncio.ensure_future(self._read(vendor, request))
            self._reading.add(reading)
            reading.add_done_callback(self._reading.discard)

    async def _read(self, vendor: str, request: web.Request) -> None:
        """Tripo is asked about many at once, in the body."""
        text = f"{request.path} {await request.text()}"
        self.wanted.difference_update(WORD.findall(text))
        if vendor == "comfyui" and request.path in QUEUE:
            self.wanted -= self.of_queue

    async def all(self, patience: float) -> None:
        """Wait until every task was asked about.

        Raises:
            NotAsItShouldBe: some never were.
        """
        end = time.monotonic() + patience
        while self.wanted:
            if time.monotonic() > end:
                raise NotAsItShouldBe(f"{len(self.wanted)} tasks were not looked at in {patience:g} s")
            await asyncio.sleep(0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was seen over a stretch of time."""

    seconds: float
    cpu: float
    memory: float
    lag: float
    """Milliseconds."""
    commits: int
    calls: int
    edits: int


async def figures(log: TextIO, *, load: Load = Load(), folder: Path = FOLDER) -> list[Figure]:
    """All of them; takes about four minutes."""
    looks = Looks()
    async with playground(folder, log=log, speed=0, settings=SETTINGS, observer=looks.seen) as ground:
        await ground.connected()
        await ground.bot.stop()
        await _crowd(ground, load, folder)
        await _begin_work(ground, load)
        members = Members.join(ground.discord, load.typing, load.channels)
        await ground.restart_bot()
        await asyncio.sleep(load.settle)
        sample = await _measured(ground, looks, load, folder, members)
        back = await _back(ground, looks)
    return _figures(load, sample, back)


def _figures(load: Load, sample: Sample, back: float) -> list[Figure]:
    what = f"{load.queued} queued, {sum(load.at_vendors.values())} at vendors"
    polled = sample.calls / sum(load.at_vendors.values()) / sample.seconds * 60
    return [
        Figure(what=f"{what}: CPU", value=sample.cpu / sample.seconds, unit="of a core", goal=0.5),
        Figure(what=f"{what}: memory", value=sample.memory, unit="MB", goal=300),
        Figure(what=f"{what}: event loop's lag, p99", value=sample.lag, unit="ms", goal=50),
        Figure(what=f"{what}: transactions that write", value=sample.commits / sample.seconds, unit="/s"),
        Figure(what=f"{what}: edits of messages", value=sample.edits / sample.seconds, unit="/s"),
        Figure(what=f"{what}: vendor calls per job and minute", value=polled, unit="calls"),
        Figure(what=f"{what}: from start after a kill until all are looked at", value=back, unit="s", goal=3),
    ]


async def _crowd(ground: Playground, load: Load, folder: Path) -> None:
    """Fill Discord, the vendors and the database.

    Raises:
        NotAsItShouldBe: it did not work, as the log says.
    """
    for name, wish in ALLOWED.items():
        await ground.vendors[name].tell("settings", **wish)
        await ground.vendors[name].tell("credits", balance=BIG)
    wanted = {"cards": _messages(ground.discord, load), "at_vendors": dict(load.at_vendors)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *CROWD,
        env={**os.environ, **ground.bot.environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=ground.bot.log,
        stderr=ground.bot.log,
    )
    await process.communicate(json.dumps(wanted).encode())
    if process.returncode:
        raise NotAsItShouldBe(f"the crowd did not come to {folder}: code {process.returncode}")


async def _begin_work(ground: Playground, load: Load) -> None:
    """Until here nothing moved."""
    for speed, seconds in ((1.0, load.head_start), (load.speed, 0.0)):
        for vendor in ground.vendors.values():
            await vendor.tell("speed", factor=speed)
        await asyncio.sleep(seconds)


def _messages(discord: DiscordSandbox, load: Load) -> list[tuple[int, int, int]]:
    """A message of the bot's for each job; gives server, channel and message."""
    world = discord.world
    guild = next(iter(world.guilds))
    rooms = [discord.changes.add_channel(guild, f"crowd-{number}").id for number in range(load.channels)]
    cards = []
    for number in range(load.jobs):
        message = Message(
            id=world.ids.new(),
            channel_id=rooms[number % load.channels],
            author_id=world.bot.id,
            flags=MessageFlag.COMPONENTS_V2,
            components=({"type": 10, "id": 1, "content": "…"},),
        )
        world.keep(message)
        cards.append((guild, message.channel_id, message.id))
    return cards


async def _measured(ground: Playground, looks: Looks, load: Load, folder: Path, members: Members) -> Sample:
    commits, begun = Commits(path=folder / "maquette.db-wal"), time.monotonic()
    commits.look()
    before, calls, edits = _usage(ground), looks.calls, ground.discord.door.traffic.requests
    while (gone := time.monotonic() - begun) < load.measure:
        await members.type(int(gone), wait=False)
        await asyncio.sleep(min(1.0, load.measure - gone))
        await asyncio.to_thread(commits.look)
    after = _usage(ground)
    return Sample(
        seconds=time.monotonic() - begun,
        cpu=after.cpu - before.cpu,
        memory=after.memory,
        lag=await _lag(ground),
        commits=commits.count,
        calls=looks.calls - calls,
        edits=ground.discord.door.traffic.requests - edits,
    )


def _usage(ground: Playground) -> Usage:
    return Usage.of(ground.bot.process.pid if ground.bot.process else 0)


async def _lag(ground: Playground) -> float:
    """What the bot says of itself."""
    async with aiohttp.ClientSession() as http, http.get(f"{ground.site}/health") as answer:
        return float((await answer.json())["lag_ms"])


async def _back(ground: Playground, looks: Looks) -> float:
    """Kill it, and start it: seconds until it has asked about every task again."""
    await ground.bot.kill()
    live = {name: await _live_tasks(ground, name) for name in ground.vendors}
    looks.of_queue = frozenset(live["comfyui"])
    looks.wanted = {task for tasks in live.values() for task in tasks}
    begun = time.monotonic()
    await ground.bot.start()
    await looks.all(patience=60)
    return time.monotonic() - begun


async def _live_tasks(ground: Playground, vendor: str) -> Sequence[str]:
    return [task["task_id"] for task in await ground.vendors[vendor].books() if not task["completed_at"]]
