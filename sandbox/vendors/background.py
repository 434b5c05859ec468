"""Work that goes on after an answer was given: deliveries, tasks that are accepted late."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Background:
    """Holds what is under way, so that nothing is lost before its end and nothing outlives the vendor."""

    def __init__(self) -> None:
        self._at_work: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do this now, beside everything else."""
        task = asyncio.create_task(work)
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        return task

    async def aclose(self) -> None:
        """Leave off whatever is not done."""
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)
