"""Sets of files that tasks have: what they are called, and how they come of a GLB."""

import functools
import io
from collections.abc import Callable, Collection, Mapping
from typing import Any

from PIL import Image

from sandbox import models
from sandbox.shapes.glb import Glb, read
from sandbox.vendors.making import OTHER_FORMATS
from sandbox.vendors.meshy.plan import File

GLB_TYPE = "model/gltf-binary"
FLAT_NORMAL = (128, 128, 255)
SIDES = {"front": 0.0, "right": 270.0, "back": 180.0, "left": 90.0}
"""Degrees by which the thing is turned."""


class Set:
    """Files under their names, and the part of a task's output that leads to them."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.output: dict[str, Any] = {}

    def add(self, name: str, content_type: str, of: Callable[[bytes], bytes]) -> str:
        """Add one; its name."""
        self.files[name] = File(content_type=content_type, of=of)
        return name

    def glb(self, name: str, of: Callable[[bytes], bytes] | None = None) -> str:
        """Add a GLB: the task's own, or one that comes of it."""
        return self.add(name, GLB_TYPE, of or _itself)

    def fbx(self, name: str) -> str:
        """Add a stub in that format."""
        return self.other(name, "fbx")

    def other(self, name: str, extension: str) -> str:
        """Add a stub in another format."""
        return self.add(name, "application/octet-stream", functools.partial(_stub, kind=extension))

    def png(self, name: str, *, turn: float = 0.0) -> str:
        """Add a picture of the model."""
        return self.add(name, "image/png", functools.partial(drawn, turn=turn))


def model(formats: Collection[str]) -> Set:
    """A model in these formats, of which all but GLB are stubs, with its picture."""
    made = Set()
    urls: dict[str, str] = {}
    for extension in formats:
        if extension == "glb":
            urls["glb"] = made.glb("model.glb")
            continue
        urls[extension] = made.other(f"model.{extension}", extension)
        if extension == "obj":
            urls["mtl"] = made.other("model.mtl", "mtl")
    made.output["model_urls"] = urls
    made.output["thumbnail_url"] = made.png("preview.png")
    return made


def textures(made: Set, *, pbr: bool) -> None:
    """Add what the surface is painted with: its colour, and where asked what light does on it."""
    urls = {"base_color": made.add("texture_0.png", "image/png", _colour)}
    if pbr:
        for part in ("metallic", "normal", "roughness"):
            of = functools.partial(_surface, part=part)
            urls[part] = made.add(f"texture_0_{part}.png", "image/png", of)
    made.output["texture_urls"] = [urls]


def sides(made: Set) -> None:
    """Add pictures from four sides."""
    made.output["thumbnail_urls"] = {
        side: made.png(f"preview_{side}.png", turn=turn) for side, turn in SIDES.items()
    }


def drawn(glb: bytes, *, turn: float = 0.0) -> bytes:
    """A picture of what a GLB shows, as PNG."""
    with Image.open(io.BytesIO(models.picture(glb, turn=turn))) as picture:
        return _png(picture.convert("RGB"))


def _itself(glb: bytes) -> bytes:
    return glb


def _stub(_: bytes, *, kind: str) -> bytes:
    return OTHER_FORMATS.get(kind, f"# {kind}\n".encode())


def _colour(glb: bytes) -> bytes:
    return _texture(read(glb), "baseColorTexture") or _plain((200, 200, 200))


def _surface(glb: bytes, *, part: str) -> bytes:
    """Metal is the blue of the file's own texture, roughness its green; it has no bumps."""
    found = _texture(read(glb), "metallicRoughnessTexture")
    if part == "normal" or found is None:
        return _plain(FLAT_NORMAL if part == "normal" else (0, 0, 0))
    with Image.open(io.BytesIO(found)) as picture:
        return _png(picture.convert("RGB").getchannel("B" if part == "metallic" else "G"))


def _texture(glb: Glb, name: str) -> bytes | None:
    material: Mapping[str, Any] = next(iter(glb.document.get("materials", [])), {})
    found = material.get("pbrMetallicRoughness", {}).get(name)
    if found is None:
        return None
    image = glb.document["images"][glb.document["textures"][found["index"]]["source"]]
    return glb.view(image["bufferView"]) if "bufferView" in image else None


def _plain(colour: tuple[int, int, int]) -> bytes:
    return _png(Image.new("RGB", (8, 8), colour))


def _png(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "png")
    return target.getvalue()
