"""Jobs that are at slow vendors, as many as are wanted, while something is measured; and the bot's books."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sandbox.bench.members import Members
from sandbox.chaos.ledgers import opened
from sandbox.player import NotAsItShouldBe

STILL = 0.001
"""A speed at which no vendor finishes anything while we measure."""
POOLS: Mapping[str, int] = MappingProxyType({"tripo": 10, "meshy": 10, "replicate": 20})
"""What the bot has at once at vendors in the cloud; the rest is at a ComfyUI."""
AT_VENDOR = "SELECT count(*) FROM runs WHERE state = 'waiting'"
_RATE = 20
"""Begun in a second."""
_PATIENCE = 300.0
_LOOK = 0.5
_QUIET = 4.0
"""Longer than a busy machine takes between two of what is counted."""


def room_for(jobs: int) -> dict[str, str]:
    """Settings of a bot that has so many jobs at vendors at once and refuses nobody."""
    at_comfyui = max(1, jobs - sum(POOLS.values()))
    return {"QUOTA_ALLOWANCE": "1000000", "MEMBER_WAITING": "1000", "COMFYUI_SLOTS": str(at_comfyui)}


async def begin(members: Members, jobs: int, folder: Path) -> None:
    """Have as many made, one by each member in turn, and wait until all are at vendors.

    Raises:
        NotAsItShouldBe: they never were.
    """
    places = [name for name, size in POOLS.items() for _ in range(size)][:jobs]
    places += ["comfyui"] * (jobs - len(places))
    for number, vendor in enumerate(places):
        await members.type(number, wait=True, provider=vendor)
        await asyncio.sleep(1 / _RATE)
    await until(folder, AT_VENDOR, jobs)


async def until(folder: Path, query: str, wanted: int) -> None:
    """Wait until the bot's database counts so many.

    Raises:
        NotAsItShouldBe: it never did.
    """
    found = 0
    for _ in range(int(_PATIENCE / _LOOK)):
        found = (await read(folder, query))[0][0]
        if found >= wanted:
            return
        await asyncio.sleep(_LOOK)
    raise NotAsItShouldBe(f"{found} of {wanted}: {query}")


async def settled(folder: Path, query: str) -> int:
    """Wait until what the bot's database counts grows no more; gives it."""
    since, before = time.monotonic(), -1
    while time.monotonic() - since < _QUIET:
        found = (await read(folder, query))[0][0]
        if found != before:
            since, before = time.monotonic(), found
        await asyncio.sleep(_LOOK)
    return int(before)


async def read(folder: Path, query: str) -> Sequence[Any]:
    """Rows of the bot's database, read from outside."""
    return await asyncio.to_thread(_read, folder, query)


def _read(folder: Path, query: str) -> Sequence[Any]:
    with opened(folder) as books:
        return books.execute(query).fetchall()
