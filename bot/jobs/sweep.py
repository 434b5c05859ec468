"""Objects that no row knows of, as a crash between storing and committing may leave them."""

from collections.abc import AsyncIterator

import structlog

from storage.database import Database
from storage.errors import StorageError
from storage.objects.base import PROBE_KEY, ObjectStore

log = structlog.get_logger()

BATCH = 500


async def report_orphans(db: Database, store: ObjectStore) -> int:
    """Count them for the log; nothing is removed. Both sides come sorted, so memory stays flat."""
    found = 0
    try:
        rows = _rows(db)
        row = await anext(rows, None)
        async for key in store.keys(""):
            while row is not None and row < key:
                row = await anext(rows, None)
            if key not in {row, PROBE_KEY}:
                found += 1
    except StorageError as error:
        log.warning("orphans_unknown", reason=type(error).__name__)
        return 0
    if found:
        log.warning("orphans", objects=found)
    return found


async def _rows(db: Database) -> AsyncIterator[str]:
    last = ""
    while True:
        async with db.read() as tx:
            keys = await tx.artifacts.keys_after(last, BATCH)
        for key in keys:
            yield key
        if len(keys) < BATCH:
            return
        last = keys[-1]
