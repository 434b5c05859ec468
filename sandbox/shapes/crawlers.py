"""Animals on six or eight legs, or on none."""

from collections.abc import Callable
from math import cos, radians, sin

from sandbox.shapes.clay import Clay
from sandbox.shapes.finishes import EYE, WHITE
from sandbox.shapes.mesh import Point
from sandbox.shapes.plans import Plan
from sandbox.shapes.texture import Paint


def spider(clay: Clay) -> None:
    """Eight legs and a round abdomen."""
    _crawler(clay, legs=4, abdomen=(0.3, 0.26, 0.34))


def beetle(clay: Clay) -> None:
    """Six legs and a shell."""
    _crawler(clay, legs=3, abdomen=(0.3, 0.2, 0.4))
    clay.tube(
        "limbs", [(0.05, 0.46, 0.5), (0.14, 0.6, 0.66), (0.26, 0.62, 0.78)], [0.02, 0.016, 0.012], both=True
    )
    clay.tube(
        "limbs", [(0.05, 0.34, 0.56), (0.1, 0.32, 0.7), (0.02, 0.3, 0.78)], [0.035, 0.03, 0.006], both=True
    )


def _crawler(clay: Clay, *, legs: int, abdomen: Point) -> None:
    clay.blob("body", (0, 0.36, 0.12), (0.19, 0.15, 0.22))
    clay.blob("body", (0, 0.4, -0.42), abdomen, turn=(-12, 0, 0), fine=1.3)
    clay.blob("body", (0, 0.39, 0.4), (0.15, 0.13, 0.14))
    for x, y, size in ((0.06, 0.45, 0.042), (0.11, 0.4, 0.028)):
        clay.blob("white", (x, y, 0.51), (size,) * 3, both=True, fine=0.7)
        clay.blob("eye", (x, y, 0.51 + size * 0.6), (size * 0.62,) * 3, both=True, fine=0.6)
    for leg in range(legs):
        angle = radians(58 - 116 * leg / (legs - 1))
        side, ahead = cos(angle), sin(angle)
        start: Point = (0.14 * side + 0.02, 0.36, 0.14 + 0.16 * ahead)
        knee: Point = (0.48 * side + 0.06, 0.62, 0.14 + 0.5 * ahead)
        tip: Point = (0.85 * side + 0.06, 0.0, 0.14 + 0.85 * ahead)
        clay.tube("limbs", [start, knee], [0.05, 0.042], both=True)
        clay.tube("limbs", [knee, tip], [0.046, 0.012], both=True)
        clay.mark(**{f"leg{leg}": start, f"knee{leg}": knee, f"tip{leg}": tip})
    clay.mark(body=(0, 0.36, 0.05), head=(0, 0.38, 0.3), head_top=(0, 0.4, 0.5), abdomen=(0, 0.37, -0.12),
              abdomen_tip=(0, 0.42, -0.75))  # fmt: skip


def fish(clay: Clay) -> None:
    """A body with fins that swims along +Z."""
    high = float(clay.rng.uniform(0.2, 0.3))
    clay.tube(
        "body",
        [(0, 0.45, 0.58), (0, 0.45, 0.3), (0, 0.45, -0.1), (0, 0.45, -0.55)],
        [0.07, high, high * 0.9, 0.06],
        flat=0.55,
        fine=2,
    )
    for lean in (0.28, -0.28):
        clay.tube(
            "fins",
            [(0, 0.45, -0.55), (0, 0.45 + lean * 0.7, -0.75), (0, 0.45 + lean, -0.92)],
            [0.06, 0.09, 0.02],
            flat=0.2,
        )
    clay.tube(
        "fins",
        [(0, 0.45 + high * 0.85, 0.2), (0, 0.55 + high, 0.02), (0, 0.5 + high, -0.2)],
        [0.06, 0.1, 0.02],
        flat=0.2,
    )
    clay.tube("fins", [(0.12, 0.38, 0.2), (0.3, 0.28, 0.05)], [0.03, 0.09], flat=0.2, both=True)
    _eyes(clay, (0, 0.45, 0.5), size=0.05, apart=0.1, front=-0.1, high=0.08)
    _spine(clay, [(0, 0.45, 0.5), (0, 0.45, 0), (0, 0.45, -0.6)], tip=(0, 0.45, -0.9))


def snake(clay: Clay) -> None:
    """A long body in bends, a tongue."""
    path: list[Point] = [
        (0.0, 0.34, 0.75), (0, 0.3, 0.6), (0.0, 0.09, 0.42), (0.2, 0.08, 0.2), (-0.2, 0.08, -0.1),
        (0.2, 0.08, -0.4), (-0.12, 0.06, -0.7), (0.05, 0.04, -0.95),
    ]  # fmt: skip
    clay.tube("body", path, [0.07, 0.075, 0.085, 0.09, 0.085, 0.075, 0.05, 0.01], fine=2)
    clay.blob("body", (0, 0.36, 0.8), (0.1, 0.075, 0.14))
    _eyes(clay, (0, 0.36, 0.8), size=0.034, apart=0.062, front=0.06, high=0.05)
    clay.tube("tongue", [(0, 0.33, 0.92), (0, 0.31, 1.02)], [0.012, 0.008], fine=0.6)
    clay.tube("tongue", [(0, 0.31, 1.02), (0.03, 0.31, 1.08)], [0.008, 0.004], both=True, fine=0.6)
    _spine(clay, path, tip=path[-1])


def _spine(clay: Clay, path: list[Point], *, tip: Point) -> None:
    """Fifteen joints, evenly along the path."""
    for joint in range(15):
        place = joint / 15 * (len(path) - 1)
        index = int(place)
        share = place - index
        a, b = path[index], path[index + 1]
        at: Point = (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)
        clay.mark(**{f"spine{joint}": at})
    clay.mark(tail_tip=tip)


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


def _plan(words: str, shape: Callable[[Clay], None], topology: str, **paints: Paint) -> Plan:
    return Plan(words=words, shape=shape, topology=topology, paints={**paints, "eye": EYE, "white": WHITE})


CRAWLERS = (
    _plan(
        "spider tarantula octopus crab scorpion arana pulpo cangrejo escorpion",
        spider,
        "octopod",
        body=Paint(colour=(0.28, 0.2, 0.3), pattern="fur", roughness=0.8),
        limbs=Paint(colour=(0.2, 0.15, 0.2), pattern="stripes", roughness=0.7),
    ),
    _plan(
        "beetle ant bug insect ladybug bee escarabajo hormiga insecto mariquita abeja",
        beetle,
        "hexapod",
        body=Paint(colour=(0.12, 0.42, 0.4), pattern="metal", metallic=0.6, roughness=0.3),
        limbs=Paint(colour=(0.12, 0.12, 0.14), roughness=0.5),
    ),
    _plan(
        "fish shark whale dolphin goldfish koi pez tiburon ballena delfin",
        fish,
        "aquatic",
        body=Paint(colour=(0.92, 0.45, 0.15), pattern="scales", metallic=0.2, roughness=0.3),
        fins=Paint(colour=(0.97, 0.7, 0.35), pattern="stripes", roughness=0.4),
    ),
    _plan(
        "snake serpent worm eel cobra python serpiente gusano",
        snake,
        "serpentine",
        body=Paint(colour=(0.45, 0.6, 0.2), pattern="scales", roughness=0.4),
        tongue=Paint(colour=(0.8, 0.15, 0.2)),
    ),
)
