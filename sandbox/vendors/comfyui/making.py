"""What graphs make, from the nodes above a saving one: words, pictures and models that reach it."""

import asyncio
import contextlib
import io
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sandbox import models
from sandbox.models import Design
from sandbox.shapes.glb import GlbWriter, read
from sandbox.vendors.comfyui.disk import Disk, Outside, Place, Stored, named, placed
from sandbox.vendors.comfyui.graph import Graph, literal, upstream, words
from sandbox.vendors.comfyui.unirig_nodes import RIGGERS
from sandbox.vendors.making import Make
from sandbox.vendors.pictures import colours_of

HUMANOID = frozenset({"mixamo", "vroid", "smpl"})
MESH_READERS = frozenset({"Load3D", "UniRigLoadMesh"})
PICTURE_READERS = frozenset({"LoadImage"})
READERS = MESH_READERS | PICTURE_READERS
"""Node classes that read a file."""


def file_of(graph: Graph, node: Mapping[str, Any]) -> Place:
    """The file that a node reads; ``Outside`` where its path leads out of the folder."""
    if node["class_type"] == "UniRigLoadMesh":
        return placed(literal(graph, node, "source_folder", "input"), literal(graph, node, "file_path", ""))
    name = "image" if node["class_type"] == "LoadImage" else "model_file"
    return named(str(literal(graph, node, name, "")))


def files_read(graph: Graph, node_ids: Sequence[str]) -> dict[str, Place]:
    """The files that a graph's nodes read, by node; paths that lead out of the folders are left out."""
    found: dict[str, Place] = {}
    for node_id in node_ids:
        if graph[node_id]["class_type"] in READERS:
            with contextlib.suppress(Outside):
                found[node_id] = file_of(graph, graph[node_id])
    return found


class Makers:
    """Makes functions that make files; nothing is computed before somebody reads."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def model(self, graph: Graph, node_id: str, metadata: Mapping[str, str]) -> Make:
        """A GLB: a file that was read, rigged if the graph does so, or one made from words and pictures."""
        nodes = upstream(graph, node_id)
        source = self._source(graph, nodes, MESH_READERS)
        rigger = next((node for node in nodes if node["class_type"] in RIGGERS), None)
        if source is not None and rigger is not None:
            return self._rigged(source, _template(graph, nodes))
        if source is not None:
            return self._as_it_is(source)
        return self._built(graph, node_id, nodes, metadata)

    def picture(self, graph: Graph, node_id: str, metadata: Mapping[str, str]) -> Make:
        """A PNG: a picture that was read, or one of what the words say."""
        source = self._source(graph, upstream(graph, node_id), PICTURE_READERS)
        built = self._built(graph, node_id, upstream(graph, node_id), {})

        async def make() -> bytes:
            if source is not None and not words(graph, [node_id]):
                return await asyncio.to_thread(_png, await self._disk.read(source), metadata)
            drawn = await asyncio.to_thread(models.picture, await built())
            return await asyncio.to_thread(_png, drawn, metadata)

        return make

    def _source(
        self, graph: Graph, nodes: Sequence[Mapping[str, Any]], kinds: frozenset[str]
    ) -> Stored | None:
        node = next((one for one in nodes if one["class_type"] in kinds), None)
        return None if node is None else self._disk.find(file_of(graph, node))

    def _as_it_is(self, source: Stored) -> Make:
        async def make() -> bytes:
            return await self._disk.read(source)

        return make

    def _rigged(self, source: Stored, template: str) -> Make:
        async def make() -> bytes:
            data = await self._disk.read(source)
            return await asyncio.to_thread(_rigged, data, template)

        return make

    def _built(
        self, graph: Graph, node_id: str, nodes: Sequence[Mapping[str, Any]], metadata: Mapping[str, str]
    ) -> Make:
        text = words(graph, [node_id])
        picture = self._source(graph, nodes, PICTURE_READERS)

        async def make() -> bytes:
            shown = b"" if picture is None else await self._disk.read(picture)
            return await asyncio.to_thread(_built, _design(graph, nodes, text, shown), metadata)

        return make


def _design(graph: Graph, nodes: Sequence[Mapping[str, Any]], text: str, shown: bytes) -> Design:
    """Pictures are read here: not on an event loop."""
    seeds = [literal(graph, node, "seed", 0) for node in nodes if node["class_type"] == "KSampler"]
    classes = {node["class_type"] for node in nodes}
    faces = [
        literal(graph, node, "target_face_count", 0) for node in nodes if node["class_type"] == "DecimateMesh"
    ]
    return Design(
        prompt=text,
        seed=zlib.crc32(repr(seeds).encode()) ^ zlib.crc32(shown),
        colours=colours_of(shown) if shown else (),
        face_limit=min(filter(None, faces), default=None),
        textured="VoxelToMesh" not in classes,
        pbr="PaintMesh" not in classes,
    )


def _template(graph: Graph, nodes: Sequence[Mapping[str, Any]]) -> str:
    named = (literal(graph, node, "skeleton_template") for node in nodes)
    return next((str(template) for template in named if template is not None), "auto")


def _rigged(data: bytes, template: str) -> bytes:
    kind = None if template in HUMANOID else models.topology(data)
    return models.rig(data, kind or "biped")


def _built(design: Design, metadata: Mapping[str, str]) -> bytes:
    made = models.build(design)
    if not metadata:
        return made
    glb = read(made)
    asset = glb.document["asset"]
    asset["extras"] = {**asset.get("extras", {}), **metadata}
    return GlbWriter(glb.document, glb.binary).to_bytes()


def _png(data: bytes, metadata: Mapping[str, str]) -> bytes:
    told = PngInfo()
    for key, value in metadata.items():
        told.add_text(key, value)
    drawn = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        picture.save(drawn, "PNG", pnginfo=told)
    return drawn.getvalue()


def metadata_of(graph: Graph, extra_data: Mapping[str, Any]) -> dict[str, str]:
    """What saving nodes write into their files: the whole graph, and what the client sent along."""
    extra = extra_data.get("extra_pnginfo")
    sent = extra if isinstance(extra, dict) else {}
    return {"prompt": json.dumps(graph), **{str(key): json.dumps(value) for key, value in sent.items()}}
