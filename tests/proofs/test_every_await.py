"""A chained job cut off at every place where it waits, and carried on by a new process.

Two ways to be cut off. *Killed*: nothing of the process runs any more; since only the disk,
the vendor and Discord remember, places that left them the same are one, and each one is gone
on from. *Cancelled*: everything is cancelled at that place, and what cleans up does so.

A life has some 3,400 such places, which leave some 110 different worlds behind. With
``EVERY_AWAIT=1`` each is tried, within an hour; otherwise some, evenly spread.
"""

import gc
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.ui.card import draw
from bot.ui.result import attached_name, attachments
from bot.ui.text import Voice
from providers.base import AnimateRequest, DraftRequest, GenerateRequest, RigCheckRequest, RigRequest
from storage.database import Transaction
from storage.models import ArtifactKind, EntryKind, JobState, RunState, Stage, StageRun
from tests.awaits import Awaits, cut_at, lived
from tests.proofs.lives import (
    CATALOGUE,
    Process,
    World,
    a_world,
    blank_database,
    next_life,
    process,
    whole_life,
)

Place = TypeVar("Place")
SHARES = 4
SOME = 8
"""As many are tried of each kind, where not all are asked for."""
KEPT = {Stage.GENERATE, Stage.RIG, Stage.ANIMATE, Stage.COMBINE}
ENOUGH = 80
"""Moments of a whole life that leave something else behind than the one before; there are some 110."""
PAID = {DraftRequest: 1, GenerateRequest: 1, RigCheckRequest: 1, RigRequest: 1, AnimateRequest: 2}


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    return blank_database(tmp_path / "blank.db")


async def test_killed_at_any_await_a_job_ends_well_in_the_next_life(tmp_path: Path, blank: Path) -> None:
    moments = await photographed(whole_life, a_world(tmp_path / "first", blank))

    assert len(moments) > ENOUGH
    for world in some(moments):
        await next_life(world)
        await check(world, sure=True)


async def test_killed_again_while_it_finds_out_what_it_sent_a_job_ends_well(
    tmp_path: Path, blank: Path
) -> None:
    moments = await photographed(whole_life, a_world(tmp_path / "first", blank))
    in_doubt = [world for world in moments if doubtful(world)][-1]

    again = await photographed(next_life, in_doubt)

    assert any(doubtful(world) for world in again)
    for world in some(again):
        await next_life(world)
        await check(world, sure=True)


async def test_killed_at_any_await_nothing_is_paid_twice_where_the_vendor_tells_nothing(
    tmp_path: Path, blank: Path
) -> None:
    moments = await photographed(whole_life, a_world(tmp_path / "first", blank, records="blind"))
    in_doubt = [world for world in moments if doubtful(world)]

    assert len(in_doubt) > sum(PAID.values())
    for world in some(in_doubt):
        await next_life(world)
        await check(world, sure=False)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # who is cancelled while closing closes no more
@pytest.mark.parametrize("share", range(SHARES))
async def test_cancelled_at_any_await_a_job_ends_well_in_the_next_life(
    tmp_path: Path, blank: Path, share: int
) -> None:
    whole = await lived(whole_life(a_world(tmp_path / "whole", blank)), lambda _: None)
    for place in some(range(1, whole.count + 1))[share::SHARES]:
        world = a_world(tmp_path / str(place), blank)
        await lived(whole_life(world), cut_at(place))
        await next_life(world)
        await check(world, sure=True)
        shutil.rmtree(world.folder)
    gc.collect()  # while these warnings are of no interest


def some(places: Sequence[Place]) -> Sequence[Place]:
    """Evenly spread, unless all are asked for."""
    return places if "EVERY_AWAIT" in os.environ else places[:: -(-len(places) // SOME)]


async def photographed(life: Callable[[World], Coroutine[Any, Any, None]], world: World) -> list[World]:
    """Live it to its end; gives the world as each await of it left it, each that differs."""
    photographs = Photographs(world)
    with closing(photographs.database):
        await lived(life(world), photographs.take)
    return photographs.worlds


def doubtful(world: World) -> bool:
    """Whether a request was perhaps sent and perhaps not, as far as the database knows."""
    with closing(sqlite3.connect(world.database)) as database:
        ((count,),) = database.execute("SELECT count(*) FROM runs WHERE state = 'submitting'")
        return bool(count)


class Photographs:
    """Copies of a world, one for each time that it differs from the one before."""

    def __init__(self, world: World) -> None:
        self.worlds: list[World] = []
        self.database = sqlite3.connect(world.database)
        self._world = world
        self._before: object = None

    def take(self, _awaits: Awaits) -> None:
        now = self._look()
        if now != self._before:
            self._before = now
            folder = self._world.folder
            self.worlds.append(self._world.copied(folder.with_name(f"{folder.name}_{len(self.worlds)}")))

    def _look(self) -> object:
        """Changes of the database, files, the vendor's tasks, Discord's messages."""
        ((version,),) = self.database.execute("PRAGMA data_version")
        files = sorted(str(path) for path in (self._world.folder / "files").rglob("*"))
        looks = [(task.id, task.looks) for task in self._world.vendor.tasks.values()]
        return version, files, looks, self._world.chat.edits


async def check(world: World, *, sure: bool) -> None:
    """Whatever happened: what is promised of a job holds. ``sure``: it was made in full."""
    bought = Counter(type(task.request) for task in world.vendor.tasks.values())
    assert all(bought[kind] <= PAID[kind] for kind in bought), bought
    async with process(world) as bot, bot.db.read() as tx:
        job = await tx.jobs.by_interaction(1)
        if job is None:  # cut off before anything was written down
            assert not bought
            return
        runs = await tx.runs.of_job(job.id)
        for run in runs:
            await check_books(tx, run)
        await check_files(bot, tx, runs)
        await check_message(bot, job.id)
        assert job.state is not JobState.LIVE
        assert job.state is JobState.DONE or not sure


async def check_books(tx: Transaction, run: StageRun) -> None:
    """Settled once and kept, or given back to the last credit."""
    entries = await tx.ledger.of_run(run.id)
    held = sum(entry.amount for entry in entries)
    settles = [entry for entry in entries if entry.kind is EntryKind.SETTLE]
    done = run.state is RunState.DONE
    assert (held, len(settles)) == ((run.price, int(run.price > 0)) if done else (0, 0)), run.stage


async def check_files(bot: Process, tx: Transaction, runs: list[StageRun]) -> None:
    """Each run that is done has its file once and whole, and there is no other."""
    artifacts = await tx.artifacts.of_model(runs[0].model_id)
    made = Counter(one.run_id for one in artifacts if one.kind is ArtifactKind.MODEL)
    done = [run.id for run in runs if run.state is RunState.DONE and run.stage in KEPT]
    assert made == Counter(done)
    assert sorted(one.key for one in artifacts) == [key async for key in bot.store.keys("")]
    for one in artifacts:
        async with bot.store.open(one.key) as stream:
            assert sha256(b"".join([piece async for piece in stream])).hexdigest() == one.sha256
    assert await bot.store.abort_stale_uploads() == 0


async def check_message(bot: Process, job_id: str) -> None:
    """The message says what is so."""
    view = await bot.core.shelf.view(job_id)
    (card,) = (await bot.core.cards.about(job_id)).cards
    files = attachments(view, card.attachment_limit)
    layout = draw(view, Voice(catalogue=CATALOGUE, locale=card.locale), attached=files)
    shown = bot.world.chat.messages[card.message_id]
    assert shown.components == layout.to_components()  # type: ignore[no-untyped-call] # discord.py's own
    assert shown.files == tuple(attached_name(file) for file in files)
    assert card.rendered_version == view.job.version
