"""What the database and the store do not agree on, and uploads that nobody ended.

A crash between storing and committing leaves an object without a row; a backup put back
in part may leave a row without its object. Both sides are read in the order of their keys,
so memory stays flat, and what seems not to fit is asked about once more by itself: what
came or went in between, or what a store lists out of order, is no finding.
"""

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum

import structlog

from bot.jobs.clock import DAY
from storage.database import Database
from storage.errors import StorageError
from storage.models import RUN_ENDED
from storage.objects.base import PROBE_KEY, Listed, ObjectStore, Unfinished

log = structlog.get_logger()

BATCH = 500
SAFE_AGE = DAY
"""So old (ms), nothing is on its way any more: a command, an upload, a file before its row."""


class Kind(StrEnum):
    """What is left over."""

    OBJECT = "object without a row"
    ROW = "row without its object"
    UPLOAD = "upload left open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """One finding."""

    kind: Kind
    name: str
    """The object's key; of a draft, its file."""
    size: int | None
    """Bytes; of a row, those its object had. ``None`` where the store does not say."""
    since: int
    """When it was stored, or begun (ms)."""
    upload: Unfinished | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Finds, and removes what is old enough. A bot may run meanwhile: what it works on is left alone."""

    db: Database
    store: ObjectStore
    now: Callable[[], int]
    safe_age: int = SAFE_AGE

    async def find(self) -> AsyncGenerator[Leftover, None]:
        """Everything left over, one by one.

        Raises:
            StorageError: the database or the store could not be read to the end.
        """
        async for listed, key in self._side_by_side():
            found = await self._row(key) if key else listed and await self._object(listed)
            if found:
                yield found
        async for upload in self.store.unfinished():
            yield Leftover(
                kind=Kind.UPLOAD, name=upload.name, size=upload.size, since=upload.begun_at, upload=upload
            )

    def removes(self, found: Leftover) -> bool:
        """Whether ``remove`` would: nothing young, and never a row, which alone knows of its file."""
        return found.kind is not Kind.ROW and self.now() - found.since >= self.safe_age

    async def remove(self, found: Leftover) -> None:
        """Remove it from the store; only for what ``removes`` says yes to.

        Raises:
            StorageError: the store did not do it.
        """
        if found.upload:
            await self.store.give_up(found.upload)
        elif self.removes(found):
            await self.store.delete(found.name)

    async def knows_files(self) -> bool:
        """Whether the database has any file; one that has none is hardly the store's own."""
        async with self.db.read() as tx:
            return bool(await tx.artifacts.keys_after("", 1))

    async def _side_by_side(self) -> AsyncIterator[tuple[Listed | None, str]]:
        """An object of which no row seems to know, or the key of a row that seems to have none."""
        async with aclosing(self._keys()) as keys:
            key = await anext(keys, None)
            async for listed in self.store.listing():
                while key is not None and key < listed.key:
                    yield None, key
                    key = await anext(keys, None)
                if key == listed.key:
                    key = await anext(keys, None)
                elif listed.key != PROBE_KEY:
                    yield listed, ""
            while key is not None:
                yield None, key
                key = await anext(keys, None)

    async def _keys(self) -> AsyncGenerator[str, None]:
        last = ""
        while True:
            async with self.db.read() as tx:
                keys = await tx.artifacts.keys_after(last, BATCH)
            for key in keys:
                yield key
            if len(keys) < BATCH:
                return
            last = keys[-1]

    async def _object(self, listed: Listed) -> Leftover | None:
        """An object is on its way to a row while the run that makes it goes on."""
        async with self.db.read() as tx:
            known = await tx.artifacts.by_key(listed.key)
            run = await tx.runs.get(_run_of(listed.key))
        if known or (run and run.state not in RUN_ENDED):
            return None
        return Leftover(kind=Kind.OBJECT, name=listed.key, size=listed.size, since=listed.stored_at)

    async def _row(self, key: str) -> Leftover | None:
        if await self.store.size(key) is not None:
            return None
        async with self.db.read() as tx:
            row = await tx.artifacts.by_key(key)
        return Leftover(kind=Kind.ROW, name=key, size=row.size, since=row.created_at) if row else None


def _run_of(key: str) -> str:
    """The run whose object this is, by its key: ``models/<model>/<run>/<name>``; empty for others."""
    match key.split("/"):
        case ["models", _, run, _]:
            return run
        case _:
            return ""


async def report_leftovers(sweep: Sweep) -> None:
    """Count for the log what a sweep would tell and is old; nothing is removed."""
    found: Counter[str] = Counter()
    try:
        async for one in sweep.find():
            if one.kind is Kind.ROW or sweep.removes(one):
                found[one.kind.name.lower()] += 1
    except StorageError as error:
        log.warning("leftovers_unknown", reason=type(error).__name__)
        return
    if found:
        log.warning("leftovers", **found)
