"""The audit: books in which nothing is wrong, and then one thing at a time."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sandbox.chaos.audit import Audit, Wrong
from sandbox.clock import SystemClock
from sandbox.discord.nouns import Message, MessageFlag, Origin
from sandbox.discord.server import DiscordSandbox
from sandbox.discord.world import created
from storage import migrate

GLB = b"a model"
NEEDED: dict[str, Any] = {"VARCHAR": "x", "BIGINT": 0, "INTEGER": 0, "BOOLEAN": 0, "JSON": "{}"}


@dataclass(slots=True, kw_only=True)
class Stand:
    """A vendor that has books and nothing else."""

    tasks: list[dict[str, Any]] = field(default_factory=list)

    async def books(self) -> list[dict[str, Any]]:
        """As they were written."""
        return self.tasks


@dataclass(slots=True, kw_only=True)
class Evening:
    """What is left when all is quiet."""

    folder: Path
    books: sqlite3.Connection
    discord: DiscordSandbox
    vendor: Stand
    killed_at: list[int] = field(default_factory=list)

    def add(self, table: str, **facts: Any) -> None:
        """A row; what is not said and has to be there is something."""
        columns = self.books.execute(f"PRAGMA table_info({table})").fetchall()
        rest = {
            name: f"{name} {len(self.books.execute(f'SELECT 1 FROM {table}').fetchall())}"  # noqa: S608 # ours
            if kind.startswith("VARCHAR")
            else NEEDED[kind]
            for _, name, kind, needed, _, _ in columns
            if needed and name not in facts
        }
        row = {**rest, **facts}
        marks = ", ".join("?" for _ in row)
        self.books.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))  # noqa: S608 # same
        self.books.commit()

    def change(self, statement: str) -> None:
        """Spoil something."""
        assert self.books.execute(statement).rowcount > 0
        self.books.commit()

    def say(self, *, flags: int = 0, text: str = "", asked: int = 1) -> Message:
        """A message of the bot's."""
        world = self.discord.world
        channel = next(iter(world.channels))
        message = Message(
            id=world.ids.new(),
            channel_id=channel,
            author_id=world.bot.id,
            flags=flags,
            components=({"type": 10, "content": text},),
            origin=Origin(interaction_id=asked, type=2, user_id=1, name="generate"),
        )
        world.keep(message)
        return message

    async def wrong(self) -> list[Wrong]:
        """What the audit finds."""
        audit = Audit(
            world=self.discord.world,
            vendors={"tripo": self.vendor},
            folder=self.folder,
            allowance=3,
            killed_at=self.killed_at,
        )
        return [finding.wrong for finding in await audit.findings()]


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    """One job is done: a model was paid for, stored, shown and charged."""
    migrate(tmp_path / "maquette.db")
    with closing(sqlite3.connect(tmp_path / "maquette.db")) as books:
        vendor = Stand(tasks=[{"task_id": "t1", "type": "text_to_model", "status": "success", "credits": 20}])
        found = Evening(folder=tmp_path, books=books, discord=DiscordSandbox(SystemClock()), vendor=vendor)
        message = found.say(text="Download")
        found.add("accounts", id="a1", user_id=1)
        found.add("models", id="m1", account_id="a1", visibility="server")
        found.add("jobs", id="j1", model_id="m1", account_id="a1", interaction_id=1, state="done", version=4)
        run = {"job_id": "j1", "model_id": "m1", "account_id": "a1", "stage": "generate", "provider": "tripo"}
        found.add("runs", id="r1", state="done", price=2, task_id="t1", **run)
        found.add("cards", id="c1", job_id="j1", message_id=message.id, rendered_version=4)
        entry = {"account_id": "a1", "run_id": "r1"}
        found.add("ledger", id="l1", kind="reserve", amount=2, **entry)
        found.add("ledger", id="l2", kind="settle", amount=0, **entry)
        sha256, key = hashlib.sha256(GLB).hexdigest(), "models/m1/r1/model.glb"
        found.add(
            "artifacts",
            id="f1",
            model_id="m1",
            run_id="r1",
            kind="model",
            key=key,
            size=len(GLB),
            sha256=sha256,
        )
        _store(found, key, GLB)
        yield found


def _store(evening: Evening, key: str, data: bytes) -> None:
    path = evening.folder / "files" / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


async def test_an_evening_on_which_nothing_is_wrong(evening: Evening) -> None:
    assert await evening.wrong() == []


@pytest.mark.parametrize(
    ("spoiled", "wrong"),
    [
        ("UPDATE jobs SET state = 'live'", Wrong.LOST),
        ("UPDATE artifacts SET sha256 = 'other'", Wrong.LOST),
        ("UPDATE artifacts SET run_id = NULL", Wrong.LOST),
        ("UPDATE artifacts SET kind = 'preview'", Wrong.LOST),
        ("UPDATE runs SET task_id = 'other'", Wrong.PAID_TWICE),
        ("UPDATE cards SET rendered_version = 3", Wrong.FROZEN),
        ("UPDATE jobs SET account_id = 'somebody else'", Wrong.INTRUDER),
    ],
)
async def test_one_thing_in_the_database_is_wrong(evening: Evening, spoiled: str, wrong: Wrong) -> None:
    evening.change(spoiled)

    assert await evening.wrong() == [wrong]


@pytest.mark.parametrize("amount", [1, -2])
async def test_the_ledger_is_not_what_was_delivered(evening: Evening, amount: int) -> None:
    evening.add("ledger", id="l3", kind="release", amount=amount, account_id="a1", run_id="r1")

    assert await evening.wrong() == [Wrong.OVERCHARGED]


async def test_a_run_that_failed_and_was_charged(evening: Evening) -> None:
    evening.change("UPDATE runs SET state = 'failed'")

    assert await evening.wrong() == [Wrong.OVERCHARGED]


async def test_a_reserve_over_the_allowance_though_it_was_given_back(evening: Evening) -> None:
    run = {"job_id": "j1", "model_id": "m1", "account_id": "a1", "stage": "rig", "provider": "tripo"}
    evening.add("runs", id="r2", state="failed", price=2, **run)
    for number, amount in enumerate((2, -2)):
        kind = "reserve" if amount > 0 else "release"
        evening.add("ledger", id=f"r{number}", kind=kind, amount=amount, account_id="a1", run_id="r2")

    assert await evening.wrong() == [Wrong.OVERCHARGED]


async def test_a_task_that_was_sent_twice_under_one_id(evening: Evening) -> None:
    evening.vendor.tasks *= 2

    assert await evening.wrong() == [Wrong.PAID_TWICE]


async def test_what_is_unsure_may_have_been_paid_once(evening: Evening) -> None:
    run = {"job_id": "j1", "model_id": "m1", "account_id": "a1", "stage": "rig", "provider": "tripo"}
    evening.add("runs", id="r2", state="unsure", price=2, **run)
    evening.vendor.tasks.append({"task_id": "t2", "status": "failed", "credits": 5})

    assert await evening.wrong() == []


async def test_objects_that_nothing_knows_and_drafts_left_open(evening: Evening) -> None:
    _store(evening, "models/m1/r1/other.glb", GLB)
    _store(evening, ".drafts/tmp1", b"half")

    assert await evening.wrong() == [Wrong.ORPHAN, Wrong.ORPHAN]


async def test_an_object_that_is_gone(evening: Evening) -> None:
    (evening.folder / "files" / "models" / "m1" / "r1" / "model.glb").unlink()

    assert await evening.wrong() == [Wrong.LOST]


async def test_a_message_that_stopped_at_half(evening: Evening) -> None:
    evening.say(text="▰▰▱▱ 50%", asked=2)

    assert await evening.wrong() == [Wrong.FROZEN]


@pytest.mark.parametrize("after_the_question", [1, 2000])
async def test_a_message_that_thinks_for_ever_is_excused_by_a_kill_around_its_answer(
    evening: Evening, after_the_question: int
) -> None:
    asked = evening.discord.world.ids.new()
    evening.say(flags=MessageFlag.LOADING, asked=asked)
    evening.killed_at.append(created(asked) - 1)
    assert await evening.wrong() == [Wrong.FROZEN]

    evening.killed_at.append(created(asked) + after_the_question)

    assert await evening.wrong() == []


async def test_no_kill_excuses_a_message_whose_job_was_written(evening: Evening) -> None:
    asked = evening.discord.world.ids.new()
    evening.say(flags=MessageFlag.LOADING, asked=asked)
    evening.killed_at.append(created(asked) + 1)
    evening.change(f"UPDATE jobs SET interaction_id = {asked}")  # noqa: S608 # ours

    assert await evening.wrong() == [Wrong.FROZEN]
