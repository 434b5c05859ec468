"""Answers that are right and arrive in a way that nobody counted on."""

from aiohttp import ClientConnectionResetError, web

from sandbox.clock import Clock
from sandbox.vendors.tripo.faults import Fault

PADDING = b" " * 65_536
"""Spaces, which change no JSON."""


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
