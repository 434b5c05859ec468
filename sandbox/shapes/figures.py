"""Bodies on two legs: the anatomy that all of them share, joint by joint.

Arms hang 45 degrees from the side, between the T and the rest pose, so that a skeleton
bends them well either way and they look at ease in a picture.
"""

from dataclasses import dataclass

from sandbox.shapes.clay import Clay
from sandbox.shapes.mesh import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Proportions in metres; radii are half widths."""

    leg: float = 0.78
    """From the ground to the hip joint."""
    stance: float = 0.13
    """How far each foot is from the middle."""
    leg_radius: float = 0.1
    torso: Point = (0.25, 0.33, 0.18)
    arm: float = 0.62
    arm_radius: float = 0.075
    neck: float = 0.07
    head: Point = (0.2, 0.23, 0.2)
    square: float = 1.0
    """1 is round, 0.4 a box."""

    @property
    def chest_top(self) -> float:
        """Where the neck begins."""
        return self.leg - 0.06 + 2 * self.torso[1]

    @property
    def head_at(self) -> Point:
        """The middle of the head."""
        return 0.0, self.chest_top + self.neck + 0.78 * self.head[1], 0.02

    def on_head(self, x: float, y: float, z: float) -> Point:
        """A place relative to the head, in head radii."""
        (cx, cy, cz), (rx, ry, rz) = self.head_at, self.head
        return cx + x * rx, cy + y * ry, cz + z * rz

    @property
    def shoulder(self) -> Point:
        """The left one."""
        return self.torso[0] * 0.88, self.chest_top - 0.3 * self.torso[1], 0.0

    def on_arm(self, share: float) -> Point:
        """A place on the left arm: 0 the shoulder, 0.46 the elbow, 0.86 the wrist, 1 the finger tips."""
        x, y, z = self.shoulder
        return x + 0.72 * self.arm * share, y - 0.7 * self.arm * share, z + 0.04 * share


def legs(clay: Clay, body: Body, *, paint: str, foot: str, foot_length: float = 0.2) -> None:
    """Both legs with their feet, and the joints in them."""
    x, radius, hip = body.stance, body.leg_radius, body.leg
    ankle = min(0.09, hip * 0.25)
    knee: Point = (x, (hip + ankle) / 2, 0.02)
    clay.tube(
        paint,
        [(x * 0.85, hip, 0), knee, (x, ankle, -0.01)],
        [radius * 1.15, radius * 0.85, radius * 0.7],
        both=True,
    )
    clay.blob(
        foot,
        (x, ankle * 0.62, foot_length * 0.28),
        (radius * 0.95, ankle * 0.62, foot_length * 0.62),
        square=0.8,
        both=True,
        fine=0.7,
    )
    clay.mark(
        hips=(0, hip, 0),
        thigh=(x * 0.85, hip, 0),
        calf=knee,
        foot=(x, ankle, -0.01),
        toes=(x, ankle * 0.4, foot_length * 0.45),
        toe_tips=(x, ankle * 0.4, foot_length * 0.9),
    )


def torso(clay: Clay, body: Body, *, paint: str, belly: str | None = None, taper: float = 0.0) -> None:
    """The trunk with its spine, and a lighter belly if asked for."""
    (rx, ry, rz), bottom = body.torso, body.leg - 0.06
    middle = bottom + ry
    clay.blob(paint, (0, middle, 0), (rx, ry * 1.04, rz), square=body.square, fine=1.3)
    if taper:
        clay.blob(
            paint, (0, middle + ry * 0.45, 0), (rx * (1 + taper), ry * 0.55, rz * 1.08), square=body.square
        )
    if belly:
        clay.blob(belly, (0, middle - ry * 0.08, rz * 0.26), (rx * 0.74, ry * 0.8, rz * 0.82), fine=1.2)
    clay.mark(
        spine=(0, bottom + ry * 0.55, 0),
        chest=(0, bottom + ry * 1.15, 0),
        neck=(0, body.chest_top - 0.02, 0),
        head=(0, body.chest_top + body.neck * 0.8, 0.01),
        head_top=body.on_head(0, 1, 0),
    )


def arms(clay: Clay, body: Body, *, paint: str, hand: str, sleeve: float = 1.0) -> None:
    """Both arms with hands and thumbs; ``sleeve`` widens the cloth at the wrist."""
    radius = body.arm_radius
    clay.blob(paint, body.shoulder, (radius * 1.35,) * 3, square=body.square, both=True, fine=0.8)
    clay.tube(
        paint,
        [body.on_arm(0), body.on_arm(0.46), body.on_arm(0.86)],
        [radius * 1.1, radius * 0.9, radius * 0.75 * sleeve],
        both=True,
    )
    x, y, z = body.on_arm(0.94)
    clay.blob(
        hand, (x, y, z), (radius * 0.85, radius * 1.05, radius * 0.8), turn=(0, 0, 45), both=True, fine=0.7
    )
    clay.tube(
        hand,
        [(x, y, z + radius * 0.5), (x, y - radius * 0.6, z + radius * 1.3)],
        [radius * 0.32] * 2,
        both=True,
        fine=0.6,
    )
    mark_arms(clay, body)


def mark_arms(clay: Clay, body: Body) -> None:
    """The joints of the arms, for those who make arms of their own."""
    x, y, z = body.shoulder
    clay.mark(
        clavicle=(x * 0.35, y + 0.02, z),
        upper_arm=body.on_arm(0),
        forearm=body.on_arm(0.46),
        hand=body.on_arm(0.86),
        hand_tip=body.on_arm(1.05),
    )


def neck(clay: Clay, body: Body, *, paint: str) -> None:
    """What the head stands on."""
    radius = min(body.head[0], body.torso[0]) * 0.45
    clay.tube(paint, [(0, body.chest_top - 0.06, 0), body.on_head(0, -0.5, 0)], [radius * 1.2, radius])


def eyes(
    clay: Clay, body: Body, *, size: float = 0.2, apart: float = 0.42, high: float = 0.1, front: float = 0.86
) -> None:
    """White, pupil and a spark of light."""
    r = size * body.head[0]
    x, y, z = body.on_head(apart, high, front)
    clay.blob("white", (x, y, z), (r, r * 1.1, r * 0.6), turn=(0, 14, 0), both=True, fine=0.8)
    clay.blob(
        "eye", (x, y, z + r * 0.34), (r * 0.62, r * 0.7, r * 0.38), turn=(0, 10, 0), both=True, fine=0.7
    )
    clay.blob("white", (x + r * 0.2, y + r * 0.28, z + r * 0.66), (r * 0.17,) * 3, both=True, fine=0.35)


def ears(clay: Clay, body: Body, *, paint: str, inner: str, length: float, pointed: bool = True) -> None:
    """Upright ears of a beast."""
    base, tip = body.on_head(0.5, 0.72, 0), body.on_head(0.72, 0.75 + length, 0)
    middle = body.on_head(0.66, 0.72 + length * 0.55, 0)
    width = 0.27 * body.head[0]
    end = 0.03 if pointed else width * 0.8
    clay.tube(paint, [base, middle, tip], [width, width * 0.95, end], flat=0.5, both=True, fine=0.9)
    lift = (0.0, 0.0, width * 0.34)
    path = [tuple(a + b for a, b in zip(point, lift, strict=True)) for point in (base, middle, tip)]
    clay.tube(inner, path, [width * 0.6, width * 0.55, end * 0.5], flat=0.4, both=True, fine=0.7)  # type: ignore[arg-type] # three numbers each
