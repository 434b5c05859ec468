"""A task as a stream of server-sent events: its progress as it changes, in the end all of it."""

import asyncio
import json
import weakref
from typing import Any

from aiohttp import ClientConnectionResetError, web

from sandbox.vendors.meshy.api import found
from sandbox.vendors.meshy.tasks import Task
from sandbox.vendors.meshy.vendor import Vendor
from sandbox.vendors.meshy.wire import RESOURCES
from sandbox.vendors.refusals import Refusal
from sandbox.vendors.wire import origin

LOOK = 1.0
"""Seconds between two looks at a task."""
PARTLY = ("id", "progress", "status")
"""What is said of a task that has not ended."""
ALIVE = b": keep-alive\n\n"


class Streams:
    """Handler of the streams, which end with the vendor if not before."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor
        self._open: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [web.get(f"{path}/{{task_id}}/stream", self.stream) for path in RESOURCES]

    async def close(self, _: web.Application) -> None:
        """Hang up on everybody."""
        for listener in list(self._open):
            listener.cancel()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Until the task has ended, or nobody listens. That there is no task is an event too."""
        if listener := asyncio.current_task():
            self._open.add(listener)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await response.prepare(request)
        try:
            await self._tell(request, response)
        except Refusal as refusal:
            said = {"status_code": refusal.status, "message": refusal.message}
            await response.write(_event("error", said))
        except ClientConnectionResetError:
            pass
        return response

    async def _tell(self, request: web.Request, response: web.StreamResponse) -> None:
        said: dict[str, Any] = {}
        while (task := found(self._vendor, request)).live:
            news = self._part(task)
            await response.write(ALIVE if news == said else _event("message", news))
            said = news
            await self._vendor.clock.sleep(LOOK)
            self._vendor.tasks.advance()
        await response.write(_event("message", self._vendor.shown(task, origin(request))))

    def _part(self, task: Task) -> dict[str, Any]:
        shown = self._vendor.shown(task, "")
        return {name: shown[name] for name in PARTLY}


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
