"""Answers that nobody counted on: something else in their place, or the right ones in an odd way."""

from collections.abc import Awaitable, Callable

from aiohttp import ClientConnectionResetError, web

from sandbox.clock import Clock
from sandbox.vendors.faults import BREAKS, SPOILS, Fault, Faults
from sandbox.vendors.refusals import Refusal

PADDING = b" " * 65_536
"""Spaces, which change no JSON."""
ELSEWHERE = "http://elsewhere.example/model.glb"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Refused = Callable[[Fault], Refusal]
"""A vendor's words for ``reject`` and for the refusals of its own."""


class Spoiling:
    """Lets the faults that were armed for a call happen to it."""

    def __init__(self, faults: Faults, clock: Clock, refused: Refused) -> None:
        self._faults = faults
        self._clock = clock
        self._refused = refused

    async def through(
        self, request: web.Request, handler: Handler, *, on: str, kind: str | None = None
    ) -> web.StreamResponse:
        """Answer, with what is to go wrong; ``on`` is the call and ``kind`` the type of task it makes."""
        response = await self._break(request, on, kind) or await handler(request)
        fault = self._faults.take(SPOILS, on=on, kind=kind)
        if fault is None or not isinstance(response, web.Response):
            return response
        return await spoiled(fault, request, response, self._clock)

    async def _break(self, request: web.Request, on: str, kind: str | None) -> web.Response | None:
        fault = self._faults.take(BREAKS, on=on, kind=kind)
        if fault is None:
            return None
        if fault.name == "slow_answer":
            await self._clock.sleep(fault.seconds)
            return None
        return instead_of_an_answer(fault, request, self._refused)


def instead_of_an_answer(fault: Fault, request: web.Request, refused: Refused) -> web.Response:
    """What comes in the place of an answer; a ``Refusal`` is raised."""
    if fault.name == "cut_before_accept":
        return cut(request)
    if fault.name == "html_502":
        return bad_gateway()
    if fault.name == "html_page":
        return web.Response(text="<html><body>We will be back soon.</body></html>", content_type="text/html")
    if fault.name == "redirect":
        return web.Response(status=302, headers={"Location": ELSEWHERE})
    raise refused(fault)


async def spoiled(
    fault: Fault, request: web.Request, response: web.Response, clock: Clock
) -> web.StreamResponse:
    """The answer as a fault of ``SPOILS`` lets it arrive."""
    body = response.body if isinstance(response.body, bytes) else b""
    if fault.name == "wrong_type":
        return web.Response(status=response.status, body=body, content_type="text/html")
    stream = web.StreamResponse(status=response.status)
    stream.content_type = response.content_type
    await stream.prepare(request)
    if fault.name == "slow_body":
        await stream.write(body[: len(body) // 2])
        await clock.sleep(fault.seconds)
        await stream.write(body[len(body) // 2 :])
    else:
        await _without_end(stream, body)
    return stream


async def _without_end(stream: web.StreamResponse, body: bytes) -> None:
    """Until nobody listens any more."""
    try:
        await stream.write(body)
        while True:
            await stream.write(PADDING)
    except ClientConnectionResetError:
        pass


def cut(request: web.Request) -> web.Response:
    """Cut the connection; the response goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def bad_gateway() -> web.Response:
    """What a gateway in front of the vendor says: HTML, with no envelope."""
    page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
    return web.Response(status=502, text=page, content_type="text/html")
