"""Files that are made when they are first asked for, in threads, and the recent ones kept."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from weakref import WeakValueDictionary

from sandbox import models
from sandbox.models import Design
from sandbox.shapes.glb import GlbWriter, read

KEEP = 48
"""Files in memory; others are made again when they are asked for."""
FBX_HEADER = b"Kaydara FBX Binary  \x00\x1a\x00\xe8\x1c\x00\x00"
"""All there is of a file in that format: enough to be told apart from a GLB."""
OTHER_FORMATS: Mapping[str, bytes] = MappingProxyType(
    {
        "fbx": FBX_HEADER,
        "obj": b"# a model\nv 0 0 0\n",
        "stl": bytes(84),
        "usdz": b"PK\x05\x06" + bytes(18),
        "3mf": b"PK\x05\x06" + bytes(18),
    }
)
"""By extension, as little: an STL without triangles, archives without files."""
PAGE = b"<html><body>Internal error</body></html>"
"""What a link gives instead of a model when something went wrong behind it."""

Make = Callable[[], Awaitable[bytes]]
"""Makes a file; the same bytes each time."""


class Shelf:
    """Makes each file at most once at a time, and keeps so many of them."""

    def __init__(self, keep: int = KEEP) -> None:
        self._keep = keep
        self._files: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._making: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def file(self, task_id: str, name: str, make: Make) -> bytes:
        """A task's file of this name, made now unless it is there."""
        place = (task_id, name)
        async with self._making.setdefault(place, asyncio.Lock()):
            if place not in self._files:
                self._files[place] = await make()
            self._files.move_to_end(place)
            while len(self._files) > self._keep:
                self._files.popitem(last=False)
            return self._files[place]


def building(design: Design) -> Make:
    """Makes a GLB after a design."""

    async def make() -> bytes:
        return await asyncio.to_thread(models.build, design)

    return make


async def spoilt(data: bytes, fault: str) -> bytes:
    """A GLB as a fault of ``faults.FILES`` leaves it; as it is for any other."""
    if fault == "truncated_glb":
        return data[: len(data) * 2 // 3]
    if fault == "not_a_glb":
        return PAGE
    if fault == "broken_glb":
        return await asyncio.to_thread(_overreaching, data)
    return data


def _overreaching(glb: bytes) -> bytes:
    """A whole file in which one accessor claims more than there is."""
    found = read(glb)
    found.document["accessors"][0]["count"] += 1_000_000
    return GlbWriter(found.document, found.binary).to_bytes()
