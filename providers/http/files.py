"""Files that a vendor links to: fetched and handed over without its key, unless its own hosts ask for it.

A link comes from outside, so it is followed only to hosts that were named beforehand,
redirects included. Bytes are streamed, at most as many as the caller allows.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from http import HTTPStatus

import httpx

from providers.base import Upload
from providers.errors import DownloadFailed, HostRefused, LinkExpired, TooLarge, Unavailable
from providers.http.hosts import Hosts, leads_inside
from providers.http.wire import HTTPX_ERRORS, Timing, client, described, measured, translated

PIECE = 64 * 1024  # bytes of a file in memory at once
REDIRECTS = 3

_EXPIRED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.GONE})
_ASKS_FOR_KEY = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class Files:
    """The way to a vendor's files, and to presigned addresses for ours."""

    def __init__(self, provider: str, *, hosts: Hosts, timing: Timing, keyed: Hosts | None = None) -> None:
        """``keyed``: the hosts that may be shown a download's authorization; none unless given."""
        # Compressed bytes could unpack to any size; we ask for plain ones.
        self._client = client(timing, headers={"Accept-Encoding": "identity"})
        self._provider = provider
        self._hosts = hosts
        self._keyed = keyed or Hosts(())
        self._timing = timing

    async def aclose(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()

    async def put(self, url: str, file: Upload) -> None:
        """Stream a file to a presigned address that the vendor's API gave us. Raises ``Unavailable``."""
        target = self._address(url)
        if target.scheme != "https" and not self._hosts.is_named(target.scheme, target.host, target.port):
            raise HostRefused(self._provider, f"would send a file to {target.host} unencrypted")
        await self._refuse_inside(target)
        headers = {"Content-Type": file.content_type, "Content-Length": str(file.size)}
        try:
            async with asyncio.timeout(self._timing.transfer), file.open() as pieces:
                content = measured(self._provider, pieces, file.size)
                request = self._client.build_request("PUT", target, content=content, headers=headers)
                async with aclosing(await self._client.send(request, stream=True)) as response:
                    status = response.status_code
        except (*HTTPX_ERRORS, TimeoutError) as error:
            raise translated(self._provider, error, Unavailable) from error
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            raise Unavailable(self._provider, "the upload address refused", status=status)

    @asynccontextmanager
    async def download(
        self, url: str, *, limit: int, authorization: str = ""
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes behind a link, in pieces; at most ``limit`` of them.

        ``authorization`` is shown where it is asked for, by a host that may see it.
        Raises ``LinkExpired``, ``HostRefused``, ``TooLarge`` or ``DownloadFailed``, when it
        is opened or while it is read. The time limit holds for all that happens inside.
        """
        deadline = asyncio.timeout(self._timing.transfer)
        try:
            async with deadline, AsyncExitStack() as stack:
                response = await stack.enter_async_context(aclosing(await self._opened(url, authorization)))
                yield await stack.enter_async_context(aclosing(self._pieces(response, limit)))
        except TimeoutError as error:
            if not deadline.expired():  # the reader's own, not ours
                raise
            raise DownloadFailed(self._provider, f"not done in {self._timing.transfer} s") from error

    async def _opened(self, url: str, authorization: str) -> httpx.Response:
        target = self._address(url)
        for _ in range(REDIRECTS + 1):
            response = await self._sent(target)
            if response.status_code in _ASKS_FOR_KEY and authorization and self._may_see_keys(target):
                await response.aclose()
                response = await self._sent(target, {"Authorization": authorization})
            if not response.has_redirect_location:
                return await self._good(response)
            await response.aclose()
            target = target.join(self._address(response.headers["Location"]))
        raise DownloadFailed(self._provider, "sent around in circles")

    async def _sent(self, target: httpx.URL, headers: Mapping[str, str] | None = None) -> httpx.Response:
        # ``user:word@`` in an address would become an Authorization header.
        if target.userinfo or not self._hosts.allow(target.scheme, target.host, target.port):
            raise HostRefused(self._provider, f"does not go to {target.scheme}://{target.host}")
        await self._refuse_inside(target)
        try:
            request = self._client.build_request("GET", target, headers=headers)
            return await self._client.send(request, stream=True)
        except HTTPX_ERRORS as error:
            raise DownloadFailed(self._provider, described(error)) from error

    async def _refuse_inside(self, target: httpx.URL) -> None:
        """Only the owner may send us into a private network, by naming the host."""
        named = self._hosts.is_named(target.scheme, target.host, target.port)
        if not named and await leads_inside(target.host):
            raise HostRefused(self._provider, f"{target.host} leads into a private network")

    def _may_see_keys(self, target: httpx.URL) -> bool:
        return self._keyed.allow(target.scheme, target.host, target.port)

    async def _good(self, response: httpx.Response) -> httpx.Response:
        plain = response.headers.get("Content-Encoding", "identity") == "identity"
        if response.is_success and plain:
            return response
        await response.aclose()
        kind = LinkExpired if response.status_code in _EXPIRED else DownloadFailed
        raise kind(self._provider, "the file's host does not give it", status=response.status_code)

    async def _pieces(self, response: httpx.Response, limit: int) -> AsyncGenerator[bytes, None]:
        too_large = TooLarge(self._provider, f"more than {limit} bytes")
        if int(response.headers.get("Content-Length", 0)) > limit:
            raise too_large
        try:
            async for piece in response.aiter_raw(PIECE):
                if response.num_bytes_downloaded > limit:
                    raise too_large
                yield piece
        except HTTPX_ERRORS as error:
            raise DownloadFailed(self._provider, described(error)) from error

    def _address(self, url: str) -> httpx.URL:
        try:
            return httpx.URL(url)
        except httpx.InvalidURL as error:
            raise HostRefused(self._provider, "not an address") from error
