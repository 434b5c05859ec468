"""``python -m tests.crowd``: a morning's work of thousands of members, put into a stopped bot's database.

Jobs are checked, written, sent to the vendors and shown by the bot's own code; only Discord
is left out, and many are written in one transaction. What is wanted comes as JSON on stdin:
``cards``, a server, a channel and a message for each job, and ``at_vendors``, how many of
them are at work, by vendor. The rest is queued.
"""

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from bot.app import App, build
from bot.jobs.clock import HOUR, RandomIds, SystemClock
from bot.jobs.orders import Address, Asker, GenerateOrder
from bot.jobs.steps import Live
from bot.settings import Settings
from storage.models import RunState, StageRun

EACH = 2
"""Jobs of a member: so many may be at vendors at once."""
FIRST_MEMBER = 2_000_000_000_000_000_000
IN_ONE_GO = 500
"""Jobs written in one transaction."""
DRAWN = "UPDATE cards SET rendered_version = (SELECT version FROM jobs WHERE jobs.id = cards.job_id)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One job that is to be."""

    number: int
    guild: int
    channel: int
    message: int
    vendor: str


def wishes(cards: Sequence[Sequence[int]], at_vendors: Mapping[str, int]) -> list[Wish]:
    """Those at the vendors first; the rest asks one vendor after the other."""
    first = (vendor for vendor, count in at_vendors.items() for _ in range(count))
    vendors = _chain(first, cycle(at_vendors))
    return [
        Wish(number=number, guild=guild, channel=channel, message=message, vendor=next(vendors))
        for number, (guild, channel, message) in enumerate(cards)
    ]


def _chain(first: Iterator[str], rest: Iterator[str]) -> Iterator[str]:
    yield from first
    yield from rest


async def come(app: App, wanted: Sequence[Wish], at_vendors: int) -> None:
    """Write all of them, and send the first ones."""
    runs: list[StageRun] = []
    for start in range(0, len(wanted), IN_ONE_GO):
        runs += await _write(app, wanted[start : start + IN_ONE_GO])
    app.core.engine.life = "crowd"
    for run in runs[:at_vendors]:
        await _send(app, run)


async def _write(app: App, wanted: Sequence[Wish]) -> list[StageRun]:
    """Gives the run of each that comes first."""
    jobs, now = app.core.jobs, app.clock.now()
    runs = []
    async with app.db.begin() as tx:
        for wish in wanted:
            asker = Asker(user_id=FIRST_MEMBER + wish.number // EACH, guild_id=wish.guild, locale="en-US")
            account = await tx.accounts.ensure(asker.user_id, id=jobs.ids.new(), now=now)
            order = GenerateOrder(prompt=f"a wooden cube number {wish.number}", provider=wish.vendor)
            proposal = await jobs.proposals.make(tx, asker, account, order)
            job = await jobs.opening.job(tx, asker, account, proposal, _address(wish, now))
            runs.append((await tx.runs.of_job(job.id))[0])
    return runs


def _address(wish: Wish, now: int) -> Address:
    """A message whose token has died, so that the bot itself edits it."""
    return Address(
        interaction_id=wish.message,
        channel_id=wish.channel,
        message_id=wish.message,
        token="of-yesterday",
        token_expires_at=now - HOUR,
        bot_may_edit=True,
        attachment_limit=10 * 1024 * 1024,
    )


async def _send(app: App, run: StageRun) -> None:
    engine = app.core.engine
    async with app.db.begin() as tx:
        claimed = await tx.runs.claim(run.id, owner=engine.life, now=app.clock.now())
    assert claimed, "nobody else is there to claim it"
    live = Live(claimed, app.clock.now())
    await engine.steps.step(live)
    assert live.run.state is RunState.WAITING, f"{run.provider}: {live.run.failure or live.run.state}"


async def _run(settings: Settings, wanted: Mapping[str, Any]) -> None:
    async with build(settings, SystemClock(), RandomIds()) as app:
        everyone = wishes(wanted["cards"], wanted["at_vendors"])
        await come(app, everyone, sum(wanted["at_vendors"].values()))
    with closing(sqlite3.connect(settings.data_dir / "maquette.db")) as database, database:
        database.execute(DRAWN)


if __name__ == "__main__":
    asyncio.run(_run(Settings.from_env(os.environ, Path("no.env")), json.load(sys.stdin)))
