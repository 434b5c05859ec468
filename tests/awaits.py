"""Every place where a task of the event loop lets go: found by running, not by a list."""

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Generator
from typing import Any


class Awaits:
    """Made the task factory of an event loop, it is told of every place where a task lets go."""

    def __init__(self, reached: Callable[["Awaits"], None]) -> None:
        self.count = 0
        self._reached = reached
        self._tasks: dict[asyncio.Task[Any], Any] = {}

    def __call__(self, loop: asyncio.AbstractEventLoop, coro: Any, **more: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(_Watched(coro, self), loop=loop, **more)
        self._tasks[task] = coro
        return task

    def cancel(self) -> None:
        """Cancel everything at once, but for what libraries keep from being cancelled."""
        for task, work in self._tasks.items():
            if inspect.iscoroutine(work) and "site-packages" not in work.cr_code.co_filename:
                task.cancel()

    async def ended(self) -> None:
        """Until every task has ended, however it did."""
        while going := [task for task in self._tasks if not task.done()]:
            await asyncio.wait(going)

    def reach(self) -> None:
        self.count += 1
        self._reached(self)


class _Watched(Coroutine[Any, Any, Any]):
    """A coroutine that says each time that it has let go."""

    def __init__(self, work: Coroutine[Any, Any, Any], awaits: Awaits) -> None:
        self._work = work
        self._awaits = awaits

    def send(self, value: Any) -> Any:
        waits_for = self._work.send(value)
        self._awaits.reach()
        return waits_for

    def throw(self, *error: Any) -> Any:
        waits_for = self._work.throw(*error)
        self._awaits.reach()
        return waits_for

    def close(self) -> None:
        self._work.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._work.__await__()


def cut_at(place: int) -> Callable[[Awaits], None]:
    def reached(awaits: Awaits) -> None:
        if awaits.count == place:
            awaits.cancel()

    return reached


async def lived(life: Coroutine[Any, Any, None], reached: Callable[[Awaits], None]) -> Awaits:
    """Let it be lived to its end, or to where ``reached`` ends it."""
    loop, awaits = asyncio.get_running_loop(), Awaits(reached)
    loop.set_task_factory(awaits)
    try:
        living = loop.create_task(life)
        await awaits.ended()
    finally:
        loop.set_task_factory(None)
    if not living.cancelled():
        living.result()
    return awaits
