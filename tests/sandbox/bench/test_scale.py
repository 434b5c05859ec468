"""The measures of size and of start-up run, with numbers so small that they say nothing but that."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.bench import idle, scale
from sandbox.bench.process import Commits, Usage

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
TINY = scale.Load(
    queued=6,
    at_vendors={"tripo": 2, "replicate": 1, "meshy": 1, "comfyui": 1},
    channels=2,
    head_start=0.1,
    settle=0.5,
    measure=1.5,
    typing=2,
)


@linux
async def test_a_crowd_is_put_there_and_all_of_it_is_looked_at_again(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        found = {one.unit: one.value for one in await scale.figures(log, load=TINY, folder=tmp_path / "data")}

    assert 0 < found["of a core"] < 2
    assert 20 < found["MB"] < 1000
    assert found["calls"] > 0
    assert found["s"] > 0
    with closing(sqlite3.connect(tmp_path / "data" / "maquette.db")) as books:
        states = dict(books.execute("SELECT state, count(*) FROM runs WHERE shown GROUP BY state"))
    assert sum(states.values()) >= TINY.jobs


@linux
async def test_starts_are_timed_and_the_idle_bot_is_weighed(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        found = await idle.figures(log, starts=1, quiet=0.2, folder=tmp_path / "data")

    memory, _, online, well, ratio = (one.value for one in found)
    assert 20 < memory < 1000
    assert 0 < online <= well
    assert ratio > 0.5


def test_transactions_are_counted_in_the_log_that_sqlite_writes_ahead(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE some (one BLOB)")
        commits = Commits(path=tmp_path / "some.db-wal")
        assert commits.look() == 0

        database.execute("INSERT INTO some VALUES (zeroblob(20000))")
        database.execute("INSERT INTO some VALUES ('')")
        assert commits.look() == 2

        database.execute("PRAGMA wal_checkpoint(RESTART)")
        database.execute("INSERT INTO some VALUES ('')")
        assert commits.look() == 3


@linux
def test_a_process_that_is_not_there_uses_nothing() -> None:
    with pytest.raises(FileNotFoundError):
        Usage.of(2**22 + 1)
