"""How the running bot is, part by part.

A part is well when it can do its work now, not when it exists: Discord can reach us, the
engine moves, a byte gets into the database, and the store for files answers.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.jobs.clock import MINUTE, SECOND, Clock
from bot.jobs.engine import Engine
from storage import Database
from storage.objects import ObjectStore

log = structlog.get_logger()

STILL_MOVING = 2 * MINUTE
"""An engine that has not looked around for this long is stuck."""
PATIENCE = 3.0
"""Seconds in which a part has to answer."""
FRESH = 5 * SECOND
"""Whoever asks again within this time gets the same answer; the site is open to everybody."""


@dataclass(slots=True, kw_only=True)
class Health:
    """Looks at every part, at most once in a while."""

    clock: Clock
    db: Database
    store: ObjectStore
    engine: Engine
    gateway: Callable[[], bool]
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _looked_at: int | None = None
    _seen: dict[str, bool] = field(default_factory=dict)

    async def look(self) -> Mapping[str, bool]:
        """What works at this moment, by part."""
        async with self._looking:
            now = self.clock.now()
            if self._looked_at is None or now - self._looked_at >= FRESH:
                self._seen, self._looked_at = await self._look(now), now
            return self._seen

    async def _look(self, now: int) -> dict[str, bool]:
        database, store = await asyncio.gather(
            _works("database", self._write()), _works("store", self._list())
        )
        return {
            "gateway": self.gateway(),
            "engine": now - self.engine.beat_at < STILL_MOVING,
            "database": database,
            "store": store,
        }

    async def _write(self) -> None:
        async with self.db.begin() as tx:
            await tx.touch()

    async def _list(self) -> None:
        async for _key in self.store.keys("probe/"):
            pass


async def _works(part: str, trial: Coroutine[Any, Any, None]) -> bool:
    """Whether it comes to an end in time; who waits for SQLite in a thread cannot be called back at once."""
    task = asyncio.create_task(trial)
    await asyncio.wait({task}, timeout=PATIENCE)
    error = _error_of(task) if task.done() else TimeoutError()
    if error is None:
        return True
    log.warning("not_well", part=part, reason=type(error).__name__)
    task.add_done_callback(_error_of)
    task.cancel()
    return False


def _error_of(task: asyncio.Task[None]) -> BaseException | None:
    return None if task.cancelled() else task.exception()
