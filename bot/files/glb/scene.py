"""Nodes, meshes, skins, materials and animations: what points where, and what there is to see."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields

from bot.files.errors import BrokenGlb, Rule
from bot.files.glb.buffers import Accessor, View
from bot.files.glb.values import Json, items, label, mapping, needed, pointer, pointers, within

_DEEPEST_NODE = 512
"""Viewers walk the nodes by recursion."""
_POINTS_PER_TRIANGLE = 3
_MODES = range(7)
_TRIANGLES, _STRIP, _FAN = 4, 5, 6
_INDEX_TYPES = frozenset({5121, 5123, 5125})
_DRACO = "KHR_draco_mesh_compression"
_PATHS = frozenset({"translation", "rotation", "scale", "weights", "pointer"})
_TEXTURE_SLOTS = ("normalTexture", "occlusionTexture", "emissiveTexture")
_BASE_TEXTURE_SLOTS = ("baseColorTexture", "metallicRoughnessTexture")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is drawn."""

    triangles: int
    vertices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What a document is made of, each list checked to be one, once."""

    views: list[View]
    accessors: list[Accessor]
    nodes: list[Json]
    scenes: list[Json]
    meshes: list[Json]
    skins: list[Json]
    cameras: list[Json]
    materials: list[Json]
    textures: list[Json]
    images: list[Json]
    samplers: list[Json]
    animations: list[Json]


_LISTS = [field.name for field in fields(_Parts) if field.name not in {"views", "accessors"}]


def check_scene(document: Json, views: list[View], accessors: list[Accessor]) -> Seen:
    """Check all that a scene is made of; raises ``BrokenGlb``."""
    lists = {name: items(document, name) for name in _LISTS}
    parts = _Parts(views=views, accessors=accessors, **lists)
    _check_materials(parts)
    meshes = [_mesh(mesh, parts) for mesh in parts.meshes]
    _check_nodes(parts)
    _check_skins(parts)
    _check_animations(parts)
    drawn = [meshes[mesh] for mesh in _drawn(document, parts)]
    if not any(mesh.vertices for mesh in drawn):
        raise BrokenGlb(Rule.EMPTY, "no mesh in the scene")
    return _sum(drawn)


def joint_count(document: Json) -> int:
    """Joints over all skins of a checked document, each counted once."""
    return len({joint for skin in items(document, "skins") for joint in skin["joints"]})


def _sum(seen: list[Seen]) -> Seen:
    return Seen(triangles=sum(part.triangles for part in seen), vertices=sum(part.vertices for part in seen))


def _mesh(mesh: Json, parts: _Parts) -> Seen:
    return _sum([_primitive(primitive, parts) for primitive in items(mesh, "primitives")])


def _primitive(primitive: Json, parts: _Parts) -> Seen:
    vertices = _vertex_count(mapping(primitive, "attributes"), parts.accessors)
    for target in items(primitive, "targets"):
        for name, value in target.items():
            if parts.accessors[within(value, parts.accessors, name)].count != vertices:
                raise BrokenGlb(Rule.SHAPE, "a morph target has another number of vertices")
    pointer(primitive, "material", parts.materials)
    compressed = mapping(mapping(primitive, "extensions"), _DRACO)
    if compressed:
        needed(compressed, "bufferView", parts.views)
    mode = within(primitive.get("mode", _TRIANGLES), _MODES, "mode")
    corners = _corner_count(primitive, parts.accessors, vertices)
    return Seen(triangles=_triangles(mode, corners), vertices=vertices)


def _vertex_count(attributes: Json, accessors: list[Accessor]) -> int:
    used = [accessors[within(value, accessors, name)] for name, value in attributes.items()]
    if "POSITION" not in attributes or accessors[attributes["POSITION"]].kind != "VEC3":
        raise BrokenGlb(Rule.SHAPE, "a mesh without positions in space")
    if len({accessor.count for accessor in used}) > 1:
        raise BrokenGlb(Rule.SHAPE, "attributes of different lengths")
    return used[0].count


def _corner_count(primitive: Json, accessors: list[Accessor], vertices: int) -> int:
    indices = pointer(primitive, "indices", accessors)
    if indices is None:
        return vertices
    accessor = accessors[indices]
    if accessor.kind != "SCALAR" or accessor.component not in _INDEX_TYPES:
        raise BrokenGlb(Rule.SHAPE, "indices are no whole numbers")
    return accessor.count


def _triangles(mode: int, corners: int) -> int:
    if mode == _TRIANGLES:
        return corners // _POINTS_PER_TRIANGLE
    return max(corners - 2, 0) if mode in {_STRIP, _FAN} else 0


def _check_materials(parts: _Parts) -> None:
    for texture in parts.textures:
        pointer(texture, "source", parts.images)
        pointer(texture, "sampler", parts.samplers)
    for material in parts.materials:
        base = mapping(material, "pbrMetallicRoughness")
        slots = [(material, slot) for slot in _TEXTURE_SLOTS] + [(base, slot) for slot in _BASE_TEXTURE_SLOTS]
        for parent, slot in slots:
            pointer(mapping(parent, slot), "index", parts.textures)


def _check_nodes(parts: _Parts) -> None:
    """The graph is a forest (3.5.2): one parent at most, no circles, and scenes name roots."""
    for node in parts.nodes:
        pointer(node, "mesh", parts.meshes)
        pointer(node, "skin", parts.skins)
        pointer(node, "camera", parts.cameras)
    children = [pointers(node, "children", parts.nodes) for node in parts.nodes]
    named = {child for family in children for child in family}
    if len(named) != sum(map(len, children)):
        raise BrokenGlb(Rule.GRAPH, "a node has two parents")
    roots = set(range(len(parts.nodes))) - named
    _check_descent(roots, children)
    for scene in parts.scenes:
        shown = pointers(scene, "nodes", parts.nodes)
        if len(shown) != len(set(shown)) or not roots.issuperset(shown):
            raise BrokenGlb(Rule.GRAPH, "a scene shows a node twice")


def _check_descent(roots: Collection[int], children: list[list[int]]) -> None:
    level, reached, depth = list(roots), 0, 0
    while level:
        reached, depth = reached + len(level), depth + 1
        level = [child for node in level for child in children[node]]
    if reached != len(children):
        raise BrokenGlb(Rule.GRAPH, "nodes go round in a circle")
    if depth > _DEEPEST_NODE:
        raise BrokenGlb(Rule.GRAPH, f"nodes are nested {depth} levels deep")


def _drawn(document: Json, parts: _Parts) -> Iterator[int]:
    """The meshes of the scene that a viewer opens first, once per node that has them."""
    if not parts.scenes:
        raise BrokenGlb(Rule.EMPTY, "no scene")
    scene = parts.scenes[within(document.get("scene", 0), parts.scenes, "scene")]
    waiting = list(scene.get("nodes", ()))
    while waiting:
        node = parts.nodes[waiting.pop()]
        waiting += node.get("children", ())
        if "mesh" in node:
            yield node["mesh"]


def _check_skins(parts: _Parts) -> None:
    for skin in parts.skins:
        joints = pointers(skin, "joints", parts.nodes)
        if not joints or len(joints) != len(set(joints)):
            raise BrokenGlb(Rule.SHAPE, "a skin without joints, or with one twice")
        pointer(skin, "skeleton", parts.nodes)
        matrices = pointer(skin, "inverseBindMatrices", parts.accessors)
        if matrices is not None:
            accessor = parts.accessors[matrices]
            if accessor.kind != "MAT4" or accessor.count < len(joints):
                raise BrokenGlb(Rule.SHAPE, "a skin lacks matrices for its joints")


def _check_animations(parts: _Parts) -> None:
    for animation in parts.animations:
        label(animation)
        samplers = items(animation, "samplers")
        for sampler in samplers:
            _check_sampler(sampler, parts.accessors)
        for channel in items(animation, "channels"):
            needed(channel, "sampler", samplers)
            target = mapping(channel, "target")
            pointer(target, "node", parts.nodes)
            if not isinstance(target.get("path"), str) or target["path"] not in _PATHS:
                raise BrokenGlb(Rule.SHAPE, "an animation moves something unknown")


def _check_sampler(sampler: Json, accessors: list[Accessor]) -> None:
    times = accessors[needed(sampler, "input", accessors)]
    values = accessors[needed(sampler, "output", accessors)]
    if times.kind != "SCALAR" or values.count < times.count:
        raise BrokenGlb(Rule.SHAPE, "an animation has fewer values than moments")
