"""What a finished task gives: files that are made when they are first asked for, behind links that die."""

import asyncio
import hashlib
import hmac
from collections import OrderedDict
from typing import Any
from weakref import WeakValueDictionary

from sandbox import models
from sandbox.clock import Clock
from sandbox.shapes.glb import GlbWriter, read
from sandbox.vendors.tripo.refusals import Refusal
from sandbox.vendors.tripo.tasks import Task

KEEP = 48
"""Files in memory; others are made again when they are asked for."""
FBX_HEADER = b"Kaydara FBX Binary  \x00\x1a\x00\xe8\x1c\x00\x00"
"""All there is of a file in that format: enough to be told apart from a GLB."""


class Results:
    """Files and links. ``link_seconds`` is a link's life: sources say 60 s, 5 min or 24 h."""

    def __init__(self, clock: Clock, secret: bytes) -> None:
        self._clock = clock
        self._secret = secret
        self._files: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._making: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self.link_seconds = 300.0

    async def file(self, task: Task) -> bytes:
        """A task's GLB as it was made, without faults."""
        return await self._once(task, "glb")

    async def download(self, task: Task, name: str) -> tuple[bytes, str]:
        """What lies behind a link, and its content type; 404 / 2019 for no such file."""
        if name not in names(task):
            raise Refusal(404, 2019, "The file was not found.")
        extra = task.facts.get("files", {}).get(name)
        if extra is not None:
            return await self._once(task, name), extra.content_type
        if name.endswith(".webp"):
            return await self._once(task, "webp"), "image/webp"
        if name.endswith(".fbx"):
            return FBX_HEADER, "application/octet-stream"
        data = await self._once(task, "glb")
        if task.has_fault("truncated_glb"):
            data = data[: len(data) * 2 // 3]
        if task.has_fault("not_a_glb"):
            data = b"<html><body>Internal error</body></html>"
        if task.has_fault("broken_glb"):
            data = await asyncio.to_thread(_overreaching, data)
        return data, "model/gltf-binary"

    async def _once(self, task: Task, kind: str) -> bytes:
        """Make a file at most once at a time, and keep the recent ones."""
        place = (task.task_id, kind)
        lock = self._making.setdefault(place, asyncio.Lock())
        async with lock:
            if place not in self._files:
                self._files[place] = await self._make(task, kind)
            self._files.move_to_end(place)
            while len(self._files) > KEEP:
                self._files.popitem(last=False)
            return self._files[place]

    async def _make(self, task: Task, kind: str) -> bytes:
        if kind == "glb":
            return await task.make()
        if kind == "webp":
            return await asyncio.to_thread(models.picture, await self.file(task))
        return bytes(await task.facts["files"][kind].make())

    async def output(self, task: Task, base: str) -> dict[str, Any]:
        """The ``output`` of a task that succeeded, with links that were signed just now."""
        if task.type == "animate_prerigcheck":
            kind = await asyncio.to_thread(models.topology, await self.file(task))
            return {"riggable": kind is not None, "rig_type": kind or "others"}
        if "outputs" in task.facts:
            return self._linked(task, task.facts["outputs"], base)
        model, *pictures = [self.link(task, name, base) for name in names(task)]
        output: dict[str, Any] = {"model_url": model}
        if task.has_fault("model_urls_only"):
            output = {"model_urls": [model]}
        if task.has_fault("missing_model_url"):
            output = {}
        if pictures:
            output["rendered_image_url"] = pictures[0]
        return output

    def _linked(self, task: Task, outputs: dict[str, Any], base: str) -> dict[str, Any]:
        """The same shape with links in the place of names."""
        return {
            key: self._linked(task, name, base) if isinstance(name, dict) else self.link(task, name, base)
            for key, name in outputs.items()
        }

    def link(self, task: Task, name: str, base: str) -> str:
        """A signed link to one of a task's files."""
        dead = task.has_fault("expired_links")
        expires = self._clock.now() + (-1000 if dead else round(self.link_seconds * 1000))
        path = f"/results/{task.task_id}/{name}"
        return f"{base}{path}?Expires={expires}&Signature={self.sign(path, expires)}"

    def sign(self, path: str, expires: int) -> str:
        """What proves that a path was given out with this expiry."""
        return hmac.new(self._secret, f"{path}:{expires}".encode(), hashlib.sha256).hexdigest()

    def admit(self, path: str, query: Any) -> None:
        """403 where a link is forged or has died."""
        try:
            expires = int(query.get("Expires", ""))
        except ValueError:
            expires = 0
        genuine = hmac.compare_digest(self.sign(path, expires), query.get("Signature", ""))
        if not genuine or expires < self._clock.now():
            raise Refusal(403, 1005, "Access denied: the link is not valid any more.")


def names(task: Task) -> list[str]:
    """The files of a task: its model, and its picture where it has one."""
    if task.type == "animate_prerigcheck":
        return []
    if "files" in task.facts:
        return list(task.facts["files"])
    model = f"{task.type}.{task.facts.get('format', 'glb')}"
    drawn = task.type != "import_model" and task.facts.get("picture", True)
    return [model, "rendered.webp"] if drawn else [model]


def _overreaching(glb: bytes) -> bytes:
    """A whole file in which one accessor claims more than there is."""
    found = read(glb)
    found.document["accessors"][0]["count"] += 1_000_000
    return GlbWriter(found.document, found.binary).to_bytes()
