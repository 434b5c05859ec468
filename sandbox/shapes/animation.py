"""Clips into a rigged file: from poses to the turns of its joints.

Works on any file that ``skeleton.rigged`` made: the joints' names say what they are,
and since they rest without rotation, a turn is the same in every body.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sandbox.shapes.clips import OTHER_BODIES, motion
from sandbox.shapes.glb import Glb, GlbError, GlbWriter
from sandbox.shapes.mesh import Floats, unit

SECONDS = 1.2
"""How long a step of a body that is not a person's takes."""
SIDES = {"L": 1.0, "R": -1.0}


def animated(glb: Glb, clips: Sequence[tuple[str, str]], *, alone: bool = False) -> bytes:
    """The same file with the clips, as pairs of name and clip; ``alone`` leaves the mesh out.

    Raises ``GlbError`` where the file has no such skeleton.
    """
    document = glb.document
    if not document.get("skins"):
        raise GlbError("it has no skeleton")
    joints = {document["nodes"][index]["name"]: index for index in document["skins"][0]["joints"]}
    places = {name: np.array(document["nodes"][index]["translation"]) for name, index in joints.items()}
    writer = GlbWriter(document, glb.binary)
    for called, clip in clips:
        times, turns, shifts = _tracks(clip, places)
        _write(writer, called, times, {joints[name]: turn for name, turn in turns.items()},
               {joints[name]: shift for name, shift in shifts.items()})  # fmt: skip
    if alone:
        for node in document["nodes"]:
            node.pop("mesh", None)
            node.pop("skin", None)
        for kind in ("meshes", "skins", "materials", "textures", "images", "samplers"):
            document.pop(kind, None)
    return writer.to_bytes()


def _tracks(clip: str, places: Mapping[str, Floats]) -> tuple[Floats, dict[str, Floats], dict[str, Floats]]:
    """Times, and for each joint that moves its quaternions or its places."""
    if clip in OTHER_BODIES:
        moments = np.linspace(0, 1, 25)
        turns = OTHER_BODIES[clip](moments, list(places))
        return moments * SECONDS, {name: _quaternions(_euler(turn)) for name, turn in turns.items()}, {}
    if "Hips" not in places or "L_Thigh" not in places:
        raise GlbError("its skeleton is not a person's")
    times, poses = motion(clip.removeprefix("biped:"))
    leg = -float(places["L_Calf"][1] + places["L_Foot"][1])
    shifts = {"Hips": places["Hips"] + poses[:, 0:3] * leg}
    return times, _person(poses, places), shifts


def _person(poses: Floats, places: Mapping[str, Floats]) -> dict[str, Floats]:
    """The turns of each joint for rows of pose numbers, in the order of ``Pose``'s fields."""
    hips, spine, head = poses[:, 3:6], poses[:, 6:9], poses[:, 9:12]
    turns = {"Hips": _euler(hips), "Spine": _euler(spine * 0.45), "Chest": _euler(spine * 0.55)}
    turns |= {"Neck": _euler(head * 0.4), "Head": _euler(head * 0.6)}
    limbs = {"L": (poses[:, 12:16], poses[:, 20:23]), "R": (poses[:, 16:20], poses[:, 23:26])}
    for side, (arm, leg) in limbs.items():
        turns |= _arm(side, arm, places) | _leg(side, leg)
    return {name: _quaternions(turn) for name, turn in turns.items()}


def _arm(side: str, arm: Floats, places: Mapping[str, Floats]) -> dict[str, Floats]:
    sign = SIDES[side]
    upper, lower = unit(places[f"{side}_Forearm"]), unit(places[f"{side}_Hand"])
    rest = np.degrees(np.arctan2(abs(upper[0]), -upper[1]))
    swing, lift, bend, twist = arm.T
    turned = _about((1, 0, 0), -swing) @ _about((0, 0, 1), sign * (lift - rest))
    return {
        f"{side}_UpperArm": turned @ _about(upper, -sign * twist),
        f"{side}_Forearm": _about(np.cross(lower, (0.0, 0.0, 1.0)), bend),
    }


def _leg(side: str, leg: Floats) -> dict[str, Floats]:
    swing, spread, bend = leg.T
    return {
        f"{side}_Thigh": _about((1, 0, 0), -swing) @ _about((0, 0, 1), SIDES[side] * spread),
        f"{side}_Calf": _about((1, 0, 0), bend),
        f"{side}_Foot": _about((1, 0, 0), 0.5 * np.clip(swing - bend, -40, 40)),
    }


def _about(axis: Any, degrees: Floats) -> Floats:
    """Rotation matrices about one axis."""
    x, y, z = unit(np.asarray(axis, dtype=float))
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(degrees)[:, None, None]
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross))


def _euler(degrees: Floats) -> Floats:
    x, y, z = degrees.T
    return np.asarray(_about((0, 1, 0), y) @ _about((1, 0, 0), x) @ _about((0, 0, 1), z))


def _quaternions(matrices: Floats) -> Floats:
    """Unit quaternions (x, y, z, w), each on the near side of the one before."""
    m = matrices
    w = np.sqrt(np.maximum(0, 1 + m[:, 0, 0] + m[:, 1, 1] + m[:, 2, 2])) / 2
    x = np.sqrt(np.maximum(0, 1 + m[:, 0, 0] - m[:, 1, 1] - m[:, 2, 2])) / 2
    y = np.sqrt(np.maximum(0, 1 - m[:, 0, 0] + m[:, 1, 1] - m[:, 2, 2])) / 2
    z = np.sqrt(np.maximum(0, 1 - m[:, 0, 0] - m[:, 1, 1] + m[:, 2, 2])) / 2
    x = np.copysign(x, m[:, 2, 1] - m[:, 1, 2])
    y = np.copysign(y, m[:, 0, 2] - m[:, 2, 0])
    z = np.copysign(z, m[:, 1, 0] - m[:, 0, 1])
    turns = np.stack([x, y, z, w], axis=1)
    turns = turns / np.linalg.norm(turns, axis=1, keepdims=True)
    for index in range(1, len(turns)):
        if turns[index] @ turns[index - 1] < 0:
            turns[index] = -turns[index]
    return np.asarray(turns)


def _write(
    writer: GlbWriter, name: str, times: Floats, turns: dict[int, Floats], shifts: dict[int, Floats]
) -> None:
    clock = writer.array(times.astype("<f4"))
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []
    for path, tracks in (("rotation", turns), ("translation", shifts)):
        for node, values in tracks.items():
            channels.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
            output = writer.array(values.astype("<f4"))
            samplers.append({"input": clock, "output": output, "interpolation": "LINEAR"})
    writer.add("animations", {"name": name, "samplers": samplers, "channels": channels})
