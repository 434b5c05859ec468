"""What a finished task gives: files that are made when they are first asked for, behind links that die."""

import asyncio
from typing import Any

from sandbox import models
from sandbox.shapes.weight import weighted
from sandbox.vendors.links import Links
from sandbox.vendors.making import FBX_HEADER, Shelf, spoilt
from sandbox.vendors.tripo.refusals import Refusal
from sandbox.vendors.tripo.tasks import Task


class Results:
    """Files and links. Of a link's life sources say 60 s, 5 min or 24 h."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.weight = 0
        """Bytes that a model has at least when it is fetched."""
        self._shelf = Shelf()

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
        data = await self._once(task, "heavy glb" if self.weight else "glb")
        return await spoilt(data, task.fault.name if task.fault else ""), "model/gltf-binary"

    async def _once(self, task: Task, kind: str) -> bytes:
        return await self._shelf.file(task.task_id, kind, lambda: self._make(task, kind))

    async def _make(self, task: Task, kind: str) -> bytes:
        if kind == "glb":
            return await task.make()
        if kind == "heavy glb":
            return await asyncio.to_thread(weighted, await self.file(task), self.weight)
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
        life = -1.0 if task.has_fault("expired_links") else None
        return base + self.links.signed(f"/results/{task.task_id}/{name}", seconds=life)

    def admit(self, path: str, query: Any) -> None:
        """403 where a link is forged or has died."""
        if not self.links.alive(path, query):
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
