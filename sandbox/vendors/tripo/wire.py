"""What goes over the wire in both directions, whatever the route."""

import json
from typing import Any

from aiohttp import web

from sandbox.vendors.tripo.accounts import Key
from sandbox.vendors.tripo.refusals import Refusal

OPENED = web.RequestKey("opened", Key)
"""The key that a request came with, once it was found to be good."""


def success(data: Any, headers: dict[str, str] | None = None) -> web.Response:
    """The envelope of a success."""
    return web.json_response({"code": 0, "status": "success", "data": data}, headers=headers)


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object in a request; 415 or 400 with 1003 where there is none."""
    if request.content_type != "application/json":
        raise Refusal(415, 1003, "The content type must be application/json.")
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, 1003, "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise Refusal(400, 1003, "The body is not an object.")
    return body


def origin(request: web.Request) -> str:
    """Where the vendor is, as this client knows it."""
    return f"{request.scheme}://{request.host}"


def cut(request: web.Request) -> web.Response:
    """Cut the connection; the response goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def bad_gateway() -> web.Response:
    """What a gateway in front of the vendor says: HTML, with no envelope."""
    page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
    return web.Response(status=502, text=page, content_type="text/html")
