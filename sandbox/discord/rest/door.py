"""The door of the REST API: reading, faults, the bot's token, rate limits, and every answer's headers.

A handler gets a `Call` and gives back a `Reply`, or raises `Refused`; it never sees HTTP.
"""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from sandbox.clock import Clock
from sandbox.discord.faults import Fault, Faults, Kind
from sandbox.discord.ratelimits import ORDINARY, Limit, RateLimits, limited_body
from sandbox.discord.record import Record
from sandbox.discord.refusals import Refused, http_refusal
from sandbox.discord.uploads import Body, read_body

PREFIX = "/api/v10"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that came through the door."""

    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Body

    def id(self, name: str) -> int:
        """An id in the path."""
        value = self.params[name]
        if not value.isdecimal():
            error = {"code": "NUMBER_TYPE_COERCE", "message": f'Value "{value}" is not snowflake.'}
            raise Refused(50035, errors={name: {"_errors": [error]}})
        return int(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer: JSON with a status, or nothing with 204."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    cut: bool = False


Handler = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route. ``signed`` ones want the bot's token; ``major`` parameters have buckets of their own."""

    method: str
    path: str
    handler: Handler
    limit: Limit = ORDINARY
    signed: bool = True
    major: tuple[str, ...] = ("channel", "guild")
    bucket: str = ""


def ok(body: Any) -> Reply:
    """200 with this body."""
    return Reply(body=body)


NOTHING = Reply(status=204)


@dataclass(slots=True)
class Traffic:
    """What came through the door so far. ``invalid`` is what Discord counts towards a ban."""

    requests: int = 0
    invalid: int = 0
    rate_limited: int = 0

    def count(self, reply: Reply) -> None:
        """Count an answer."""
        self.requests += 1
        self.rate_limited += reply.status == 429
        shared = reply.headers.get("X-RateLimit-Scope") == "shared"
        self.invalid += reply.status in (401, 403, 429) and not shared


class Door:
    """Lets requests in, one way for all routes."""

    def __init__(self, clock: Clock, token: str, faults: Faults, record: Record) -> None:
        self._token = token
        self._faults = faults
        self._record = record
        self._limits = RateLimits(clock)
        self.traffic = Traffic()

    def routes(self, routes: list[Route]) -> list[web.RouteDef]:
        """The routes for the web server, with an end for all that is not there."""
        known = [web.route(route.method, PREFIX + route.path, self._handler(route)) for route in routes]
        paths = dict.fromkeys(route.path for route in routes)
        wrong = [web.route("*", PREFIX + path, self._handler(_ELSE_NOT_ALLOWED)) for path in paths]
        return [*known, *wrong, web.route("*", "/api/{tail:.*}", self._handler(_ELSE_NOT_FOUND))]

    def _handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                body = await read_body(request)
            except Refused as refused:
                return self._finish(request, Body(), _refusal(refused))
            seconds, fault = self._faults.meet(request.method, request.path.removeprefix(PREFIX))
            if seconds:
                await asyncio.sleep(seconds)  # real time, as the client's time-outs are
            reply = _broken(fault) if fault else None
            if reply is None:
                reply = await self._let_in(route, request, body)
            cut = fault is not None and fault.kind is Kind.CUT
            return self._finish(request, body, replace(reply, cut=cut))

        return handle

    async def _let_in(self, route: Route, request: web.Request, body: Body) -> Reply:
        headers: dict[str, str] = {}
        try:
            if route.signed and request.headers.get("Authorization") != f"Bot {self._token}":
                raise http_refusal(401, "Unauthorized")
            major = "/".join(request.match_info.get(name, "") for name in route.major)
            allowed = self._limits.take(
                route.bucket or f"{route.method} {route.path}",
                major,
                route.limit,
                counts_globally=route.signed,
            )
            headers = allowed.headers
            if allowed.retry_after is not None:
                return _limited(allowed.body(), headers)
            call = Call(path=request.path, params=request.match_info, query=request.query, body=body)
            reply = await route.handler(call)
            return replace(reply, headers=headers | reply.headers)
        except Refused as refused:
            reply = _refusal(refused)
            return replace(reply, headers=headers | reply.headers)

    def _finish(self, request: web.Request, body: Body, reply: Reply) -> web.Response:
        self.traffic.count(reply)
        self._record.rest(
            method=request.method,
            path=request.path_qs,
            status=reply.status,
            headers=dict(request.headers),
            body=body.recorded(),
            response=reply.text if reply.text is not None else reply.body,
        )
        if reply.cut and request.transport:
            request.transport.abort()
        return _response(reply)


def _response(reply: Reply) -> web.Response:
    """An answer on the wire. Clients read JSON only if its type is exactly this, without a charset."""
    headers = dict(reply.headers)
    if reply.text is None:
        headers.setdefault("Via", "1.1 google")
    if reply.text is not None:
        return web.Response(status=reply.status, text=reply.text, content_type="text/html", headers=headers)
    if reply.status == 204:
        return web.Response(status=204, headers=headers)
    content = json.dumps(reply.body, separators=(",", ":")).encode()
    return web.Response(
        status=reply.status, body=content, headers=headers | {"Content-Type": "application/json"}
    )


def _refusal(refused: Refused) -> Reply:
    return Reply(status=refused.status, body=refused.body())


async def _not_found(call: Call) -> Reply:
    if call.path.startswith("/api/v") and not call.path.startswith(PREFIX + "/"):
        raise Refused(50041)
    raise http_refusal(404, "Not Found")


async def _not_allowed(_call: Call) -> Reply:
    raise http_refusal(405, "Method Not Allowed")


_ELSE_NOT_FOUND = Route(method="*", path="", handler=_not_found, signed=False)
_ELSE_NOT_ALLOWED = Route(method="*", path="", handler=_not_allowed, signed=False)


def _limited(body: dict[str, Any], headers: dict[str, str]) -> Reply:
    return Reply(
        status=429, body=body, headers=headers | {"Retry-After": str(math.ceil(body["retry_after"]))}
    )


def _broken(fault: Fault) -> Reply | None:
    """The answer that a fault gives in the handler's place, if it does."""
    match fault.kind:
        case Kind.STATUS:
            return Reply(status=fault.status, text=f"<html><body>{fault.status}</body></html>")
        case Kind.CLOUDFLARE:
            headers = {"Retry-After": str(int(fault.seconds) or 1)}
            return Reply(status=429, text="<html><body>error code: 1015</body></html>", headers=headers)
        case Kind.GLOBAL:
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            return _limited(limited_body(fault.seconds, everywhere=True), headers)
        case Kind.USER | Kind.SHARED:
            headers = {"X-RateLimit-Scope": fault.kind.value}
            return _limited(limited_body(fault.seconds, everywhere=False), headers)
        case _:
            return None
