"""The gateway: HELLO, IDENTIFY, heartbeats, RESUME, and the close codes for those who do not keep to it.

Heartbeats and the limit of 120 sends in 60 seconds are measured in real time, since that is what clients pace
themselves by, whatever the world's clock says.
"""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.discord.payloads import Payloads, user
from sandbox.discord.record import Record
from sandbox.discord.refusals import Json
from sandbox.discord.sessions import (
    HEARTBEAT,
    HEARTBEAT_ACK,
    HELLO,
    IDENTIFY,
    INVALID_SESSION,
    PRESENCE,
    RECONNECT,
    REQUEST_MEMBERS,
    RESUME,
    VOICE,
    Encoder,
    Goodbye,
    Session,
    Socket,
    ZlibStream,
    plain,
)
from sandbox.discord.world import Member, World

HEARTBEAT_MS = 41_250
IDENTIFIES_PER_DAY = 1_000
_RESUMABLE_MS = 120_000
_SENDS, _SENDS_SECONDS = 120, 60
_LONGEST_SEND = 4_096
_KNOWN_INTENTS = (1 << 26) - 1
_ENCODERS: dict[str, Callable[[], Encoder]] = {"": lambda: plain, "zlib-stream": ZlibStream}


class Intent:
    """What a session may ask to hear of."""

    GUILDS = 1 << 0
    MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15
    PRIVILEGED = MEMBERS | PRESENCES | MESSAGE_CONTENT


@dataclass(slots=True)
class Counts:
    """What the bot did to the gateway so far."""

    identifies: int = 0
    resumes: int = 0


class Gateway:
    """All sessions of the bot. ``privileged`` are the privileged intents it was granted."""

    def __init__(
        self, world: World, payloads: Payloads, record: Record, token: str, *, privileged: int = 0
    ) -> None:
        self._world = world
        self._payloads = payloads
        self._record = record
        self._token = token
        self._privileged = privileged
        self._sessions: dict[str, Session] = {}
        self._sockets: set[Socket] = set()
        self.url = ""  # known once the server listens
        self.counts = Counts()
        self.muted = False
        self.changed: Callable[[], None] = lambda: None

    @property
    def online(self) -> bool:
        """Whether a session has a live socket."""
        return any(session.socket for session in self._sessions.values())

    @property
    def connected(self) -> list[Session]:
        """The sessions with a live socket."""
        return [session for session in self._sessions.values() if session.socket]

    def routes(self) -> list[web.RouteDef]:
        """Where sockets come in."""
        return [web.get("/gateway", self._serve), web.get("/gateway/", self._serve)]

    def dispatch(
        self,
        name: str,
        data: Json,
        *,
        guild_id: int | None,
        intent: int = 0,
        without_content: Json | None = None,
    ) -> None:
        """Tell the sessions that listen; ``without_content`` is for those that may not read messages."""
        self._forget_lost()
        for session in self._sessions.values():
            if session.hears(guild_id, intent):
                blind = without_content is not None and not session.intents & Intent.MESSAGE_CONTENT
                session.dispatch(name, without_content if blind and without_content is not None else data)

    def cut(self) -> None:
        """Cut every socket without a goodbye."""
        for socket in self._sockets:
            socket.cut()

    def reconnect(self) -> None:
        """Ask every socket to come back (op 7), and close it."""
        for socket in self._sockets:
            socket.send({"op": RECONNECT, "d": None})
            socket.close(Goodbye(4000, "Reconnect"))

    def invalidate(self, *, resumable: bool) -> None:
        """Declare every session invalid (op 9); one that is not resumable is forgotten."""
        for session in self.connected:
            socket = session.socket
            if socket:
                socket.send({"op": INVALID_SESSION, "d": resumable})
            if not resumable:
                self._sessions.pop(session.id, None)

    def close(self, code: int, reason: str = "Closed") -> None:
        """Close every socket with a code."""
        for socket in self._sockets:
            socket.close(Goodbye(code, reason))

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        query = request.query
        encoder = _ENCODERS.get(query.get("compress", ""))
        if encoder is None or query.get("encoding", "json") != "json":
            raise web.HTTPBadRequest(text="The sandbox speaks encoding=json, plain or zlib-stream")
        ws = web.WebSocketResponse(compress=False, max_msg_size=1024 * 1024)
        await ws.prepare(request)
        socket = Socket(ws, request, encoder(), self._record)
        self._sockets.add(socket)
        writer = asyncio.create_task(socket.write())
        try:
            await self._converse(socket, query.get("v", "10"))
        except Goodbye as goodbye:
            socket.close(goodbye)
            await writer
        finally:
            self._lose(socket)
            writer.cancel()
        return ws

    async def _converse(self, socket: Socket, version: str) -> None:
        if version != "10":
            raise Goodbye(4012, "Invalid API version.")
        socket.send(
            {"op": HELLO, "s": None, "t": None, "d": {"heartbeat_interval": HEARTBEAT_MS, "_trace": []}}
        )
        sends: deque[float] = deque(maxlen=_SENDS)
        while (frame := await self._receive(socket)) is not None:
            now = asyncio.get_running_loop().time()
            if len(sends) == _SENDS and now - sends[0] < _SENDS_SECONDS:
                raise Goodbye(4008, "You are being rate limited.")
            sends.append(now)
            self._obey(socket, frame)

    async def _receive(self, socket: Socket) -> Json | None:
        """The next frame; None when the other side is gone. Silence over two heartbeats ends it."""
        try:
            message = await socket.ws.receive(timeout=2 * HEARTBEAT_MS / 1_000)
        except TimeoutError as error:
            raise Goodbye(4009, "Session timed out.") from error
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return None
        if len(message.data) > _LONGEST_SEND:
            raise Goodbye(4002, "Error while decoding payload.")
        try:
            frame = json.loads(message.data)
        except ValueError as error:
            raise Goodbye(4002, "Error while decoding payload.") from error
        self._record.gateway("from_bot", frame)
        if not isinstance(frame, dict) or not isinstance(frame.get("op"), int):
            raise Goodbye(4002, "Error while decoding payload.")
        return frame

    def _obey(self, socket: Socket, frame: Json) -> None:
        operation, data = frame["op"], frame.get("d")
        if operation == HEARTBEAT:
            if not self.muted:
                socket.send({"op": HEARTBEAT_ACK})
        elif operation in (IDENTIFY, RESUME):
            if socket.session is not None:
                raise Goodbye(4005, "Already authenticated.")
            if not isinstance(data, dict):
                raise Goodbye(4002, "Error while decoding payload.")
            (self._identify if operation == IDENTIFY else self._resume)(socket, data)
        elif socket.session is None:
            raise Goodbye(4003, "Not authenticated.")
        elif operation == REQUEST_MEMBERS and isinstance(data, dict):
            self._send_members(socket.session, data)
        elif operation not in (PRESENCE, VOICE):
            raise Goodbye(4001, "Unknown opcode.")

    def _identify(self, socket: Socket, data: Json) -> None:
        self._check_token(data)
        intents = data.get("intents")
        if not isinstance(intents, int) or not 0 <= intents <= _KNOWN_INTENTS:
            raise Goodbye(4013, "Invalid intent(s).")
        if intents & Intent.PRIVILEGED & ~self._privileged:
            raise Goodbye(4014, "Disallowed intent(s).")
        self.counts.identifies += 1
        if self.counts.identifies > IDENTIFIES_PER_DAY:
            raise Goodbye(4004, "Authentication failed.")  # Discord would also reset the token
        session = Session(id=secrets.token_hex(16), intents=intents, shard=_shard(data.get("shard")))
        self._sessions[session.id] = session
        self._join(socket, session)
        self._welcome(session)

    def _welcome(self, session: Session) -> None:
        guilds = [
            guild
            for guild in self._world.guilds.values()
            if self._world.bot.id in guild.members and session.hears(guild.id, 0)
        ]
        session.dispatch("READY", self._ready(session, [guild.id for guild in guilds]))
        if session.intents & Intent.GUILDS:
            with_members = bool(session.intents & Intent.MEMBERS)
            for guild in guilds:
                session.dispatch(
                    "GUILD_CREATE", self._payloads.guild_create(guild, with_members=with_members)
                )

    def _ready(self, session: Session, guild_ids: list[int]) -> Json:
        bot = self._world.bot
        return {
            "v": 10,
            "user": user(bot) | {"verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(guild_id), "unavailable": True} for guild_id in guild_ids],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "session_type": "normal",
            "shard": list(session.shard),
            "application": {"id": str(bot.id), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "user_settings": {},
            "_trace": [],
        }

    def _resume(self, socket: Socket, data: Json) -> None:
        self._check_token(data)
        self._forget_lost()
        session = self._sessions.get(str(data.get("session_id")))
        after = data.get("seq")
        if session is None or not isinstance(after, int):
            socket.send({"op": INVALID_SESSION, "d": False})
            return
        if after > session.sequence:
            raise Goodbye(4007, "Invalid seq.")
        if not session.can_replay(after):
            socket.send({"op": INVALID_SESSION, "d": False})
            return
        if session.socket:
            session.socket.close(Goodbye(4000, "Resumed elsewhere"))
        self.counts.resumes += 1
        self._join(socket, session)
        session.replay(after)
        session.dispatch("RESUMED", {"_trace": []})

    def _send_members(self, session: Session, data: Json) -> None:
        guild = self._world.guilds.get(int(data.get("guild_id", 0)))
        if guild is None or not session.hears(guild.id, 0):
            return
        prefix = str(data.get("query", "")).lower()
        wanted = data.get("user_ids")
        ids = {int(one) for one in (wanted if isinstance(wanted, list) else [wanted])} if wanted else None
        found = [one for one in guild.members.values() if self._matches(one, prefix, ids)]
        chunk = {
            "guild_id": str(guild.id),
            "members": [self._payloads.member(member) for member in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk | ({"nonce": data["nonce"]} if "nonce" in data else {}))

    def _matches(self, member: Member, prefix: str, ids: set[int] | None) -> bool:
        if ids is not None:
            return member.user_id in ids
        return self._world.user(member.user_id).name.lower().startswith(prefix)

    def _check_token(self, data: Json) -> None:
        if str(data.get("token", "")).removeprefix("Bot ") != self._token:
            raise Goodbye(4004, "Authentication failed.")

    def _join(self, socket: Socket, session: Session) -> None:
        socket.session, session.socket = session, socket
        self.changed()

    def _lose(self, socket: Socket) -> None:
        self._sockets.discard(socket)
        session = socket.session
        if session is not None and session.socket is socket:
            session.socket, session.lost = None, self._world.clock.now()
            if socket.ws.close_code in (1000, 1001):  # the bot said goodbye itself: nothing to come back to
                self._sessions.pop(session.id, None)
            self.changed()

    def _forget_lost(self) -> None:
        now = self._world.clock.now()
        for session in list(self._sessions.values()):
            if session.socket is None and now - session.lost > _RESUMABLE_MS:
                del self._sessions[session.id]


def _shard(value: Any) -> tuple[int, int]:
    if value is None:
        return 0, 1
    match value:
        case [int(number), int(shards)] if 0 <= number < shards:
            return number, shards
    raise Goodbye(4010, "Invalid shard.")
