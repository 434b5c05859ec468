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
        task = asyncio.Task(self._watched(coro), loop=loop, **more)
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

    async def _watched(self, coro: Any) -> Any:
        return await _Watched(coro, self)

    def reach(self) -> None:
        self.count += 1
        self._reached(self)


class _Watched:
    """A coroutine that says each time when it is about to let go."""

    def __init__(self, coro: Coroutine[Any, Any, Any], awaits: Awaits) -> None:
        self._coro = coro
        self._awaits = awaits

    def __await__(self) -> Generator[Any, Any, Any]:
        thrown: BaseException | None = None
        while True:
            try:
                waits_for = self._coro.throw(thrown) if thrown else self._coro.send(None)
            except StopIteration as ended:
                return ended.value
            self._awaits.reach()
            try:
                thrown = yield waits_for
            except BaseException as error:  # noqa: BLE001 - it is the coroutine's, whatever it is
                thrown = error


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
