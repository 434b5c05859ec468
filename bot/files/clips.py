"""Several takes of one rig in a single GLB, so that a viewer can switch between them.

A vendor gives one file per clip, or per few clips: the same mesh and skeleton each time.
The first file is the base; of the others only the animations are taken over, their bytes
appended and their channels pointed at the base's nodes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bot.files.errors import CannotCombine
from bot.files.glb import GlbFacts, check_glb
from bot.files.glb.buffers import element_size
from bot.files.glb.check import LARGEST_SIZE, check_container
from bot.files.glb.container import Container, open_glb, write_glb

_ALIGNMENT = 4


def combine_clips(
    paths: Sequence[Path], names: Sequence[Sequence[str]], out: Path, *, limit: int = LARGEST_SIZE
) -> GlbFacts:
    """Write a GLB to ``out`` that plays the animations of each file, under the names given for it, in order.

    Raises ``CannotCombine`` where the files are not takes of one rig, and ``BrokenGlb``
    where one of them, or what became of them, is no sound file of at most ``limit`` bytes.
    """
    with ExitStack() as stack:
        takes = [stack.enter_context(open_glb(path, limit=limit)) for path in paths]
        for take in takes:
            check_container(take)
        combined = _Combined(takes[0])
        for take, own in zip(takes, names, strict=True):
            combined.add(take, own)
        combined.write(out)
    return check_glb(out, limit=limit)


def name_clips(path: Path, out: Path, names: Sequence[str], *, limit: int = LARGEST_SIZE) -> GlbFacts:
    """Write a copy of the file whose animations have these names, in order.

    Raises ``CannotCombine`` where it does not have as many, or one of them moves nothing,
    and ``BrokenGlb`` for an unsound file.
    """
    with open_glb(path, limit=limit) as container:
        check_container(container)
        named = _named(container, names)
        binary = slice(container.start, container.start + container.length)
        with out.open("wb") as file, memoryview(container.data) as data, data[binary] as part:
            write_glb(file, {**container.document, "animations": named}, [part])
    return check_glb(out, limit=limit)


class _Combined:
    """The base's document with room for more, and the bytes behind the base's own."""

    def __init__(self, base: Container) -> None:
        if not base.document.get("buffers"):
            raise CannotCombine("a file without a buffer")
        self.base = base
        self.views = list(base.document.get("bufferViews", ()))
        self.accessors = list(base.document.get("accessors", ()))
        self.animations: list[dict[str, Any]] = []
        self.parts: list[bytes] = []
        self.own_length: int = base.document["buffers"][0]["byteLength"]
        self.length: int = self.own_length

    def add(self, take: Container, names: Sequence[str]) -> None:
        """Take over the animations of a file."""
        nodes = _node_map(take, self.base)
        for animation in _named(take, names):
            channels = [self._channel(channel, nodes) for channel in animation["channels"]]
            samplers = animation["samplers"]
            if take is not self.base:
                samplers = self._samplers(take, samplers)
            self.animations.append({**animation, "samplers": samplers, "channels": channels})

    def write(self, out: Path) -> None:
        """Write it all down."""
        document = {
            **self.base.document,
            "buffers": [{"byteLength": self.length}, *self.base.document["buffers"][1:]],
            "bufferViews": self.views,
            "accessors": self.accessors,
            "animations": self.animations,
        }
        own = slice(self.base.start, self.base.start + self.own_length)
        with out.open("wb") as file, memoryview(self.base.data) as data, data[own] as first:
            write_glb(file, document, [first, *self.parts])

    def _channel(self, channel: Mapping[str, Any], nodes: Mapping[int, int]) -> dict[str, Any]:
        target = channel["target"]
        if target.get("node") not in nodes:
            raise CannotCombine(f"an animation moves node {target.get('node')}, which the rig does not have")
        return {**channel, "target": {**target, "node": nodes[target["node"]]}}

    def _samplers(self, take: Container, samplers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        used = sorted({sampler[end] for sampler in samplers for end in ("input", "output")})
        moved = {accessor: self._accessor(take, accessor) for accessor in used}
        return [
            {**sampler, "input": moved[sampler["input"]], "output": moved[sampler["output"]]}
            for sampler in samplers
        ]

    def _accessor(self, take: Container, number: int) -> int:
        accessor = take.document["accessors"][number]
        start = self._append(_packed_bytes(take, accessor))
        self.views.append({"buffer": 0, "byteOffset": start, "byteLength": self.length - start})
        fresh = {key: value for key, value in accessor.items() if key != "byteOffset"}
        self.accessors.append({**fresh, "bufferView": len(self.views) - 1})
        return len(self.accessors) - 1

    def _append(self, data: bytes) -> int:
        """Put bytes behind what there is; returns where they begin."""
        padding = bytes(-self.length % _ALIGNMENT)
        start = self.length + len(padding)
        self.parts += [padding, data]
        self.length = start + len(data)
        return start


def _named(container: Container, names: Sequence[str]) -> list[dict[str, Any]]:
    """A file's animations under these names, in order."""
    animations = container.document.get("animations", ())
    if len(animations) != len(names) or not all(one.get("channels") for one in animations):
        raise CannotCombine(f"a file with {len(animations)} animations for {len(names)} names")
    return [{**one, "name": name} for one, name in zip(animations, names, strict=True)]


def _node_map(take: Container, base: Container) -> dict[int, int]:
    """Which node of the base each node of the take is: the same place, or else the same unique name."""
    theirs, ours = take.document["nodes"], base.document["nodes"]
    if _skeleton(theirs) == _skeleton(ours):
        return {number: number for number in range(len(ours))}
    places = _unique_names(ours)
    return {number: places[name] for name, number in _unique_names(theirs).items() if name in places}


def _skeleton(nodes: Sequence[Mapping[str, Any]]) -> list[tuple[str | None, list[int]]]:
    return [(node.get("name"), node.get("children", [])) for node in nodes]


def _unique_names(nodes: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    names = [node.get("name") for node in nodes]
    times = Counter(name for name in names if isinstance(name, str) and name)
    return {name: number for number, name in enumerate(names) if isinstance(name, str) and times[name] == 1}


def _packed_bytes(take: Container, accessor: Mapping[str, Any]) -> bytes:
    """An accessor's elements without gaps between them."""
    if "sparse" in accessor or "bufferView" not in accessor:
        raise CannotCombine("an animation whose values are not written out")
    view = take.document["bufferViews"][accessor["bufferView"]]
    if view["buffer"] != 0:
        raise CannotCombine("an animation whose values are compressed")
    size = element_size(accessor["type"], accessor["componentType"])
    stride = view.get("byteStride", size)
    first = take.start + view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    starts = range(first, first + stride * accessor["count"], stride)
    if stride == size:
        return take.data[first : first + size * accessor["count"]]
    return b"".join(take.data[start : start + size] for start in starts)
