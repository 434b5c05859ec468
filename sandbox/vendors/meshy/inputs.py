"""What requests point at, really read: earlier tasks, links, and files in the request itself."""

import asyncio
import base64
import binascii
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from sandbox.models import check
from sandbox.shapes.glb import GlbError
from sandbox.vendors.fetching import TooLarge, Unfetched, fetched
from sandbox.vendors.making import Make
from sandbox.vendors.meshy.accounts import Key
from sandbox.vendors.meshy.refusals import bad
from sandbox.vendors.meshy.results import Results
from sandbox.vendors.meshy.tasks import Task, TaskBook

PICTURE_LIMIT = 50 * 1024 * 1024
MODEL_LIMIT = 100 * 1024 * 1024
SHOWN = 80
"""Signs of a file in a request that its books keep."""
PICTURES = frozenset({"text-to-image", "image-to-image"})
MODELS = frozenset(
    {
        *("text-to-3d-preview", "text-to-3d-refine", "image-to-3d", "multi-image-to-3d"),
        *("retexture", "remesh", "convert", "resize", "uv-unwrap"),
    }
)
"""Types of task that have a model without a skeleton."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A model to work on: a task's, or a file's own bytes."""

    task: Task | None
    make: Make


class Inputs:
    """Reads what requests point at."""

    def __init__(self, tasks: TaskBook, results: Results) -> None:
        self._tasks = tasks
        self._results = results

    def finished(self, key: Key, task_id: str, kinds: frozenset[str]) -> Task:
        """A task that succeeded and is of one of these types; 404 where there is none, else 400."""
        task = self._tasks.get(key, task_id)
        if task.plan.type not in kinds:
            raise bad("The source task is of the wrong type.")
        if task.status != "SUCCEEDED":
            raise bad("The source task has not succeeded.")
        return task

    async def model(self, key: Key, task_id: str | None, link: str | None) -> Source:
        """A model; the task wins where both are given, and 400 where neither is."""
        if task_id:
            return self.made(self.finished(key, task_id, MODELS))
        if not link:
            raise bad("Either input_task_id or model_url is required.")
        data = await _read(link, MODEL_LIMIT)
        try:
            await asyncio.to_thread(check, data)
        except GlbError as error:
            raise bad(f"The model cannot be used: {error}.") from error

        async def make() -> bytes:
            return data

        return Source(task=None, make=make)

    def made(self, task: Task) -> Source:
        """An earlier task's model."""
        return Source(task=task, make=lambda: self._results.model(task))

    async def picture(self, link: str) -> bytes:
        """A picture's bytes; 400 where it is none."""
        data = await _read(link, PICTURE_LIMIT)
        await asyncio.to_thread(_admit_picture, data)
        return data

    async def pictures_of(self, task: Task) -> list[bytes]:
        """What a task painted."""
        return [await self._results.file(task, name) for name in task.plan.output["image_urls"]]


async def _read(link: str, limit: int) -> bytes:
    if link.startswith("data:"):
        return await asyncio.to_thread(_inline, link, limit)
    if not link.startswith(("http://", "https://")):
        raise bad("Neither a link nor a data URI.")
    try:
        return await fetched(link, limit)
    except (Unfetched, TooLarge) as error:
        raise bad(str(error)) from error


def _inline(link: str, limit: int) -> bytes:
    head, comma, text = link.partition(",")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad("The data URI is not base64.") from error
    if not comma or not head.endswith(";base64") or not data:
        raise bad("The data URI is not base64.")
    if len(data) > limit:
        raise bad("The file is too large.")
    return data


def _admit_picture(data: bytes) -> None:
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as picture:
            picture.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise bad("The image is neither PNG nor JPEG, or cannot be read.") from error


def for_the_books(body: Mapping[str, Any]) -> dict[str, Any]:
    """A request with the files in it cut short."""
    return {name: _short(part) for name, part in body.items()}


def _short(part: Any) -> Any:
    if isinstance(part, list):
        return [_short(one) for one in part]
    if isinstance(part, str) and part.startswith("data:") and len(part) > SHOWN:
        return f"{part[:SHOWN]}... {len(part)} signs"
    return part
