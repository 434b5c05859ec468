"""Reading what a request carries: JSON, or a form with ``payload_json`` and ``files[n]``.

Types are derived from the file's name, as Discord does (clients send everything as application/octet-stream);
a picture's size is read from its content.
"""

import asyncio
import io
import json
import mimetypes
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web
from PIL import Image

from sandbox.discord.forms import Field
from sandbox.discord.nouns import MIB
from sandbox.discord.refusals import Json, Refused

REQUEST_LIMIT = 25 * MIB
_FILE_PART = re.compile(r"files?\[(\d+)\]")
_UNSAFE = re.compile(r"[^\w.\-]", re.ASCII)
_EXTRA_TYPES = {".glb": "model/gltf-binary", ".webp": "image/webp", ".avif": "image/avif"}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that came with a request."""

    name: str
    content: bytes = field(repr=False)
    content_type: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a request said, and its files by the number in ``files[n]``."""

    payload: Any = None
    files: dict[int, File] = field(default_factory=dict)

    @property
    def form(self) -> Field:
        """The body for reading; none at all is an empty one."""
        return Field({} if self.payload is None else self.payload)

    def recorded(self) -> Any:
        """The body as a record keeps it: of files only their names and sizes."""
        if not self.files:
            return self.payload
        files = [{"name": file.name, "bytes": len(file.content)} for file in self.files.values()]
        return {"payload_json": self.payload, "files": files}


async def read_body(request: web.Request) -> Body:
    """Read a request's body, at most 25 MiB of it.

    Raises:
        Refused: 413/40005 for one that is larger, 400/50109 for one that is no JSON.
    """
    if request.content_length is not None and request.content_length > REQUEST_LIMIT:
        raise Refused(40005)
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    if request.can_read_body and request.content_type != "application/json":
        words = "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}."
        error = {"code": "CONTENT_TYPE_INVALID", "message": words}
        raise Refused(50035, errors={"_errors": [error]})
    try:
        content = await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise Refused(40005) from error
    return Body(payload=_parsed(content) if content else None)


async def _read_multipart(request: web.Request) -> Body:
    payload: Any = None
    files: dict[int, File] = {}
    left = REQUEST_LIMIT
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = await _part(part, left)
        left -= len(content)
        slot = _FILE_PART.fullmatch(part.name or "")
        if part.name == "payload_json":
            payload = _parsed(content)
        elif slot:
            files[int(slot[1])] = await inspect(part.filename or "unknown", content)
    return Body(payload=payload if payload is not None else {}, files=files)


async def _part(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        content += chunk
        if len(content) > limit:
            raise Refused(40005)
    return bytes(content)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refused(50109) from error


async def inspect(name: str, content: bytes) -> File:
    """What a client would be told about a file of this name and content."""
    name = _UNSAFE.sub("_", name.rpartition("/")[2]) or "unknown"
    content_type = type_by_name(name)
    size: tuple[int, int] | None = None
    if content_type and content_type.startswith("image/"):
        size = await asyncio.to_thread(_picture_size, content)
    width, height = size or (None, None)
    return File(name=name, content=content, content_type=content_type, width=width, height=height)


def type_by_name(name: str) -> str | None:
    """The type that a file's name speaks of, if any."""
    suffix = "." + name.rpartition(".")[2].lower()
    return _EXTRA_TYPES.get(suffix) or mimetypes.guess_type(name)[0]


def _picture_size(content: bytes) -> tuple[int, int] | None:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None  # a name is only a claim


def file_facts(file: File) -> Json:
    """The fields of an attachment that come from its file."""
    return {
        "filename": file.name,
        "content": file.content,
        "content_type": file.content_type,
        "width": file.width,
        "height": file.height,
    }
