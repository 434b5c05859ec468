"""Reading what a request's link points at, like the vendor's own fetch, but never beyond this machine."""

import aiohttp
from yarl import URL

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PATIENCE = aiohttp.ClientTimeout(total=10)


class Unfetched(Exception):
    """Nothing was there to be read; the message says why."""


class TooLarge(Exception):
    """There is more than may be."""


async def fetched(link: str, limit: int) -> bytes:
    """The bytes behind a link on this machine, at most ``limit``; ``Unfetched`` or ``TooLarge`` else."""
    if URL(link).host not in LOOPBACK:
        raise Unfetched("The link could not be fetched: this sandbox reads from its own machine alone.")
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(link, allow_redirects=False) as answer,
        ):
            data = await answer.content.read(limit + 1) if answer.status == 200 else b""
            while 0 < len(data) <= limit and not answer.content.at_eof():
                data += await answer.content.read(limit + 1 - len(data))
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unfetched("The link could not be fetched.") from error
    if not data:
        raise Unfetched("The link could not be fetched.")
    if len(data) > limit:
        raise TooLarge("The file is too large.")
    return data
