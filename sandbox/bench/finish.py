"""From "the vendor has finished" to "the message shows the link", and how often the vendor is asked.

Jobs at all vendors at once, by a member each; the vendors work as fast as usual here, or
slowly enough for a job of two minutes. The bytes' own way is not counted: while a file is
fetched from the vendor, the clock of a job stands still.
"""

import asyncio
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

from aiohttp import web

from sandbox.bench.figures import Figure
from sandbox.discord.refusals import Json
from sandbox.player import NotAsItShouldBe
from sandbox.playground import Playground, playground

FOLDER = Path(".bench")
SECRET_KEY = "a-key-for-measuring-alone-and-nothing-else"
WEBHOOK_SECRET = "whsec_for_measuring"
MEMBERS = {"tripo": "Ada", "meshy": "Ben", "replicate": "Carmen", "comfyui": "Mona"}
"""One for each vendor, so that nobody waits for another."""
FILES = ("/results/", "/assets/", "/delivery/", "/view")
CONTROLS = "/sandbox/"
JOBS = 5
LOOK = 0.02
SETTLED = 10
"""Seconds in which a bot that started has looked over its vendors."""
TWO_MINUTES = 0.1
"""A speed at which a model takes about two minutes."""


@dataclass(slots=True)
class Traffic:
    """What vendors were asked, and when files were on their way (seconds)."""

    calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    transfers: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def seen(self, vendor: str, request: web.Request, begun: float, ended: float) -> None:
        """A vendor answered a request."""
        if request.path.startswith(FILES):
            self.transfers[vendor].append((begun, ended))
        elif not request.path.startswith(CONTROLS):
            self.calls[vendor] += 1

    def transferring(self, vendor: str, since: float, until: float) -> float:
        """Seconds in a stretch of time in which a file was on its way."""
        return sum(max(0.0, min(end, until) - max(begin, since)) for begin, end in self.transfers[vendor])


async def figures(log: TextIO) -> list[Figure]:
    """All of them; takes about four minutes."""
    measured = []
    for hooked in (True, False):
        measured += await _delays(log, hooked=hooked)
    return measured + await _calls(log)


async def _delays(log: TextIO, *, hooked: bool) -> list[Figure]:
    traffic = Traffic()
    settings = {"SECRET_KEY": SECRET_KEY, "TRIPO_WEBHOOK_SECRET": WEBHOOK_SECRET, "QUOTA_ALLOWANCE": "1000"}
    if not hooked:
        settings["PUBLIC_URL"] = ""
    async with playground(FOLDER, log=log, speed=1, settings=settings, observer=traffic.seen) as ground:
        await ground.connected()
        if hooked:
            await _subscribe(ground)
        names = [name for name in MEMBERS if name != "comfyui" or not hooked]
        all_delays = await asyncio.gather(*(_jobs(ground, name, traffic) for name in names))
    how, goal = ("with a webhook", 1.0) if hooked else ("by polling", 2.5)
    return [
        Figure(
            what=f"finish to link, {name}, {how}",
            value=statistics.median(delays),
            unit="s, median",
            goal=goal,
            note=f"worst of {len(delays)}: {max(delays):.2f} s",
        )
        for name, delays in zip(names, all_delays, strict=True)
    ]


async def _calls(log: TextIO) -> list[Figure]:
    """Vendor calls of one job that takes two minutes, without webhooks."""
    traffic = Traffic()
    settings = {"PUBLIC_URL": "", "SECRET_KEY": SECRET_KEY}
    async with playground(
        FOLDER, log=log, speed=TWO_MINUTES, settings=settings, observer=traffic.seen
    ) as ground:
        await ground.connected()
        await asyncio.sleep(SETTLED)
        traffic.calls.clear()  # what the bot asks when it starts is not the job's
        seconds = await asyncio.gather(*(_job_seconds(ground, name) for name in MEMBERS))
        return [
            Figure(
                what=f"calls of a long job, {name}",
                value=traffic.calls[name],
                unit="calls",
                goal=30 * max(1.0, took / 120),
                note=f"it took {took:.0f} s; the goal is 30 in 120 s",
            )
            for name, took in zip(MEMBERS, seconds, strict=True)
        ]


async def _jobs(ground: Playground, vendor: str, traffic: Traffic) -> list[float]:
    return [await _delay(ground, vendor, number, traffic) for number in range(JOBS)]


async def _delay(ground: Playground, vendor: str, number: int, traffic: Traffic) -> float:
    message = await make(ground, vendor, f"a wooden cube number {number}")
    shown_at: float = datetime.fromisoformat(message["edited_timestamp"]).timestamp()
    finished_at: float = max(task["completed_at"] for task in await ground.vendors[vendor].books()) / 1000
    return shown_at - finished_at - traffic.transferring(vendor, finished_at, shown_at)


async def _job_seconds(ground: Playground, vendor: str) -> float:
    begun = time.time()
    await make(ground, vendor, "a wooden cube", patience=600)
    return time.time() - begun


async def make(ground: Playground, vendor: str, prompt: str, *, patience: float = 120) -> Json:
    """Have a model made; gives the message at the moment that it shows the file.

    In direct messages, so that no other job shares the channel's budget of edits.
    """
    people, world = ground.discord.people, ground.discord.world
    member = next(one.id for one in world.users.values() if one.global_name == MEMBERS[vendor])
    place = world.direct(member).id
    options = {"prompt": prompt, "provider": vendor}
    outcome = await people.invoke(member, place, "generate", options)
    if outcome.message is None:
        raise NotAsItShouldBe(f"/generate was answered: {outcome.error}")
    async with asyncio.timeout(patience):
        while True:
            seen = {one["id"]: one for one in people.messages(member, place)}
            now = seen.get(outcome.message["id"])
            if now and ".glb" in str(now["components"]):
                return now
            await asyncio.sleep(LOOK)


async def _subscribe(ground: Playground) -> None:
    """Tell the vendors' consoles what ``check`` says, as an owner would."""
    for line in (await _check(ground.bot.environment)).splitlines():
        for vendor, more in (("tripo", {"secret": WEBHOOK_SECRET}), ("meshy", {})):
            if f"/hooks/{vendor}/" in line:
                address = next(word for word in line.split() if word.startswith("http")).rstrip(".")
                await ground.vendors[vendor].tell("webhooks", url=address, **more)


async def _check(environment: Mapping[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "check",
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    return out.decode()
