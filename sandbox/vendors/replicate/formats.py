"""Files that are no plain GLB: pictures in the form that was asked for, meshes in other formats, a rig.

OBJ and STL are real; of the other formats as much as is needed to tell them apart. All of
it is computing: keep it off an event loop.
"""

import io
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from sandbox import models
from sandbox.shapes.glb import Glb, GlbWriter, read
from sandbox.shapes.mesh import Floats
from sandbox.vendors.making import OTHER_FORMATS

PICTURES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
PLY = (
    b"ply\nformat ascii 1.0\nelement vertex 1\n"
    b"property float x\nproperty float y\nproperty float z\nend_header\n0 0 0\n"
)
LOOKS = (0.0, 90.0, 180.0, 270.0)
"""Degrees of a turning picture's frames."""
CORNER = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("unused", "<u2")])
"""A triangle in an STL."""


def painted(glb: bytes, *, form: str, ratio: str, quality: int, megapixels: float) -> bytes:
    """A picture of a model, with sides of this ratio and about so many million pixels."""
    wide, high = (int(part) for part in ratio.split(":"))
    side = (megapixels * 1024 * 1024 / (wide * high)) ** 0.5
    size = (round(side * wide / 16) * 16, round(side * high / 16) * 16)
    target = io.BytesIO()
    with Image.open(io.BytesIO(models.picture(glb))) as drawn:
        found = drawn.convert("RGB")
        padded = ImageOps.pad(found, size, color=tuple(found.tobytes()[:3]))  # the first pixel's
    padded.save(target, {"jpg": "jpeg"}.get(form, form), **({} if form == "png" else {"quality": quality}))
    return target.getvalue()


def turning(glb: bytes) -> bytes:
    """A GIF of a model from four sides."""
    frames = [Image.open(io.BytesIO(models.picture(glb, turn=turn))).resize((128, 128)) for turn in LOOKS]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], duration=200, loop=0)
    return target.getvalue()


def converted(glb: bytes, form: str) -> bytes:
    """A model in another format: ``obj``, ``stl``, ``ply``, ``fbx`` or ``usdz``."""
    if form == "obj":
        return _obj(_triangles(read(glb)))
    if form == "stl":
        return _stl(_triangles(read(glb)))
    return PLY if form == "ply" else OTHER_FORMATS[form]


def boned(glb: bytes) -> bytes:
    """A model with the skeleton that fits it, whose joints are called ``bone_0`` and so on."""
    found = read(models.rig(glb, models.topology(glb) or "biped"))
    joints = dict.fromkeys(joint for skin in found.document["skins"] for joint in skin["joints"])
    for number, joint in enumerate(joints):
        found.document["nodes"][joint]["name"] = f"bone_{number}"
    return GlbWriter(found.document, found.binary).to_bytes()


def _triangles(glb: Glb) -> Floats:
    """The corners of every triangle that the file shows, where they stand."""
    found: list[Any] = []
    for node, matrix in glb.placed_meshes():
        for primitive in glb.document["meshes"][node["mesh"]]["primitives"]:
            places = glb.array(primitive["attributes"]["POSITION"]) @ matrix[:3, :3].T + matrix[:3, 3]
            found.append(places[glb.array(primitive["indices"])].reshape(-1, 3, 3))
    return np.concatenate(found)


def _obj(triangles: Floats) -> bytes:
    corners = "\n".join(f"v {x:.5f} {y:.5f} {z:.5f}" for x, y, z in triangles.reshape(-1, 3))
    faces = "\n".join(f"f {first} {first + 1} {first + 2}" for first in range(1, 3 * len(triangles), 3))
    return f"{corners}\n{faces}\n".encode()


def _stl(triangles: Floats) -> bytes:
    table = np.zeros(len(triangles), CORNER)
    table["corners"] = triangles
    return bytes(80) + len(triangles).to_bytes(4, "little") + table.tobytes()
