"""How we hold SQLite: each transaction says at its start whether it will write.

Left alone, Python's drivers begin late and as readers; a transaction that reads and
then writes would fail with "database is locked", however long it may wait.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event

BUSY_MILLISECONDS = 10_000

PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers and the writer do not wait for each other
    "PRAGMA synchronous = FULL",  # a power cut must not take back a saved intent to pay
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",  # for the command line's own process
)


def for_writing(engine: Engine) -> None:
    """Every transaction of this engine takes the write lock before it reads."""
    event.listen(engine, "connect", _preparing(PRAGMAS))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))


def for_reading(engine: Engine) -> None:
    """Every transaction of this engine sees one moment, and cannot write."""
    event.listen(engine, "connect", _preparing((*PRAGMAS, "PRAGMA query_only = ON")))
    event.listen(engine, "begin", _begin)


def for_migrating(engine: Engine) -> None:
    """As for writing, but tables may be rebuilt although others refer to them."""
    event.listen(engine, "connect", _preparing((*PRAGMAS, "PRAGMA foreign_keys = OFF")))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _preparing(pragmas: tuple[str, ...]) -> Callable[[Any, Any], None]:
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        # SQLite's own knows ASCII alone: searching "águila" has to find "ÁGUILA".
        connection.create_function("lower", 1, _lower, deterministic=True)
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    return prepare


def _lower(text: str | None) -> str | None:
    return text if text is None else text.lower()
