"""What is in a GLB, read by hand."""

import json
import struct
from typing import Any


def document(glb: bytes) -> dict[str, Any]:
    """The JSON part; the file has to be whole."""
    magic, version, length, size, kind = struct.unpack_from("<4sIII4s", glb)
    assert (magic, version, length, kind) == (b"glTF", 2, len(glb), b"JSON")
    found: dict[str, Any] = json.loads(glb[20 : 20 + size])
    return found


def clips(glb: bytes) -> list[str]:
    """The names of its animations."""
    return [animation["name"] for animation in document(glb).get("animations", [])]
