"""The ``input`` of a request: a link, a task or a file, told apart by its form, and really read."""

import asyncio
import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from sandbox.models import check
from sandbox.shapes.glb import GlbError
from sandbox.vendors.fetching import TooLarge, Unfetched, fetched
from sandbox.vendors.pictures import is_picture
from sandbox.vendors.tripo.accounts import Key
from sandbox.vendors.tripo.refusals import Refusal, bad
from sandbox.vendors.tripo.tasks import MODELS, Task, TaskBook, is_uuid
from sandbox.vendors.tripo.uploads import MODEL_LIMIT, PICTURE_LIMIT, Uploads

SMALLEST_SIDE, LARGEST_SIDE = 256, 6000


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A model to work on: a task's, or a file's own bytes."""

    task: Task | None = None
    data: bytes = b""


class Inputs:
    """Reads what requests point at."""

    def __init__(self, uploads: Uploads, tasks: TaskBook) -> None:
        self._uploads = uploads
        self._tasks = tasks

    async def picture(self, reference: str) -> bytes:
        """A picture's bytes; refused where it is none, too small or too large."""
        if is_uuid(reference):
            raise bad("A task is no picture here.")
        data = await self._file(reference, PICTURE_LIMIT)
        await asyncio.to_thread(_admit_picture, data)
        return data

    async def model(self, key: Key, reference: str) -> Source:
        """A model; of a task it must have succeeded, under this key."""
        if is_uuid(reference):
            return Source(task=self.finished(key, reference))
        data = await self._file(reference, MODEL_LIMIT)
        try:
            await asyncio.to_thread(check, data)
        except GlbError as error:
            raise Refusal(400, 2004, f"The file cannot be used: {error}.") from error
        return Source(data=data)

    def finished(self, key: Key, task_id: str, *, kinds: frozenset[str] = MODELS, wrong: int = 2006) -> Task:
        """A task that succeeded and is of one of these types; 2001, ``wrong`` or 2007 else."""
        task = self._tasks.get(key, task_id)
        if task.type not in kinds:
            raise Refusal(400, wrong, "The source task is of the wrong type.")
        if task.status != "success":
            raise Refusal(400, 2007, "The source task has not succeeded.")
        return task

    async def _file(self, reference: str, limit: int) -> bytes:
        if reference.startswith(("http://", "https://")):
            return await _fetched(reference, limit)
        if not reference.startswith("file_"):
            raise bad("The input is neither a link, a task nor a file token; data in place is not taken.")
        return self._uploads.read(reference)


async def _fetched(link: str, limit: int) -> bytes:
    try:
        return await fetched(link, limit)
    except Unfetched as error:
        raise bad(str(error)) from error
    except TooLarge as error:
        raise Refusal(400, 2021, str(error)) from error


def _admit_picture(data: bytes) -> None:
    if not is_picture(data):
        raise Refusal(400, 2004, "The file type is not supported.")
    if len(data) > PICTURE_LIMIT:
        raise Refusal(400, 2021, "The picture is too large.")
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if not SMALLEST_SIDE <= min(picture.size) <= max(picture.size) <= LARGEST_SIDE:
                raise Refusal(400, 2022, f"A side must have {SMALLEST_SIDE} to {LARGEST_SIDE} pixels.")
            picture.load()
    except (UnidentifiedImageError, OSError) as error:
        raise Refusal(400, 2004, "The picture cannot be read.") from error
