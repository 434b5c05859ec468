"""GLB files in and out: the parts of glTF 2.0 that the sandbox's models are made of.

``GlbWriter`` collects arrays and pictures into one buffer; ``read`` gives a file's
JSON and arrays back. Anything that is not a GLB with readable arrays is a ``GlbError``.
"""

import json
import struct
from typing import Any

import numpy as np

from sandbox.shapes.mesh import Floats, Ints

MAGIC = b"glTF"
JSON_CHUNK, BINARY_CHUNK = 0x4E4F534A, 0x004E4942
VERTICES, INDICES = 34962, 34963  # bufferView targets
COMPONENTS = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}

MOST_NODES = 10_000  # a file that loops or never ends is cut off here


class GlbError(ValueError):
    """These bytes are not a GLB that can be read here."""


class GlbWriter:
    """A growing GLB: ``document`` is its JSON, arrays and pictures are added to its buffer."""

    def __init__(self, document: dict[str, Any], binary: bytes = b"") -> None:
        self.document = document
        self._binary = bytearray(binary)

    def view(self, data: bytes, *, target: int | None = None) -> int:
        """Put bytes into the buffer, aligned; the number of their bufferView."""
        self._binary += b"\0" * (-len(self._binary) % 4)
        view = {"buffer": 0, "byteOffset": len(self._binary), "byteLength": len(data)}
        if target is not None:
            view["target"] = target
        self._binary += data
        return self._add("bufferViews", view)

    def array(self, values: Floats | Ints, *, target: int | None = None, normalized: bool = False) -> int:
        """Put an array into the buffer, one row per element; the number of its accessor."""
        table = np.ascontiguousarray(values)
        width = 1 if table.ndim == 1 else table.shape[1]
        accessor: dict[str, Any] = {
            "bufferView": self.view(table.tobytes(), target=target),
            "componentType": _component(table),
            "count": len(table),
            "type": next(name for name, size in WIDTHS.items() if size == width),
        }
        if normalized:
            accessor["normalized"] = True
        if width != 16 and table.dtype.kind == "f":
            columns = table.reshape(len(table), width)
            # float32 to the last bit: the validator compares the bounds with the data exactly.
            accessor["min"] = [float(value) for value in columns.min(axis=0)]
            accessor["max"] = [float(value) for value in columns.max(axis=0)]
        return self._add("accessors", accessor)

    def add(self, kind: str, thing: dict[str, Any]) -> int:
        """Append to one of the document's lists; the thing's number in it."""
        return self._add(kind, thing)

    def _add(self, kind: str, thing: dict[str, Any]) -> int:
        things = self.document.setdefault(kind, [])
        things.append(thing)
        return len(things) - 1

    def to_bytes(self) -> bytes:
        """The finished file."""
        self._binary += b"\0" * (-len(self._binary) % 4)
        self.document["buffers"] = [{"byteLength": len(self._binary)}]
        text = json.dumps(self.document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        chunks = struct.pack("<II", len(text), JSON_CHUNK) + text
        chunks += struct.pack("<II", len(self._binary), BINARY_CHUNK) + bytes(self._binary)
        return MAGIC + struct.pack("<II", 2, 12 + len(chunks)) + chunks


def _component(table: Any) -> int:
    return next(code for code, name in COMPONENTS.items() if np.dtype(name) == table.dtype)


class Glb:
    """A file that was read: its JSON as ``document``, its buffer as ``binary``."""

    def __init__(self, document: dict[str, Any], binary: bytes) -> None:
        self.document = document
        self.binary = binary

    def view(self, index: int) -> bytes:
        """The bytes of a bufferView."""
        view = self.document["bufferViews"][index]
        start = view.get("byteOffset", 0)
        return self.binary[start : start + view["byteLength"]]

    def array(self, index: int) -> Any:
        """An accessor's values, one row per element; normalised integers as fractions of one."""
        accessor = self.document["accessors"][index]
        kind, width = np.dtype(COMPONENTS[accessor["componentType"]]), WIDTHS[accessor["type"]]
        view = self.document["bufferViews"][accessor["bufferView"]]
        start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
        stride = view.get("byteStride", kind.itemsize * width)
        table = np.ndarray(
            (accessor["count"], width), kind, self.binary, start, (stride, kind.itemsize)
        ).copy()
        if accessor.get("normalized"):
            table = table.astype(np.float32) / np.iinfo(kind).max
        return table[:, 0] if width == 1 else table

    def placed_meshes(self) -> list[tuple[dict[str, Any], Floats]]:
        """The nodes of the scene that show a mesh, each with the matrix of its place in the world."""
        nodes = self.document.get("nodes", [])
        scene = self.document["scenes"][self.document.get("scene", 0)]
        found: list[tuple[dict[str, Any], Floats]] = []
        waiting = [(nodes[index], np.eye(4)) for index in scene["nodes"]]
        while waiting and len(found) < MOST_NODES:
            node, parent = waiting.pop()
            matrix = parent @ _local(node)
            if "mesh" in node:
                # A skinned mesh stands where its joints hold it, whatever its own node says.
                found.append((node, np.eye(4) if "skin" in node else matrix))
            waiting += [(nodes[index], matrix) for index in node.get("children", [])]
        return found


def _local(node: dict[str, Any]) -> Floats:
    if "matrix" in node:
        return np.array(node["matrix"], dtype=float).reshape(4, 4).T
    x, y, z, w = node.get("rotation", (0, 0, 0, 1))
    turned = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turned * np.array(node.get("scale", (1, 1, 1)))
    matrix[:3, 3] = node.get("translation", (0, 0, 0))
    return matrix


def read(data: bytes) -> Glb:
    """Open a GLB; raises ``GlbError``."""
    try:
        magic, version, length = struct.unpack_from("<4sII", data)
        if magic != MAGIC or version != 2 or length != len(data):
            raise GlbError("not a GLB 2 file of its own length")
        size, kind = struct.unpack_from("<II", data, 12)
        if kind != JSON_CHUNK:
            raise GlbError("the first chunk is not JSON")
        document = json.loads(data[20 : 20 + size])
        binary = data[20 + size + 8 :]
    except (struct.error, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise GlbError("not a GLB file") from error
    if not isinstance(document, dict):
        raise GlbError("its JSON is not an object")
    return Glb(document, binary)
