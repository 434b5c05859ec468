"""The real core and vendors' sandboxes on one clock: no Discord, and nobody else's network.

They talk over real sockets, and write to a real database and a real folder. Time stands still
while somebody is at work, and moves to where the next one waits for it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiohttp import web
from structlog.testing import capture_logs

from bot.jobs.circuits import Circuits
from bot.jobs.clock import RandomIds
from bot.jobs.core import Core, assemble
from bot.jobs.orders import Address, Asker, Order
from bot.jobs.rules import Rules
from bot.jobs.vendors import Vendors
from bot.web.site import site
from sandbox.object_server import free_port
from storage.database import Database
from storage.models import RUN_ENDED, Artifact, EntryKind, Job, LedgerEntry, RunState, Stage, StageRun
from storage.objects.local import LocalStore
from storage.secrets import SecretBox
from tests.clock import HandClock
from tests.contracts.vendors.orders import ADA, KNIGHT
from tests.contracts.vendors.table import Row
from tests.contracts.vendors.vendor import Vendor, played

LOOK = 0.001
"""Real seconds between two looks whether everybody waits for time to pass."""
PATIENCE = 0.05
"""Real seconds after which time moves on all the same: somebody's answer waits for it."""
AT_MOST = 60.0
SLOWLY = 1.0
"""Seconds that time moves at once: where all wait for it, and where that is not sure."""
LONGEST = 30.0
"""Real seconds that a test may take to come to what it waits for."""
SITE = "http://127.0.0.1"

Condition = Callable[[], Awaitable[object]]


class CountedIds(RandomIds):
    """Seeds count from one, so that equal orders ask vendors for equal models."""

    def __init__(self) -> None:
        self._seeds = 0

    def seed(self) -> int:
        """The next number."""
        self._seeds += 1
        return self._seeds


@dataclass(slots=True, kw_only=True)
class Playhouse:
    """What a test needs: people who ask, time, the vendors' books and ours, and the core's life and death."""

    clock: HandClock
    db: Database
    store: LocalStore
    folder: Path
    vendors: Mapping[str, Vendor]
    """By name of the vendor; one row each."""
    rules: Rules
    ids: CountedIds = field(default_factory=CountedIds)
    core: Core = field(init=False)
    circuits: Circuits = field(init=False)
    _life: asyncio.Task[None] | None = None
    _interactions: int = 1000
    _wishes: list[tuple[Stage, RunState, Callable[[], object]]] = field(default_factory=list)
    log: list[Mapping[str, Any]] = field(default_factory=list)
    """What was written to the log."""

    def __post_init__(self) -> None:
        self.assemble()

    @property
    def vendor(self) -> Vendor:
        """The first one, which is often the only one."""
        return next(iter(self.vendors.values()))

    def assemble(self) -> None:
        """A core as after the start of a process."""
        self.circuits = Circuits(now=self.clock.now)
        self.core = assemble(
            db=self.db,
            store=self.store,
            vendors=Vendors(
                db=self.db,
                kinds={name: vendor.provider for name, vendor in self.vendors.items()},
                owned=frozenset(self.vendors),
                keyed=frozenset(name for name, vendor in self.vendors.items() if vendor.row.key),
            ),
            circuits=self.circuits,
            key_shapes=dict.fromkeys(self.vendors, lambda _: None),
            clock=self.clock,
            ids=self.ids,
            rules=self.rules,
            scratch=self.folder / "scratch",
            changed=self._changed,
            progressed=lambda _: None,
        )

    # Asking -----------------------------------------------------------------

    async def ask(self, order: Order = KNIGHT, asker: Asker = ADA) -> Job:
        """Ask, as a command does."""
        self._interactions += 1
        address = Address(
            interaction_id=self._interactions,
            channel_id=5,
            message_id=10_000 + self._interactions,
            token="a token",
            token_expires_at=self.clock.now() + 15 * 60_000,
            bot_may_edit=True,
            attachment_limit=10 * 1024 * 1024,
        )
        return await self.core.jobs.start(asker, order, address)

    async def make(self, order: Order = KNIGHT, asker: Asker = ADA) -> Job:
        """Ask, and let it come to its end."""
        job = await self.ask(order, asker)
        await self.finish()
        return await self.job(job)

    # Time -------------------------------------------------------------------

    async def finish(self) -> None:
        """Let the engine work until nothing is left to do."""
        await self.until(self._idle)

    def when(self, stage: Stage, state: RunState, act: Callable[[], object]) -> None:
        """Do this, once, right after it was written that a run of this stage is in this state."""
        self._wishes.append((stage, state, act))

    def _changed(self, _: str) -> None:
        now = {(live.run.stage, live.run.state) for live in self.core.engine._live.values()}
        due = [wish for wish in self._wishes if wish[:2] in now]
        self._wishes = [wish for wish in self._wishes if wish not in due]
        for _stage, _state, act in due:
            act()

    async def until(self, condition: Condition) -> None:
        """Let the engine work, and time pass, until something holds."""
        if self._life is None:
            self._life = asyncio.create_task(self._live())
        async with asyncio.timeout(LONGEST):
            while not await condition():
                assert self._life is not None, "the engine has nothing left to do"
                await self._pass_time()

    def cut_off(self) -> None:
        """End the engine in the middle of whatever it does."""
        for task in (self._life, *self.core.engine._tasks):
            if task:
                task.cancel()

    async def restart(self) -> None:
        """A new core on the same data, without a word to the old one."""
        self.cut_off()
        left = [task for task in (self._life, *self.core.engine._tasks) if task]
        await asyncio.gather(*left, return_exceptions=True)
        self._life = None
        self.assemble()

    async def _live(self) -> None:
        await self.core.engine.start()
        await self.core.engine.run_until_idle()

    async def _idle(self) -> bool:
        if self._life is None or not self._life.done():
            return False
        life, self._life = self._life, None
        if not life.cancelled():
            life.result()
        return True

    async def _pass_time(self) -> None:
        """When nobody works any more, to where the next one waits; a little, where somebody may work."""
        loop = asyncio.get_running_loop()
        patience = loop.time() + PATIENCE
        while self._at_work() and loop.time() < patience:  # noqa: ASYNC110 # the clock tells nobody who sleeps
            await asyncio.sleep(LOOK)
        if self._life and not self._life.done():
            self.clock.advance_to_next(SLOWLY if self._at_work() else AT_MOST)
            await asyncio.sleep(0)

    def _at_work(self) -> bool:
        if self._life is None or self._life.done() or self.clock.holds(self._life):
            return False
        if any(vendor.waiting for vendor in self.vendors.values()):
            return False
        steps = self.core.engine._tasks
        return not steps or not all(self.clock.holds(step) for step in steps)

    # Looking ----------------------------------------------------------------

    async def job(self, job: Job) -> Job:
        """As it is now."""
        async with self.db.read() as tx:
            found = await tx.jobs.get(job.id)
        assert found is not None
        return found

    async def runs(self, job: Job) -> list[StageRun]:
        """The runs of a job, in order."""
        async with self.db.read() as tx:
            return await tx.runs.of_job(job.id)

    async def run(self, job: Job, stage: Stage) -> StageRun:
        """The one run of a stage."""
        (found,) = [run for run in await self.runs(job) if run.stage is stage]
        return found

    async def files(self, run: StageRun) -> list[Artifact]:
        """What a run left in our store."""
        async with self.db.read() as tx:
            return await tx.artifacts.of_run(run.id)

    async def entries(self, run: StageRun) -> list[LedgerEntry]:
        """What our books say of a run."""
        async with self.db.read() as tx:
            return await tx.ledger.of_run(run.id)

    async def read(self, artifact: Artifact) -> bytes:
        """A file of our store."""
        async with self.store.open(artifact.key) as pieces:
            return b"".join([piece async for piece in pieces])

    async def balanced(self, job: Job) -> None:
        """What holds for every job that came to its end, whatever happened on the way.

        A run that is done is paid for, once; every other one's credits came back, once.
        """
        assert [line for line in self.log if line["log_level"] == "error"] == self._troubles()
        for run in await self.runs(job):
            assert run.state in RUN_ENDED
            entries = await self.entries(run)
            paid = EntryKind.SETTLE if run.state is RunState.DONE else EntryKind.RELEASE
            assert [entry.kind for entry in entries] == ([EntryKind.RESERVE, paid] if run.price else [])
            held = sum(entry.amount for entry in entries)
            assert held == (run.price if run.state is RunState.DONE else 0)

    def _troubles(self) -> list[Mapping[str, Any]]:
        """What the owner is told of a vendor is written there as an error, and is none of ours."""
        return [line for line in self.log if line["event"] == "vendor_trouble"]


@asynccontextmanager
async def playhouse(
    folder: Path, database: Path, rows: Sequence[Row], *, linked: bool = False, **rules: Any
) -> AsyncIterator[Playhouse]:
    """Put everything up; ``database`` is an empty one. ``linked``: our files have addresses."""
    clock, port = HandClock(), free_port()
    public = f"{SITE}:{port}" if linked else None
    store = LocalStore(folder / "files", signing_key=b"s" * 32, now=clock.now, public_url=public)
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database.open(database, SecretBox(b"k" * 32)))
        vendors = {row.vendor: await stack.enter_async_context(played(row, clock, folder)) for row in rows}
        house = Playhouse(
            clock=clock,
            db=db,
            store=store,
            folder=folder,
            vendors=vendors,
            rules=replace(Rules(allowance=100), **rules),
        )
        house.log = stack.enter_context(capture_logs())
        stack.push_async_callback(house.restart)
        if linked:
            await stack.enter_async_context(_open_to_all(house, port))
        yield house


@asynccontextmanager
async def _open_to_all(house: Playhouse, port: int) -> AsyncIterator[None]:
    """The bot's own site, from which vendors fetch."""

    async def health() -> Mapping[str, bool]:
        return {}

    pages = site(library=house.core.shelf, health=health, now=house.clock.now, local=house.store)
    runner = web.AppRunner(pages, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield
    finally:
        await runner.cleanup()
