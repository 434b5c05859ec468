"""How much one address may ask of the site: so many requests at once, and so many under way.

Kept in memory alone and bounded: whoever has not been heard of for longest is forgotten first.
"""

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.typedefs import Handler, Middleware

log = structlog.get_logger()

AT_ONCE = 120
"""Requests that an address may make in one go; a gallery full of pictures is one go."""
PER_SECOND = 10
"""Requests a second that it gets back."""
UNDER_WAY = 16
"""Requests of an address that may be answered at the same time; a slow download is one of them."""
MOST_ADDRESSES = 10_000
_FORWARDED = "X-Forwarded-For"
_NETWORK_BITS = 64
"""Of an IPv6 address, what belongs to one customer; the rest is theirs to choose."""


@dataclass(slots=True)
class _Visitor:
    left: float
    at: int
    under_way: int = 0

    @contextmanager
    def kept_busy(self) -> Iterator[None]:
        """One request more is under way while this lasts."""
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1


_VISITOR = web.RequestKey("visitor", _Visitor)


class SentFile(web.FileResponse):
    """A file whose request is under way until it is sent; the handler is done long before."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send it."""
        with request[_VISITOR].kept_busy():
            return await super().prepare(request)


@dataclass(slots=True, kw_only=True)
class Visits:
    """Counts requests by address. ``now`` is in milliseconds.

    ``behind_proxy``: who asks is what the nearest proxy added to ``X-Forwarded-For``, its last entry.
    """

    now: Callable[[], int]
    behind_proxy: bool = False
    _visitors: OrderedDict[str, _Visitor] = field(default_factory=OrderedDict)
    _warned: bool = False

    def middleware(self) -> Middleware:
        """For the application: refuses what is too much with 429 and ``Retry-After``."""

        @web.middleware
        async def limited(request: web.Request, handler: Handler) -> web.StreamResponse:
            request[_VISITOR] = visitor = self._admitted(self._address(request))
            with visitor.kept_busy():
                return await handler(request)

        return limited

    def _admitted(self, address: str) -> _Visitor:
        visitor = self._visitor(address)
        if visitor.left < 1 or visitor.under_way >= UNDER_WAY:
            wait = max(1, math.ceil((1 - visitor.left) / PER_SECOND))
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(wait)})
        visitor.left -= 1
        return visitor

    def _visitor(self, address: str) -> _Visitor:
        now = self.now()
        visitor = self._visitors.setdefault(address, _Visitor(left=AT_ONCE, at=now))
        self._visitors.move_to_end(address)
        visitor.left = min(AT_ONCE, visitor.left + max(0, now - visitor.at) * PER_SECOND / 1000)
        visitor.at = now
        while len(self._visitors) > MOST_ADDRESSES:
            self._visitors.popitem(last=False)
        return visitor

    def _address(self, request: web.Request) -> str:
        remote = request.remote or ""
        if self.behind_proxy:
            last = ",".join(request.headers.getall(_FORWARDED, ())).rpartition(",")[2]
            return _of_one_customer(last.strip()) or remote
        if _FORWARDED in request.headers and not self._warned:
            self._warned = True
            log.warning("proxy_not_set", mend="Set WEB_BEHIND_PROXY=true if a proxy is in front of the site.")
        return _of_one_customer(remote) or remote


def _of_one_customer(text: str) -> str:
    """The address, or the network of an IPv6 one; empty where it is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), _NETWORK_BITS), strict=False))
