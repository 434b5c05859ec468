"""Members' pictures, from Discord to our store, before Discord's links to them die."""

import asyncio
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

import aiohttp
import discord

from bot.jobs.errors import PictureUnusable
from bot.jobs.orders import Picture
from bot.jobs.service import Jobs

MAX_BYTES = 20 * 1000 * 1000
_AT_ONCE = 4
_SECONDS = 60


class Pictures:
    """Fetches attachments; at most four at once, because each is held in memory for a moment."""

    def __init__(self, jobs: Jobs, hosts: Collection[str]) -> None:
        self._jobs = jobs
        self._hosts = frozenset(hosts)
        self._room = asyncio.Semaphore(_AT_ONCE)

    def accept(self, attachments: Sequence[discord.Attachment | None]) -> None:
        """Look at what Discord says of them, before anything is fetched.

        Raises:
            PictureUnusable: over 20 MB, or not on a host that we fetch from.
        """
        for attachment in filter(None, attachments):
            if attachment.size > MAX_BYTES:
                raise PictureUnusable("too_heavy", maximum=MAX_BYTES)
            if urlsplit(attachment.url).netloc not in self._hosts:
                raise PictureUnusable("unreachable")

    async def keep(self, attachments: Sequence[discord.Attachment | None]) -> tuple[Picture | None, ...]:
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

    async def _keep(self, attachment: discord.Attachment) -> Picture:
        async with self._room:
            return await self._jobs.keep_picture(await _fetch(attachment), attachment.filename)


async def _fetch(attachment: discord.Attachment) -> bytes:
    try:
        async with asyncio.timeout(_SECONDS):
            return await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        raise PictureUnusable("unreachable") from error
