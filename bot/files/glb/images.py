"""Textures: known pictures with a bounded number of pixels, told from their header bytes alone."""

import struct

from bot.files.errors import BrokenGlb, Rule
from bot.files.glb.buffers import View
from bot.files.glb.container import Bytes, Container
from bot.files.glb.values import items, needed

LARGEST_SIDE = 8192
MOST_PIXELS = 2 * LARGEST_SIDE * LARGEST_SIDE
"""All textures together: half a gigabyte once decoded."""

_MOST_SEGMENTS = 1_000
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


def check_images(container: Container, views: list[View]) -> None:
    """Look at every texture's header; raises ``BrokenGlb``."""
    pixels = 0
    for image in items(container.document, "images"):
        if "uri" in image:
            raise BrokenGlb(Rule.EXTERNAL, "a texture has an address")
        view = views[needed(image, "bufferView", views)]
        if not view.stored:
            raise BrokenGlb(Rule.IMAGE, "a texture has no bytes")
        start = container.start + view.start
        width, height = _size(container.data, start, start + view.length)
        if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
            raise BrokenGlb(Rule.IMAGE, f"{width} x {height} pixels")
        pixels += width * height
    if pixels > MOST_PIXELS:
        raise BrokenGlb(Rule.IMAGE, f"{pixels} pixels in all")


def _size(data: Bytes, start: int, end: int) -> tuple[int, int]:
    head = data[start : min(end, start + 30)]
    try:
        if head.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(head)
        if head.startswith(b"\xff\xd8\xff"):
            return _jpeg(data, start + 2, end)
        if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
            return _webp(head)
    except struct.error as error:
        raise BrokenGlb(Rule.IMAGE, "a texture's header is cut off") from error
    raise BrokenGlb(Rule.IMAGE, f"a texture begins with {head[:4]!r}")


def _png(head: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", head, 16)
    return width, height


def _jpeg(data: Bytes, offset: int, end: int) -> tuple[int, int]:
    """Walk from segment to segment until one describes the frame."""
    for _ in range(_MOST_SEGMENTS):
        marker = data[offset : min(end, offset + 9)]
        sign, kind = struct.unpack_from(">BB", marker)
        if sign != 0xFF:  # noqa: PLR2004 - every marker begins with it
            break
        if kind in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", marker, 5)
            return width, height
        if kind == 0xFF:  # noqa: PLR2004 - padding before a marker
            offset += 1
        elif kind in _WITHOUT_LENGTH:
            offset += 2
        else:
            offset += 2 + struct.unpack_from(">H", marker, 2)[0]
    raise BrokenGlb(Rule.IMAGE, "a JPEG without a frame")


def _webp(head: bytes) -> tuple[int, int]:
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", head, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise BrokenGlb(Rule.IMAGE, "a WebP of an unknown kind")
