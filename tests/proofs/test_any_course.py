"""Ledger and admission under any course of events, on the real core and a real database."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.jobs.clock import DAY, HOUR, MINUTE
from bot.jobs.errors import JobError
from bot.jobs.orders import AnimateOrder, Asker, GenerateOrder, Order, RetryOrder, RigOrder
from storage.models import RUN_ENDED, RunState, StageRun
from storage.schema import migrate
from tests.bot.jobs.books import Gift
from tests.proofs.town import SERVERS, USERS, Town

CLIPS = ("walk", "run", "idle")
Answer = TypeVar("Answer")

members = st.builds(
    lambda user, guild: Asker(user_id=user, guild_id=guild, locale="en-US"),
    st.sampled_from(USERS),
    st.sampled_from(SERVERS),
)
models = st.builds(
    lambda vendor, rig, clips: GenerateOrder(
        prompt="a brass owl", provider=vendor, rig=rig, clips=tuple(clips)
    ),
    st.sampled_from([None, "tripo", "meshy", "auto"]),
    st.booleans(),
    st.lists(st.sampled_from(CLIPS), unique=True, max_size=2),
)
crowds = st.lists(st.tuples(members, models), min_size=2, max_size=6, unique_by=lambda one: one[0])
which = st.integers(0, 1000)


class AnyCourse(RuleBasedStateMachine):
    """What members, moderators, vendors and time may do, in any order."""

    blank: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
        self.town = self.wait(Town.open(self.stack, self.blank))

    def wait(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self.runner.run(work)

    # Members ----------------------------------------------------------------

    @rule(asker=members, order=models)
    def generate(self, asker: Asker, order: GenerateOrder) -> None:
        self.wait(self.town.ask(asker, order))

    @rule(crowd=crowds)
    def generate_at_once(self, crowd: list[tuple[Asker, Order]]) -> None:
        self.wait(self.town.ask_at_once(crowd))

    @rule(which=which, guild_id=st.sampled_from(SERVERS), vendor=st.sampled_from([None, "tripo", "meshy"]))
    def rig(self, which: int, guild_id: int, vendor: str | None) -> None:
        if run := self.one_of(self.wait(self.town.runs()), which):
            self.wait(
                self.town.ask(self.owner(run, guild_id), RigOrder(model_id=run.model_id, provider=vendor))
            )

    @rule(which=which, guild_id=st.sampled_from(SERVERS), clips=st.lists(st.sampled_from(CLIPS), min_size=1))
    def animate(self, which: int, guild_id: int, clips: list[str]) -> None:
        if run := self.one_of(self.wait(self.town.runs()), which):
            order = AnimateOrder(model_id=run.model_id, clips=tuple(clips))
            self.wait(self.town.ask(self.owner(run, guild_id), order))

    @rule(which=which, guild_id=st.sampled_from(SERVERS))
    def retry(self, which: int, guild_id: int) -> None:
        failed = [run for run in self.wait(self.town.runs()) if run.state is RunState.FAILED]
        if run := self.one_of(failed, which):
            self.wait(self.town.ask(self.owner(run, guild_id), RetryOrder(run_id=run.id)))

    @rule(which=which)
    def cancel(self, which: int) -> None:
        going = [run for run in self.wait(self.town.runs()) if run.state not in RUN_ENDED]
        if run := self.one_of(going, which):
            jobs = self.town.shop.core.jobs
            self.refusable(jobs.cancel(self.owner(run, SERVERS[0]), run.job_id))

    @rule(asker=members, vendor=st.sampled_from(["tripo", "meshy"]), number=st.integers(1, 2))
    def bring_a_key(self, asker: Asker, vendor: str, number: int) -> None:
        self.wait(self.town.shop.core.keys.set(asker, vendor, f"key-{asker.user_id}-{number}"))

    @rule(asker=members, vendor=st.sampled_from(["tripo", "meshy"]))
    def take_a_key_away(self, asker: Asker, vendor: str) -> None:
        self.refusable(self.town.shop.core.keys.remove(asker, vendor))

    # Moderators -------------------------------------------------------------

    @rule(asker=members, amount=st.integers(0, 14))
    def set(self, asker: Asker, amount: int) -> None:
        self.town.memory[asker.user_id].chosen[asker.guild_id or 0] = amount
        self.wait(self.town.shop.core.quotas.set(_mona(asker), asker.user_id, amount, None))

    @rule(asker=members, amount=st.integers(1, 5), hours=st.sampled_from([1, 24, 48]))
    def grant(self, asker: Asker, amount: int, hours: int) -> None:
        gift = Gift(
            guild_id=asker.guild_id or 0, amount=amount, expires_at=self.town.shop.clock.now() + hours * HOUR
        )
        self.town.memory[asker.user_id].gifts.append(gift)
        self.wait(self.town.shop.core.quotas.grant(_mona(asker), asker.user_id, amount, None, hours=hours))

    @rule(asker=members)
    def reset(self, asker: Asker) -> None:
        undone = self.town.memory[asker.user_id].undo(asker.guild_id or 0)
        change = self.wait(self.town.shop.core.quotas.reset(_mona(asker), asker.user_id, None))
        assert change.amount == undone

    # Vendors, the engine, time ----------------------------------------------

    @rule(fails=st.booleans(), turns=st.integers(1, 8))
    def vendors_change(self, fails: bool, turns: int) -> None:  # noqa: FBT001 - hypothesis passes it by name
        self.town.mood.fails = fails
        self.the_engine_works(turns)

    @rule(turns=st.integers(1, 3))
    def the_engine_works_a_little(self, turns: int) -> None:
        self.the_engine_works(turns)

    @rule(turns=st.integers(4, 16))
    def the_engine_works(self, turns: int) -> None:
        for _ in range(turns):
            self.wait(self.town.turn())
            self.move(2_000)

    @rule(milliseconds=st.sampled_from([1, 10_000, MINUTE, HOUR, DAY // 2, DAY - 1, DAY]))
    def time_passes(self, milliseconds: int) -> None:
        self.move(milliseconds)

    @rule()
    def the_bot_is_started_anew(self) -> None:
        self.wait(self.town.new_life())

    @invariant()
    def the_books_say_what_memory_says(self) -> None:
        self.wait(self.town.check())

    def teardown(self) -> None:
        try:
            self.wait(self.end())
        finally:
            self.wait(self.stack.aclose())
            self.runner.close()

    async def end(self) -> None:
        """Everything comes to an end, and nothing is held any more."""
        self.town.mood.fails = False
        await self.town.shop.core.engine.run_until_idle()
        for memory in self.town.memory.values():
            memory.now = self.town.shop.clock.now()
        await self.town.check()
        assert self.town.held == {}

    # Parts ------------------------------------------------------------------

    def move(self, milliseconds: int) -> None:
        self.town.shop.clock.advance(seconds=milliseconds / 1000)
        for memory in self.town.memory.values():
            memory.now = self.town.shop.clock.now()

    def refusable(self, work: Coroutine[Any, Any, None]) -> None:
        with suppress(JobError):
            self.wait(work)

    def one_of(self, runs: list[StageRun], which: int) -> StageRun | None:
        return runs[which % len(runs)] if runs else None

    def owner(self, run: StageRun, guild_id: int) -> Asker:
        return Asker(user_id=self.town.jobs[run.job_id], guild_id=guild_id, locale="en-US")


def _mona(asker: Asker) -> Asker:
    return Asker(user_id=9, guild_id=asker.guild_id, locale="en-US", moderator=True)


def test_whatever_happens_the_books_are_right_and_turns_are_fair(tmp_path: Path) -> None:
    AnyCourse.blank = tmp_path / "blank.db"
    migrate(AnyCourse.blank)
    thorough = settings(
        max_examples=8,
        stateful_step_count=40,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(AnyCourse, settings=thorough)
