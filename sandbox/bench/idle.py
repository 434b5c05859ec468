"""A bot that nobody uses: what it holds in memory, and how long it takes to be there.

Beside it the import of discord.py alone, on the same machine in the same minutes: what any
bot in Python waits for.
"""

import asyncio
import statistics
import sys
import time
from pathlib import Path
from typing import TextIO

import aiohttp

from sandbox.bench.figures import Figure
from sandbox.bench.process import Usage
from sandbox.playground import BotMissing, Playground, playground

FOLDER = Path(".bench")
STARTS = 7
QUIET = 5.0
"""Seconds after which a bot that nobody uses has done what it does at its start."""
PATIENCE = 30.0
LOOK = 0.01


async def figures(
    log: TextIO, *, starts: int = STARTS, quiet: float = QUIET, folder: Path = FOLDER
) -> list[Figure]:
    """All of them; takes about a minute."""
    async with playground(folder, log=log, speed=1) as ground:
        await ground.connected()
        await asyncio.sleep(quiet)
        memory = _usage(ground).memory
        before, begun = _usage(ground).cpu, time.monotonic()
        await asyncio.sleep(quiet)
        busy = (_usage(ground).cpu - before) / (time.monotonic() - begun)
        yards, times = [], []
        for _ in range(starts):
            yards.append(await _import_alone())
            times.append(await _start(ground))
    online, well = (statistics.median(column) for column in zip(*times, strict=True))
    yard = statistics.median(yards)
    note = f"median of {starts}; import discord alone: {yard:.2f} s"
    return [
        Figure(what="idle: memory", value=memory, unit="MB"),
        Figure(what="idle: CPU", value=busy, unit="of a core"),
        Figure(what="start-up until Discord knows the commands", value=online, unit="s", note=note),
        Figure(what="start-up until the health page says ok", value=well, unit="s", note=note),
        Figure(what="start-up against the import of discord.py", value=well / yard, unit="times"),
    ]


def _usage(ground: Playground) -> Usage:
    return Usage.of(ground.bot.process.pid if ground.bot.process else 0)


async def _import_alone() -> float:
    """Seconds."""
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import discord")
    await process.wait()
    return time.monotonic() - begun


async def _start(ground: Playground) -> tuple[float, float]:
    """Stop the bot and start it anew: seconds until it is online with its commands, and until all is well."""
    await ground.bot.stop()
    begun = time.monotonic()
    await ground.bot.start()
    await ground.connected()
    online = time.monotonic() - begun
    async with aiohttp.ClientSession() as http:
        while not await _well(http, f"{ground.site}/health"):
            if time.monotonic() - begun > PATIENCE:
                raise BotMissing(f"the bot was not well within {PATIENCE:g} seconds")
            await asyncio.sleep(LOOK)
    return online, time.monotonic() - begun


async def _well(http: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with http.get(address) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False
