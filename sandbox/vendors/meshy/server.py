"""The vendor as a whole: its parts put together, and what holds for every request.

``MeshySandbox(clock).app()`` is an aiohttp application with everything under ``/openapi``,
the public catalogue under ``/web/public``, the files under ``/assets`` and the controls
under ``/sandbox/meshy``.
"""

import json
from typing import Any
from uuid import uuid4

from aiohttp import web

from sandbox.vendors import refusals
from sandbox.vendors.meshy.account import AccountAndFiles
from sandbox.vendors.meshy.api import Api, kind_of
from sandbox.vendors.meshy.control import Control
from sandbox.vendors.meshy.faults import refused
from sandbox.vendors.meshy.inputs import MODEL_LIMIT
from sandbox.vendors.meshy.refusals import as_theirs, bad, no_such_route
from sandbox.vendors.meshy.stream import Streams
from sandbox.vendors.meshy.vendor import Vendor
from sandbox.vendors.meshy.wire import OPENED, RESOURCES
from sandbox.vendors.refusals import Refusal
from sandbox.vendors.spoiling import Handler, Spoiling

BODY_LIMIT = MODEL_LIMIT * 4 // 3 + 1024 * 1024
"""A model as a data URI, and all the rest of a request."""
API_VERSION = "1"


class MeshySandbox(Vendor):
    """The vendor, and the application that speaks for it."""

    def app(self) -> web.Application:
        """The vendor as an application, to be served by whoever wants it."""
        app = web.Application(middlewares=[self._answer, self._open], client_max_size=BODY_LIMIT)
        streams = Streams(self)
        for part in (AccountAndFiles(self), Api(self), streams, Control(self)):
            app.add_routes(part.routes())
        app.on_shutdown.append(streams.close)
        app.on_cleanup.append(self._hang_up)
        return app

    async def _hang_up(self, _: web.Application) -> None:
        await self.webhooks.aclose()
        await self.background.aclose()

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Bring all tasks up to date, break what is to break, and put refusals into words."""
        self.tasks.advance()
        try:
            response = await Spoiling(self.faults, self.clock, refused).through(
                request, handler, on=_call_of(request), kind=await _kind_of(request)
            )
        except refusals.Refusal as refusal:
            response = _refused(as_theirs(refusal))
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            response = _refused(no_such_route())
        except web.HTTPRequestEntityTooLarge:
            response = _refused(bad("The request is too large."))
        if not response.prepared:
            response.headers["x-request-id"] = uuid4().hex
            response.headers["x-api-version"] = API_VERSION
        return response

    @web.middleware
    async def _open(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every call of the API needs a key and counts; files lie elsewhere, where no key belongs."""
        if request.path.startswith("/openapi/"):
            if "Origin" in request.headers:
                raise Refusal(403, "CORS is not supported: call from a server.")
            request[OPENED] = self.keys.open(request.headers.get("Authorization", ""))
            self.keys.count(request[OPENED].account)
        elif request.path.startswith("/assets/") and "Authorization" in request.headers:
            raise bad("This link takes no Authorization: the key does not belong here.")
        return await handler(request)


def _call_of(request: web.Request) -> str:
    """Which calls a request belongs to, as faults name them."""
    if request.path.startswith("/sandbox/"):
        return "control"
    if request.path.startswith("/assets/"):
        return "download"
    if request.method == "DELETE":
        return "delete"
    return "create" if request.path in RESOURCES and request.method == "POST" else "read"


async def _kind_of(request: web.Request) -> str | None:
    """The type of task that a request would make; what its body says is looked at where the path does not."""
    if _call_of(request) != "create":
        return None
    resource = RESOURCES[request.path]
    return kind_of(resource, await _body(request) if resource == "text-to-3d" else {})


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.body(""), status=refusal.status, headers=refusal.headers)
