"""Files that somebody might take for pictures."""

import io
import struct
import zlib

from PIL import Image

NO_PICTURE = b"%PDF-1.7 this is a text with the name of a picture"


def drawn(width: int = 300, height: int = 300, colour: str = "teal") -> bytes:
    """A picture as it should be."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def truncated() -> bytes:
    """One whose end never came."""
    noise = Image.effect_noise((300, 300), 80)
    out = io.BytesIO()
    noise.save(out, "PNG")
    return out.getvalue()[:-2000]


def bomb() -> bytes:
    """A small file that promises nine hundred million pixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000), 9)
    chunks = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
