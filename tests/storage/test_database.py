import asyncio
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import storage
from storage import Database, SecretBox
from storage.errors import DatabaseConflict, DatabaseUnavailable, EngineRunning
from storage.lock import lock_engine
from tests.awaits import cut_at, lived
from tests.storage.conftest import KEY
from tests.storage.nouns import ACCOUNT, CARD, ENTRY, JOB, MODEL, RUN, add_job, entry


def test_the_public_names_are_these() -> None:
    assert storage.__all__ == [
        "Database",
        "SecretBox",
        "StorageError",
        "Transaction",
        "lock_engine",
        "migrate",
        "schema_is_current",
    ]


async def test_what_is_done_together_is_undone_together(db: Database) -> None:
    async def refused_in_the_end() -> None:
        async with db.begin() as tx:
            await add_job(tx, RUN)
            await tx.ledger.insert(ENTRY)
            raise PermissionError

    with pytest.raises(PermissionError):
        await refused_in_the_end()

    async with db.read() as tx:
        assert await tx.jobs.get(JOB.id) is None
        assert await tx.runs.get(RUN.id) is None
        assert await tx.ledger.of_run(RUN.id) == []


async def test_a_cancelled_transaction_changes_nothing_and_lets_the_next_one_in(db: Database) -> None:
    inside = asyncio.Event()

    async def stuck() -> None:
        async with db.begin() as tx:
            await add_job(tx)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await inside.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    async with db.begin() as tx:
        assert await tx.jobs.get(JOB.id) is None
        await add_job(tx)


@pytest.mark.parametrize("before", [0, 1], ids=["the first", "a later one"])
async def test_a_transaction_cancelled_at_any_await_keeps_nobody_out(path: Path, before: int) -> None:
    async def writes(db: Database) -> None:
        async with db.begin() as tx:
            await tx.accounts.ensure(1, id="account", now=1)

    async def cut(place: int) -> int:
        """Cut off one that writes; gives how many awaits it came to."""
        async with Database.open(path, SecretBox(KEY)) as db:
            for _ in range(before):
                await writes(db)
            awaits = await lived(writes(db), cut_at(place))
            with closing(sqlite3.connect(path, timeout=0)) as another:
                another.execute("BEGIN IMMEDIATE")
            await writes(db)
        return awaits.count

    place = 1
    while await cut(place) >= place:
        place += 1

    assert place > 5


async def test_two_at_once_never_spend_more_than_there_is(db: Database) -> None:
    async with db.begin() as tx:
        await tx.accounts.ensure(1, id=ACCOUNT.id, now=0)

    async def spend(number: int) -> bool:
        async with db.begin() as tx:
            used = sum(line.amount for line in await tx.ledger.window(ACCOUNT.id, ENTRY.guild_id, 0))
            await asyncio.sleep(0)
            if used + 2 > 10:
                return False
            return await tx.ledger.insert(entry(f"entry-{number}", run_id=None))

    spent = await asyncio.gather(*(spend(number) for number in range(20)))

    assert spent.count(True) == 5


async def test_two_processes_take_turns(db: Database, path: Path) -> None:
    """The command line writes to the same file while the bot runs."""
    async with Database.open(path, SecretBox(KEY)) as other:

        async def spend(database: Database, number: int) -> bool:
            async with database.begin() as tx:
                await tx.accounts.ensure(1, id=ACCOUNT.id, now=0)
                used = sum(line.amount for line in await tx.ledger.window(ACCOUNT.id, ENTRY.guild_id, 0))
                if used + 2 > 10:
                    return False
                return await tx.ledger.insert(entry(f"entry-{number}", run_id=None))

        spent = await asyncio.gather(*(spend((db, other)[number % 2], number) for number in range(12)))

    assert spent.count(True) == 5


async def test_a_reader_sees_one_moment_and_waits_for_nobody(db: Database) -> None:
    async with db.read() as before:
        assert await before.models.get(MODEL.id) is None
        async with db.begin() as tx:
            await add_job(tx)
        assert await before.models.get(MODEL.id) is None

    async with db.read() as after:
        assert await after.models.get(MODEL.id) == MODEL


async def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with db.read() as tx:
            await tx.accounts.insert(ACCOUNT)


async def test_a_second_row_where_one_may_be_is_a_conflict_that_names_the_column(db: Database) -> None:
    async with db.begin() as tx:
        await add_job(tx)

    with pytest.raises(DatabaseConflict, match=r"jobs\.interaction_id"):
        async with db.begin() as tx:
            await tx.jobs.insert(replace(JOB, id="other"))


async def test_an_error_message_holds_no_prompt(db: Database) -> None:
    with pytest.raises(DatabaseConflict) as conflict:
        async with db.begin() as tx:
            await tx.models.insert(MODEL)  # of nobody

    assert "brass owl" not in f"{conflict.value} {conflict.value.__cause__}"


async def test_a_commit_is_on_the_disk_for_a_stranger_to_read(db: Database, path: Path) -> None:
    async with db.begin() as tx:
        await add_job(tx)

    connection = sqlite3.connect(path)
    found = connection.execute("SELECT state, user_id, request FROM jobs").fetchone()
    connection.close()
    assert found == ("live", 2**63 - 1, '{"prompt": "a brass owl", "clips": ["walk"]}')


async def test_an_interaction_token_lies_nowhere_in_the_open(db: Database, path: Path) -> None:
    async with db.begin() as tx:
        await add_job(tx)
        await tx.cards.insert(CARD)
    async with db.begin() as tx:
        await tx.cards.set_token(CARD.id, "another-secret-token", 5)

    files = [file.read_bytes() for file in path.parent.glob(path.name + "*")]

    assert any(b"maquette" in file or b"brass owl" in file for file in files)  # we look in the right place
    assert not any(b"aW50ZXJhY3Rpb24" in file or b"another-secret" in file for file in files)


async def test_a_token_sealed_under_another_key_is_none(db: Database, path: Path) -> None:
    async with db.begin() as tx:
        await add_job(tx)
        await tx.cards.insert(CARD)

    other_box = SecretBox("quite another key, and also long enough")
    async with Database.open(path, other_box) as other, other.read() as tx:
        assert await tx.cards.get(CARD.id) == replace(CARD, token=None)


def test_a_second_engine_is_refused_and_told_who_is_there(path: Path) -> None:
    with lock_engine(path), pytest.raises(EngineRunning) as refused, lock_engine(path):
        pass

    assert refused.value.pid == os.getpid()
    with lock_engine(path):
        pass


def test_a_second_engine_is_refused_also_while_the_first_has_not_said_who_it_is(path: Path) -> None:
    with lock_engine(path):
        path.with_name(path.name + ".lock").write_text("")

        with pytest.raises(EngineRunning) as refused, lock_engine(path):
            pass

    assert refused.value.pid is None


def test_the_engines_place_is_made_where_there_is_none_yet(tmp_path: Path) -> None:
    with lock_engine(tmp_path / "data" / "maquette.db"):
        assert (tmp_path / "data" / "maquette.db.lock").read_text() == str(os.getpid())


def test_a_place_that_cannot_be_made_is_said_to_be_unusable(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(DatabaseUnavailable), lock_engine(tmp_path / "data" / "maquette.db"):
        pass
