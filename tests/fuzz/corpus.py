"""Sound models to be spoilt: what vendors send, and what hand-made oddities glTF allows."""

import struct
from collections.abc import Iterator

from sandbox import models
from tests.bot.files.building import Builder, add_clip, pack, picture, rig, triangle


def corpus() -> dict[str, bytes]:
    """All of them by name; each is sound."""
    return {**dict(_of_vendors()), **{name: build.bytes() for name, build in _oddities()}, **dict(_packed())}


def _of_vendors() -> Iterator[tuple[str, bytes]]:
    """A textured model, the same with a skeleton, and that with clips; small, for there will be many."""
    made = models.build(models.Design(prompt="a low poly robot", seed=1, face_limit=300))
    rigged = models.rig(made)
    yield "textured", made
    yield "skinned", rigged
    yield "animated", models.animate(rigged, ["walk", "jump"])


def _oddities() -> Iterator[tuple[str, Builder]]:
    yield "triangle", triangle()
    yield "rig", rig("walk")
    for kind in ("JPEG", "WEBP"):
        yield kind.lower(), triangle(texture=picture(kind, (32, 16)))
    clips = rig("walk")
    add_clip(clips, "", 0.2)
    add_clip(clips, "naïve \U0001f3c3", 0.3)
    yield "clips", clips
    yield "crowd", _crowd()
    yield "sparse", _sparse()
    yield "interleaved", _interleaved()
    yield "talkative", _talkative()


def _crowd() -> Builder:
    """Cameras, morph targets, a second scene, and one mesh shown in many places."""
    build = triangle()
    document = build.document
    moved = build.accessor("VEC3", [(0, 0, 1)] * 3)
    document["meshes"][0]["primitives"][0]["targets"] = [{"POSITION": moved}]
    document["cameras"] = [{"type": "perspective", "perspective": {"yfov": 1.0, "znear": 0.1}}]
    document["nodes"] += [{"mesh": 0, "translation": [n, 0, 0]} for n in range(5)]
    document["nodes"] += [{"camera": 0, "children": [1, 2]}]
    document["scenes"] = [{"nodes": [0, 6]}, {"nodes": [3, 4]}]
    return build


def _sparse() -> Builder:
    build = triangle()
    indices, values = build.view(struct.pack("<H", 1)), build.view(struct.pack("<3f", 5, 5, 5))
    build.document["accessors"][0]["sparse"] = {
        "count": 1,
        "indices": {"bufferView": indices, "componentType": 5123},
        "values": {"bufferView": values},
    }
    return build


def _interleaved() -> Builder:
    build = triangle()
    rows = [(x, y, 0.0, x, y) for x, y in ((0, 0), (1, 0), (0, 1))]
    view = build.view(struct.pack("<15f", *(value for row in rows for value in row)))
    build.document["bufferViews"][view]["byteStride"] = 20
    for number, offset in ((0, 0), (1, 12)):
        build.document["accessors"][number] |= {"bufferView": view, "byteOffset": offset}
    return build


def _talkative() -> Builder:
    """What ComfyUI writes about itself, and extensions that nobody requires."""
    build = rig("walk")
    build.document["asset"] |= {
        "extras": {"prompt": {"3": ["a", {"b": 'quo"te \\ \u2028'}]}},
        "generator": "x",
    }
    build.document["extensionsUsed"] = ["KHR_materials_unlit", "KHR_texture_transform"]
    build.document["materials"][0]["extensions"] = {"KHR_materials_unlit": {}}
    return build


def _packed() -> Iterator[tuple[str, bytes]]:
    """Geometry that a decoder makes, by both ways there are."""
    build = triangle()
    document = {**build.document, "buffers": [{"byteLength": len(build.binary)}, {"byteLength": 36}]}
    meshopt = "EXT_meshopt_compression"
    document["buffers"][1]["extensions"] = {meshopt: {"fallback": True}}
    packed = {"buffer": 0, "byteLength": 12, "byteStride": 12, "count": 3}
    document["bufferViews"][0] = {"buffer": 1, "byteLength": 36, "extensions": {meshopt: packed}}
    yield "meshopt", pack(document, bytes(build.binary))
    build = triangle()
    view = build.view(bytes(40))
    draco = {"KHR_draco_mesh_compression": {"bufferView": view, "attributes": {"POSITION": 0}}}
    build.document["meshes"][0]["primitives"][0]["extensions"] = draco
    for accessor in build.document["accessors"]:
        accessor.pop("bufferView")
    yield "draco", build.bytes()
