"""The vendor as a whole: its parts put together, and what holds for every request.

``TripoSandbox(clock).app()`` is an aiohttp application with everything under ``/v3``,
the results under ``/results``, presigned uploads under ``/uploads`` and the controls
under ``/sandbox/tripo``.
"""

from uuid import uuid4

from aiohttp import web

from sandbox.vendors import refusals
from sandbox.vendors.spoiling import Handler, Spoiling
from sandbox.vendors.tripo.api import Api
from sandbox.vendors.tripo.control import Control
from sandbox.vendors.tripo.faults import refused
from sandbox.vendors.tripo.files import Files
from sandbox.vendors.tripo.operations import ROUTES
from sandbox.vendors.tripo.refusals import Refusal, coded, no_such_route
from sandbox.vendors.tripo.vendor import Vendor
from sandbox.vendors.tripo.wire import OPENED

BODY_LIMIT = 20 * 1024 * 1024


class TripoSandbox(Vendor):
    """The vendor, and the application that speaks for it."""

    def app(self) -> web.Application:
        """The vendor as an application, to be served by whoever wants it."""
        app = web.Application(middlewares=[self._answer, self._open], client_max_size=BODY_LIMIT)
        app.add_routes(Api(self).routes())
        app.add_routes(Files(self).routes())
        app.add_routes(Control(self).routes())
        app.on_cleanup.append(self._hang_up)
        return app

    async def _hang_up(self, _: web.Application) -> None:
        await self.webhooks.aclose()
        await self.background.aclose()

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Bring all tasks up to date, break what is to break, and put refusals into their envelope."""
        self.tasks.advance()
        request_id = uuid4().hex
        try:
            response = await Spoiling(self.faults, self.clock, refused).through(
                request, handler, on=call_of(request), kind=ROUTES.get(request.path)
            )
        except refusals.Refusal as refusal:
            response = _refused(coded(refusal), request_id)
        except web.HTTPNotFound:
            response = _refused(no_such_route(), request_id)
        except (web.HTTPMethodNotAllowed, web.HTTPRequestEntityTooLarge) as error:
            response = _refused(Refusal(error.status, 1003, error.reason), request_id)
        if not response.prepared:
            response.headers["X-Request-ID"] = request_id
            response.headers["X-Tripo-Trace-ID"] = request.headers.get("X-Tripo-Trace-ID", str(uuid4()))
        return response

    @web.middleware
    async def _open(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every call of the API needs a key; links that carry their own proof must come without one."""
        if request.path.startswith("/v3/"):
            request[OPENED] = self.keys.open(request.headers.get("Authorization", ""))
        elif not request.path.startswith("/sandbox/") and "Authorization" in request.headers:
            raise Refusal(400, 1003, "This link takes no Authorization: the key does not belong here.")
        return await handler(request)


def call_of(request: web.Request) -> str:
    """Which calls a request belongs to, as faults name them."""
    if request.path.startswith("/sandbox/"):
        return "control"
    if request.path.startswith("/results/"):
        return "download"
    if request.path.startswith(("/uploads/", "/v3/files")):
        return "upload"
    return "create" if request.path in ROUTES else "read"


def _refused(refusal: Refusal, request_id: str) -> web.Response:
    return web.json_response(refusal.body(request_id), status=refusal.status, headers=refusal.headers)
