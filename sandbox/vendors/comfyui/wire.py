"""What goes over the wire, whatever the route."""

import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from sandbox.vendors.comfyui.refusals import crash


async def sent(request: web.Request) -> dict[str, Any]:
    """The JSON object in a request, whatever its content type; the server expects nothing else."""
    try:
        body = json.loads(await request.text())
    except (ValueError, RecursionError) as fault:
        raise crash() from fault
    if not isinstance(body, dict):
        raise crash()
    return body


def twice(routes: Iterable[web.RouteDef]) -> list[web.RouteDef]:
    """Every route at its own path and under ``/api``."""
    return [
        web.route(route.method, root + route.path, route.handler) for route in routes for root in ("", "/api")
    ]
