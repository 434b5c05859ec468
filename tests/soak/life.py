"""What happens on a day: people make things or change their minds, vendors fail, connections break."""

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing

from bot.jobs.clock import DAY, HOUR, SECOND
from bot.parts import DATABASE_FILE
from tests.soak.forgetting import forget
from tests.stories.house import REAL_PATIENCE, SETTLE, House
from tests.stories.person import Person, Said
from tests.stories.test_making import drawn

VENDORS = ("tripo", "meshy", "replicate", "comfyui")
MOVERS = VENDORS[:2]
"""Those that make movements."""
CALLERS = VENDORS[:3]
"""Those that call when there is news."""
MEMBERS = ("ada", "ben", "mona")
THINGS = ("owl", "robot", "knight", "teapot", "barrel", "cat")
LONGEST = 2 * HOUR
"""In which whatever was asked for has ended."""

SLEEP = 4 * HOUR

Happening = Callable[[House, Person, random.Random], Awaitable[None]]


async def live_a_day(house: House, chance: random.Random, jobs: int) -> None:
    """A day of 24 hours, with about so many jobs, and a night in which the world outside forgets."""
    ends = house.clock.now() + DAY
    happenings: Sequence[Happening] = (makes, makes_it_move, fails_and_tries_again, stops, deletes, draws)
    for number in range(jobs):
        person = house.person(chance.choice(MEMBERS))
        await happenings[number % len(happenings)](house, person, chance)
        await _until_idle(house)
        if number % 6 == 3:
            await chance.choice(WEATHER)(house)
    while house.clock.now() < ends:
        await sleep(house)
    await forget(house)


async def makes(house: House, person: Person, chance: random.Random) -> None:
    """A model from words, and looks at it and at the rest."""
    await _asked(person, chance, provider=chance.choice(VENDORS))
    await _until_idle(house)
    await person.type("status", model=await person.newest_model())
    await person.type("models")
    await person.type("quota")


async def makes_it_move(_house: House, person: Person, chance: random.Random) -> None:
    """A model with a skeleton and a movement."""
    await _asked(person, chance, provider=chance.choice(MOVERS), rig=True, animate="walk")


async def fails_and_tries_again(house: House, person: Person, chance: random.Random) -> None:
    """The vendor fails at the end; the member presses the button."""
    house.arm("late_failed")
    card = await _asked(person, chance, provider="tripo")
    await _until_idle(house)
    await person.press(card, "Retry")


async def stops(house: House, person: Person, chance: random.Random) -> None:
    """Changes their mind after some seconds."""
    card = await _asked(person, chance, provider=chance.choice(VENDORS), rig=False)
    await house.pass_time(seconds=chance.randrange(7))
    if "Cancel" in card.buttons:
        await person.press(await person.press(card, "Cancel"), "Yes, stop it")


async def deletes(house: House, person: Person, chance: random.Random) -> None:
    """Does not like it."""
    card = await _asked(person, chance, provider=chance.choice(VENDORS))
    await _until_idle(house)
    panel = await person.press(card, "More")
    await person.press(await person.press(panel, "Delete"), "Yes, delete it")


async def draws(_house: House, person: Person, chance: random.Random) -> None:
    """A model from a picture."""
    picture = await person.attach("robot.png", drawn(f"#{chance.randrange(1 << 24):06x}"))
    await person.type("generate", image=picture, provider=chance.choice(MOVERS))


async def sleep(house: House) -> None:
    """Some hours in one go: whatever sleeps meanwhile wakes once."""
    house.clock.advance(SLEEP / SECOND)
    await house._settle()


async def _ends_session(house: House, *, resumable: bool) -> None:
    house.discord.gateway.invalidate(resumable=resumable)
    await _back(house)


async def _breaks_line(house: House) -> None:
    house.discord.gateway.cut()
    await _back(house)


async def _asks_to_reconnect(house: House) -> None:
    house.discord.gateway.reconnect()
    await _back(house)


async def _back(house: House) -> None:
    counts = house.discord.gateway.counts
    before = counts.identifies + counts.resumes
    async with asyncio.timeout(REAL_PATIENCE):  # discord.py waits by its own clock
        while counts.identifies + counts.resumes == before or not _listens(house):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(SETTLE)


WEATHER: Sequence[Callable[[House], Awaitable[None]]] = (
    lambda house: _ends_session(house, resumable=False),
    lambda house: _ends_session(house, resumable=True),
    _breaks_line,
    _asks_to_reconnect,
)
"""What the way to Discord does."""


async def _asked(person: Person, chance: random.Random, **options: object) -> Said:
    words = f"a brass {chance.choice(THINGS)}, number {chance.randrange(1 << 24)}"  # never the same twice
    return await person.type("generate", prompt=words, **options)


async def _until_idle(house: House) -> None:
    ends = house.clock.now() + LONGEST
    while _live_jobs(house):
        assert house.clock.now() < ends, "it does not end; the chat reads:\n" + house.chat()
        await house.pass_time(seconds=5)
    await house.pass_time(seconds=5)  # the cards, too


def _live_jobs(house: House) -> int:
    with closing(sqlite3.connect(house.settings.data_dir / DATABASE_FILE)) as db:
        return int(db.execute("SELECT count(*) FROM jobs WHERE state = 'live'").fetchone()[0])


def _listens(house: House) -> bool:
    return bool(house.app and house.app.client.listening)
