"""Files on their way: from a vendor or the store to disk, checked there, and into the store.

Memory stays flat: bytes go by in pieces, and disk work is done in threads.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from storage.objects.base import ObjectStore

PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """A folder for files in passing."""

    folder: Path
    store: ObjectStore

    async def clear(self) -> None:
        """Remove what a killed process left behind; before anything else is done here."""
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    @asynccontextmanager
    async def room(self) -> AsyncIterator[Path]:
        """A folder of one's own, gone afterwards."""
        self.folder.mkdir(parents=True, exist_ok=True)
        made = await asyncio.to_thread(mkdtemp, dir=self.folder)
        try:
            yield Path(made)
        finally:
            await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)

    async def save(self, stream: AsyncIterator[bytes], path: Path) -> int:
        """Write a stream to disk; gives its size."""
        size = 0
        with await asyncio.to_thread(path.open, "wb") as file:
            async for piece in stream:
                await asyncio.to_thread(file.write, piece)
                size += len(piece)
        return size

    async def get(self, key: str, path: Path) -> int:
        """Fetch an object of the store to disk; gives its size."""
        async with self.store.open(key) as stream:
            return await self.save(stream, path)


async def read_pieces(path: Path) -> AsyncIterator[bytes]:
    """The bytes of a file, in pieces."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
