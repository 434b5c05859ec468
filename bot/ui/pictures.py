"""Members' pictures, from Discord to our store, before Discord's links to them die."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import aiohttp
from yarl import URL

from bot.jobs.errors import PictureUnusable
from bot.jobs.orders import Picture
from bot.jobs.service import Jobs
from providers.http import Hosts

DISCORDS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
"""Reached by https alone; the hosts of another Discord are the owner's word."""
MAX_BYTES = 20 * 1000 * 1000
_AT_ONCE = 4
_PATIENCE = aiohttp.ClientTimeout(total=60)


class Pictured(Protocol):
    """A picture that lies on Discord's side: an attachment, or what ``Posted`` says of one."""

    @property
    def url(self) -> str:
        """Where it can be fetched, for some hours."""

    @property
    def filename(self) -> str:
        """What it is called."""

    @property
    def size(self) -> int:
        """Bytes, as far as Discord says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A picture of which little more than the address is known."""

    url: str
    filename: str
    size: int = 0


class Pictures:
    """Fetches pictures; at most four at once, because each is held in memory for a moment."""

    def __init__(self, jobs: Jobs, hosts: Collection[str]) -> None:
        self._jobs = jobs
        self._hosts = Hosts(DISCORDS.intersection(hosts), frozenset(hosts) - DISCORDS)
        self._room = asyncio.Semaphore(_AT_ONCE)

    def accept(self, attachments: Sequence[Pictured | None]) -> None:
        """Look at what Discord says of them, before anything is fetched.

        Raises:
            PictureUnusable: over 20 MB, or not on a host that we fetch from.
        """
        for attachment in filter(None, attachments):
            if attachment.size > MAX_BYTES:
                raise PictureUnusable("too_heavy", maximum=MAX_BYTES)
            if not self.reaches(attachment.url):
                raise PictureUnusable("unreachable")

    def reaches(self, address: str) -> bool:
        """Whether it lies where we fetch from."""
        try:
            url = URL(address)
        except ValueError:
            return False
        port = None if url.is_default_port() else url.port
        return not url.user and self._hosts.allow(url.scheme, url.host or "", port)

    async def keep(self, attachments: Sequence[Pictured | None]) -> tuple[Picture | None, ...]:
        """Fetch and keep them all, or none.

        Raises:
            PictureUnusable: one could not be fetched, or is not a picture that we take.
        """
        kept: list[Picture | None] = []
        try:
            for attachment in attachments:
                picture = await self._keep(attachment) if attachment else None
                kept.append(picture)  # one by one: what was kept before a bad one has to be found again
        except Exception:
            await self._jobs.discard_pictures(kept)
            raise
        return tuple(kept)

    async def _keep(self, attachment: Pictured) -> Picture:
        async with self._room:
            return await self._jobs.keep_picture(await fetch(attachment.url, MAX_BYTES), attachment.filename)


async def fetch(address: str, most: int) -> bytes:
    """The bytes there as they are: no redirect is followed, nothing unpacked, no more read than ``most``.

    Raises:
        PictureUnusable: there are more, or it cannot be had.
    """
    plain = {"Accept-Encoding": "identity"}
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE, auto_decompress=False, headers=plain) as http,
            http.get(address, allow_redirects=False) as answer,
        ):
            return await _body(answer, most)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise PictureUnusable("unreachable") from error


async def _body(answer: aiohttp.ClientResponse, most: int) -> bytes:
    if answer.status != HTTPStatus.OK:
        raise PictureUnusable("unreachable")
    data = bytearray()
    async for piece in answer.content.iter_any():
        data += piece
        if len(data) > most:
            raise PictureUnusable("too_heavy", maximum=most)
    return bytes(data)
