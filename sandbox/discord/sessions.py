"""Gateway sessions and the sockets they speak through.

A session outlives its socket: what happens while the bot is away is kept, and RESUME replays it.
"""

import asyncio
import contextlib
import json
import sys
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import ClientConnectionResetError, web

from sandbox.discord.record import Record
from sandbox.discord.refusals import Json

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME = 0, 1, 2, 3, 4, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 8, 9, 10, 11

_BACKLOG = 1_000


class Encoder(Protocol):
    """How frames are packed for the wire."""

    def __call__(self, text: str) -> str | bytes:
        """A text or a binary frame."""
        ...


def plain(text: str) -> str:
    """Frames as they are."""
    return text


class ZlibStream:
    """One zlib stream over the whole connection, flushed after every frame."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def __call__(self, text: str) -> bytes:
        """The next piece of the stream."""
        return self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """One Zstandard stream over the whole connection, a block per frame."""

    def __init__(self) -> None:
        self._stream = zstd.ZstdCompressor()

    def __call__(self, text: str) -> bytes:
        """The next piece of the stream."""
        return self._stream.compress(text.encode(), mode=zstd.ZstdCompressor.FLUSH_BLOCK)


class Goodbye(Exception):
    """The socket is to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code} {reason}")


class Socket:
    """One connection. Frames are queued, so that telling the bot something never waits for the network."""

    def __init__(
        self, ws: web.WebSocketResponse, request: web.Request, encode: Encoder, record: Record
    ) -> None:
        self.ws = ws
        self.session: Session | None = None
        self.closed_by_us = False
        """Then the code that the bot answers with is an echo, no goodbye of its own."""
        self._request = request
        self._encode = encode
        self._record = record
        self._queue: asyncio.Queue[Json | Goodbye] = asyncio.Queue(2 * _BACKLOG)

    def send(self, frame: Json) -> None:
        """Queue a frame; a socket that does not keep up is cut."""
        try:
            self._queue.put_nowait({"t": None, "s": None, "d": None} | frame)
        except asyncio.QueueFull:
            self.cut()

    def close(self, goodbye: Goodbye) -> None:
        """Close after what is queued."""
        with contextlib.suppress(asyncio.QueueFull):
            self._queue.put_nowait(goodbye)

    def cut(self) -> None:
        """Die without a goodbye, as a network does."""
        if self._request.transport:
            self._request.transport.abort()

    async def write(self) -> None:
        """Send what is queued, until the goodbye."""
        with contextlib.suppress(ClientConnectionResetError, ConnectionError):
            while True:
                frame = await self._queue.get()
                if isinstance(frame, Goodbye):
                    self.closed_by_us = True
                    await self.ws.close(code=frame.code, message=frame.reason.encode())
                    return
                await self._send(frame)

    async def _send(self, frame: Json) -> None:
        self._record.gateway("to_bot", frame)
        packed = self._encode(json.dumps(frame, separators=(",", ":")))
        if isinstance(packed, str):
            await self.ws.send_str(packed)
        else:
            await self.ws.send_bytes(packed)


@dataclass(slots=True, kw_only=True)
class Session:
    """What one IDENTIFY began. ``lost`` is when its socket went, in milliseconds."""

    id: str
    intents: int
    shard: tuple[int, int]
    sequence: int = 0
    backlog: deque[Json] = field(default_factory=lambda: deque(maxlen=_BACKLOG))
    socket: Socket | None = None
    lost: int = 0

    def dispatch(self, name: str, data: Json) -> None:
        """Tell the bot something, now or when it resumes."""
        self.sequence += 1
        frame = {"op": DISPATCH, "s": self.sequence, "t": name, "d": data}
        self.backlog.append(frame)
        if self.socket:
            self.socket.send(frame)

    def can_replay(self, after: int) -> bool:
        """Whether everything after this sequence number is still here."""
        first = self.backlog[0]["s"] if self.backlog else self.sequence + 1
        return first - 1 <= after <= self.sequence

    def replay(self, after: int) -> None:
        """Send again what the bot has not seen."""
        if self.socket:
            for frame in self.backlog:
                if frame["s"] > after:
                    self.socket.send(frame)

    def hears(self, guild_id: int | None, intent: int) -> bool:
        """Whether an event of this server and this intent is for this session."""
        number, shards = self.shard
        mine = (guild_id >> 22) % shards == number if guild_id is not None else number == 0
        return mine and (not intent or bool(self.intents & intent))
