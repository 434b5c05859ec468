"""All tasks that descend from one, so that they can be ended together, as a power cut would."""

import asyncio
from collections.abc import Coroutine, Generator
from typing import Any
from weakref import WeakSet

Work = Coroutine[Any, Any, Any] | Generator[Any, None, Any]


class Family:
    """Has to be the loop's task factory: a task belongs to the family if the one that made it does."""

    def __init__(self) -> None:
        self._members: WeakSet[asyncio.Task[Any]] = WeakSet()

    def __call__(self, loop: asyncio.AbstractEventLoop, work: Work, **more: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(work, loop=loop, **more)
        if asyncio.current_task(loop) in self._members:
            self._members.add(task)
        return task

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """The first of them."""
        task = asyncio.create_task(work)
        self._members.add(task)
        return task

    async def end(self) -> None:
        """Cancel every member at once, without a word before."""
        members = [task for task in self._members if not task.done()]
        for task in members:
            task.cancel()
        await asyncio.gather(*members, return_exceptions=True)
        self._members.clear()
