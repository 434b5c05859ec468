"""A round: members at work, blows upon the bot, then quiet, then the audit."""

import asyncio
import signal
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sandbox.chaos.audit import Audit, Finding, Wrong
from sandbox.chaos.blows import BLOWS, KILLS, WEATHER, Scene
from sandbox.chaos.crowd import Crowd
from sandbox.chaos.ledgers import opened, unfinished
from sandbox.chaos.tally import Tally
from sandbox.chaos.witness import Witness
from sandbox.playground import BotMissing, Playground

LEAST_KILLS, LEAST_WEATHER = 2, 3
START, FINISH, LOOK = 90.0, 180.0, 0.1
"""Seconds: for the bot to be there, for everything to end, between two looks."""
STILL = 10
"""So many looks in a row have to find nothing going on."""


@dataclass(slots=True, kw_only=True)
class Rounds:
    """Plays them one after another, with the same database."""

    ground: Playground
    witness: Witness
    crowd: Crowd
    folder: Path
    allowance: int
    rng: Random
    tally: Tally
    count: int
    _killed_at: list[int] = field(default_factory=list)
    _missed: list[str] = field(default_factory=list)
    """What found no moment to fall; it comes back in the next round."""

    async def play(self) -> None:
        """All of them; stops early where something is wrong."""
        kills = self._dealt([name for name in self.tally.expected if name in KILLS], LEAST_KILLS)
        weather = self._dealt([name for name in self.tally.expected if name in WEATHER], LEAST_WEATHER)
        await self.ground.connected()
        await self.ground.subscribe()
        for number in range(1, self.count + 1):
            began = time.monotonic()
            again, self._missed = self._missed, []
            mild = [*(name for name in again if name in WEATHER), *next(weather)]
            deadly = [*(name for name in again if name in KILLS), *next(kills)]
            await self._round(mild, deadly)
            self.tally.rounds = number
            self._say(number, time.monotonic() - began, [*mild, *deadly])
            if self.tally.findings:
                return

    def _dealt(self, names: Sequence[str], least: int) -> Iterator[list[str]]:
        """Shuffled again and again; a hand for each round, so large that everything falls in time."""
        size = min(len(names), max(least, -(-len(names) // self.count)))
        deck: list[str] = []
        while True:
            while len(deck) < size:
                deck += self.rng.sample(names, len(names))
            hand, deck = deck[:size], deck[size:]
            yield hand

    async def _round(self, weather: Sequence[str], kills: Sequence[str]) -> None:
        visits = asyncio.create_task(self.crowd.come())
        keeper = asyncio.create_task(self._keep_running())
        try:
            falling = [asyncio.create_task(self._fall(name)) for name in weather]
            for name in kills[:-1]:
                await self._fall(name)
            await asyncio.gather(*falling)
            for name in kills[-1:]:  # the last life begins when the weather is over, and sweeps up after it
                await self._fall(name)
        finally:
            await _end(visits)
        self._calm()
        await self._quiet()
        await _end(keeper)
        await self._audit()

    @staticmethod
    def _say(number: int, seconds: float, names: Sequence[str]) -> None:
        print(f"round {number}: {seconds:.0f} s, {', '.join(names)}", flush=True)

    async def _fall(self, name: str) -> None:
        scene = Scene(
            ground=self.ground,
            witness=self.witness,
            folder=self.folder,
            rng=Random(self.rng.random()),
            again=self._again,
        )
        if await BLOWS[name](scene):
            self.tally.fallen[name] += 1
        else:
            self._missed.append(name)

    async def _again(self) -> None:
        self._killed_at.append(time.time_ns() // 1_000_000)
        await self._start()

    async def _keep_running(self) -> None:
        """Do as a container's runner does: start what ended by itself."""
        while True:
            await asyncio.sleep(LOOK)
            process = self.ground.bot.process
            if process and process.returncode not in {None, -signal.SIGKILL}:
                self.tally.ended_itself += 1
                await self._start()

    async def _start(self) -> None:
        """Come back when a new life of the bot is known to Discord.

        Raises:
            BotMissing: it did not come.
        """
        discord = self.ground.discord
        before = discord.gateway.counts.identifies
        await self.ground.bot.start()
        for _ in range(int(START / LOOK)):
            if discord.gateway.counts.identifies > before and len(discord.registry):
                return
            await asyncio.sleep(LOOK)
        raise BotMissing(f"the bot did not come back within {START:g} seconds")

    def _calm(self) -> None:
        """The weather is over."""
        self.ground.discord.faults.clear()
        for stand in self.ground.vendors.values():
            stand.sandbox.faults.clear()

    async def _quiet(self) -> None:
        """Wait until nothing goes on, or for as long as is reasonable: the audit will tell."""
        still, ends = 0, time.monotonic() + FINISH
        while still < STILL and time.monotonic() < ends:
            await asyncio.sleep(LOOK)
            with suppress(sqlite3.Error):
                still = 0 if unfinished(self.folder) else still + 1

    async def _audit(self) -> None:
        audit = Audit(
            world=self.ground.discord.world,
            vendors=self.ground.vendors,
            folder=self.folder,
            allowance=self.allowance,
            killed_at=self._killed_at,
        )
        self.tally.findings += await audit.findings()
        intrusions = self.crowd.intruders * [Finding(wrong=Wrong.INTRUDER, detail="was let at another's job")]
        self.tally.findings += intrusions
        with opened(self.folder) as books:
            self.tally.jobs = int(books.execute("SELECT count(*) FROM jobs").fetchone()[0])


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel it; what it died of before is raised."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
