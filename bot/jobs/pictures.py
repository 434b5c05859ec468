"""Members' pictures: looked at by their content, and kept, because Discord's links die."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from bot.files.errors import BadPicture
from bot.files.picture import as_vendors_take_it
from bot.jobs.clock import Ids
from bot.jobs.errors import PictureUnusable
from bot.jobs.orders import Picture
from bot.jobs.scanning import Infected, NotScanned, Scanning
from bot.jobs.text import file_name
from storage.objects.base import ObjectStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Keeps pictures in the object store, each under a key of its own."""

    store: ObjectStore
    scanning: Scanning
    ids: Ids
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    """A picture may take a hundred times its size while it is decoded."""

    async def keep(self, data: bytes, name: str) -> Picture:
        """Check a picture and store it, as a kind that every vendor takes.

        Raises:
            PictureUnusable: with the reason.
            StorageError: our store did not take it.
        """
        await self._scan(data)
        try:
            async with self._one_at_a_time:
                data, facts = await asyncio.to_thread(as_vendors_take_it, data)
        except BadPicture as error:
            raise PictureUnusable(error.reason, **error.facts) from error
        kept = f"{file_name(name.rsplit('.', 1)[0])}{facts.extension}"
        key = self._new_key(kept)
        await self.store.put(key, _once(data), content_type=facts.content_type, limit=len(data))
        return Picture(
            key=key,
            name=kept,
            content_type=facts.content_type,
            size=len(data),
            sha256=sha256(data).hexdigest(),
            width=facts.width,
            height=facts.height,
        )

    async def copy(self, picture: Picture) -> Picture:
        """The same picture once more, so that two models may each be deleted without the other.

        Raises:
            StorageError: it cannot be read or written.
        """
        key = self._new_key(picture.name)
        async with self.store.open(picture.key) as stream:
            await self.store.put(key, stream, content_type=picture.content_type, limit=picture.size)
        return replace(picture, key=key)

    async def discard(self, pictures: Sequence[Picture | None]) -> None:
        """Forget pictures that no job came of."""
        for picture in pictures:
            if picture:
                await self.store.delete(picture.key)

    async def _scan(self, data: bytes) -> None:
        try:
            await self.scanning.look(_once(data), what="picture")
        except Infected as error:
            raise PictureUnusable("infected") from error
        except NotScanned as error:
            raise PictureUnusable("not_scanned") from error

    def _new_key(self, name: str) -> str:
        return f"pictures/{self.ids.new()}/{name}"


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
