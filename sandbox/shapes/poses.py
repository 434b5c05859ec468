# ruff: noqa: E501 -- a table with one pose to a line reads better than four hundred lines
"""Poses of a body on two legs, and the clips that are made by going from pose to pose.

Degrees, and seen from the body itself: a positive ``swing`` brings a limb forward, a
positive ``lift`` or ``spread`` takes it away from the side, ``bend`` closes elbow or knee,
``twist`` turns the bent forearm upward. Trunk and head: forward, to the left, sideways.
``move`` shifts the hips, in leg lengths: left, up, forward.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from sandbox.shapes.mesh import Floats

Three = tuple[float, float, float]
Four = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Where every part is; the default stands at ease."""

    move: Three = (0, 0, 0)
    hips: Three = (0, 0, 0)
    spine: Three = (0, 0, 0)
    head: Three = (0, 0, 0)
    left_arm: Four = (0, 14, 14, 0)
    right_arm: Four = (0, 14, 14, 0)
    left_leg: Three = (0, 2, 2)
    right_leg: Three = (0, 2, 2)

    def flat(self) -> Floats:
        """All numbers in a row, in the order of the fields."""
        return np.concatenate([np.array(getattr(self, part.name), dtype=float) for part in fields(self)])


def mirrored(pose: Pose) -> Pose:
    """The same with left and right exchanged."""

    def flip(turn: Three) -> Three:
        return turn[0], -turn[1], -turn[2]

    return Pose(
        move=(-pose.move[0], pose.move[1], pose.move[2]),
        hips=flip(pose.hips),
        spine=flip(pose.spine),
        head=flip(pose.head),
        left_arm=pose.right_arm,
        right_arm=pose.left_arm,
        left_leg=pose.right_leg,
        right_leg=pose.left_leg,
    )


STAND = Pose()
CROUCH = Pose(move=(0, -0.28, 0), spine=(28, 0, 0), left_leg=(55, 6, 85), right_leg=(55, 6, 85))
SEATED = Pose(move=(0, -0.5, 0), left_leg=(85, 8, 88), right_leg=(85, 8, 88))
GUARD = Pose(
    move=(0, -0.06, 0), hips=(0, -20, 0), spine=(8, 0, 0),
    left_arm=(55, 12, 95, 0), right_arm=(40, 14, 115, 0), left_leg=(18, 6, 20), right_leg=(-14, 8, 24),
)  # fmt: skip
UP = (160.0, 16.0, 15.0, 0.0)
FORWARD = (85.0, 8.0, 10.0, 0.0)
AT_HIP = (-25.0, 42.0, 80.0, 0.0)
AT_FACE = (70.0, 12.0, 130.0, 0.0)
SIDEWAYS = (0.0, 88.0, 8.0, 0.0)

POSES: Mapping[str, Pose] = {
    "stand": STAND,
    "breathe": replace(STAND, spine=(-3, 0, 0), move=(0, -0.012, 0), left_arm=(3, 17, 18, 0), right_arm=(3, 17, 18, 0)),
    "sway": replace(STAND, move=(0.07, -0.01, 0), hips=(0, 0, -4), spine=(0, 6, 6), head=(0, 10, -3)),
    "crouch": CROUCH,
    "wind_up": replace(CROUCH, left_arm=(-50, 20, 15, 0), right_arm=(-50, 20, 15, 0)),
    "air": Pose(move=(0, 0.5, 0), left_arm=UP, right_arm=UP, left_leg=(20, 6, 35), right_leg=(-8, 6, 20)),
    "star": Pose(move=(0, 0.4, 0), left_arm=(0, 120, 5, 0), right_arm=(0, 120, 5, 0), left_leg=(0, 32, 4), right_leg=(0, 32, 4)),
    "seated": SEATED,
    "seated_lean": replace(SEATED, spine=(16, 0, 0), left_arm=(48, 8, 60, 0), right_arm=(48, 8, 60, 0)),
    "wave_out": Pose(spine=(0, 0, 3), head=(0, -8, 6), right_arm=(0, 96, 50, 88)),
    "wave_in": Pose(spine=(0, 0, -2), head=(0, -8, -4), right_arm=(0, 96, 112, 88)),
    "bowed": Pose(hips=(18, 0, 0), spine=(52, 0, 0), head=(12, 0, 0), right_arm=(30, 6, 90, 0)),
    "nod": Pose(head=(24, 0, 0), spine=(5, 0, 0)),
    "shake": Pose(head=(4, 32, 0), spine=(0, 6, 0)),
    "look": Pose(head=(-4, 55, 0), spine=(0, 20, 0)),
    "reach_out": Pose(left_arm=FORWARD, right_arm=FORWARD, spine=(6, 0, 0)),
    "shove": Pose(left_arm=FORWARD, right_arm=FORWARD, spine=(18, 0, 0), left_leg=(22, 4, 20), right_leg=(-20, 4, 8)),
    "arms_up": Pose(left_arm=UP, right_arm=UP, spine=(-6, 0, 0), head=(-12, 0, 0)),
    "v_up": Pose(left_arm=(0, 140, 10, 0), right_arm=(0, 140, 10, 0), spine=(-8, 0, 0), move=(0, 0.03, 0)),
    "clap_open": Pose(left_arm=(70, 40, 40, 0), right_arm=(70, 40, 40, 0)),
    "clap_shut": Pose(left_arm=(78, 2, 50, 0), right_arm=(78, 2, 50, 0)),
    "folded": Pose(left_arm=(40, 8, 118, 10), right_arm=(46, 8, 118, -10), spine=(-3, 0, 0)),
    "face": Pose(left_arm=AT_FACE, right_arm=AT_FACE, spine=(14, 0, 0), head=(26, 0, 0)),
    "sob": Pose(left_arm=AT_FACE, right_arm=AT_FACE, spine=(24, 0, 0), head=(34, 6, 0), move=(0, -0.03, 0)),
    "droop": Pose(spine=(26, 0, 0), head=(30, 0, 0), left_arm=(14, 8, 6, 0), right_arm=(14, 8, 6, 0)),
    "at_hips": Pose(left_arm=AT_HIP, right_arm=AT_HIP, spine=(-3, 0, 0)),
    "point": Pose(right_arm=FORWARD, left_arm=AT_HIP, spine=(6, 12, 0), head=(6, 0, 0)),
    "shrug": Pose(left_arm=(20, 40, 95, 40), right_arm=(20, 40, 95, 40), head=(0, 0, 10), spine=(-4, 0, 0)),
    "shrink": Pose(move=(0, -0.16, -0.08), spine=(20, 0, 0), head=(14, 0, 0), left_arm=(50, 8, 120, 0), right_arm=(50, 8, 120, 0), left_leg=(32, 2, 50), right_leg=(32, 2, 50)),
    "startle": Pose(move=(0, 0.02, -0.1), spine=(-16, 0, 0), head=(-8, 0, 0), left_arm=(30, 60, 70, 60), right_arm=(30, 60, 70, 60), left_leg=(-10, 6, 6), right_leg=(16, 6, 16)),
    "guard": GUARD,
    "jab": replace(GUARD, spine=(12, -26, 0), left_arm=(88, 6, 6, 0)),
    "cross": replace(GUARD, hips=(0, 22, 0), spine=(14, 24, 0), right_arm=(88, 4, 4, 0)),
    "hook": replace(GUARD, hips=(0, -35, 0), spine=(6, -25, 0), left_arm=(62, 48, 70, 0)),
    "kick": replace(GUARD, spine=(-18, 0, 0), right_leg=(92, 4, 8), hips=(-8, 0, 0)),
    "chamber": replace(GUARD, spine=(4, 0, 0), right_leg=(75, 4, 100)),
    "overhead": Pose(left_arm=(165, 4, 40, 0), right_arm=(165, 4, 40, 0), spine=(-16, 0, 0), move=(0, 0.02, 0)),
    "chopped": Pose(left_arm=(50, 2, 8, 0), right_arm=(50, 2, 8, 0), spine=(48, 0, 0), move=(0, -0.1, 0), left_leg=(30, 6, 40), right_leg=(10, 6, 30)),
    "side_back": Pose(hips=(0, -30, 0), spine=(4, -36, 0), left_arm=(80, -20, 40, 0), right_arm=(30, 70, 50, 0), right_leg=(-10, 8, 22)),
    "side_through": Pose(hips=(0, 28, 0), spine=(10, 42, 0), left_arm=(30, 60, 30, 0), right_arm=(85, -25, 15, 0), left_leg=(16, 8, 26)),
    "aim": Pose(hips=(0, -30, 0), spine=(2, -10, 0), head=(4, 34, 0), left_arm=(86, 18, 4, 0), right_arm=(84, 34, 100, 0), left_leg=(16, 6, 14), right_leg=(-14, 8, 14)),
    "recoil": Pose(hips=(0, -30, 0), spine=(-9, -14, 0), head=(-2, 34, 0), left_arm=(98, 18, 16, 0), right_arm=(94, 36, 112, 0), left_leg=(16, 6, 18), right_leg=(-14, 8, 18)),
    "bent_back": Pose(spine=(-32, 8, 0), head=(-22, 0, 0), left_arm=(-10, 50, 40, 0), right_arm=(-10, 50, 40, 0), move=(0, -0.03, -0.12), right_leg=(-14, 4, 14)),
    "bent_side": Pose(spine=(8, 0, 30), hips=(0, 0, 8), head=(10, 0, 16), left_arm=(30, 20, 100, 0), right_arm=(0, 40, 30, 0)),
    "doubled": Pose(spine=(55, 0, 0), head=(20, 0, 0), left_arm=(40, 4, 95, 0), right_arm=(40, 4, 95, 0), move=(0, -0.1, -0.06), left_leg=(34, 4, 50), right_leg=(34, 4, 50)),
    "lying": Pose(move=(0, -0.86, -0.25), hips=(-82, 0, 0), left_arm=(-4, 50, 10, 0), right_arm=(-4, 50, 10, 0), left_leg=(4, 10, 6), right_leg=(10, 8, 20)),
    "kneeling": Pose(move=(0, -0.48, 0), spine=(20, 0, 0), head=(24, 0, 0), left_leg=(8, 6, 98), right_leg=(8, 6, 98)),
    "diving": Pose(move=(0, 0.25, 0.4), hips=(76, 0, 0), left_arm=(172, 6, 0, 0), right_arm=(172, 6, 0, 0), left_leg=(-4, 2, 2), right_leg=(-4, 2, 10)),
    "stroke_left": Pose(move=(0, -0.1, 0), hips=(72, 0, 12), left_arm=(170, 10, 5, 0), right_arm=(-30, 20, 20, 0), left_leg=(18, 4, 10), right_leg=(-18, 4, 16)),
    "climb_left": Pose(left_arm=(165, 10, 10, 0), right_arm=(95, 10, 90, 0), left_leg=(10, 8, 12), right_leg=(80, 10, 95), spine=(4, 6, 6), move=(0.03, 0.05, 0)),
    "dribble_low": Pose(move=(0, -0.14, 0), spine=(24, 8, 0), right_arm=(30, 22, 20, 0), left_arm=(30, 40, 40, 0), left_leg=(34, 8, 46), right_leg=(26, 8, 46)),
    "dribble_high": Pose(move=(0, -0.1, 0), spine=(18, 4, 0), right_arm=(46, 22, 78, 0), left_arm=(26, 40, 40, 0), left_leg=(30, 8, 38), right_leg=(24, 8, 38)),
    "throw_back": Pose(hips=(0, -38, 0), spine=(-14, -30, 0), head=(0, 46, 0), right_arm=(-30, 98, 80, 80), left_arm=(80, 24, 20, 0), left_leg=(48, 4, 60), right_leg=(-8, 4, 8)),
    "throw_through": Pose(hips=(8, 34, 0), spine=(36, 26, 0), right_arm=(70, -8, 8, 0), left_arm=(-20, 36, 40, 0), left_leg=(26, 4, 24), right_leg=(-32, 4, 24)),
    "lift_low": Pose(move=(0, -0.36, 0), spine=(50, 0, 0), head=(-16, 0, 0), left_arm=(62, 6, 4, 0), right_arm=(62, 6, 4, 0), left_leg=(66, 12, 104), right_leg=(66, 12, 104)),
    "cradle": Pose(left_arm=(40, 8, 100, 0), right_arm=(40, 8, 100, 0), spine=(6, 0, 0), head=(28, 0, 0)),
    "phone": Pose(right_arm=(60, 24, 140, 10), head=(6, -8, 10)),
    "scratch": Pose(right_arm=(110, 36, 130, 20), head=(10, 14, 8)),
    "hug": Pose(left_arm=(76, 10, 62, 0), right_arm=(70, 10, 62, 0), spine=(10, 0, 0), head=(6, 0, 12)),
    "heart": Pose(left_arm=(62, 14, 112, 30), right_arm=(62, 14, 112, 30), head=(0, 0, 10)),
    "mic": Pose(right_arm=(64, 18, 128, 0), left_arm=(0, 60, 20, 0), head=(-14, 0, 6), spine=(-8, 0, 4)),
    "groove": Pose(move=(0.1, -0.07, 0), hips=(0, 12, -9), spine=(6, -14, 10), left_arm=(40, 30, 85, 0), right_arm=(-14, 36, 60, 0), left_leg=(12, 4, 30), right_leg=(2, 8, 12)),
    "disco": Pose(move=(0.06, -0.02, 0), hips=(0, 0, -8), spine=(0, 10, -6), right_arm=(20, 142, 6, 0), left_arm=AT_HIP, head=(-10, -24, 0), right_leg=(0, 14, 8)),
    "twist": Pose(move=(0, -0.16, 0), hips=(0, 34, 0), spine=(4, -58, 0), left_arm=(30, 26, 80, 0), right_arm=(10, 40, 70, 0), left_leg=(30, 6, 48), right_leg=(30, 6, 48)),
    "roll": Pose(move=(0, -0.05, 0), left_arm=(55, 20, 95, 0), right_arm=(80, 20, 95, 0), spine=(14, 10, 0), left_leg=(14, 6, 24)),
    "kick_out": Pose(move=(-0.05, 0, 0), right_leg=(52, 10, 6), spine=(-10, 0, 6), left_arm=(50, 30, 30, 0), right_arm=(-30, 40, 30, 0)),
    "t_arms": Pose(left_arm=SIDEWAYS, right_arm=SIDEWAYS),
    "surf": Pose(move=(0, -0.16, 0), hips=(0, -62, 0), spine=(16, 10, 6), head=(0, 46, 0), left_arm=(10, 78, 20, 0), right_arm=(-10, 66, 20, 0), left_leg=(30, 18, 46), right_leg=(30, 18, 46)),
    "crunch": Pose(left_leg=(88, -6, 96), spine=(26, 22, 0), right_arm=(60, 30, 135, 30), left_arm=(30, 70, 130, 80)),
    "upside": Pose(move=(0, 0.6, 0), hips=(180, 0, 0), left_leg=(80, 6, 100), right_leg=(80, 6, 100), left_arm=(60, 10, 70, 0), right_arm=(60, 10, 70, 0)),
    "landing": Pose(move=(0, -0.2, 0), hips=(360, 0, 0), spine=(26, 0, 0), left_leg=(46, 6, 70), right_leg=(46, 6, 70), left_arm=(30, 30, 20, 0), right_arm=(30, 30, 20, 0)),
    "quarter": Pose(hips=(0, 90, 0), left_leg=(20, 4, 30)),
    "half": Pose(hips=(0, 180, 0), right_leg=(20, 4, 30)),
    "three": Pose(hips=(0, 270, 0), left_leg=(20, 4, 30)),
    "whole": Pose(hips=(0, 360, 0)),
}  # fmt: skip
