"""A model of a given weight: as much fine geometry and texture put into a file as makes it that large.

What is added is as real as the rest. It is noise, which nothing on the way can make smaller,
and lies in the model's own box: half of it a cloud of triangles, half the picture on them.
"""

import io

import numpy as np
from PIL import Image

from sandbox.shapes.files import extent
from sandbox.shapes.glb import INDICES, VERTICES, Glb, GlbWriter, read
from sandbox.shapes.mesh import Floats

_CORNER = 12 + 12 + 8 + 4
"""Bytes of a corner: place, normal, place on the texture, index."""
_SPREAD = 0.02
"""How large a triangle is, as a share of the model's box."""
_ROOM = 10_000
"""Bytes for what describes it, and for rounding down."""


def weighted(data: bytes, size: int) -> bytes:
    """The file with so much more in it that it has nearly ``size`` bytes; as it is, where it has them."""
    glb = read(data)
    more = size - len(data) - _ROOM
    if more <= 0:
        return data
    writer, rng = GlbWriter(glb.document, glb.binary), np.random.default_rng(size)
    _cloud(writer, glb, rng, corners=more // 2 // _CORNER // 3 * 3, picture=_noise(rng, more // 2))
    return writer.to_bytes()


def _cloud(writer: GlbWriter, glb: Glb, rng: np.random.Generator, *, corners: int, picture: bytes) -> None:
    low, high = extent(glb)
    middles = rng.random((corners // 3, 1, 3))
    places = (low + _around(rng, middles) * (high - low)).reshape(-1, 3).astype("<f4")
    normals = np.tile(np.array([[0, 1, 0]], dtype="<f4"), (corners, 1))
    primitive = {
        "attributes": {
            "POSITION": writer.array(places, target=VERTICES),
            "NORMAL": writer.array(normals, target=VERTICES),
            "TEXCOORD_0": writer.array(rng.random((corners, 2), dtype="f4"), target=VERTICES),
        },
        "indices": writer.array(np.arange(corners, dtype="<u4"), target=INDICES),
        "material": _material(writer, picture),
    }
    mesh = writer.add("meshes", {"name": "cloud", "primitives": [primitive]})
    writer.document["scenes"][0]["nodes"].append(writer.add("nodes", {"name": "cloud", "mesh": mesh}))


def _around(rng: np.random.Generator, middles: Floats) -> Floats:
    """The corners of a small triangle around each; large ones would lie in front of one another."""
    corners: Floats = np.clip(middles + (rng.random((len(middles), 3, 3)) - 0.5) * _SPREAD, 0, 1)
    return corners


def _material(writer: GlbWriter, picture: bytes) -> int:
    image = writer.add("images", {"mimeType": "image/png", "bufferView": writer.view(picture)})
    texture = {"index": writer.add("textures", {"source": image})}
    return writer.add("materials", {"name": "noise", "pbrMetallicRoughness": {"baseColorTexture": texture}})


def _noise(rng: np.random.Generator, size: int) -> bytes:
    """A PNG of nearly so many bytes, not compressed."""
    side = int((size / 3.01) ** 0.5)
    out = io.BytesIO()
    Image.fromarray(rng.integers(0, 256, (side, side, 3), dtype=np.uint8)).save(out, "PNG", compress_level=0)
    return out.getvalue()
