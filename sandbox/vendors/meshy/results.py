"""What a finished task gives: files that are made when they are first asked for, behind links that die.

At the real vendor files lie on another host, which must never see the key.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from sandbox.vendors.links import Links
from sandbox.vendors.making import Shelf, spoilt
from sandbox.vendors.meshy.plan import File
from sandbox.vendors.meshy.refusals import no_such_task
from sandbox.vendors.meshy.tasks import Task
from sandbox.vendors.refusals import Refusal

EMPTY: Mapping[str, Any] = {"model_urls": {}, "image_urls": [], "result": {}}
"""What is left where links are missing."""


class Results:
    """Files and links. How long a link lives is not documented; a client of the vendor's own says 24 h."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self._shelf = Shelf()

    async def model(self, task: Task) -> bytes:
        """A task's GLB as it was made, without faults."""
        return await self._shelf.file(task.task_id, "", task.plan.make)

    async def file(self, task: Task, name: str) -> bytes:
        """One of a task's files, without faults."""
        return await self._shelf.file(task.task_id, name, lambda: self._make(task, task.plan.files[name]))

    async def _make(self, task: Task, file: File) -> bytes:
        return await asyncio.to_thread(file.of, await self.model(task))

    async def download(self, task: Task, name: str) -> tuple[bytes, str]:
        """What lies behind a link, and its content type; 404 for no such file."""
        if name not in task.plan.files or task.status != "SUCCEEDED":
            raise no_such_task()
        data = await self.file(task, name)
        if name.endswith(".glb") and task.fault:
            data = await spoilt(data, task.fault.name)
        return data, task.plan.files[name].content_type

    def output(self, task: Task, base: str) -> dict[str, Any]:
        """What a task that succeeded shows, with links that were signed just now."""
        if task.has_fault("missing_model_url"):
            return {name: EMPTY.get(name, "") for name in task.plan.output}
        return {name: self._linked(task, part, base) for name, part in task.plan.output.items()}

    def _linked(self, task: Task, part: Any, base: str) -> Any:
        """The same shape with links in the place of names."""
        match part:
            case str():
                return self._link(task, part, base)
            case list():
                return [self._linked(task, one, base) for one in part]
            case _:
                return {name: self._linked(task, one, base) for name, one in part.items()}

    def _link(self, task: Task, name: str, base: str) -> str:
        life = -1.0 if task.has_fault("expired_links") else None
        path = f"/assets/{task.key.account.name}/tasks/{task.task_id}/output/{name}"
        return base + self.links.signed(path, seconds=life)

    def admit(self, path: str, query: Mapping[str, str]) -> None:
        """403 where a link is forged or has died."""
        if not self.links.alive(path, query):
            raise Refusal(403, "Access denied")
