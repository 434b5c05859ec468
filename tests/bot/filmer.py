"""Somebody who films without drawing anything, and does what a test tells."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.files.previews.limits import GIF, STILL
from bot.files.previews.rendering import Pictures


@dataclass(slots=True, eq=False)
class FakeFilmer:
    """Its films have two frames; ``trouble`` is asked before each, and may raise."""

    trouble: Callable[[], None] = lambda: None
    filmed: list[bytes] = field(default_factory=list)
    """The models that it was given."""
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Until then it films."""

    def __post_init__(self) -> None:
        self.ready.set()

    async def prepare(self) -> None:
        """It needs nothing."""

    async def film(self, model: Path, folder: Path) -> Pictures:
        self.filmed.append(model.read_bytes())  # noqa: ASYNC240 - a small file of a test
        self.trouble()
        await self.ready.wait()
        (folder / GIF).write_bytes(picture("GIF"))
        (folder / STILL).write_bytes(picture("WEBP"))
        return Pictures(film=folder / GIF, still=folder / STILL)


def picture(kind: str) -> bytes:
    """As small as it may be; a GIF moves."""
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, kind, **({"save_all": True, "append_images": frames[1:]} if kind == "GIF" else {}))
    return out.getvalue()
