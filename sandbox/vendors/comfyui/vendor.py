"""The server behind its routes: library, disk, queue and sockets, all in memory."""

import asyncio
import contextlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from sandbox.clock import Clock
from sandbox.models import check
from sandbox.shapes.glb import GlbError
from sandbox.vendors.background import Background
from sandbox.vendors.comfyui.disk import Disk, Outside, Stored, named
from sandbox.vendors.comfyui.faults import NAMES
from sandbox.vendors.comfyui.graph import Graph, in_order
from sandbox.vendors.comfyui.library import Library
from sandbox.vendors.comfyui.making import MESH_READERS, READERS, files_read
from sandbox.vendors.comfyui.prompts import Wrong
from sandbox.vendors.comfyui.queue import PromptQueue
from sandbox.vendors.comfyui.saving import Saving
from sandbox.vendors.comfyui.sockets import Sockets
from sandbox.vendors.faults import CALLS, Faults
from sandbox.vendors.pace import Pace

VERSION = "0.42.0"


@dataclass(slots=True, kw_only=True)
class Ways:
    """Where versions differ or sources disagree, which of them is played."""

    canonical_ids: bool = True
    """Whether a ``prompt_id`` must be a UUID in its usual form."""
    queue_shows_sensitive: bool = False
    """Whether rows of the queue have a sixth member."""
    max_upload_mb: int = 100
    """Also the most that a JSON body may have."""


class Vendor:
    """One server with its files and its queue."""

    def __init__(
        self,
        clock: Clock,
        *,
        authorization: str = "",
        version: str = VERSION,
        custom_nodes: Iterable[str] = (),
        max_upload_mb: int = 100,
        speed: float = 1.0,
    ) -> None:
        self.clock = clock
        self.pace = Pace(clock, speed)
        self.authorization = authorization
        self.ways = Ways(max_upload_mb=max_upload_mb)
        self.disk = Disk()
        self.library = Library(self.disk.listed, version=version, packs=custom_nodes)
        self.sockets = Sockets()
        self.saving = Saving(self.disk)
        self.queue = PromptQueue(self.pace, self.library, self.saving, self.sockets.tell)
        self.faults = Faults(NAMES, calls=CALLS | {"socket"})
        self.background = Background()
        self.stirred = asyncio.Event()
        self.down_until = 0
        """Nobody is served before this time."""
        self.number = 0
        self._restarts = 0

    async def restart(self, seconds: float = 0.0) -> None:
        """Go down for so long; what was in memory is gone, what lies on the disk stays."""
        self.queue.restart()
        self.down_until = self.clock.now() + round(seconds * 1000)
        await self.advance()

    async def advance(self) -> None:
        """Bring everything to where it is by now; after a restart nobody is listened to any more."""
        self.queue.advance()
        if self._restarts != self.queue.restarts:
            self._restarts, self.number = self.queue.restarts, 0
            await self.sockets.cut()

    def exists(self, reference: str) -> bool:
        """Whether a file that a graph names is there."""
        with contextlib.suppress(Outside):
            return self.disk.find(named(reference)) is not None
        return False

    async def wrongs(self, graph: Graph, outputs: list[str]) -> dict[str, Wrong]:
        """The nodes that will fail for the files they read."""
        order = in_order(graph, outputs)
        files = files_read(graph, order)
        found: dict[str, Wrong] = {}
        for node_id in order:
            kind = graph[node_id]["class_type"]
            if kind not in READERS:
                continue
            stored = self.disk.find(files[node_id]) if node_id in files else None
            if wrong := await self._wrong(stored, is_mesh=kind in MESH_READERS):
                found[node_id] = wrong
        return found

    async def _wrong(self, stored: Stored | None, *, is_mesh: bool) -> Wrong | None:
        if stored is None:
            return Wrong(type="FileNotFoundError", message="File not found: /srv/ComfyUI/input\n")
        data = await self.disk.read(stored)
        try:
            await asyncio.to_thread(check if is_mesh else _look, data)
        except GlbError as error:
            return Wrong(type="ValueError", message=f"Error loading mesh: {error}\n")
        except (UnidentifiedImageError, OSError):
            message = "cannot identify image file '/srv/ComfyUI/input'\n"
            return Wrong(type="PIL.UnidentifiedImageError", message=message)
        return None

    async def watch(self) -> None:
        """While somebody listens, see to it that things happen when they are due, not when asked about."""
        while True:
            self.stirred.clear()
            await self.advance()
            await self._until(self.queue.due() if self.sockets and self.pace.factor else None)

    async def _until(self, work: float | None) -> None:
        """Until so much work is done, or something else was asked for."""
        waits: list[asyncio.Task[Any]] = [asyncio.create_task(self.stirred.wait())]
        if work is not None:
            seconds = max(1, self.pace.when(work) - self.clock.now()) / 1000
            waits.append(asyncio.create_task(self.clock.sleep(seconds)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


def _look(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
