"""The server as a whole: its parts put together, and what holds for every request.

``ComfyUISandbox(clock).app()`` is an aiohttp application with every route at ``/x`` and ``/api/x``, the
websocket at ``/ws`` and the controls under ``/sandbox/comfyui``.
"""

import json
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.vendors import refusals
from sandbox.vendors.comfyui.about import About
from sandbox.vendors.comfyui.api import Api
from sandbox.vendors.comfyui.control import Control
from sandbox.vendors.comfyui.faults import refused
from sandbox.vendors.comfyui.files import Files
from sandbox.vendors.comfyui.prompts import kind_of
from sandbox.vendors.comfyui.refusals import Refusal
from sandbox.vendors.comfyui.vendor import Vendor
from sandbox.vendors.spoiling import Handler, Spoiling, cut

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
ZIPPED = frozenset({"application/json", "text/plain"})


class ComfyUISandbox(Vendor):
    """The server, and the application that speaks for it."""

    def app(self) -> web.Application:
        """The server as an application, to be served by whoever wants it."""
        app = web.Application(
            middlewares=[self._serve, self._zip, self._admit, self._spoil],
            client_max_size=self.ways.max_upload_mb * 1024 * 1024,
        )
        app.add_routes(Api(self).routes())
        app.add_routes(About(self).routes())
        app.add_routes(Files(self).routes())
        app.add_routes(Control(self).routes())
        app.cleanup_ctx.append(self._at_work)
        app.on_shutdown.append(self._leave)
        return app

    async def _at_work(self, _: web.Application) -> AsyncIterator[None]:
        self.background.begin(self.watch())
        yield
        await self.background.aclose()

    async def _leave(self, _: web.Application) -> None:
        await self.sockets.aclose()

    @web.middleware
    async def _serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Bring everything up to date, and answer unless the server is away."""
        await self.advance()
        try:
            if not _is_control(request) and self.clock.now() < self.down_until:
                return cut(request)
            return await handler(request)
        except Refusal as refusal:
            return refusal.answer()
        except refusals.Refusal as refusal:
            return web.json_response(refusal.body(""), status=refusal.status)
        finally:
            self.stirred.set()

    @web.middleware
    async def _zip(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Shorter, for those who can read it."""
        response = await handler(request)
        wanted = "gzip" in request.headers.get("Accept-Encoding", "")
        if (
            isinstance(response, web.Response)
            and wanted
            and response.content_type in ZIPPED
            and response.body
        ):
            response.enable_compression()
        return response

    @web.middleware
    async def _admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A gateway's demand, then the server's own: no pages of others on this machine."""
        if _is_control(request):
            return await handler(request)
        if self.authorization and request.headers.get("Authorization") != self.authorization:
            raise Refusal(401, "401 Authorization Required")
        if _is_foreign(request):
            return web.Response(status=403)
        return await handler(request)

    @web.middleware
    async def _spoil(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Break what is to break."""
        on = call_of(request)
        kind = await _kind(request) if on == "create" else None
        return await Spoiling(self.faults, self.clock, refused).through(request, handler, on=on, kind=kind)


def call_of(request: web.Request) -> str:
    """Which calls a request belongs to, as faults name them."""
    if _is_control(request):
        return "control"
    calls = {"/view": "download", "/upload/image": "upload", "/ws": "socket"}
    path = request.path.removeprefix("/api")
    if path == "/prompt" and request.method == "POST":
        return "create"
    return calls.get(path, "read")


def _is_control(request: web.Request) -> bool:
    return request.path.startswith("/sandbox/")


def _is_foreign(request: web.Request) -> bool:
    """Whether a page from elsewhere asks a server that listens on this machine alone."""
    host, foreign = request.headers.get("Host", ""), request.headers.get("Origin", "")
    if not host or not foreign or urlsplit(f"//{host}").hostname not in LOOPBACK:
        return False
    return urlsplit(foreign).netloc.lower() != host.lower()


async def _kind(request: web.Request) -> str | None:
    """What a graph is for, as far as a look at it tells."""
    try:
        graph = json.loads(await request.text())["prompt"]
        return kind_of(graph, graph)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
