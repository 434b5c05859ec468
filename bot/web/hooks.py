"""Where vendors tell that something is new about a task.

A call is never believed: it only makes the engine look at the task now. Its address has
a part that nobody can guess, since not every vendor signs; what a vendor signs is checked.
"""

import asyncio
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from aiohttp import web

from providers.base import Provider
from providers.errors import Forged, ProviderError

log = structlog.get_logger()

LONGEST = 1024 * 1024
"""Bytes that the site reads of a request; the longest call known, with a log in it, is a tenth of that."""
SECONDS = 10.0
"""In which a call has to arrive whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """``words`` has the part of each vendor's address that nobody can guess."""

    vendors: Mapping[str, Provider]
    words: Mapping[str, str]
    look: Callable[[str, str], bool]
    """Looks at a vendor's task now; false where there is none such."""

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [web.post("/hooks/{vendor}/{word}", self.heard)]

    async def heard(self, request: web.Request) -> web.Response:
        """Look at what the call is about. Whoever is not the vendor learns nothing."""
        name = request.match_info["vendor"]
        vendor, word = self.vendors.get(name), self.words.get(name, "")
        if vendor is None or not hmac.compare_digest(word.encode(), request.match_info["word"].encode()):
            raise web.HTTPNotFound
        body = await _body(request)
        try:
            task_id = await vendor.heard(request.headers, body)
        except Forged as error:
            log.warning("webhook_forged", provider=name, reason=error.detail)
            raise web.HTTPUnauthorized from None
        except ProviderError as error:
            log.warning("webhook_unread", provider=name, reason=type(error).__name__)
            raise web.HTTPServiceUnavailable from None
        if task_id and self.look(name, task_id):
            log.info("webhook", provider=name)
        return web.Response(status=HTTPStatus.NO_CONTENT)


async def _body(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(SECONDS):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
