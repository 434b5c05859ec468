"""Buffers, views and accessors: nothing may reach beyond what it lies in (sections 3.6 and 5.1)."""

from dataclasses import dataclass

from bot.files.errors import BrokenGlb, Rule
from bot.files.glb.container import Container
from bot.files.glb.values import Json, items, mapping, needed, whole

FLOAT = 5126
BYTES_OF = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, FLOAT: 4}
"""Component types: byte, unsigned byte, short, unsigned short, unsigned int, float."""
PARTS_OF = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_PADDED = {("MAT2", 1): 8, ("MAT3", 1): 12, ("MAT3", 2): 24}
"""Columns of small matrices begin at multiples of four bytes (3.6.2.4)."""
_MESHOPT = "EXT_meshopt_compression"
_MOST_ELEMENTS = 16_000_000
"""Compressed geometry says how much it becomes; a viewer would believe it."""
_WIDEST_STRIDE = 252


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A stretch of the binary chunk. ``start`` counts from the chunk's own beginning."""

    start: int
    length: int
    stride: int | None
    stored: bool
    """False where the bytes come into being by decompression."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessor:
    """A typed reading of a view."""

    kind: str
    component: int
    count: int
    start: int | None
    """Where its first element lies in the binary chunk; ``None`` where there are no plain bytes of it."""
    stride: int
    """Bytes from one element to the next."""


def check_buffers(container: Container) -> tuple[list[View], list[Accessor]]:
    """Views and accessors of a document; raises ``BrokenGlb``."""
    buffers = items(container.document, "buffers")
    for number, buffer in enumerate(buffers):
        _check_buffer(buffer, number, container.length)
    views = [_view(view, buffers) for view in items(container.document, "bufferViews")]
    return views, [_accessor(accessor, views) for accessor in items(container.document, "accessors")]


def _check_buffer(buffer: Json, number: int, chunk_length: int) -> None:
    length = whole(buffer, "byteLength", minimum=1)
    if "uri" in buffer:
        raise BrokenGlb(Rule.EXTERNAL, f"buffer {number} has an address")
    if number == 0 and length > chunk_length:
        raise BrokenGlb(Rule.BUFFER, f"buffer of {length} bytes in a chunk of {chunk_length}")
    if number > 0 and not _is_placeholder(buffer):
        raise BrokenGlb(Rule.EXTERNAL, f"buffer {number} has no bytes")


def _is_placeholder(buffer: Json) -> bool:
    """Whether meshopt's decoder fills it."""
    return mapping(mapping(buffer, "extensions"), _MESHOPT).get("fallback") is True


def _view(view: Json, buffers: list[Json]) -> View:
    start, length, number = _stretch(view, buffers)
    packed = mapping(mapping(view, "extensions"), _MESHOPT)
    if packed:
        _stretch(packed, buffers)
    stride = whole(view, "byteStride", minimum=4) if "byteStride" in view else None
    if stride is not None and (stride > _WIDEST_STRIDE or stride % 4):
        raise BrokenGlb(Rule.BUFFER, f"stride {stride}")
    return View(start=start, length=length, stride=stride, stored=number == 0 and not packed)


def _stretch(thing: Json, buffers: list[Json]) -> tuple[int, int, int]:
    number = needed(thing, "buffer", buffers)
    start, length = whole(thing, "byteOffset", 0), whole(thing, "byteLength", minimum=1)
    if start + length > whole(buffers[number], "byteLength", minimum=1):
        raise BrokenGlb(Rule.BUFFER, f"bytes {start} to {start + length} are outside buffer {number}")
    return start, length, number


def _accessor(accessor: Json, views: list[View]) -> Accessor:
    kind, component = accessor.get("type"), accessor.get("componentType")
    if not isinstance(kind, str) or kind not in PARTS_OF:
        raise BrokenGlb(Rule.SHAPE, f"accessor type {str(kind)[:20]}")
    if type(component) is not int or component not in BYTES_OF:
        raise BrokenGlb(Rule.SHAPE, f"component type {str(component)[:20]}")
    count = whole(accessor, "count", minimum=1)
    if count > _MOST_ELEMENTS:
        raise BrokenGlb(Rule.BUFFER, f"{count} elements")
    size = element_size(kind, component)
    start, stride = None, size
    if "bufferView" in accessor:
        start, stride = _fit(accessor, views, component=component, size=size, count=count)
    if "sparse" in accessor:
        _check_sparse(mapping(accessor, "sparse"), views, component=component, size=size, most=count)
    return Accessor(kind=kind, component=component, count=count, start=start, stride=stride)


def element_size(kind: str, component: int) -> int:
    """Bytes of one element of an accessor."""
    each = BYTES_OF[component]
    return _PADDED.get((kind, each), each * PARTS_OF[kind])


def _fit(thing: Json, views: list[View], *, component: int, size: int, count: int) -> tuple[int | None, int]:
    """Where the elements begin, if they are stored, and how far they are apart."""
    view = views[needed(thing, "bufferView", views)]
    offset = whole(thing, "byteOffset", 0)
    stride = view.stride or size
    if offset + stride * (count - 1) + size > view.length:
        raise BrokenGlb(Rule.BUFFER, f"{count} elements of {size} bytes in a view of {view.length}")
    if (view.start + offset) % BYTES_OF[component] or stride % BYTES_OF[component]:
        raise BrokenGlb(Rule.BUFFER, "an accessor is not aligned")
    return (view.start + offset if view.stored else None), stride


def _check_sparse(sparse: Json, views: list[View], *, component: int, size: int, most: int) -> None:
    count = whole(sparse, "count", minimum=1)
    if count > most:
        raise BrokenGlb(Rule.BUFFER, f"{count} replacements for {most} elements")
    indices = mapping(sparse, "indices")
    width = indices.get("componentType")
    if type(width) is not int or width not in {5121, 5123, 5125}:
        raise BrokenGlb(Rule.SHAPE, "sparse indices are no whole numbers")
    _fit(indices, views, component=width, size=BYTES_OF[width], count=count)
    _fit(mapping(sparse, "values"), views, component=component, size=size, count=count)
