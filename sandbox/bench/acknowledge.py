"""From a command's dispatch to its callback, under load, against a bot that does nothing but defer.

Ours stores every command as a job, while others of its jobs are at vendors that are slow and
being asked how far they are. The load comes at an even rate whether or not anything is
answered. It is made in the process that plays Discord and the vendors, too: what that
costs is in the bare bot's figures as in ours.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sandbox.bench.figures import Figure
from sandbox.bench.members import Callbacks, Delays, Members
from sandbox.bench.under_way import STILL, begin, room_for, settled
from sandbox.playground import BOT, playground

FOLDER = Path(".bench")
BARE = "-m tests.bare"
STORED = "SELECT count(*) FROM jobs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much."""

    members: int = 1_000
    channels: int = 50
    polled: int = 200
    """Jobs at vendors, of further members."""
    rates: tuple[int, ...] = (50, 100, 200)
    """Commands a second; each member types once at each."""


FULL = Load()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How a bot took it."""

    delays: Delays
    stored: int
    """Jobs that came of it."""


async def figures(log: TextIO, *, load: Load = FULL, folder: Path = FOLDER) -> list[Figure]:
    """At each rate; takes about three minutes."""
    bare = await _measure(log, load, folder, program=BARE)
    ours = await _measure(log, load, folder, program=BOT)
    return [figure for rate in load.rates for figure in _compared(rate, ours[rate], bare[rate].delays)]


def _compared(rate: int, answers: Answers, bare: Delays) -> list[Figure]:
    ours, count = answers.delays, len(answers.delays.seconds)
    what = f"acknowledgement at {rate}/s"
    return [
        Figure(what=f"{what}, p50", value=ours.p50 * 1000, unit="ms", note=f"bare bot: {bare}"),
        Figure(what=f"{what}, p99", value=ours.p99 * 1000, unit="ms", note=f"of {count}"),
        Figure(what=f"{what}, max", value=ours.longest * 1000, unit="ms", goal=1000),
        Figure(what=f"{what}, p99", value=ours.p99 / bare.p99, unit="of a bare bot's", goal=1.5),
        Figure(what=f"{what}, stored", value=answers.stored, unit="jobs", goal=count, at_least=True),
    ]


async def _measure(log: TextIO, load: Load, folder: Path, *, program: str) -> dict[int, Answers]:
    callbacks, settings = Callbacks(), room_for(load.polled)
    async with playground(
        folder, log=log, speed=STILL, settings=settings, overhearer=callbacks.seen, program=program
    ) as ground:
        others = Members.join(ground.discord, load.polled, load.channels)
        members = Members.join(ground.discord, load.members, load.channels)
        await ground.connected()
        if program != BARE:
            await begin(others, load.polled, folder)
        measured, before = {}, load.polled
        for rate in load.rates:
            asked = await members.type_at(rate, load.members)
            await callbacks.all_of(asked)
            stored = 0 if program == BARE else await settled(folder, STORED)
            delays = Delays.between(asked, callbacks)
            measured[rate] = Answers(delays=delays, stored=stored - before)
            before = stored
        return measured
