"""Is a member's picture one that a vendor can use?

Decided by its content, never by its name. Pillow reads the header first; pixels are
decoded only when the header promises few enough of them, for a file of some kilobytes
can become a gigabyte.
"""

import re
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from bot.files.errors import BadPicture

SMALLEST_SIDE = 256
LARGEST_SIDE = 8192
LARGEST_SIZE = 20 * 1024 * 1024
MOST_MEMORY = 128 * 1024 * 1024
"""Bytes that one picture may take while we look at it."""
_BYTES_PER_PIXEL = {"image/png": 4, "image/jpeg": 4, "image/webp": 16}
"""As measured: WebP is held several times over; of JPEG an eighth is decoded, where it is not progressive."""
_DRAFT = 8
_PASSED_ON = frozenset({"image/png", "image/jpeg"})
"""What every vendor takes."""
_KINDS = {"PNG": ("image/png", ".png"), "JPEG": ("image/jpeg", ".jpg"), "WEBP": ("image/webp", ".webp")}

_SIGNATURE = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|RIFF.{4}WEBP", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """What a picture is, whatever it was called. Sizes are in pixels."""

    width: int
    height: int
    content_type: str
    extension: str


def check_picture(data: bytes) -> PictureFacts:
    """What the picture is; raises ``BadPicture``. Decodes it, so it belongs into a thread."""
    if len(data) > LARGEST_SIZE:
        raise BadPicture("too_heavy", size=len(data), limit=LARGEST_SIZE)
    facts = _header(data)
    sides = {"width": facts.width, "height": facts.height}
    if min(sides.values()) < SMALLEST_SIDE:
        raise BadPicture("too_small", **sides, limit=SMALLEST_SIDE)
    if max(sides.values()) > LARGEST_SIDE:
        raise BadPicture("too_large", **sides, limit=LARGEST_SIDE)
    if facts.width * facts.height * _BYTES_PER_PIXEL[facts.content_type] > MOST_MEMORY:
        raise BadPicture("too_large", **sides, limit=LARGEST_SIDE)
    _decode(data)
    return facts


def as_vendors_take_it(data: bytes) -> tuple[bytes, PictureFacts]:
    """The picture, checked, and what it is: WebP, which not every vendor takes, becomes PNG.

    Of one that moves the first moment is kept. A photograph that is over the limit as PNG
    becomes JPEG, without its transparency. Raises ``BadPicture``; belongs into a thread.
    """
    facts = check_picture(data)
    if facts.content_type in _PASSED_ON:
        return data, facts
    with _open(data) as image:
        other = _saved(image.convert("RGBA"), "PNG")
        if len(other) > LARGEST_SIZE:
            other = _saved(image.convert("RGB"), "JPEG")
    return other, _header(other)


def _saved(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def _header(data: bytes) -> PictureFacts:
    try:
        with _open(data) as image:
            content_type, extension = _KINDS[image.format or ""]
            width, height = image.size
    except Image.DecompressionBombError as error:
        raise BadPicture("too_large", limit=LARGEST_SIDE) from error
    except Exception as error:  # Pillow's readers raise whatever the bytes provoke
        raise BadPicture("broken" if _SIGNATURE.match(data) else "not_a_picture") from error
    return PictureFacts(width=width, height=height, content_type=content_type, extension=extension)


def _decode(data: bytes) -> None:
    """Read the pixels to the last one: a picture that was cut off has a perfect header."""
    try:
        with _open(data) as image:
            image.draft(image.mode, (image.width // _DRAFT, image.height // _DRAFT))  # for JPEG alone
            image.load()
    except Exception as error:  # see above
        raise BadPicture("broken") from error


def _open(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we have limits of our own
        return Image.open(BytesIO(data), formats=tuple(_KINDS))
