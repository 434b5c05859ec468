"""Skeletons: where the joints of each kind of body are, and how surfaces hang on them.

All joints rest without rotation, so that a joint's rest is its place alone. Left is +X.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sandbox.shapes.glb import VERTICES, Glb, GlbWriter
from sandbox.shapes.mesh import Floats, Point

INFLUENCES = 4
FALLOFF = 5.0
"""How fast a bone's pull fades: high is stiff, low is rubber."""
TRUNK = 2.0
"""Trunk and head are this much thicker than limbs, and pull from as much further away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A joint, where it rests, and the number of its parent (``None`` for the root)."""

    name: str
    parent: int | None
    at: Point
    reach: float = 1.0
    tip: Point | None = None
    """Where the last bone of a chain ends."""


class _Bones:
    """Joints in the making."""

    def __init__(self) -> None:
        self.joints: list[Joint] = []

    def add(
        self, name: str, parent: int | None, at: Point, *, reach: float = 1.0, tip: Point | None = None
    ) -> int:
        self.joints.append(Joint(name=name, parent=parent, at=at, reach=reach, tip=tip))
        return len(self.joints) - 1

    def chain(self, parent: int, places: list[tuple[str, Point]], tip: Point, *, side: str = "") -> None:
        """Joints one after the other; ``side`` R mirrors places that were given for the left."""
        sign = -1.0 if side == "R" else 1.0
        mirrored = [(name, (sign * at[0], at[1], at[2])) for name, at in places]
        for index, (name, at) in enumerate(mirrored):
            end = (sign * tip[0], tip[1], tip[2]) if index == len(mirrored) - 1 else None
            parent = self.add(f"{side}_{name}" if side else name, parent, at, tip=end)


def biped(places: Mapping[str, Point]) -> list[Joint]:
    """A person's: 22 joints."""
    bones = _Bones()
    root = bones.add("Root", None, (0.0, 0.0, 0.0), reach=0.0)
    hips = bones.add("Hips", root, places["hips"], reach=TRUNK)
    spine = bones.add("Spine", hips, places["spine"], reach=TRUNK)
    chest = bones.add("Chest", spine, places["chest"], reach=TRUNK)
    neck = bones.add("Neck", chest, places["neck"])
    bones.add("Head", neck, places["head"], reach=TRUNK, tip=places["head_top"])
    for side in ("L", "R"):
        arm = ("Clavicle", "clavicle"), ("UpperArm", "upper_arm"), ("Forearm", "forearm"), ("Hand", "hand")
        bones.chain(chest, [(name, places[key]) for name, key in arm], places["hand_tip"], side=side)
        leg = ("Thigh", "thigh"), ("Calf", "calf"), ("Foot", "foot"), ("Toes", "toes")
        bones.chain(hips, [(name, places[key]) for name, key in leg], places["toe_tips"], side=side)
    return bones.joints


def quadruped(places: Mapping[str, Point]) -> list[Joint]:
    """A dog's: 20 joints."""
    bones = _Bones()
    root = bones.add("Root", None, (0.0, 0.0, 0.0), reach=0.0)
    hips = bones.add("Hips", root, places["hips"], reach=TRUNK)
    spine = bones.add("Spine", hips, places["spine"], reach=TRUNK)
    chest = bones.add("Chest", spine, places["chest"], reach=TRUNK)
    neck = bones.add("Neck", chest, places["neck"], reach=1.3)
    bones.add("Head", neck, places["head"], reach=TRUNK, tip=places["head_top"])
    bones.chain(hips, [("Tail1", places["tail"]), ("Tail2", places["tail_middle"])], places["tail_tip"])
    for side in ("L", "R"):
        for end, trunk in (("Front", chest), ("Hind", hips)):
            key = end.lower()
            leg = [(f"{end}{part}", places[f"{key}_{part.lower()}"]) for part in ("Upper", "Lower", "Foot")]
            bones.chain(trunk, leg, places[f"{key}_tip"], side=side)
    return bones.joints


def many_legs(places: Mapping[str, Point]) -> list[Joint]:
    """An insect's or a spider's: a trunk, and two joints for each leg that was marked."""
    bones = _Bones()
    root = bones.add("Root", None, (0.0, 0.0, 0.0), reach=0.0)
    body = bones.add("Body", root, places["body"], reach=TRUNK)
    bones.add("Head", body, places["head"], reach=TRUNK, tip=places["head_top"])
    bones.add("Abdomen", body, places["abdomen"], reach=TRUNK, tip=places["abdomen_tip"])
    count = sum(1 for name in places if name.startswith("knee"))
    for side in ("L", "R"):
        for leg in range(count):
            upper, lower = (f"Leg{leg}Upper", places[f"leg{leg}"]), (f"Leg{leg}Lower", places[f"knee{leg}"])
            bones.chain(body, [upper, lower], places[f"tip{leg}"], side=side)
    return bones.joints


def chain(places: Mapping[str, Point]) -> list[Joint]:
    """A snake's or a fish's: fifteen joints from head to tail and a root."""
    bones = _Bones()
    root = bones.add("Root", None, (0.0, 0.0, 0.0), reach=0.0)
    count = sum(1 for name in places if name.startswith("spine"))
    spine = [(f"Spine{index:02}", places[f"spine{index}"]) for index in range(count)]
    bones.chain(root, spine, places["tail_tip"])
    return bones.joints


TOPOLOGIES: Mapping[str, Callable[[Mapping[str, Point]], list[Joint]]] = {
    "biped": biped,
    "quadruped": quadruped,
    "hexapod": many_legs,
    "octopod": many_legs,
    "serpentine": chain,
    "aquatic": chain,
}


def in_the_box(low: Floats, high: Floats) -> dict[str, Point]:
    """A person's joints in a bounding box, for a shape that says nothing about itself."""
    middle, size = (low + high) / 2, high - low

    def at(x: float, y: float, z: float = 0.0) -> Point:
        return float(middle[0] + x * size[0]), float(low[1] + y * size[1]), float(middle[2] + z * size[2])

    return {
        "hips": at(0, 0.5), "spine": at(0, 0.58), "chest": at(0, 0.68), "neck": at(0, 0.8),
        "head": at(0, 0.85), "head_top": at(0, 1), "clavicle": at(0.06, 0.78),
        "upper_arm": at(0.17, 0.77), "forearm": at(0.3, 0.66), "hand": at(0.42, 0.55),
        "hand_tip": at(0.49, 0.48), "thigh": at(0.1, 0.48), "calf": at(0.12, 0.27),
        "foot": at(0.13, 0.06), "toes": at(0.13, 0.02, 0.2), "toe_tips": at(0.13, 0.01, 0.4),
    }  # fmt: skip


def hang(positions: Floats, joints: list[Joint]) -> tuple[Any, Any]:
    """For each corner the four bones that move it most and their shares, which add up to one."""
    pull = np.zeros((len(positions), len(joints)))
    for index, joint in enumerate(joints):
        ends = [other.at for other in joints if other.parent == index] or [joint.tip or joint.at]
        for end in ends if joint.reach else ():
            away = _distance(positions, np.array(joint.at), np.array(end)) / joint.reach
            pull[:, index] = np.maximum(pull[:, index], 1 / (away + 0.004) ** FALLOFF)
    bones = np.argsort(-pull, axis=1)[:, :INFLUENCES]
    shares = np.take_along_axis(pull, bones, axis=1)
    shares = shares / shares.sum(axis=1, keepdims=True)
    shares[shares < 0.02] = 0.0
    shares = (shares / shares.sum(axis=1, keepdims=True)).astype("<f4")
    bones[shares == 0] = 0
    return bones.astype("u1"), shares


def _distance(points: Floats, start: Floats, end: Floats) -> Floats:
    along = end - start
    share = np.clip((points - start) @ along / max(float(along @ along), 1e-9), 0, 1)
    return np.asarray(np.linalg.norm(points - start - share[:, None] * along, axis=1))


def rigged(glb: Glb, joints: list[Joint], *, stiff: Sequence[tuple[int, int, str]] = ()) -> bytes:
    """The same file with the joints as nodes and every mesh of its scene hung on them.

    A skeleton that was there before is forgotten. ``stiff`` names corners, as (first, count,
    joint), that follow one joint alone.
    """
    document = glb.document
    placed = [(node, matrix, document["meshes"][node["mesh"]]) for node, matrix in glb.placed_meshes()]
    writer = GlbWriter(document, glb.binary)
    numbers = _joint_nodes(writer, joints)
    for old in ("skins", "animations"):
        document.pop(old, None)
    for node in document["nodes"]:
        node.pop("mesh", None)
        node.pop("skin", None)
    document["meshes"] = []
    for node, matrix, mesh in placed:
        hangings = _hangings(glb, mesh, matrix, joints)
        _stiffen(hangings[0], joints, stiff)
        node["mesh"] = writer.add("meshes", _hung(writer, mesh, hangings))
        inverse = writer.array(_inverse_binds(joints, matrix))
        skin = {"joints": numbers, "skeleton": numbers[0], "inverseBindMatrices": inverse}
        node["skin"] = writer.add("skins", skin)
    scene = document["scenes"][document.get("scene", 0)]
    scene["nodes"] = [*scene["nodes"], numbers[0]]
    return writer.to_bytes()


def _joint_nodes(writer: GlbWriter, joints: list[Joint]) -> list[int]:
    numbers: list[int] = []
    for joint in joints:
        parent = joints[joint.parent].at if joint.parent is not None else (0.0, 0.0, 0.0)
        offset = [float(part) for part in np.subtract(joint.at, parent)]
        numbers.append(writer.add("nodes", {"name": joint.name, "translation": offset}))
        if joint.parent is not None:
            writer.document["nodes"][numbers[joint.parent]].setdefault("children", []).append(numbers[-1])
    return numbers


def _hung(writer: GlbWriter, mesh: dict[str, Any], hangings: list[tuple[Any, Any]]) -> dict[str, Any]:
    """A copy of the mesh whose corners know their bones."""
    primitives = []
    for primitive, (bones, shares) in zip(mesh["primitives"], hangings, strict=True):
        extra = {
            "JOINTS_0": writer.array(bones, target=VERTICES),
            "WEIGHTS_0": writer.array(shares, target=VERTICES),
        }
        primitives.append({**primitive, "attributes": {**primitive["attributes"], **extra}})
    return {**mesh, "primitives": primitives}


def _hangings(glb: Glb, mesh: dict[str, Any], matrix: Floats, joints: list[Joint]) -> list[tuple[Any, Any]]:
    """Bones and shares of each primitive's corners, where they are in the world."""
    return [
        hang(glb.array(primitive["attributes"]["POSITION"]) @ matrix[:3, :3].T + matrix[:3, 3], joints)
        for primitive in mesh["primitives"]
    ]


def _stiffen(hanging: tuple[Any, Any], joints: list[Joint], stiff: Sequence[tuple[int, int, str]]) -> None:
    numbers = {joint.name: number for number, joint in enumerate(joints)}
    bones, shares = hanging
    for first, count, name in stiff:
        corners = slice(first, first + count)
        bones[corners], shares[corners] = 0, 0
        bones[corners, 0], shares[corners, 0] = numbers[name], 1


def _inverse_binds(joints: list[Joint], matrix: Floats) -> Any:
    """From mesh to joint at rest, by columns. A skinned node's own place is in here: viewers ignore it."""
    inverse = np.stack([np.eye(4)] * len(joints))
    inverse[:, :3, 3] = [[-part for part in joint.at] for joint in joints]
    return (inverse @ matrix).transpose(0, 2, 1).reshape(-1, 16).astype("<f4")
