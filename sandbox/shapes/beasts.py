"""Animals on four legs."""

from collections.abc import Callable

from sandbox.shapes.clay import Clay
from sandbox.shapes.finishes import DARK, EYE, FUR, HORN, PALE, WHITE
from sandbox.shapes.mesh import Point
from sandbox.shapes.plans import Plan
from sandbox.shapes.texture import Paint


def hound(clay: Clay) -> None:
    """A dog, a cat, a wolf, a fox: pointed ears, a muzzle, a tail."""
    head = _trunk(clay, height=0.62, length=0.42, girth=0.19, leg_radius=0.07, neck=0.26)
    x, y, z = head
    clay.blob("body", head, (0.16, 0.15, 0.16), fine=1.2)
    clay.blob("belly", (x, y - 0.05, z + 0.16), (0.075, 0.065, 0.13))
    clay.blob("eye", (x, y - 0.02, z + 0.285), (0.03, 0.024, 0.022), fine=0.7)
    _eyes(clay, head, size=0.034, apart=0.075, front=0.125, high=0.045)
    length = float(clay.rng.uniform(0.1, 0.2))
    clay.tube(
        "body",
        [(0.08, y + 0.1, z - 0.01), (0.115, y + 0.12 + length, z - 0.02)],
        [0.055, 0.008],
        flat=0.5,
        both=True,
    )
    _tail(clay, [(0, 0.66, -0.42), (0, 0.74, -0.62), (0, 0.98, -0.72)], [0.05, 0.075, 0.015])


def horse(clay: Clay) -> None:
    """A horse, a unicorn, a cow, a deer: long legs, a mane."""
    head = _trunk(clay, height=0.92, length=0.5, girth=0.22, leg_radius=0.075, neck=0.46, hoof="dark")
    x, y, z = head
    clay.tube(
        "body",
        [(x, y + 0.06, z - 0.04), (x, y - 0.05, z + 0.14), (x, y - 0.13, z + 0.3)],
        [0.13, 0.11, 0.085],
    )
    clay.blob("belly", (x, y - 0.14, z + 0.31), (0.085, 0.075, 0.08))
    _eyes(clay, head, size=0.032, apart=0.105, front=0.08, high=0.05)
    clay.tube(
        "body", [(0.07, y + 0.12, z - 0.06), (0.09, y + 0.27, z - 0.06)], [0.04, 0.006], flat=0.5, both=True
    )
    for place in range(7):
        share = place / 6
        up, back = 0.98 + (y - 0.82) * share, 0.2 + (z - 0.34) * share
        clay.tube("mane", [(0, up + 0.08, back), (0.03, up + 0.02, back - 0.13)], [0.06, 0.02], fine=0.7)
    if clay.rng.random() < 0.5:
        clay.tube("horn", [(0, y + 0.12, z + 0.05), (0, y + 0.42, z + 0.2)], [0.035, 0.004])
    _tail(clay, [(0, 1.0, -0.5), (0, 0.95, -0.68), (0, 0.5, -0.74)], [0.05, 0.09, 0.02], paint="mane")


def dragon(clay: Clay) -> None:
    """Wings, horns, a ridge along the back and a long tail."""
    head = _trunk(clay, height=0.62, length=0.46, girth=0.24, leg_radius=0.095, neck=0.5, hoof="horn")
    x, y, z = head
    clay.blob("body", head, (0.15, 0.14, 0.18), fine=1.1)
    clay.tube("body", [(x, y - 0.01, z + 0.08), (x, y - 0.05, z + 0.3)], [0.12, 0.075])
    clay.blob("dark", (0.035, y - 0.01, z + 0.365), (0.014,) * 3, both=True, fine=0.5)
    _eyes(clay, head, size=0.036, apart=0.09, front=0.11, high=0.08)
    clay.tube(
        "horn",
        [(0.07, y + 0.1, z - 0.06), (0.12, y + 0.22, z - 0.2), (0.1, y + 0.36, z - 0.28)],
        [0.042, 0.03, 0.004],
        both=True,
    )
    for place in range(8):
        share = place / 7
        back = 0.34 - 0.95 * share
        up = 0.84 - 0.28 * max(0.0, share - 0.5)
        clay.tube(
            "horn",
            [(0, up, back), (0, up + 0.13 - 0.08 * share, back - 0.07)],
            [0.05, 0.004],
            flat=0.5,
            fine=0.6,
        )
    spread = float(clay.rng.uniform(0.8, 1.0))
    root: Point = (0.12, 0.78, 0.14)
    elbow: Point = (0.45 * spread, 1.2, -0.05)
    clay.tube("body", [root, elbow, (1.0 * spread, 1.3, -0.25)], [0.05, 0.04, 0.008], both=True)
    for tip in ((1.0, 1.3, -0.25), (0.9, 0.85, -0.42), (0.6, 0.66, -0.5)):
        end: Point = (tip[0] * spread, tip[1], tip[2])
        middle: Point = ((elbow[0] + end[0]) / 2, (elbow[1] + end[1]) / 2 - 0.06, (elbow[2] + end[2]) / 2)
        clay.tube("wings", [(0.2, 0.84, 0.02), middle, end], [0.08, 0.2, 0.02], flat=0.09, both=True)
    _tail(
        clay,
        [(0, 0.6, -0.42), (0, 0.42, -0.8), (0.12, 0.24, -1.15), (0.3, 0.3, -1.4)],
        [0.15, 0.1, 0.06, 0.01],
    )


def _trunk(
    clay: Clay,
    *,
    height: float,
    length: float,
    girth: float,
    leg_radius: float,
    neck: float,
    hoof: str = "body",
) -> Point:
    """Body, legs and neck with their joints; where the head goes."""
    clay.tube("body", [(0, height, -length * 0.8), (0, height * 0.98, 0), (0, height * 1.03, length * 0.75)],
              [girth * 0.92, girth * 0.95, girth * 1.05], fine=1.4)  # fmt: skip
    clay.blob("belly", (0, height - girth * 0.35, 0.02), (girth * 0.72, girth * 0.7, length * 0.85), fine=1.1)
    head: Point = (0, height + neck * 0.95, length + neck * 0.55)
    base: Point = (0, height + girth * 0.3, length * 0.75)
    clay.tube("body", [base, head], [girth * 0.8, girth * 0.55])
    clay.mark(
        hips=(0, height, -length * 0.7), spine=(0, height, -length * 0.1), chest=(0, height, length * 0.55),
        neck=base, head=head, head_top=(0, head[1] + 0.1, head[2] + 0.2),
    )  # fmt: skip
    for end, z, back in (("front", length * 0.68, 0.03), ("hind", -length * 0.68, -0.06)):
        x, knee = girth * 0.62, height * 0.5
        clay.blob(
            "body", (x, height * 0.86, z), (leg_radius * 1.6, height * 0.26, leg_radius * 1.9), both=True
        )
        clay.tube("body", [(x, height * 0.9, z), (x, knee, z + back), (x, 0.1, z)],
                  [leg_radius * 1.3, leg_radius * 0.9, leg_radius * 0.75], both=True)  # fmt: skip
        clay.blob(
            hoof,
            (x, 0.055, z + leg_radius * 0.5),
            (leg_radius * 1.05, 0.058, leg_radius * 1.35),
            square=0.8,
            both=True,
            fine=0.7,
        )
        places = {
            "upper": (x, height * 0.88, z),
            "lower": (x, knee, z + back),
            "foot": (x, 0.1, z),
            "tip": (x, 0.03, z + leg_radius * 1.6),
        }
        clay.mark(**{f"{end}_{name}": place for name, place in places.items()})
    return head


def _eyes(clay: Clay, head: Point, *, size: float, apart: float, front: float, high: float) -> None:
    x, y, z = head[0] + apart, head[1] + high, head[2] + front
    clay.blob("white", (x, y, z), (size, size * 1.1, size * 0.8), both=True, fine=0.7)
    clay.blob(
        "eye",
        (x + size * 0.1, y, z + size * 0.42),
        (size * 0.66, size * 0.76, size * 0.5),
        both=True,
        fine=0.7,
    )


def _tail(clay: Clay, path: list[Point], radii: list[float], *, paint: str = "body") -> None:
    clay.tube(paint, path, radii)
    clay.mark(tail=path[0], tail_middle=path[len(path) // 2], tail_tip=path[-1])


def _plan(words: str, shape: Callable[[Clay], None], **paints: Paint) -> Plan:
    return Plan(words=words, shape=shape, topology="quadruped", paints={**paints, "eye": EYE, "white": WHITE})


BEASTS = (
    _plan(
        "dog cat fox wolf puppy kitten lion tiger panther mouse hound perro gato zorro lobo leon tigre raton",
        hound,
        body=FUR,
        belly=PALE,
    ),
    _plan(
        "horse unicorn pony donkey zebra cow deer goat sheep bull elephant caballo unicornio vaca ciervo "
        "cabra oveja toro elefante",
        horse,
        body=Paint(colour=(0.55, 0.35, 0.22), pattern="fur", roughness=0.8),
        mane=Paint(colour=(0.2, 0.13, 0.1), pattern="fur", roughness=0.9),
        belly=PALE,
        horn=HORN,
        dark=DARK,
    ),
    _plan(
        "dragon wyvern griffin lizard crocodile turtle salamander grifo lagarto cocodrilo tortuga",
        dragon,
        body=Paint(colour=(0.2, 0.5, 0.33), pattern="scales", roughness=0.5),
        wings=Paint(colour=(0.66, 0.3, 0.2), pattern="cloth", roughness=0.7),
        belly=Paint(colour=(0.86, 0.76, 0.5), pattern="scales", roughness=0.6),
        horn=HORN,
        dark=DARK,
    ),
)
