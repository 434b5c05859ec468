"""Answers that nobody counted on: something else in their place, or the right ones in an odd way."""

from aiohttp import ClientConnectionResetError, web

from sandbox.clock import Clock
from sandbox.vendors.tripo.faults import Fault
from sandbox.vendors.tripo.wire import bad_gateway, cut

PADDING = b" " * 65_536
"""Spaces, which change no JSON."""

ELSEWHERE = "http://elsewhere.example/model.glb"


def instead_of_an_answer(fault: Fault, request: web.Request) -> web.Response:
    """What comes in the place of an answer; a ``Refusal`` is raised."""
    if fault.name == "cut_before_accept":
        return cut(request)
    if fault.name == "html_502":
        return bad_gateway()
    if fault.name == "html_page":
        return web.Response(text="<html><body>We will be back soon.</body></html>", content_type="text/html")
    if fault.name == "redirect":
        return web.Response(status=302, headers={"Location": ELSEWHERE})
    raise fault.refusal()


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
