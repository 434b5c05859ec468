"""The websocket of the chat page: what one person's client would show as it happens."""

import asyncio
from typing import TYPE_CHECKING

from aiohttp import ClientConnectionResetError, WSMsgType, web

from sandbox.discord.broadcast import Watcher

if TYPE_CHECKING:
    from sandbox.discord.server import DiscordSandbox


class Watching:
    """Serves ``/sandbox/events``."""

    def __init__(self, sandbox: "DiscordSandbox") -> None:
        self._broadcast = sandbox.broadcast
        self._world = sandbox.world

    def routes(self) -> list[web.RouteDef]:
        """Where it is."""
        return [web.get("/sandbox/events", self._serve)]

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        user = request.query.get("user", "")
        if not user.isdecimal() or int(user) not in self._world.users:
            raise web.HTTPNotFound(text="There is no such user")
        ws = web.WebSocketResponse(heartbeat=30)
        await ws.prepare(request)
        watcher = self._broadcast.join(int(user))
        writer = asyncio.create_task(_write(ws, watcher))
        try:
            async for message in ws:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self._broadcast.leave(watcher)
            writer.cancel()
        return ws


async def _write(ws: web.WebSocketResponse, watcher: Watcher) -> None:
    try:
        while (event := await watcher.waiting.get()) is not None:
            await ws.send_json(event)
        await ws.close(code=1013, message=b"Too far behind")
    except ClientConnectionResetError:
        pass  # gone; the reader ends by itself
