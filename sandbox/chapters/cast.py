"""Who plays, and what all scenes need: the vendors' books, the credits that are told, the files."""

import asyncio
import json
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox import transcript
from sandbox.discord.refusals import Json
from sandbox.player import NotAsItShouldBe, Player, expect
from sandbox.playground import Playground


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays, and where."""

    ground: Playground
    ada: Player
    ben: Player
    mona: Player
    speed: float
    """How many times as fast as usual vendors work."""


SLOW = 0.2
"""So fast works a vendor while somebody has to act before it is done."""
PATIENCE = 60.0
LOOK = 0.1

Chapter = Callable[[Cast], Awaitable[None]]


async def paid(ground: Playground, vendor: str, *, key: str | None = None) -> Counter[str]:
    """Tasks that were paid for, by type, from a vendor's books; perhaps of one key alone."""
    books = await ground.vendors[vendor].books()
    return Counter(task["type"] for task in books if task["credits"] and key in {None, task["key"]})


async def accepted(ground: Playground, vendor: str) -> Counter[str]:
    """All tasks, by type, from a vendor's books."""
    return Counter(task["type"] for task in await ground.vendors[vendor].books())


async def begun(ground: Playground, vendor: str, kind: str) -> None:
    """Come back when a vendor has such a task.

    Raises:
        NotAsItShouldBe: it was given none.
    """
    for _ in range(int(PATIENCE / LOOK)):
        if (await accepted(ground, vendor))[kind]:
            return
        await asyncio.sleep(LOOK)
    raise NotAsItShouldBe(f"{vendor} has a {kind}, within {PATIENCE:g} seconds")


def work(cast: Cast, vendor: str, speed: float | None = None) -> None:
    """Let a vendor work so fast; without a speed as fast as usual on this tour."""
    cast.ground.vendors[vendor].sandbox.pace.set(cast.speed if speed is None else speed)


async def arm(ground: Playground, vendor: str, **fault: Any) -> None:
    """Let something go wrong at a vendor."""
    print(f"\n    ⚡ {vendor} is told to fail: {json.dumps(fault)}")
    await ground.vendors[vendor].tell("faults", **fault)


async def kill_and_restart(ground: Playground) -> None:
    """The bot dies without a word, and lives again."""
    await ground.bot.kill()
    print("\n    ☠  the bot is killed with -9, and started again")
    await ground.restart_bot()


async def left(player: Player) -> int:
    """What the person is told to have left, read from the bot's own answer."""
    outcome = await player.ground.discord.people.invoke(player.id, player.place, "quota")
    told = text(outcome.message or {})
    return int(next(word for word in told.replace("*", " ").split() if word.isdigit()))


async def download(card: Json) -> dict[str, Any]:
    """Fetch the file behind the first link, as a member would, and read what is in it."""
    async with aiohttp.ClientSession() as session, session.get(transcript.links(card)[0]) as answer:
        data = await answer.read()
    magic, version, length, size, kind = struct.unpack_from("<4sIII4s", data)
    whole = (magic, version, length, kind) == (b"glTF", 2, len(data), b"JSON")
    expect(whole, f"the link gives a whole GLB of {len(data):,} bytes")
    document: dict[str, Any] = json.loads(data[20 : 20 + size])
    return {"meshes": [], "skins": [], "animations": [], **document}


def latest(player: Player) -> Json:
    """The last message in the channel."""
    return player.messages()[-1]


def text(message: Json) -> str:
    """All that can be read on a message."""
    return "\n".join(transcript.lines(message, {}))
