"""What both clients share: time-outs, and what httpx's errors mean for a request.

The question is always the same: can the other side have acted on it?
"""

import logging
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache

import httpx

from providers.errors import ProviderError, Unavailable
from providers.redact import redacted

HTTPX_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict)

_NOT_SENT = (
    httpx.ConnectError,  # refused, or the name is not known
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,  # no tunnel, so nothing went through it
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long to wait, in seconds."""

    connect: float = 10
    read: float = 30
    write: float = 30
    pool: float = 10
    call: float = 60
    """For one exchange of JSON as a whole."""
    transfer: float = 600
    """For one file as a whole."""


PATIENT = Timing()
"""For vendors on the far side of the internet."""
KEPT = 15.0
"""Seconds that an idle connection is kept: longer than the pause between two looks at a task."""


def client(timing: Timing, *, base_url: str = "", headers: dict[str, str]) -> httpx.AsyncClient:
    """A client with four time-outs and no redirects, whose addresses and headers stay out of the log."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx.AsyncClient(
        base_url=base_url,
        verify=_trusted(),
        headers={"User-Agent": "Maquette", **headers},
        follow_redirects=False,
        limits=httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=KEPT),
        timeout=httpx.Timeout(connect=timing.connect, read=timing.read, write=timing.write, pool=timing.pool),
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that are believed; reading them takes 40 ms, and they are the same for every client."""
    return httpx.create_ssl_context()


def translated(provider: str, error: Exception, lost: type[ProviderError]) -> ProviderError:
    """Our error for one of httpx's, or a time-out; ``lost`` where the request may have arrived."""
    kind = Unavailable if isinstance(error, _NOT_SENT) else lost
    return kind(provider, described(error))


def described(error: Exception) -> str:
    """An error for the log, without links and keys."""
    return redacted(f"{type(error).__name__}: {error}")


async def measured(provider: str, pieces: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """The same pieces; raises ``Unavailable`` where they are not ``size`` bytes in all.

    Checked here, because below httpx a wrong length surfaces as an error that is not httpx's.
    """
    sent = 0
    async for piece in pieces:
        sent += len(piece)
        if sent > size:
            break
        yield piece
    if sent != size:
        raise Unavailable(provider, f"our file should have {size} bytes")
