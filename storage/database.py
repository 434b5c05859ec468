"""The database: transactions that own the stores.

``begin`` is for whatever writes, one at a time over all processes; ``read`` sees one
moment and never waits for a writer. Commits are on the disk before ``begin`` is left.
No vendor and no Discord is called inside either.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Self

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage import sqlite
from storage.driver import connect
from storage.errors import DatabaseConflict, DatabaseUnavailable
from storage.schema import require_current
from storage.secrets import SecretBox
from storage.stores.accounts import Accounts
from storage.stores.artifacts import Artifacts
from storage.stores.batches import Batches, Sheets
from storage.stores.cards import Cards
from storage.stores.greetings import Greetings
from storage.stores.jobs import Jobs
from storage.stores.ledger import Ledger
from storage.stores.listing import Listing
from storage.stores.models import Models
from storage.stores.projects import Projects
from storage.stores.quota_changes import QuotaChanges
from storage.stores.runs import Runs
from storage.stores.stars import Stars
from storage.stores.tags import Tags
from storage.stores.vendor_keys import VendorKeys

READERS = 4
WAIT_SECONDS = 5 * 60
"""For a turn: who was promised a job would rather wait in a rush than be told that it failed."""


class Transaction:
    """All stores over one connection: what they do together holds together or not at all."""

    def __init__(self, connection: AsyncConnection, secrets: SecretBox) -> None:
        self._connection = connection
        self.accounts = Accounts(connection)
        self.greetings = Greetings(connection)
        self.projects = Projects(connection)
        self.models = Models(connection)
        self.listing = Listing(connection)
        self.tags = Tags(connection)
        self.stars = Stars(connection)
        self.batches = Batches(connection)
        self.sheets = Sheets(connection)
        self.jobs = Jobs(connection)
        self.runs = Runs(connection)
        self.cards = Cards(connection, secrets)
        self.artifacts = Artifacts(connection)
        self.ledger = Ledger(connection)
        self.quota_changes = QuotaChanges(connection)
        self.vendor_keys = VendorKeys(connection, secrets)

    async def touch(self) -> None:
        """Write a page and change nothing: a disk that is full or read-only shows itself on commit."""
        await self._connection.exec_driver_sql(sqlite.TOUCH)


class Database:
    """The database in one SQLite file. To be entered by ``Database.open``."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, secrets: SecretBox) -> None:
        self._writer = writer
        self._reader = reader
        self._secrets = secrets

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, secrets: SecretBox) -> AsyncIterator[Self]:
        """Raises ``DatabaseBehind`` or ``DatabaseAhead`` where ``path`` has not our schema."""
        await asyncio.to_thread(require_current, path)
        # One writer: who waits, waits in order here and not by chance at SQLite's door.
        writer = _engine(path, size=1)
        reader = _engine(path, size=READERS)
        sqlite.for_writing(writer.sync_engine)
        sqlite.for_reading(reader.sync_engine)
        try:
            yield cls(writer, reader, secrets)
        finally:
            await writer.dispose()
            await reader.dispose()

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """Read and write; committed when left, undone when left by an exception.

        Cancelled while it commits, it may have been committed all the same: in full.
        Raises ``DatabaseConflict`` where a constraint refuses, ``DatabaseUnavailable`` where SQLite cannot.
        """
        return self._transaction(self._writer)

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """Read only, as of one moment."""
        return self._transaction(self._reader)

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[Transaction]:
        try:
            async with engine.begin() as connection:
                yield Transaction(connection, self._secrets)
        except IntegrityError as error:
            raise DatabaseConflict(str(error.orig)) from error
        except (DBAPIError, PoolTimeout) as error:
            raise DatabaseUnavailable(str(getattr(error, "orig", error))) from error


def _engine(path: Path, *, size: int) -> AsyncEngine:
    return create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        async_creator=partial(connect, path),
        pool_size=size,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        hide_parameters=True,  # prompts have no place in an error message
    )
