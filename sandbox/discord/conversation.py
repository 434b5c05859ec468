"""What one socket may say, and in which order; and the close codes for those who do not keep to it.

Heartbeats and the limit of 120 sends in 60 seconds are measured in real time, since that is what clients pace
themselves by, whatever the world's clock says.
"""

import asyncio
import json
from collections import deque
from typing import Any, Protocol

from aiohttp import WSMsgType

from sandbox.discord.record import Record
from sandbox.discord.refusals import Json
from sandbox.discord.sessions import (
    HEARTBEAT,
    HEARTBEAT_ACK,
    HELLO,
    IDENTIFY,
    PRESENCE,
    REQUEST_MEMBERS,
    RESUME,
    VOICE,
    Goodbye,
    Session,
    Socket,
)

HEARTBEAT_MS = 41_250
_ACK_SECONDS = 0.05
"""How long an acknowledgement is on its way. Coming at once, as no network lets it, it would overtake the
client's own note of when it sent the heartbeat, and be taken for a very late answer to the one before."""
_SENDS, _SENDS_SECONDS = 120, 60
_LONGEST_SEND = 4_096
_STATUSES = ("online", "idle", "dnd", "invisible", "offline")


class Host(Protocol):
    """Who keeps the sessions."""

    muted: bool

    def identify(self, socket: Socket, data: Json) -> None:
        """Begin a session."""
        ...

    def resume(self, socket: Socket, data: Json) -> None:
        """Take a session up again."""
        ...

    def send_members(self, session: Session, data: Json) -> None:
        """Answer a request for members."""
        ...

    def show(self, presence: Json) -> None:
        """Take a new presence of the bot."""
        ...


class Conversation:
    """One socket's frames, read until it is gone."""

    def __init__(self, host: Host, socket: Socket, record: Record) -> None:
        self._host = host
        self._socket = socket
        self._record = record

    async def hold(self, version: str) -> None:
        """Say hello and obey.

        Raises:
            Goodbye: the socket has to be closed.
        """
        if version != "10":
            raise Goodbye(4012, "Invalid API version.")
        self._socket.send(
            {"op": HELLO, "s": None, "t": None, "d": {"heartbeat_interval": HEARTBEAT_MS, "_trace": []}}
        )
        sends: deque[float] = deque(maxlen=_SENDS)
        while (frame := await self._receive()) is not None:
            now = asyncio.get_running_loop().time()
            if len(sends) == _SENDS and now - sends[0] < _SENDS_SECONDS:
                raise Goodbye(4008, "You are being rate limited.")
            sends.append(now)
            self._obey(frame)

    async def _receive(self) -> Json | None:
        """The next frame; None when the other side is gone. Silence over two heartbeats ends it."""
        try:
            message = await self._socket.ws.receive(timeout=2 * HEARTBEAT_MS / 1_000)
        except TimeoutError as error:
            raise Goodbye(4009, "Session timed out.") from error
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return None
        if len(message.data) > _LONGEST_SEND:
            raise _unreadable()
        try:
            frame = json.loads(message.data)
        except (ValueError, RecursionError) as error:
            raise _unreadable() from error
        self._record.gateway("from_bot", frame)
        if not isinstance(frame, dict) or not isinstance(frame.get("op"), int):
            raise _unreadable()
        return frame

    def _obey(self, frame: Json) -> None:
        operation, data = frame["op"], frame.get("d")
        if operation == HEARTBEAT:
            if not self._host.muted:
                loop = asyncio.get_running_loop()
                loop.call_later(_ACK_SECONDS, self._socket.send, {"op": HEARTBEAT_ACK})
        elif operation in (IDENTIFY, RESUME):
            if self._socket.session is not None:
                raise Goodbye(4005, "Already authenticated.")
            if not isinstance(data, dict):
                raise _unreadable()
            (self._host.identify if operation == IDENTIFY else self._host.resume)(self._socket, data)
        elif self._socket.session is None:
            raise Goodbye(4003, "Not authenticated.")
        elif operation == REQUEST_MEMBERS and isinstance(data, dict):
            self._host.send_members(self._socket.session, data)
        elif operation == PRESENCE:
            self._host.show(_presence(data))
        elif operation != VOICE:
            raise Goodbye(4001, "Unknown opcode.")


def _presence(data: Any) -> Json:
    """A presence as the bot may set it."""
    match data:
        case {"status": str(status), "activities": list(activities)} if status in _STATUSES:
            return {"status": status, "activities": activities}
    raise _unreadable()


def _unreadable() -> Goodbye:
    return Goodbye(4002, "Error while decoding payload.")
