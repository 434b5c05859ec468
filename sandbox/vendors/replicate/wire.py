"""What goes over the wire, whatever the route: JSON with a newline behind it, and two forms of times."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.vendors.replicate.accounts import Key
from sandbox.vendors.replicate.refusals import Refusal
from sandbox.vendors.wire import NoObject, read_object

OPENED = web.RequestKey("opened", Key)
"""The key that a request came with, once it was found to be good."""


def answer(data: Any, status: int = 200, *, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON; a refusal has a type of its own."""
    kind = "application/json" if status < 400 else "application/problem+json"
    return web.Response(text=dumped(data), status=status, headers=headers, content_type=kind)


def dumped(data: Any) -> str:
    """The text of an answer, and of a webhook's body."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n"


async def body_of(request: web.Request) -> dict[str, Any]:
    """The JSON object in a request; 400 or 415 where there is none."""
    try:
        return await read_object(request)
    except NoObject as error:
        raise Refusal(error.status, error.message) from error


def moment(milliseconds: int) -> str:
    """A time in UTC with as many digits of a second as it has, and none where it has none."""
    whole = datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f"{milliseconds % 1000:03}".rstrip("0")
    return f"{whole}.{fraction}Z" if fraction else f"{whole}Z"


def nanoseconds(milliseconds: int) -> str:
    """The same time with nine digits behind the point, which the vendor writes as well."""
    whole = datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{milliseconds % 1000 * 1_000_000:09}Z"
