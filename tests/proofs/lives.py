"""A job's life from the command to the finished card, in a process that can be cut off at any await.

``World`` is what a process leaves behind when it dies: the disk, the vendor, Discord, the
time. ``Process`` is the bot's core with a real presenter on it.
"""

import asyncio
import copy
import shutil
import sqlite3
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from discord import ui

from bot.jobs.circuits import Circuits
from bot.jobs.clock import HOUR, RandomIds
from bot.jobs.core import Core, assemble
from bot.jobs.orders import Address
from bot.jobs.rules import Rules
from bot.jobs.vendors import Vendors
from bot.locales.catalogue import Catalogue
from bot.ui.messenger import Attachment
from bot.ui.presenter import Presenter
from providers.base import Outcome, RemoteFile, Request, Search, TaskHandle
from storage.database import Database
from storage.models import Card
from storage.objects.local import LocalStore
from storage.schema import migrate
from storage.secrets import SecretBox
from tests.bot.jobs.conftest import ADA, CHAIN
from tests.bot.jobs.vendor import ScriptedVendor
from tests.clock import StillClock

DATABASE = "maquette.db"
CATALOGUE = Catalogue.load()


class FarVendor(ScriptedVendor):
    """A vendor behind a wire."""

    async def submit(self, request: Request, *, seed: int) -> TaskHandle:
        async with _wire():
            return await super().submit(request, seed=seed)

    async def check_many(self, task_ids: Sequence[str]) -> Mapping[str, Outcome | Exception]:
        async with _wire():
            return await super().check_many(task_ids)

    async def find(
        self, request: Request, *, seed: int, since: int, now: int, known: Collection[str]
    ) -> Search:
        async with _wire():
            return await super().find(request, seed=seed, since=since, now=now, known=known)

    @asynccontextmanager
    async def fetch(self, file: RemoteFile, *, limit: int) -> AsyncIterator[AsyncIterator[bytes]]:
        async with _wire(), super().fetch(file, limit=limit) as stream:
            yield stream


@asynccontextmanager
async def _wire() -> AsyncIterator[None]:
    """A request takes a moment to arrive, and its answer a moment to return."""
    await asyncio.sleep(0)
    yield
    await asyncio.sleep(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message as people see it."""

    components: list[dict[str, Any]]
    files: tuple[str, ...]


@dataclass
class Chat:
    """Discord's messages, edited over a wire; it stands in for ``bot.ui.messenger``."""

    messages: dict[int, Shown] = field(default_factory=dict)
    edits: int = 0

    async def edit_by_token(
        self, card: Card, view: ui.LayoutView, files: Sequence[Attachment] | None
    ) -> None:
        before = self.messages.get(card.message_id)
        kept = before.files if before else ()
        names = kept if files is None else tuple(file.name for file in files)
        components = view.to_components()  # type: ignore[no-untyped-call] # discord.py left this one out
        async with _wire():
            self.messages[card.message_id] = Shown(components=components, files=names)
            self.edits += 1

    edit_as_bot = edit_by_token


@dataclass(kw_only=True)
class World:
    """What outlives a process."""

    folder: Path
    vendor: FarVendor
    chat: Chat = field(default_factory=Chat)
    clock: StillClock = field(default_factory=StillClock)

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def store(self) -> LocalStore:
        return LocalStore(self.folder / "files", signing_key=b"s" * 32, now=self.clock.now)

    def copied(self, folder: Path) -> "World":
        """The world as it is now, for a process of its own: of the database, what was committed."""
        folder.mkdir()
        with (
            closing(sqlite3.connect(self.database)) as ours,
            closing(sqlite3.connect(folder / DATABASE)) as new,
        ):
            ours.backup(new)
        for path in (self.folder / "files").rglob("*"):
            target = folder / path.relative_to(self.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                if path.is_file():
                    shutil.copyfile(path, target)
            except FileNotFoundError:  # a draft that has its name now, or is gone
                continue
        vendor, chat = copy.deepcopy((self.vendor, self.chat))
        return World(folder=folder, vendor=vendor, chat=chat, clock=StillClock(self.clock.now()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One life of the bot in a world."""

    world: World
    db: Database
    store: LocalStore
    core: Core
    presenter: Presenter

    async def carry_on(self) -> None:
        """What the application does from its start until nothing is left to be done or drawn."""
        await self.core.scratch.clear()
        await self.store.abort_stale_uploads()
        await self.core.engine.start()
        stop = asyncio.Event()
        drawing = asyncio.create_task(self.presenter.run(stop))
        await self.core.engine.run_until_idle()
        patience = self.world.clock.now() + HOUR
        while await self.core.cards.behind() and self.world.clock.now() < patience:
            await self.world.clock.sleep(1)
        stop.set()
        await drawing

    async def ask(self) -> None:
        """A command whose message stands already, as Discord's first answer made it."""
        address = Address(
            interaction_id=1,
            channel_id=5,
            message_id=6,
            token="token",
            token_expires_at=self.world.clock.now() + 15 * 60_000,
            bot_may_edit=True,
            attachment_limit=10 * 1024 * 1024,
        )
        await self.core.jobs.start(ADA, CHAIN, address)


@asynccontextmanager
async def process(world: World) -> AsyncIterator[Process]:
    """Everything in memory made anew, on what is there."""
    async with Database.open(world.database, SecretBox(b"k" * 32)) as db:
        bell, store = Bell(), world.store
        core = assemble(
            db=db,
            store=store,
            vendors=Vendors(db=db, kinds={"tripo": world.vendor}, owned=frozenset({"tripo"})),
            circuits=Circuits(now=world.clock.now),
            key_shapes={},
            clock=world.clock,
            ids=RandomIds(),
            rules=Rules(),
            scratch=world.folder / "scratch",
            changed=bell.ring,
            progressed=bell.ring,
            public_url="https://models.example",
        )
        bell.presenter = Presenter(
            shelf=core.shelf,
            cards=core.cards,
            catalogue=CATALOGUE,
            messenger=world.chat,  # type: ignore[arg-type] # Discord itself, of the same shape
            clock=world.clock,
        )
        yield Process(world=world, db=db, store=store, core=core, presenter=bell.presenter)


class Bell:
    """Joins the core, which is made first, with the presenter, which needs the core."""

    presenter: Presenter

    def ring(self, job_id: str) -> None:
        self.presenter.changed(job_id)


async def whole_life(world: World) -> None:
    """Start, be asked for a chain, make it and show it."""
    async with process(world) as bot:
        await bot.ask()
        await bot.carry_on()


async def next_life(world: World) -> None:
    """Start again after whatever happened."""
    async with process(world) as bot:
        await bot.carry_on()


def a_world(folder: Path, blank: Path, **vendor: Any) -> World:
    """An empty one; ``blank`` is a database without rows."""
    folder.mkdir()
    shutil.copyfile(blank, folder / DATABASE)
    return World(folder=folder, vendor=FarVendor(drafts=True, **vendor))


def blank_database(path: Path) -> Path:
    migrate(path)
    return path
