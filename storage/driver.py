"""One trip to SQLite's thread for each statement.

aiosqlite goes there four times: for a cursor, to execute, to fetch, to close. Each trip
waits for the interpreter's lock at both ends, which a busy event loop gives up every few
milliseconds only. Here a statement brings its rows along.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite

Result = TypeVar("Result")
_CHUNK = 64
"""Rows that aiosqlite's own cursors fetch at a time; nobody uses those here."""


def connect(path: Path) -> aiosqlite.Connection:
    """A connection with a thread of its own; to be awaited."""
    return Connection(lambda: sqlite3.connect(path), _CHUNK)


class Connection(aiosqlite.Connection):
    """aiosqlite's, with other cursors."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], chunk: int) -> None:
        super().__init__(connector, chunk)
        self._thread.daemon = True  # as SQLAlchemy has it: a thread that hangs does not hold up the end

    def stop(self) -> asyncio.Future[Any] | None:
        """Once: a thread that was told to end answers nobody who tells it again."""
        return super().stop() if self._running else None

    def cursor(self) -> "Cursor":  # type: ignore[override] # a cursor, not the promise of one
        """Made here: it is nothing until it executes."""
        return Cursor(self)

    async def there(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do this in the connection's thread."""
        result: Result = await self._execute(work, self._conn)  # type: ignore[no-untyped-call] # theirs has none
        return result


class Cursor:
    """What SQLAlchemy wants of a cursor."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Execute, and fetch whatever comes of it."""
        await self._connection.there(lambda ours: self._keep(ours.execute(statement, parameters)))

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Execute once for each; there are no rows."""
        await self._connection.there(lambda ours: self._keep(ours.executemany(statement, parameters)))

    async def fetchall(self) -> Sequence[Any]:
        """All rows; they are here already."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open."""

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self._rows = cursor.fetchall()
        self.description, self.rowcount, self.lastrowid = (
            cursor.description,
            cursor.rowcount,
            cursor.lastrowid,
        )
        cursor.close()
