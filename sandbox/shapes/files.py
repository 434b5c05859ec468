"""From a mesh to a model's file, and from any model's file back to a mesh.

A file of ours says in its ``extras`` which skeleton fits it, where its joints are, and which
of its corners a joint carries without bending them: in those of the whole file, because who
publishes a model takes out those of ``asset``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sandbox.shapes.glb import INDICES, VERTICES, Glb, GlbError, GlbWriter
from sandbox.shapes.mesh import Floats, Mesh, Point
from sandbox.shapes.texture import Texture

GENERATOR = "sandbox"


def model_file(
    mesh: Mesh,
    paint: Texture | None,
    *,
    topology: str | None,
    landmarks: Mapping[str, Point],
    stiff: Sequence[tuple[int, int, str]],
) -> bytes:
    """A static model as a GLB with one mesh, one material and its textures inside."""
    rounded = {name: [round(part, 5) for part in place] for name, place in landmarks.items()}
    extras = {"topology": topology, "landmarks": rounded, "stiff": stiff}
    writer = GlbWriter(
        {
            "asset": {"version": "2.0", "generator": GENERATOR},
            "extras": extras,
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [{"mesh": 0, "name": "model"}],
        }
    )
    material = writer.add("materials", _material(writer, paint))
    primitive = {
        "attributes": {
            "POSITION": writer.array(mesh.positions.astype("<f4"), target=VERTICES),
            "NORMAL": writer.array(mesh.normals.astype("<f4"), target=VERTICES),
            "TEXCOORD_0": writer.array(mesh.uvs.astype("<f4"), target=VERTICES),
            "COLOR_0": writer.array(_bytes(mesh.tints), target=VERTICES, normalized=True),
        },
        "indices": writer.array(_indices(mesh), target=INDICES),
        "material": material,
    }
    writer.add("meshes", {"name": "model", "primitives": [primitive]})
    return writer.to_bytes()


def _material(writer: GlbWriter, paint: Texture | None) -> dict[str, Any]:
    if paint is None:
        return {"name": "clay", "pbrMetallicRoughness": {"metallicFactor": 0, "roughnessFactor": 0.9}}
    sampler = writer.add("samplers", {"magFilter": 9729, "minFilter": 9987, "wrapS": 33071, "wrapT": 33071})

    def texture(name: str, data: bytes) -> dict[str, int]:
        image = writer.add("images", {"name": name, "mimeType": "image/png", "bufferView": writer.view(data)})
        return {"index": writer.add("textures", {"sampler": sampler, "source": image})}

    pbr: dict[str, Any] = {"baseColorTexture": texture("colour", paint.colour_png)}
    if paint.surface_png is None:
        pbr |= {"metallicFactor": 0, "roughnessFactor": 0.9}
    else:
        pbr["metallicRoughnessTexture"] = texture("surface", paint.surface_png)
    return {"name": "paint", "pbrMetallicRoughness": pbr}


def _bytes(tints: Floats) -> Any:
    """Colours with an opaque fourth part, which also keeps every corner on four bytes."""
    whole = np.concatenate([np.clip(tints, 0, 1), np.ones((len(tints), 1))], axis=1)
    return np.round(whole * 255).astype("u1")


def _indices(mesh: Mesh) -> Any:
    kind = "<u2" if len(mesh.positions) < 65535 else "<u4"
    return mesh.triangles.reshape(-1).astype(kind)


def own_facts(glb: Glb) -> dict[str, Any] | None:
    """What a file of ours says about itself (``topology``, ``landmarks``, ``stiff``); ``None`` for others."""
    ours = glb.document.get("asset", {}).get("generator") == GENERATOR
    return glb.document.get("extras") if ours else None


def extent(glb: Glb) -> tuple[Floats, Floats]:
    """The lowest and highest corner of what the file shows; ``GlbError`` where that is nothing."""
    corners = [
        glb.array(primitive["attributes"]["POSITION"]) @ matrix[:3, :3].T + matrix[:3, 3]
        for node, matrix in glb.placed_meshes()
        for primitive in glb.document["meshes"][node["mesh"]]["primitives"]
    ]
    if not corners:
        raise GlbError("it shows nothing")
    whole = np.concatenate(corners)
    return whole.min(axis=0), whole.max(axis=0)
