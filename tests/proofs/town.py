"""A town of three members, two servers and two vendors: the real core, and plain memory beside it."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from bot.jobs import ledger
from bot.jobs.errors import JobError, QuotaExceeded, TooManyJobs
from bot.jobs.orders import Asker, Order
from providers.base import Failed, Outcome
from storage.models import RUN_AT_VENDOR, RUN_ENDED, Account, Job, JobState, RunState, Stage, StageRun
from tests.bot.jobs.books import Memory, Spent
from tests.bot.jobs.conftest import Workshop, open_workshop
from tests.bot.jobs.vendor import ScriptedVendor, Task
from tests.clock import START

SERVERS = (77, 88)
USERS = (1, 2, 3)
PLACES = 2
"""At each vendor at a time."""
TOWN = {"allowance": 10, "member_cap": 16, "bot_cap": 30, "running": 2, "waiting": 2}
MOST = 4
"""Jobs of one member, those that wait included."""
PRICES = {("tripo", Stage.GENERATE): 2, ("meshy", Stage.GENERATE): 3}


@dataclass(slots=True, eq=False)
class Mood:
    """How the next tasks end that are looked at."""

    fails: bool = False

    def judge(self, _task: Task) -> Outcome | None:
        return Failed(code="vendor_failed") if self.fails else None


@dataclass(slots=True, eq=False)
class Town:
    """``memory`` is told of what was asked and what became of it, and of nothing else."""

    shop: Workshop
    mood: Mood
    memory: dict[int, Memory]
    held: dict[str, tuple[int, Spent]] = field(default_factory=dict)
    """What runs that have not ended hold, by run and member."""
    jobs: dict[str, int] = field(default_factory=dict)
    """Members by the jobs that they have."""

    @classmethod
    async def open(cls, stack: AsyncExitStack, blank: Path) -> "Town":
        folder = Path(mkdtemp())
        stack.callback(shutil.rmtree, folder)
        shutil.copyfile(blank, folder / "maquette.db")
        special = {("meshy", Stage.GENERATE): PRICES["meshy", Stage.GENERATE]}
        shop = await open_workshop(stack, folder, special=special, **TOWN)
        mood = Mood()
        shop.vendor = a_vendor("tripo", mood)
        shop.others = [a_vendor("meshy", mood, drafts=True)]
        memory = {
            user: Memory(allowance=TOWN["allowance"], cap=TOWN["member_cap"], now=START) for user in USERS
        }
        town = cls(shop, mood, memory)
        await town.new_life()
        return town

    async def new_life(self) -> None:
        self.shop.restart()
        await self.shop.core.engine.start()

    # What members do --------------------------------------------------------

    def left(self, user: int, guild_id: int) -> int:
        """What memory says that a member can spend: their own, and what the whole town has left."""
        of_town = TOWN["bot_cap"] - sum(memory.today() for memory in self.memory.values())
        return max(0, min(self.memory[user].left(guild_id), of_town))

    async def ask(self, asker: Asker, order: Order) -> None:
        """A refusal over credits or jobs has to be right, and so has a yes."""
        left, live = self.left(asker.user_id, asker.guild_id or 0), await self.live(asker.user_id)
        answer = (await asyncio.gather(self.shop.ask(order, asker), return_exceptions=True))[0]
        match answer:
            case QuotaExceeded():
                assert answer.needed > left == answer.left
            case TooManyJobs():
                assert live == MOST
            case Job():
                assert await self.remember(answer) <= left
                assert live < MOST
            case _:  # it cannot be done: no question of credits
                assert isinstance(answer, JobError), answer

    async def ask_at_once(self, asked: Sequence[tuple[Asker, Order]]) -> None:
        """Several members and servers at the same moment, each once."""
        before = [self.left(asker.user_id, asker.guild_id or 0) for asker, _ in asked]
        work = [self.shop.ask(order, asker) for asker, order in asked]
        answers = await asyncio.gather(*work, return_exceptions=True)
        taken = [await self.remember(one) if isinstance(one, Job) else 0 for one in answers]
        assert all(price <= left for price, left in zip(taken, before, strict=True))
        for (asker, _), answer in zip(asked, answers, strict=True):
            if isinstance(answer, QuotaExceeded):  # it did not fit then, so it does not fit now
                assert answer.needed > self.left(asker.user_id, asker.guild_id or 0)
            else:
                assert isinstance(answer, Job | JobError), answer

    async def remember(self, job: Job) -> int:
        """Hold in memory what a new job holds; gives its price."""
        self.jobs[job.id] = job.user_id
        runs = await self.shop.runs(job)
        for run in runs:
            assert run.price == price_of(run)
            if run.price:
                spent = self.memory[job.user_id].spend(job.guild_id or 0, run.price)
                self.held[run.id] = job.user_id, spent
        return sum(run.price for run in runs)

    async def live(self, user: int) -> int:
        """Jobs of a member that have not ended."""
        mine = [job for job, owner in self.jobs.items() if owner == user]
        async with self.shop.db.read() as tx:
            found = [await tx.jobs.get(job) for job in mine]
        return sum(job is not None and job.state is JobState.LIVE for job in found)

    # What becomes of it -----------------------------------------------------

    async def runs(self) -> list[StageRun]:
        async with self.shop.db.read() as tx:
            return [run for job in self.jobs for run in await tx.runs.of_job(job)]

    async def look(self) -> None:
        """Memory hears which runs ended, and how."""
        for run in await self.runs():
            if run.id in self.held and run.state in RUN_ENDED:
                user, spent = self.held.pop(run.id)
                if run.state is not RunState.DONE:
                    self.memory[user].spent.remove(spent)

    async def turn(self) -> None:
        """The engine does what is due; whom it takes from the queue has to be fair."""
        now, engine = self.shop.clock.now(), self.shop.core.engine
        before = await self.runs()
        places = {run.id: engine.slot(run) for run in before}
        due = [run for run in before if run.state is RunState.QUEUED and (run.due_at or 0) <= now]
        busy = [run for run in before if run.state in RUN_AT_VENDOR]
        await engine.run_once()
        epochs = {run.id: run.epoch for run in await self.runs()}
        taken = [run for run in due if epochs[run.id] > run.epoch]
        check_turn(busy, taken, [run for run in due if run not in taken], places)

    async def check(self) -> None:
        """The books say what memory says, for everybody everywhere, and nobody is over a limit."""
        await self.look()
        async with self.shop.db.read() as tx:
            for user, memory in self.memory.items():
                account = await tx.accounts.by_user(user) or Account(id="", user_id=user, created_at=0)
                assert memory.under_cap() >= 0
                for guild_id in SERVERS:
                    standing = await ledger.position(
                        tx, account, guild_id, self.shop.rules, self.shop.clock.now()
                    )
                    assert standing.used == memory.used(guild_id)
                    assert standing.granted == memory.granted(guild_id)
                    assert standing.left == self.left(user, guild_id)
        assert sum(memory.today() for memory in self.memory.values()) <= TOWN["bot_cap"]


def a_vendor(name: str, mood: Mood, **more: Any) -> ScriptedVendor:
    return ScriptedVendor(
        name=name, title=name.title(), pool_size=PLACES, looks_needed=1, judge=mood.judge, **more
    )


def price_of(run: StageRun) -> int:
    """By the price list, apart from the code that is tested; with a key of one's own all is free."""
    if run.credential != "owner":
        return 0
    if run.stage is Stage.ANIMATE:
        return len(run.params["clips"])
    return PRICES.get((run.provider, run.stage), int(run.stage is Stage.RIG))


def check_turn(
    busy: Collection[StageRun],
    taken: Collection[StageRun],
    waiting: Collection[StageRun],
    places: Mapping[str, Any],
) -> None:
    """Nobody waits while another gets a second, and nobody waits for no reason."""
    had = Counter(run.account_id for run in busy)
    got = Counter(run.account_id for run in taken)
    full = Counter(places[run.id] for run in (*busy, *taken))
    for run in (*busy, *taken):
        assert had[run.account_id] + got[run.account_id] <= TOWN["running"]
    assert all(full[place] <= place.size for place in full if place)
    for run in waiting:
        place = places[run.id]
        if not had[run.account_id] + got[run.account_id]:
            rivals = [one.account_id for one in taken if places[one.id] == place]
            assert all(not had[one] and rivals.count(one) == 1 for one in rivals)
        of_member = had[run.account_id] + got[run.account_id]
        assert of_member == TOWN["running"] or (place and full[place] >= place.size)
