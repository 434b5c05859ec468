"""How we hold SQLite: each transaction says at its start whether it will write.

Left alone, Python's drivers begin late and as readers; a transaction that reads and
then writes would fail with "database is locked", however long it may wait.
"""

import asyncio
import sqlite3
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, event

BUSY_MILLISECONDS = 10_000

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",  # for the command line, a process of its own
    "PRAGMA journal_mode = WAL",  # readers and the writer do not wait for each other
    "PRAGMA synchronous = FULL",  # a power cut must not take back a saved intent to pay
    "PRAGMA foreign_keys = ON",
)

TOUCH = "PRAGMA user_version = 0"
"""A write that changes nothing: this number of the file's owner is not used otherwise."""


def for_writing(engine: Engine) -> None:
    """Every transaction of this engine takes the write lock before it reads."""
    _prepare(engine, *_PRAGMAS, begin="BEGIN IMMEDIATE")
    event.listen(engine, "invalidate", _let_go)


def for_reading(engine: Engine) -> None:
    """Every transaction of this engine sees one moment, and cannot write."""
    _prepare(engine, *_PRAGMAS, "PRAGMA query_only = ON", begin="BEGIN")
    event.listen(engine, "invalidate", _let_go)


def for_migrating(engine: Engine) -> None:
    """As for writing, but a table may be rebuilt although others refer to it."""
    _prepare(engine, *_PRAGMAS, "PRAGMA foreign_keys = OFF", begin="BEGIN IMMEDIATE")


def _prepare(engine: Engine, *pragmas: str, begin: str) -> None:
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        # SQLite's own knows ASCII alone: searching "águila" has to find "ÁGUILA".
        connection.create_function("lower", 1, _lower, deterministic=True)
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def _let_go(connection: Any, _record: Any, _error: BaseException | None) -> None:
    """Give back the lock of a transaction that was cancelled.

    SQLAlchemy closes such a connection, but SQLite keeps a closed one, with its lock, for as
    long as anything, a traceback perhaps, still holds a statement of it.
    """
    # What cannot be rolled back holds nothing; and who is cancelled again is being cancelled.
    with suppress(sqlite3.Error, ValueError, asyncio.CancelledError):
        connection.run_async(lambda ours: ours.rollback())


def _lower(text: str | None) -> str | None:
    return text if text is None else text.lower()
