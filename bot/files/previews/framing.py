"""Where the camera has to be, so that the whole model is in the picture and fills it.

A file's own numbers do not tell: a skeleton puts a mesh somewhere else than its vertices
say. So we look at silhouettes, and come nearer until they fit. Pure: who looks is handed in.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

ANGLE = 24.0
"""Degrees that the camera sees, up and down; narrow, so that nothing near looks bloated."""
FILL = 0.84
"""How much of the picture the model fills, along its longer side."""
FRONT, SIDE = 0.0, 90.0
_ROUGH, _ROUGHLY = 0.6, 0.25
"""What a look from far away aims at, and from where on it is exact enough to aim by."""
_CLOSE_ENOUGH = 0.06
_TRIES = 12
_GUESSES = (1.0, 0.1, 0.01, 0.001, 10.0, 100.0)
"""A skeleton in metres may carry a mesh in centimetres or millimetres, or the other way round."""


class NothingToSee(Exception):
    """However we look at it, the picture stays empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """A camera on a sphere around what it looks at. Angles in degrees, the rest in the file's units."""

    centre: tuple[float, float, float]
    distance: float
    turn: float = FRONT
    """To the side; 0 is in front of the model."""
    rise: float = 0.0
    """How far it looks down from above."""

    @property
    def position(self) -> tuple[float, float, float]:
        """Where the camera is."""
        turn, rise = math.radians(self.turn), math.radians(self.rise)
        x, y, z = self.centre
        flat = self.distance * math.cos(rise)
        return (
            x + flat * math.sin(turn),
            y + self.distance * math.sin(rise),
            z + flat * math.cos(turn),
        )

    @property
    def reach(self) -> float:
        """How far from its centre the picture ends, at the model's distance."""
        return self.distance * math.tan(math.radians(ANGLE / 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a silhouette fills of the picture: -1 is its left or lower border, 1 the opposite one."""

    left: float
    right: float
    low: float
    high: float

    def with_(self, other: "Outline") -> "Outline":
        """Both together."""
        return Outline(
            left=min(self.left, other.left),
            right=max(self.right, other.right),
            low=min(self.low, other.low),
            high=max(self.high, other.high),
        )

    @property
    def fill(self) -> float:
        """Share of the picture, along the longer side."""
        return max(self.right - self.left, self.high - self.low) / 2

    @property
    def cut(self) -> bool:
        """Whether it may go on beyond a border."""
        return max(-self.left, self.right, -self.low, self.high) >= 1


Look = Callable[[Pose], Outline | None]
"""What is to be seen from there, over all moments that matter; ``None``: nothing."""


def find(look: Look, centre: tuple[float, float, float], distance: float) -> Pose:
    """A camera in front of the model, with its middle in the picture's; starts from a guess.

    Raises:
        NothingToSee: the model is not there, or far from where it should be.
    """
    for middle in (centre, (0.0, 0.0, 0.0)):
        for guess in _GUESSES:
            pose = Pose(centre=middle, distance=distance * guess)
            if look(pose):
                return _approach(look, pose)
    raise NothingToSee


def _approach(look: Look, pose: Pose) -> Pose:
    for _ in range(_TRIES):
        front, side = look(pose), look(replace(pose, turn=SIDE))
        front, side = front or _edge(side), side or _edge(front)
        if front is None or side is None:
            pose = replace(pose, distance=2 * pose.distance)
            continue
        exact = max(front.fill, side.fill) >= _ROUGHLY and not (front.cut or side.cut)
        pose = _nearer(pose, front, side)
        if exact:
            return pose
    raise NothingToSee


def _edge(face: Outline | None) -> Outline | None:
    """What a sheet without thickness looks like from its edge, where nothing is drawn."""
    return replace(face, left=0.0, right=0.0) if face else None


def _nearer(pose: Pose, front: Outline, side: Outline) -> Pose:
    """The middle of what was seen becomes the picture's; from further away where it was cut off."""
    x, y, z = pose.centre
    middle = (
        x + pose.reach * (front.left + front.right) / 2,
        y + pose.reach * (front.low + front.high + side.low + side.high) / 4,
        z - pose.reach * (side.left + side.right) / 2,  # from this side, left is what was in front
    )
    wanted = 2.0 if front.cut or side.cut else max(front.fill, side.fill) / _ROUGH
    return replace(pose, centre=middle, distance=pose.distance * wanted)


def fit(look: Look, pose: Pose, turns: Sequence[float], rise: float) -> Pose:
    """The same camera, as near as it can be without cutting anything off on its way around.

    Raises:
        NothingToSee: the model is gone.
    """
    pose = replace(pose, rise=rise)
    for _ in range(_TRIES):
        seen = [outline for turn in turns if (outline := look(replace(pose, turn=turn)))]
        if not seen:
            break
        whole = seen[0]
        for outline in seen[1:]:
            whole = whole.with_(outline)
        if whole.cut:
            pose = replace(pose, distance=1.5 * pose.distance)
            continue
        x, y, z = pose.centre
        lift = pose.reach * (whole.low + whole.high) / 2 / math.cos(math.radians(rise))
        wide = max(-whole.left, whole.right, (whole.high - whole.low) / 2)
        closer = replace(pose, centre=(x, y + lift, z), distance=pose.distance * wide / FILL)
        if abs(wide - FILL) < _CLOSE_ENOUGH:
            return closer
        pose = closer
    raise NothingToSee
