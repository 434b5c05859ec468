"""The numbers in the bytes: indices stay among the vertices, and what places something is finite.

Sections 3.7.2.1 and 3.6.2.2. Viewers crash on the one and show nothing on the other. Only what
is stored as it is can be looked at; compressed geometry is for its decoder to check.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

from bot.files.errors import BrokenGlb, Rule
from bot.files.glb.buffers import BYTES_OF, FLOAT, PARTS_OF, Accessor, element_size
from bot.files.glb.container import Container
from bot.files.glb.values import Json, items

_FORMATS = {5121: "B", 5123: "H", 5125: "I", FLOAT: "f"}
"""How Python reads them; glTF is little-endian, like every machine that this runs on."""
_AT_ONCE = 65_536
"""Numbers looked at in one go, about a millisecond: other threads want to work, too."""
_MOST_READ = 4
"""Times the bytes there are. Accessors may overlap, but a model whose accessors all do is a trap."""


def check_numbers(container: Container, accessors: list[Accessor]) -> None:
    """Look at indices, positions, matrices of skins and animations of a checked document."""
    placing = {number for number in _placing(container.document) if accessors[number].component == FLOAT}
    indices = _indices(container.document)
    looked_at = [accessors[number] for number in (*placing, *indices)]
    if sum(map(_size, looked_at)) > _MOST_READ * container.length:
        raise BrokenGlb(Rule.BUFFER, "accessors overlap")
    for number in placing:
        if not all(map(math.isfinite, _each(container, accessors[number], sum))):
            raise BrokenGlb(Rule.NUMBERS, f"accessor {number} holds what is no number")
    for number, positions in indices.items():
        vertices = min(accessors[position].count for position in positions)
        if any(highest >= vertices for highest in _each(container, accessors[number], max)):
            raise BrokenGlb(Rule.NUMBERS, f"accessor {number} points beyond {vertices} vertices")


def _placing(document: Json) -> Iterator[int]:
    """Accessors of what says where something is."""
    for primitive in _primitives(document):
        yield primitive["attributes"]["POSITION"]
    for skin in items(document, "skins"):
        if "inverseBindMatrices" in skin:
            yield skin["inverseBindMatrices"]
    for animation in items(document, "animations"):
        for sampler in items(animation, "samplers"):
            yield from (sampler["input"], sampler["output"])


def _indices(document: Json) -> dict[int, set[int]]:
    """Accessors of indices, with those of the positions that they point into."""
    used: dict[int, set[int]] = {}
    for primitive in _primitives(document):
        if "indices" in primitive:
            used.setdefault(primitive["indices"], set()).add(primitive["attributes"]["POSITION"])
    return used


def _primitives(document: Json) -> Iterator[Json]:
    for mesh in items(document, "meshes"):
        yield from items(mesh, "primitives")


def _size(accessor: Accessor) -> int:
    stored = accessor.start is not None
    return accessor.count * element_size(accessor.kind, accessor.component) if stored else 0


def _each(container: Container, accessor: Accessor, judge: Callable[[Any], float]) -> list[float]:
    """What is thought of an accessor's numbers, some at a time; a sum is finite where all of them are."""
    width, found = BYTES_OF[accessor.component], []
    for first, step, count in _runs(accessor, width):
        start = container.start + first
        with memoryview(container.data) as data, data[start : start + step * (count - 1) + width] as part:
            numbers = part.cast(_FORMATS[accessor.component])[:: step // width]  # type: ignore[call-overload] # one of four
            for at in range(0, count, _AT_ONCE):
                found.append(judge(numbers[at : at + _AT_ONCE]))
                container.let_go()
    return found


def _runs(accessor: Accessor, width: int) -> list[tuple[int, int, int]]:
    """Begin, distance in bytes and count of numbers that lie evenly: all of them, or a column each."""
    columns = PARTS_OF[accessor.kind]
    if accessor.start is None:
        return []
    if accessor.stride == columns * width:
        return [(accessor.start, width, accessor.count * columns)]
    return [(accessor.start + column * width, accessor.stride, accessor.count) for column in range(columns)]
