"""Finished files from the vendor into an S3 store: the bot's way, and ``curl | rclone rcat`` of the same.

The bot is the real one, so its way includes the check of every file. Both ways fetch the same
bytes from the same vendor and put them into the same server, a round of the one after a
round of the other; both are timed from the first request for a file until the last one lies
whole in the store.
"""

import asyncio
import math
import shlex
import statistics
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from aiohttp import web

from sandbox.bench.figures import Figure
from sandbox.object_server import BUCKET, KEY_ID, SECRET, S3Server, rclone, s3_server
from sandbox.player import NotAsItShouldBe
from sandbox.playground import Playground, playground
from sandbox.vendors.tripo.results import names
from sandbox.vendors.tripo.server import TripoSandbox
from sandbox.vendors.tripo.tasks import Task

FOLDER = Path(".bench")
MEGABYTE = 1_000_000
PATIENCE = 180.0
LOOK = 0.01
AT_ONCE = 1_000_000
"""A speed at which everything is done at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """So many files of one size at the same moment, and how often."""

    streams: int
    megabytes: int
    rounds: int

    @property
    def name(self) -> str:
        """As people write it."""
        return f"{self.streams} x {self.megabytes} MB"


LOADS = (
    Load(streams=8, megabytes=50, rounds=5),
    Load(streams=8, megabytes=10, rounds=5),
    Load(streams=1, megabytes=200, rounds=3),
)


@dataclass(slots=True)
class Door:
    """When a model was first asked for at the vendor's."""

    opened: float = math.inf

    def seen(self, _vendor: str, request: web.Request, begun: float, _ended: float) -> None:
        """The vendor answered a request."""
        if request.path.endswith(".glb"):
            self.opened = min(begun, self.opened)


@dataclass(slots=True)
class Memory:
    """What a process holds (bytes), before and at its most."""

    before: int = 0
    most: int = 0

    @asynccontextmanager
    async def watched(self, process: int) -> AsyncIterator[None]:
        """Look at it a hundred times a second meanwhile."""
        self.before = self.before or _resident(process)
        watching = asyncio.create_task(self._watch(process))
        try:
            yield
        finally:
            watching.cancel()

    async def _watch(self, process: int) -> None:
        while True:
            self.most = max(self.most, _resident(process))
            await asyncio.sleep(LOOK)


@dataclass(slots=True, kw_only=True)
class Stage:
    """Everything that a round needs."""

    load: Load
    ground: Playground
    vendor: TripoSandbox
    store: S3Server
    door: Door
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    """Seconds of each round."""
    memory: Memory = field(default_factory=Memory)

    async def round(self, number: int) -> None:
        """Once by the bot, once by the others."""
        tasks = await self._asked(number)
        files = [
            await self.vendor.results.download(task, names(task)[0]) for task in tasks
        ]  # made beforehand
        sizes = [len(data) for data, _ in files]
        bot = self.ground.bot.process
        if bot is None:
            raise NotAsItShouldBe("there is no bot")
        async with self.memory.watched(bot.pid):
            self.vendor.pace.set(AT_ONCE)
            self.vendor.tasks.advance()
            self.ours.append(await self._stored("models", sizes))
        links = [self.vendor.results.link(task, names(task)[0], self._base) for task in tasks]
        shell = await asyncio.create_subprocess_shell(_all_at_once(links, self.store), stderr=DEVNULL)
        self.theirs.append(await self._stored("direct", sizes))
        await shell.wait()
        for file in self._models_in(BUCKET):
            file.unlink()

    def _models_in(self, folder: str) -> list[Path]:
        return list((self.store.folder / folder).rglob("*.glb"))

    @property
    def _base(self) -> str:
        return f"http://{self.ground.vendors['tripo'].host}"

    async def _asked(self, number: int) -> Sequence[Task]:
        """Models that the vendor works on, and does not finish yet."""
        self.vendor.pace.set(0)
        people, world = self.ground.discord.people, self.ground.discord.world
        member = next(one.id for one in world.users.values() if one.global_name == "Ada")
        before = len(self.vendor.tasks.all())
        for stream in range(self.load.streams):
            options = {"prompt": f"a brass owl, number {number} {stream}", "provider": "tripo"}
            outcome = await people.invoke(member, world.direct(member).id, "generate", options)
            if outcome.message is None:
                raise NotAsItShouldBe(f"/generate was answered: {outcome.error}")
        async with asyncio.timeout(PATIENCE):
            while len(self.vendor.tasks.all()) < before + self.load.streams:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(LOOK)
        return self.vendor.tasks.all()[: self.load.streams]

    async def _stored(self, folder: str, sizes: Sequence[int]) -> float:
        """Seconds from the first request for a file until all lie whole in the store."""
        self.door.opened = math.inf
        place = f"{BUCKET}/{folder}"
        async with asyncio.timeout(PATIENCE):
            while sorted(one.stat().st_size for one in self._models_in(place)) != sorted(sizes):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(LOOK)
        return time.time() - self.door.opened


async def figures(log: TextIO) -> list[Figure]:
    """All of them; takes about three minutes."""
    measured: list[Figure] = []
    for load in LOADS:
        with TemporaryDirectory() as folder, s3_server(Path(folder)) as store:
            measured += await _carried(load, store, log)
    return measured


async def _carried(load: Load, store: S3Server, log: TextIO) -> list[Figure]:
    door = Door()
    async with playground(FOLDER, log=log, speed=1, settings=_settings(store), observer=door.seen) as ground:
        await ground.connected()
        await ground.subscribe()
        vendor = ground.vendors["tripo"].sandbox
        if not isinstance(vendor, TripoSandbox):
            raise NotAsItShouldBe("this vendor is somebody else")
        vendor.results.weight = load.megabytes * MEGABYTE
        stage = Stage(load=load, ground=ground, vendor=vendor, store=store, door=door)
        for number in range(load.rounds):
            await stage.round(number)
        return _told(stage)


def _told(stage: Stage) -> list[Figure]:
    load = stage.load
    ours, theirs = (
        load.streams * load.megabytes / statistics.median(seconds) for seconds in (stage.ours, stage.theirs)
    )
    return [
        Figure(what=f"relay {load.name}", value=ours, unit="MB/s", note=f"curl | rclone rcat: {theirs:.0f}"),
        Figure(
            what=f"relay {load.name}, against curl | rclone rcat",
            value=ours / theirs,
            unit="of its speed",
            goal=0.8,
            at_least=True,
            note=f"medians of {load.rounds} rounds each, in turns",
        ),
        Figure(
            what=f"memory of a stream, {load.name}",
            value=(stage.memory.most - stage.memory.before) / load.streams / MEGABYTE,
            unit="MB",
            goal=30,
            note=f"the bot held {stage.memory.before / MEGABYTE:.0f} MB before",
        ),
    ]


def _settings(store: S3Server) -> dict[str, str]:
    return {
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": store.url,
        "S3_ACCESS_KEY_ID": KEY_ID,
        "S3_SECRET_ACCESS_KEY": SECRET,
        "MEMBER_RUNNING": "10",
        "QUOTA_ALLOWANCE": "1000",
        "MODEL_MAX_MB": "250",
    }


def _all_at_once(links: Sequence[str], store: S3Server) -> str:
    """A line for the shell: a pipe for each link, side by side."""
    remote = [
        rclone(), "rcat", "--config=", "--s3-provider=Rclone", f"--s3-endpoint={store.url}",
        f"--s3-access-key-id={KEY_ID}", f"--s3-secret-access-key={SECRET}", "--s3-no-check-bucket",
    ]  # fmt: skip
    pipes = []
    for number, link in enumerate(links):
        put = [*remote, f":s3:{BUCKET}/direct/{number}.glb"]
        pipes.append(f"{shlex.join(['curl', '-sf', link])} | {shlex.join(put)} &")
    return " ".join([*pipes, "wait"])


def _resident(process: int) -> int:
    """Bytes of a process in memory."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))
