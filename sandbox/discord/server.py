"""The Discord in a box as one thing: put together, started and stopped."""

from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web
from aiohttp.typedefs import Middleware

from sandbox.clock import Clock
from sandbox.discord import control, scene
from sandbox.discord.broadcast import Broadcast
from sandbox.discord.cdn import Cdn
from sandbox.discord.changes import Changes
from sandbox.discord.faults import Faults
from sandbox.discord.gateway import Gateway
from sandbox.discord.interactions import Interactions
from sandbox.discord.payloads import Payloads
from sandbox.discord.people import People
from sandbox.discord.postbox import Postbox
from sandbox.discord.record import Record
from sandbox.discord.refusals import Json
from sandbox.discord.registry import Registry
from sandbox.discord.rest.account import Account
from sandbox.discord.rest.commands import Commands
from sandbox.discord.rest.door import PREFIX, Door
from sandbox.discord.rest.files import Files
from sandbox.discord.rest.guilds import Guilds
from sandbox.discord.rest.interactions import Answers
from sandbox.discord.rest.messages import Messages
from sandbox.discord.rest.threads import ThreadRoutes
from sandbox.discord.threads import Threads
from sandbox.discord.uploads import REQUEST_LIMIT
from sandbox.discord.warp import WarpClock

TOKEN = "MTMwMDAwMDAwMDAwMDAwMDAwMQ.sandbox.not-a-secret-and-good-for-nothing-else"
PAGE = Path(__file__).with_name("page")


class DiscordSandbox:
    """A Discord of one's own on one address. ``people`` act, ``changes`` change the world.

    ``clock`` decides deadlines, ids, limits and links; `advance` makes it jump. ``record`` names a file for a
    line per exchange and frame. ``watched`` is told of each HTTP request.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        record: Path | None = None,
        token: str = TOKEN,
        watched: Middleware | None = None,
    ) -> None:
        self.clock = WarpClock(clock)
        self.token = token
        self._watched = watched
        self.world = scene.build(self.clock)
        self.faults = Faults()
        self._record = Record(self.clock, record)
        self._cdn = Cdn(self.world)
        self.payloads = payloads = Payloads(self.world, self._cdn)
        self.gateway = Gateway(self.world, payloads, self._record, token)
        self.broadcast = Broadcast(self.world, payloads, self.gateway)
        self.registry = Registry(self.world)
        self.door = Door(self.clock, token, self.faults, self._record)
        self._interactions = Interactions(self.world, payloads, self.gateway, self.broadcast)
        postbox = Postbox(self.world, self.broadcast)
        threads = Threads(self.world, self.broadcast, postbox)
        self.people = People(self.world, payloads, postbox, threads, self.registry, self._interactions)
        self.changes = Changes(self.world, self.broadcast)
        self._areas = (
            Account(self.world, self.gateway),
            Commands(self.world, self.registry, self.broadcast),
            Files(self.world, self._cdn),
            Guilds(self.world, payloads),
            ThreadRoutes(self.world, payloads, postbox, threads),
            Messages(self.world, payloads, postbox, self.broadcast),
            Answers(self.world, payloads, postbox, self._interactions),
        )
        self.suggestions: list[Json] = []
        self._runner: web.AppRunner | None = None
        self.address = ""

    @property
    def rest_url(self) -> str:
        """What to use in the place of ``https://discord.com/api/v10``."""
        return self.address + PREFIX

    def advance(self, seconds: float) -> int:
        """Let time jump ahead; gives the new time in milliseconds."""
        self.clock.advance(seconds)
        return self.clock.now()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen, on any free port unless one is given; gives the address, like ``http://127.0.0.1:8080``.

        Raises:
            OSError: the port is taken.
        """
        watched = [self._watched] if self._watched else []
        app = web.Application(client_max_size=REQUEST_LIMIT, middlewares=watched)
        routes = [route for area in self._areas for route in area.routes()]
        app.add_routes(self.gateway.routes() + self.door.routes(routes) + self._cdn.routes())
        app.add_routes(control.routes(self))
        app.add_routes([web.get("/", _index), web.static("/page", PAGE)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        self.address = f"http://{host}:{self._runner.addresses[0][1]}"
        self._cdn.base = self.address
        self.gateway.url = self.address.replace("http", "ws", 1) + "/gateway"
        return self.address

    async def stop(self) -> None:
        """Close every connection and the record."""
        await self._interactions.stop()
        self.gateway.cut()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
        self._record.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


async def _index(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")
