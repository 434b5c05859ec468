"""The vendor as a whole: its parts put together, and what holds for every request.

``ReplicateSandbox(clock).app()`` is an aiohttp application with everything under ``/v1``,
output files under ``/delivery`` (at the vendor another host) and the controls under
``/sandbox/replicate``.
"""

import contextlib

from aiohttp import web

from sandbox.vendors import refusals
from sandbox.vendors.replicate.api import BY_ITS_NAME, BY_ITS_VERSION, Api
from sandbox.vendors.replicate.control import Control
from sandbox.vendors.replicate.faults import refused
from sandbox.vendors.replicate.files import Files
from sandbox.vendors.replicate.library import Library
from sandbox.vendors.replicate.refusals import Refusal, not_found
from sandbox.vendors.replicate.results import Delivery
from sandbox.vendors.replicate.trainings import TRAIN, Trainings
from sandbox.vendors.replicate.vendor import Vendor
from sandbox.vendors.replicate.wire import OPENED, answer, body_of
from sandbox.vendors.spoiling import Handler, Spoiling

BODY_LIMIT = 64 * 1024 * 1024
"""Data URIs of models come in a body."""
LIMITS = web.RequestKey("limits", dict[str, str])
"""What is left of the account's rate limit."""
CREATING = frozenset({BY_ITS_VERSION, BY_ITS_NAME, TRAIN})
SIGNED = "/v1/files/{file_id}/download"


class ReplicateSandbox(Vendor):
    """The vendor, and the application that speaks for it."""

    def app(self) -> web.Application:
        """The vendor as an application, to be served by whoever wants it."""
        app = web.Application(middlewares=[self._answer, self._open], client_max_size=BODY_LIMIT)
        for part in (Api(self), Trainings(self), Library(self), Files(self), Control(self)):
            app.add_routes(part.routes())
        app.add_routes(Delivery(self.results).routes())
        app.on_cleanup.append(self._hang_up)
        return app

    async def _hang_up(self, _: web.Application) -> None:
        await self.webhooks.aclose()
        await self.background.aclose()

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Bring all predictions up to date, break what is to break, and put refusals into problem JSON."""
        self.book.advance()
        self.hub.advance()
        try:
            response = await Spoiling(self.faults, self.clock, refused).through(
                request, handler, on=call_of(request), kind=await self._kind(request)
            )
        except refusals.Refusal as refusal:
            response = answer(refusal.body(""), refusal.status, headers=refusal.headers)
        except web.HTTPNotFound:
            response = answer(not_found().body(""), 404)
        except (web.HTTPMethodNotAllowed, web.HTTPRequestEntityTooLarge) as error:
            response = answer(Refusal(error.status, error.reason).body(""), error.status)
        if not response.prepared:
            for name, value in request.get(LIMITS, {}).items():
                response.headers.setdefault(name, value)
        return response

    async def _kind(self, request: web.Request) -> str | None:
        """The model that a creation is for."""
        if call_of(request) != "create":
            return None
        with contextlib.suppress(Refusal):
            return self.hub.kind(request.match_info, await body_of(request))
        return None

    @web.middleware
    async def _open(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every call of the API needs a key and is counted; signed downloads and most results need none."""
        route = request.match_info.route.resource
        pattern = route.canonical if route else ""
        needed = request.path.startswith("/v1/") and pattern != SIGNED
        if needed or (request.path.startswith("/delivery/") and self.ways.delivery_needs_key):
            request[OPENED] = self.keys.open(request.headers.get("Authorization", ""))
        if needed:
            limit = "create" if call_of(request) == "create" else "read"
            request[LIMITS] = self.keys.count(request[OPENED].account, limit)
        return await handler(request)


def call_of(request: web.Request) -> str:
    """Which calls a request belongs to, as faults name them."""
    if request.path.startswith("/sandbox/"):
        return "control"
    if request.path.startswith("/delivery/"):
        return "download"
    if request.path.startswith("/v1/files"):
        return "upload"
    resource = request.match_info.route.resource
    creates = request.method == "POST" and resource is not None and resource.canonical in CREATING
    return "create" if creates else "read"
