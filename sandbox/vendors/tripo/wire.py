"""What goes over the wire, whatever the route."""

from typing import Any

from aiohttp import web

from sandbox.vendors.tripo.accounts import Key

OPENED = web.RequestKey("opened", Key)
"""The key that a request came with, once it was found to be good."""


def success(data: Any, headers: dict[str, str] | None = None) -> web.Response:
    """The envelope of a success."""
    return web.json_response({"code": 0, "status": "success", "data": data}, headers=headers)
