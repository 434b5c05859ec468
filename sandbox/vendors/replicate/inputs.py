"""Files that a model is given, really read: from a link, from a data URI, from the vendor's own files.

A model reads them when it runs, so that what is wrong with a file fails the prediction and
is no refusal: ``ModelDied`` holds what the model says then. (They are read when the
prediction is taken on, so that a test has nothing to wait for.)
"""

import asyncio
import base64
import binascii
import io
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from PIL import Image, UnidentifiedImageError
from yarl import URL

from sandbox.models import check
from sandbox.shapes.glb import GlbError
from sandbox.vendors.fetching import TooLarge, Unfetched, fetched

MEGABYTE = 1024 * 1024
LIMIT = 100 * MEGABYTE
EXTENSIONS = {
    "model/gltf-binary": ".glb",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
}
"""What a data URI is called for models that look at names."""


class ModelDied(Exception):
    """A model came to an end that it did not want; the message is the prediction's ``error``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What was given, and the extension of its name, with the point; empty for none."""

    data: bytes
    extension: str


Read = Callable[[str], Awaitable[File]]
"""Reads one reference; ``ModelDied`` where nothing is there."""
Own = Callable[[URL], Awaitable[bytes | None]]
"""A file of the vendor's own behind a link; ``None`` for links of others."""


def reader(own: Own) -> Read:
    """Reads links and data URIs as the vendor's machines do, which need no key for its own files."""

    async def read(reference: str) -> File:
        if reference.startswith("data:"):
            return unfolded(reference)
        try:
            url = URL(reference)
            data = await own(url)
        except ValueError as error:
            raise ModelDied(f"Failed to download input file: {error}") from error
        return File(data=await _fetched(reference) if data is None else data, extension=url.suffix.lower())

    return read


async def _fetched(link: str) -> bytes:
    try:
        return await fetched(link, LIMIT)
    except (Unfetched, TooLarge) as error:
        raise ModelDied(f"Failed to download input file: {error}") from error


def unfolded(uri: str) -> File:
    """The file in a data URI."""
    head, _, body = uri.removeprefix("data:").partition(",")
    kind, *marks = head.split(";")
    try:
        data = base64.b64decode(body, validate=True) if "base64" in marks else unquote_to_bytes(body)
    except binascii.Error as error:
        raise ModelDied("Invalid data URI: Incorrect padding") from error
    return File(data=data, extension=EXTENSIONS.get(kind, ""))


async def picture(
    file: File,
    *,
    formats: Collection[str] = ("PNG", "JPEG", "WEBP"),
    sides: tuple[int, int] = (1, 16_384),
    most: int = LIMIT,
) -> bytes:
    """A picture's bytes; ``ModelDied`` for what a model does not take."""
    if len(file.data) > most:
        raise ModelDied(f"Image file size must be less than {most // MEGABYTE}MB")
    await asyncio.to_thread(_look, file.data, formats, sides)
    return file.data


def _look(data: bytes, formats: Collection[str], sides: tuple[int, int]) -> None:
    try:
        with Image.open(io.BytesIO(data), formats=list(formats)) as found:
            least, largest = min(found.size), max(found.size)
            found.load()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ModelDied("cannot identify image file '/tmp/tmpinput'") from error
    if least < sides[0] or largest > sides[1]:
        raise ModelDied(f"Image dimensions must be between {sides[0]} and {sides[1]} pixels per side")


async def mesh(file: File, *, extensions: Collection[str]) -> bytes:
    """A GLB's bytes; ``ModelDied`` for another name, and for what cannot be read."""
    if file.extension not in extensions:
        raise ModelDied(f"ValueError: file_type '{file.extension}' is not supported")
    try:
        await asyncio.to_thread(check, file.data)
    except GlbError as error:
        raise ModelDied(f"trimesh failed to load /src/tmp/input{file.extension}: {error}") from error
    return file.data
