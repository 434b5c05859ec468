"""The websocket: what happens is told to the client that asked for it, while it listens.

One socket per ``clientId``; another of the same replaces it. What was said while nobody listened is lost.
"""

import asyncio
import io
import json
import struct
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from aiohttp import ClientConnectionResetError, WSMsgType, web
from PIL import Image

from sandbox.vendors.background import Background

ROOM = 10_000
"""Frames that wait for a slow reader; beyond them, frames are lost."""
PREVIEW, PREVIEW_WITH_METADATA = 1, 4
JPEG = 1
FEATURES = {"supports_preview_metadata": True, "max_upload_size": 100 * 1024 * 1024}


class Socket:
    """One client that listens."""

    def __init__(self, answer: web.WebSocketResponse) -> None:
        self.answer = answer
        self.frames: asyncio.Queue[str | bytes] = asyncio.Queue(ROOM)
        self.wants_metadata = False

    def post(self, frame: str | bytes) -> None:
        """Say it when there is room on the line."""
        if not self.frames.full():
            self.frames.put_nowait(frame)

    async def send(self) -> None:
        """Until the line is cut."""
        try:
            while True:
                frame = await self.frames.get()
                if isinstance(frame, str):
                    await self.answer.send_str(frame)
                else:
                    await self.answer.send_bytes(frame)
        except ClientConnectionResetError:
            pass


class Sockets:
    """All that listen, by client."""

    def __init__(self) -> None:
        self._sockets: dict[str, Socket] = {}
        self._senders = Background()
        self.previews = False
        """Whether samplers send pictures, as the owner asked for on the command line."""

    def __bool__(self) -> bool:
        return bool(self._sockets)

    def tell(self, event: str, data: Any, client: str | None) -> None:
        """To one client, or to all for ``None``."""
        listening = list(self._sockets.values()) if client is None else [self._sockets.get(client)]
        for socket in filter(None, listening):
            if event != "preview":
                socket.post(json.dumps({"type": event, "data": data}))
            elif self.previews:
                socket.post(_preview(data, with_metadata=socket.wants_metadata))

    async def cut(self) -> None:
        """Leave all of them."""
        for socket in list(self._sockets.values()):
            await socket.answer.close()

    async def aclose(self) -> None:
        """Leave all of them, and say nothing more."""
        await self.cut()
        await self._senders.aclose()

    async def listen(
        self,
        request: web.Request,
        *,
        remaining: int,
        at_work: tuple[str | None, str | None],
        heard: Callable[[], None],
    ) -> web.WebSocketResponse:
        """Until the client goes; it is greeted with its name and the queue, and the node at work for it.

        ``heard`` is told when there is somebody to tell things to.
        """
        answer = web.WebSocketResponse()
        await answer.prepare(request)
        client = request.query.get("clientId") or uuid4().hex
        self._sockets[client] = Socket(answer)
        heard()
        sender = self._senders.begin(self._sockets[client].send())
        status = {"status": {"exec_info": {"queue_remaining": remaining}}, "sid": client}
        self.tell("status", status, client)
        if at_work[0] == client and at_work[1] is not None:
            self.tell("executing", {"node": at_work[1]}, client)
        try:
            await self._hear(answer, client)
        finally:
            sender.cancel()
            # As the server does it: who goes late takes the place away from the one that came after.
            self._sockets.pop(client, None)
        return answer

    async def _hear(self, answer: web.WebSocketResponse, client: str) -> None:
        async for message in answer:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                said = json.loads(message.data)
            except json.JSONDecodeError:
                continue
            socket = self._sockets.get(client)
            if isinstance(said, dict) and said.get("type") == "feature_flags" and socket:
                flags = said.get("data")
                socket.wants_metadata = isinstance(flags, dict) and bool(
                    flags.get("supports_preview_metadata")
                )
                self.tell("feature_flags", FEATURES, client)


def _preview(data: dict[str, Any], *, with_metadata: bool) -> bytes:
    shade = 40 + data["step"] * 160 // data["max"]
    drawn = io.BytesIO()
    Image.new("RGB", (16, 16), (shade, shade, shade)).save(drawn, "JPEG")
    if not with_metadata:
        return struct.pack(">II", PREVIEW, JPEG) + drawn.getvalue()
    told = json.dumps(data | {"image_type": "image/jpeg"}).encode()
    return struct.pack(">II", PREVIEW_WITH_METADATA, len(told)) + told + drawn.getvalue()
