"""Small GLBs made by hand: a textured triangle on two joints that wave."""

import json
import struct
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

Document = dict[str, Any]


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 4)) -> bytes:
    """Bytes of a picture in one colour."""
    out = BytesIO()
    Image.new("RGB", size, (180, 120, 40)).save(out, kind)
    return out.getvalue()


class Builder:
    """A document and its bytes, put together piece by piece."""

    def __init__(self) -> None:
        self.binary = bytearray()
        self.document: Document = {"asset": {"version": "2.0"}, "bufferViews": [], "accessors": []}

    def view(self, data: bytes) -> int:
        """Add bytes; the index of their view."""
        self.binary += bytes(-len(self.binary) % 4)
        views = self.document["bufferViews"]
        views.append({"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)})
        self.binary += data
        return len(views) - 1

    def accessor(self, kind: str, rows: list[tuple[float, ...]], code: str = "f") -> int:
        """Add numbers; the index of their accessor."""
        flat = [value for row in rows for value in row]
        view = self.view(struct.pack(f"<{len(flat)}{code}", *flat))
        component = {"f": 5126, "H": 5123, "B": 5121}[code]
        accessor = {"bufferView": view, "componentType": component, "count": len(rows), "type": kind}
        if code == "f" and kind != "MAT4":
            columns = list(zip(*rows, strict=True))
            accessor |= {
                "min": [min(column) for column in columns],
                "max": [max(column) for column in columns],
            }
        self.document["accessors"].append(accessor)
        return len(self.document["accessors"]) - 1

    def bytes(self) -> bytes:
        """The whole file."""
        document = deepcopy(self.document)
        document["buffers"] = [{"byteLength": len(self.binary)}]
        return pack(document, bytes(self.binary))

    def write(self, path: Path) -> Path:
        """The whole file, on disk."""
        path.write_bytes(self.bytes())
        return path


def pack(document: object, binary: bytes = b"") -> bytes:
    """A GLB around any JSON, right or wrong."""
    return pack_text(json.dumps(document).encode(), binary)


def pack_text(text: bytes, binary: bytes = b"") -> bytes:
    """A GLB around any text."""
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    if binary:
        binary += bytes(-len(binary) % 4)
        chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def triangle(*, texture: bytes | None = None) -> Builder:
    """The least there is to see, and its texture."""
    build = Builder()
    attributes = {
        "POSITION": build.accessor("VEC3", [(0, 0, 0), (1, 0, 0), (0, 1, 0)]),
        "TEXCOORD_0": build.accessor("VEC2", [(0, 0), (1, 0), (0, 1)]),
    }
    indices = build.accessor("SCALAR", [(0,), (1,), (2,)], "H")
    image = build.view(texture or picture())
    build.document |= {
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"name": "Body", "mesh": 0}],
        "meshes": [{"primitives": [{"attributes": attributes, "indices": indices, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
        "textures": [{"source": 0}],
        "images": [{"bufferView": image, "mimeType": "image/png"}],
    }
    return build


def rig(clip: str | None = None, *, swing: float = 0.5, joints: tuple[str, str] = ("Hip", "Arm")) -> Builder:
    """The triangle on two joints; with a clip, the second one swings."""
    build = triangle()
    attributes = build.document["meshes"][0]["primitives"][0]["attributes"]
    attributes["JOINTS_0"] = build.accessor("VEC4", [(0, 1, 0, 0)] * 3, "B")
    attributes["WEIGHTS_0"] = build.accessor("VEC4", [(0.5, 0.5, 0, 0)] * 3)
    identity = tuple(float(row == column) for row in range(4) for column in range(4))
    matrices = build.accessor("MAT4", [identity] * 2)
    build.document["nodes"] = [
        {"name": "Body", "mesh": 0, "skin": 0},
        {"name": joints[0], "children": [2]},
        {"name": joints[1]},
    ]
    build.document["scenes"] = [{"nodes": [0, 1]}]
    build.document["skins"] = [{"joints": [1, 2], "inverseBindMatrices": matrices}]
    if clip is not None:
        add_clip(build, clip, swing)
    return build


def add_clip(build: Builder, clip: str, swing: float) -> None:
    """One more animation of the second joint."""
    times = build.accessor("SCALAR", [(0.0,), (1.0,)])
    values = build.accessor("VEC3", [(0.0, 0.0, 0.0), (swing, 0.0, 0.0)])
    animation = {
        "samplers": [{"input": times, "output": values}],
        "channels": [{"sampler": 0, "target": {"node": 2, "path": "translation"}}],
    }
    if clip:
        animation["name"] = clip
    build.document.setdefault("animations", []).append(animation)
