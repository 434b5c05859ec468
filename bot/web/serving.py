"""The site on a port."""

import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

log = structlog.get_logger()

_TRIES = 20
_GRACE_SECONDS = 3.0
_IDLE_SECONDS = 15.0
_HIGHEST_PORT = 65_535


@asynccontextmanager
async def serving(
    app: web.Application, *, host: str, port: int, idle_seconds: float = _IDLE_SECONDS
) -> AsyncIterator[int]:
    """Serve while the context lasts; yields the port, the next free one where ``port`` is in use.

    A connection has ``idle_seconds`` to bring its next request, whole; one that drips is closed.

    Raises ``OSError`` where none of the next twenty is free, or the host is not this machine's.
    """
    listener = _free_socket(host, port)
    # Addresses are secrets, so there is no access log; who still downloads gets some seconds.
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=_GRACE_SECONDS,
        keepalive_timeout=idle_seconds,
        auto_decompress=False,  # packed bytes could become any number, and nobody has reason to send us any
    )
    try:
        await runner.setup()
        await web.SockSite(runner, listener).start()
        taken: int = listener.getsockname()[1]
        if port not in {0, taken}:
            log.warning("port_in_use", port=port, taken=taken)
        yield taken
    finally:
        await runner.cleanup()
        listener.close()


def _free_socket(host: str, port: int) -> socket.socket:
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    last = min(port + _TRIES, _HIGHEST_PORT) if port else 0
    for candidate in range(port, last + 1):
        try:
            return socket.create_server((host, candidate), family=family)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or candidate == last:
                raise
    raise AssertionError("unreachable")  # the range is never empty
