"""Lists by pages of a hundred, the newest first; a cursor says after or before which entry a page lies.

So an entry is neither lost nor shown twice when new ones come in between two pages.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from aiohttp import web

from sandbox.vendors.replicate.refusals import Refusal
from sandbox.vendors.wire import origin

PAGE = 100

Entry = TypeVar("Entry")


def page(
    request: web.Request,
    entries: Sequence[Entry],
    *,
    key: Callable[[Entry], str],
    show: Callable[[Entry], Any],
) -> dict[str, Any]:
    """The page that a request asks for, with links to its neighbours."""
    start = _start(request.query.get("cursor"), [key(entry) for entry in entries])
    end = start + PAGE
    return {
        "next": _link(request, "after", key(entries[end - 1])) if end < len(entries) else None,
        "previous": _link(request, "before", key(entries[start])) if start > 0 else None,
        "results": [show(entry) for entry in entries[start:end]],
    }


def _start(cursor: str | None, keys: Sequence[str]) -> int:
    if cursor is None:
        return 0
    try:
        side, _, key = base64.urlsafe_b64decode(cursor).decode().partition(":")
        place = keys.index(key)
    except (binascii.Error, ValueError) as error:
        raise Refusal(404, "Invalid cursor") from error
    return place + 1 if side == "after" else max(0, place - PAGE)


def _link(request: web.Request, side: str, key: str) -> str:
    cursor = base64.urlsafe_b64encode(f"{side}:{key}".encode()).decode()
    return origin(request) + str(request.rel_url.update_query(cursor=cursor))


def time_in(query: Mapping[str, str], name: str) -> int | None:
    """A time in a query, in milliseconds since 1970; 400 for what is none."""
    if name not in query:
        return None
    try:
        found = datetime.fromisoformat(query[name])
    except ValueError as error:
        raise Refusal(400, f"{name} must be an ISO 8601 date and time") from error
    return round((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)
