"""The books on a real database, held against plain memory through any course of events."""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from bot.jobs import ledger
from bot.jobs.clock import DAY, HOUR, RandomIds
from bot.jobs.errors import QuotaExceeded
from bot.jobs.orders import Asker
from bot.jobs.quota import Quotas
from bot.jobs.rules import Rules
from storage.database import Database
from storage.models import Account, StageRun
from storage.schema import migrate
from storage.secrets import SecretBox
from tests.bot.jobs.books import Gift, Memory, Spent
from tests.clock import START, StillClock
from tests.storage.nouns import add_job, run

SERVERS = st.sampled_from([77, 88])
RULES = Rules(allowance=10, member_cap=16)
MEMBER = Account(id="member", user_id=1, created_at=START)
Answer = TypeVar("Answer")


class Books(RuleBasedStateMachine):
    """One member in two servers, moderators, and days that go by."""

    blank: Path
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.blank, self.folder / "books.db")
        self.clock, self.ids = StillClock(), RandomIds()
        self.memory = Memory(allowance=RULES.allowance, cap=RULES.member_cap or 0, now=START)
        self.stack = AsyncExitStack()
        self.db = self.wait(
            self.stack.enter_async_context(Database.open(self.folder / "books.db", SecretBox(b"k" * 32)))
        )
        self.quotas = Quotas(db=self.db, clock=self.clock, ids=self.ids, rules=RULES)
        self.numbers = iter(range(10_000))
        self.wait(self.first_job())

    def wait(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self.runner.run(work)

    @rule(target=jobs, guild_id=SERVERS, price=st.integers(1, 7))
    def ask(self, guild_id: int, price: int) -> Any:
        may = price <= self.memory.left(guild_id)
        try:
            held = self.wait(self.reserve(guild_id, price))
        except QuotaExceeded as refusal:
            assert not may
            self.check_refusal(refusal, guild_id, price)
            return multiple()
        assert may
        return held, self.memory.spend(guild_id, price)

    @rule(job=consumes(jobs))
    def succeed(self, job: tuple[StageRun, Spent]) -> None:
        self.wait(self.settle(*job))

    @rule(job=consumes(jobs))
    def fail(self, job: tuple[StageRun, Spent]) -> None:
        held, spent = job
        self.wait(self.release(held))
        self.wait(self.release(held))  # whoever gives back twice, gives back once
        self.memory.spent.remove(spent)

    @rule(guild_id=SERVERS, amount=st.integers(1, 5), hours=st.sampled_from([1, 24, 48]))
    def grant(self, guild_id: int, amount: int, hours: int) -> None:
        before = self.memory.left(guild_id)
        expires_at = self.clock.now() + hours * HOUR
        self.memory.gifts.append(Gift(guild_id=guild_id, amount=amount, expires_at=expires_at))
        change = self.wait(self.quotas.grant(_mona(guild_id), 1, amount, None, hours=hours))
        assert (change.before, change.after) == (before, self.memory.left(guild_id))

    @rule(guild_id=SERVERS)
    def reset(self, guild_id: int) -> None:
        change = self.wait(self.quotas.reset(_mona(guild_id), 1, None))
        assert change.amount == self.memory.undo(guild_id)

    @rule(milliseconds=st.sampled_from([1, HOUR, DAY // 2, DAY - 1, DAY]))
    def time_passes(self, milliseconds: int) -> None:
        self.clock.advance(seconds=milliseconds / 1000)
        self.memory.now = self.clock.now()

    @invariant()
    def the_books_say_what_memory_says(self) -> None:
        remembered = self.memory
        for guild_id in (77, 88):
            standing = self.wait(self.position(guild_id))
            assert standing.used == remembered.used(guild_id)
            assert standing.granted == remembered.granted(guild_id)
            assert standing.under_caps == remembered.under_cap()
            assert standing.left == remembered.left(guild_id)
            assert sum(amount for _, amount in standing.returns) == standing.used

    def check_refusal(self, refusal: QuotaExceeded, guild_id: int, price: int) -> None:
        """It names the limit, and the first moment at which waiting has helped."""
        allowance, memory = self.memory.allowance, self.memory
        assert refusal.left == memory.left(guild_id)
        if refusal.scope == "member":
            assert memory.under_cap() < price
        elif refusal.enough_at is not None:
            assert allowance - memory.used(guild_id, refusal.enough_at) >= price
            assert allowance - memory.used(guild_id, refusal.enough_at - 1) < price

    async def first_job(self) -> None:
        async with self.db.begin() as tx:
            await add_job(tx)
            await tx.accounts.ensure(1, id=MEMBER.id, now=START)

    async def position(self, guild_id: int) -> ledger.Position:
        async with self.db.read() as tx:
            return await ledger.position(tx, MEMBER, guild_id, RULES, self.clock.now())

    async def reserve(self, guild_id: int, price: int) -> StageRun:
        now, number = self.clock.now(), next(self.numbers)
        held = replace(run(f"run{number}"), price=price, account_id=MEMBER.id)
        async with self.db.begin() as tx:
            standing = await ledger.position(tx, MEMBER, guild_id, RULES, now)
            ledger.require(standing, price)
            await add_job(tx, held, id=f"job{number}", interaction_id=number)
            await ledger.reserve(tx, [held], guild_id, standing, self.ids, now)
        return held

    async def settle(self, held: StageRun, spent: Spent) -> None:
        spent.open = False
        async with self.db.begin() as tx:
            await ledger.settle(tx, held, spent.guild_id, self.ids, self.clock.now())

    async def release(self, held: StageRun) -> None:
        async with self.db.begin() as tx:
            await ledger.release(tx, held, self.ids, self.clock.now())

    def teardown(self) -> None:
        self.wait(self.stack.aclose())
        self.runner.close()
        shutil.rmtree(self.folder)


def _mona(guild_id: int) -> Asker:
    return Asker(user_id=9, guild_id=guild_id, locale="en-US", moderator=True)


def test_the_books_agree_with_memory_whatever_happens(tmp_path: Path) -> None:
    Books.blank = tmp_path / "blank.db"
    migrate(Books.blank)
    thorough = settings(
        max_examples=15,
        stateful_step_count=25,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(Books, settings=thorough)
