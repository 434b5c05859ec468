"""Files on their way to a vendor."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from PIL import Image

from providers.base import Upload


def upload_of(content: bytes, *, name: str = "owl.png", size: int | None = None) -> Upload:
    """An upload of these bytes, in several pieces."""

    @asynccontextmanager
    async def open_() -> AsyncIterator[AsyncIterator[bytes]]:
        yield pieces()

    async def pieces() -> AsyncIterator[bytes]:
        step = max(len(content) // 3, 1)
        for start in range(0, len(content), step):
            yield content[start : start + step]

    real = len(content) if size is None else size
    return Upload(name=name, content_type="image/png", size=real, open=open_)


def picture(colour: str = "red", kind: str = "PNG") -> bytes:
    """A square on white."""
    file = io.BytesIO()
    drawn = Image.new("RGB", (256, 256), "white")
    drawn.paste(colour, (64, 64, 192, 192))
    drawn.save(file, kind)
    return file.getvalue()
