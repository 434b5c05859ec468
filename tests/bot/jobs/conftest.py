"""The core on a real database file and a real folder, with a vendor that a test directs."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.circuits import Circuits, Trouble
from bot.jobs.clock import RandomIds
from bot.jobs.core import Core, assemble
from bot.jobs.filming import Filmer
from bot.jobs.orders import Address, Asker, GenerateOrder, Order
from bot.jobs.rules import Rules
from bot.jobs.scanning import Scanner
from bot.jobs.vendors import Vendors
from bot.jobs.views import JobView
from storage.database import Database
from storage.models import Job, LedgerEntry, StageRun
from storage.objects.local import LocalStore
from storage.schema import migrate
from storage.secrets import SecretBox
from tests.bot.jobs.vendor import ScriptedVendor
from tests.clock import StillClock

GUILD = 77
ADA = Asker(user_id=1, guild_id=GUILD, locale="en-US")
BEN = Asker(user_id=2, guild_id=GUILD, locale="es-ES")
MONA = Asker(user_id=9, guild_id=GUILD, locale="en-US", moderator=True)
OWL = GenerateOrder(prompt="a brass owl")
CHAIN = GenerateOrder(prompt="a wooden knight", rig=True, clips=("walk", "idle"))


@dataclass
class Workshop:
    """What a test needs to ask, to let time work, and to look at the books."""

    db: Database
    store: LocalStore
    clock: StillClock
    vendor: ScriptedVendor
    rules: Rules
    folder: Path
    public_url: str | None = "https://models.example"
    changes: list[str] = field(default_factory=list)
    interactions: int = 1000
    others: list[ScriptedVendor] = field(default_factory=list)
    """Further vendors; ``restart`` after a change."""
    unowned: set[str] = field(default_factory=set)
    """Vendors for which the owner has no key."""
    default_vendor: str = ""
    scanner: Scanner | None = None
    scan_required: bool = False
    filmer: Filmer | None = None
    troubles: list[tuple[str, str, Trouble]] = field(default_factory=list)
    circuits: Circuits = field(init=False)
    core: Core = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new process life on the same database and store."""
        vendors = [self.vendor, *self.others]
        self.circuits = Circuits(now=self.clock.now, opened=lambda *trouble: self.troubles.append(trouble))
        self.core = assemble(
            db=self.db,
            store=self.store,
            vendors=Vendors(
                db=self.db,
                kinds={one.name: one for one in vendors},
                owned=frozenset(one.name for one in vendors if one.name not in self.unowned),
                keyed=frozenset(one.name for one in vendors),
            ),
            circuits=self.circuits,
            default_vendor=self.default_vendor,
            key_shapes={one.name: lambda _: None for one in vendors},
            clock=self.clock,
            ids=RandomIds(),
            rules=self.rules,
            scratch=self.folder / "scratch",
            changed=self.changes.append,
            progressed=self.changes.append,
            public_url=self.public_url,
            scanner=self.scanner,
            scan_required=self.scan_required,
            filmer=self.filmer,
        )

    def address(self, message_id: int | None = None) -> Address:
        self.interactions += 1
        return Address(
            interaction_id=self.interactions,
            channel_id=5,
            message_id=message_id or 10_000 + self.interactions,
            token="secret-token",
            token_expires_at=self.clock.now() + 15 * 60_000,
            bot_may_edit=True,
            attachment_limit=10 * 1024 * 1024,
        )

    async def ask(self, order: Order = OWL, asker: Asker = ADA) -> Job:
        return await self.core.jobs.start(asker, order, self.address())

    async def finish(self) -> None:
        await self.core.engine.start()
        await self.core.engine.run_until_idle()

    async def make(self, order: Order = OWL, asker: Asker = ADA) -> JobView:
        """Ask, let it be made, and look."""
        job = await self.ask(order, asker)
        await self.finish()
        return await self.view(job)

    async def view(self, job: Job) -> JobView:
        return await self.core.shelf.view(job.id)

    async def runs(self, job: Job) -> list[StageRun]:
        async with self.db.read() as tx:
            return await tx.runs.of_job(job.id)

    async def books(self, run: StageRun) -> list[LedgerEntry]:
        async with self.db.read() as tx:
            return await tx.ledger.of_run(run.id)

    async def left(self, asker: Asker = ADA) -> int:
        return (await self.core.quotas.view(asker.user_id, asker.guild_id)).left


@pytest.fixture
async def workshop(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Workshop]:
    """A test that parametrizes it indirectly gives the owner's numbers."""
    async with AsyncExitStack() as stack:
        yield await open_workshop(stack, tmp_path, **getattr(request, "param", {}))


async def open_workshop(stack: AsyncExitStack, folder: Path, **rules: Any) -> Workshop:
    path = folder / "maquette.db"
    migrate(path)
    clock = StillClock()
    db = await stack.enter_async_context(Database.open(path, SecretBox(b"k" * 32)))
    store = LocalStore(
        folder / "files", signing_key=b"s" * 32, now=clock.now, public_url="https://models.example"
    )
    return Workshop(
        db=db,
        store=store,
        clock=clock,
        vendor=ScriptedVendor(),
        rules=replace(Rules(), **rules),
        folder=folder,
    )
