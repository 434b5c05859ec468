"""The gateway: where sockets come in, the sessions behind them, and what they are told."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.discord.conversation import Conversation
from sandbox.discord.intents import Intent, application_flags
from sandbox.discord.nouns import Guild
from sandbox.discord.payloads import Payloads
from sandbox.discord.record import Record
from sandbox.discord.refusals import Json
from sandbox.discord.roster import Roster
from sandbox.discord.sessions import (
    HEARTBEAT,
    INVALID_SESSION,
    RECONNECT,
    Encoder,
    Goodbye,
    Session,
    Socket,
    ZlibStream,
    ZstdStream,
    plain,
)
from sandbox.discord.sharding import Pace, Sharding
from sandbox.discord.welcome import welcome
from sandbox.discord.world import World

IDENTIFIES_PER_DAY = 1_000
_RESUMABLE_MS = 120_000
_DAY_MS = 24 * 60 * 60 * 1_000
_ENCODERS: dict[str, Callable[[], Encoder]] = {
    "": lambda: plain,
    "zlib-stream": ZlibStream,
    "zstd-stream": ZstdStream,
}


@dataclass(slots=True)
class Counts:
    """What the bot did to the gateway so far."""

    identifies: int = 0
    resumes: int = 0


class Gateway:
    """All sessions of the bot."""

    def __init__(self, world: World, payloads: Payloads, record: Record, token: str) -> None:
        self._world = world
        self._payloads = payloads
        self._record = record
        self._token = token
        self._roster = Roster(world, payloads)
        self._pace = Pace(world.clock)
        self.privileged = 0
        self.sharding = Sharding()
        self.presence: Json = {"status": "online", "activities": []}
        self._sessions: dict[str, Session] = {}
        self._sockets: set[Socket] = set()
        self._identified: deque[int] = deque(maxlen=IDENTIFIES_PER_DAY)
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

    @property
    def identifies_left(self) -> int:
        """How many sessions may still be begun today."""
        day_ago = self._world.clock.now() - _DAY_MS
        return IDENTIFIES_PER_DAY - sum(when > day_ago for when in self._identified)

    def grant(self, intents: int) -> None:
        """Grant the bot these privileged intents from now on."""
        self.privileged = intents & Intent.PRIVILEGED

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

    def enter(self, guild: Guild) -> None:
        """The bot has come into a server: its sessions are told all of it, each as far as its intents go."""
        for session in self._sessions.values():
            if session.hears(guild.id, Intent.GUILDS):
                told = self._payloads.guild_create(guild, session.intents)
                del told["unavailable"]  # speaks of servers that were promised, and this one was not
                session.dispatch("GUILD_CREATE", told)

    def cut(self) -> None:
        """Cut every socket without a goodbye."""
        for socket in list(self._sockets):
            socket.cut()

    def reconnect(self) -> None:
        """Ask every socket to come back (op 7), and close it."""
        for socket in list(self._sockets):
            socket.send({"op": RECONNECT, "d": None})
            socket.close(Goodbye(4000, "Reconnect"))

    def ask_heartbeat(self) -> None:
        """Ask every socket for a heartbeat at once (op 1)."""
        for socket in list(self._sockets):
            socket.send({"op": HEARTBEAT, "d": None})

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
        for socket in list(self._sockets):
            socket.close(Goodbye(code, reason))

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        query = request.query
        encoder = _ENCODERS.get(query.get("compress", ""))
        if encoder is None or query.get("encoding", "json") != "json":
            raise web.HTTPBadRequest(text="Only encoding=json: plain, zlib-stream or zstd-stream")
        ws = web.WebSocketResponse(compress=False, max_msg_size=1024 * 1024)
        await ws.prepare(request)
        socket = Socket(ws, request, encoder(), self._record)
        self._sockets.add(socket)
        writer = asyncio.create_task(socket.write())
        try:
            await Conversation(self, socket, self._record).hold(query.get("v", "10"))
        except Goodbye as goodbye:
            socket.close(goodbye)
            await writer
        finally:
            self._lose(socket)
            writer.cancel()
        return ws

    def identify(self, socket: Socket, data: Json) -> None:
        """Begin a session; the close code says why not."""
        self._check_token(data)
        intents = data.get("intents")
        if not isinstance(intents, int) or not 0 <= intents <= Intent.KNOWN:
            raise Goodbye(4013, "Invalid intent(s).")
        if intents & Intent.PRIVILEGED & ~self.privileged:
            raise Goodbye(4014, "Disallowed intent(s).")
        if self.identifies_left == 0:
            raise Goodbye(4004, "Authentication failed.")  # Discord would also reset the token
        shard = _shard(data.get("shard"))
        if not self._pace.allows(shard, self.sharding):
            socket.send({"op": INVALID_SESSION, "d": False})
            return
        self.counts.identifies += 1
        self._identified.append(self._world.clock.now())
        self._forget_lost()
        session = Session(id=secrets.token_hex(16), intents=intents, shard=shard)
        if sum(session.hears(guild.id, 0) for guild in self._mine()) > self.sharding.guilds_per_shard:
            raise Goodbye(4011, "Sharding required.")
        self._sessions[session.id] = session
        if isinstance(data.get("presence"), dict):
            self.presence = {**self.presence, **data["presence"]}
        self._join(socket, session)
        welcome(self._world, self._payloads, session, self.url, application_flags(self.privileged))

    def resume(self, socket: Socket, data: Json) -> None:
        """Take a session up again and replay what was missed; op 9 if that cannot be done."""
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

    def send_members(self, session: Session, data: Json) -> None:
        """Answer a request for members."""
        self._roster.send(session, data)

    def show(self, presence: Json) -> None:
        """Show the bot to people like this from now on."""
        self.presence = presence
        self.changed()

    def _mine(self) -> Iterator[Guild]:
        return (guild for guild in self._world.guilds.values() if self._world.bot.id in guild.members)

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
            left = socket.ws.close_code in (1000, 1001) and not socket.closed_by_us
            if left:  # the bot said goodbye itself: nothing to come back to
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
