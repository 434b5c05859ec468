"""Things that stand still: nothing in them is to be bent."""

from collections.abc import Callable

import numpy as np

from sandbox.shapes.clay import Clay, turning
from sandbox.shapes.finishes import DARK, GOLD, IRON, LEATHER, WARM, WOOD
from sandbox.shapes.mesh import Point
from sandbox.shapes.plans import Plan
from sandbox.shapes.texture import Paint


def barrel(clay: Clay) -> None:
    """Staves, iron hoops, a bung."""
    belly = float(clay.rng.uniform(0.38, 0.46))
    clay.turned(
        "wood",
        (0, 0, 0),
        [
            (0.0, 0.04),
            (0.3, 0.04),
            (0.3, 0.0),
            (0.33, 0.0),
            (belly * 0.95, 0.25),
            (belly, 0.5),
            (belly * 0.95, 0.75),
            (0.33, 1.0),
            (0.3, 1.0),
            (0.3, 0.95),
            (0.0, 0.95),
        ],
    )
    for height, radius in ((0.1, 0.372), (0.32, belly * 0.985), (0.68, belly * 0.985), (0.9, 0.372)):
        clay.turned(
            "hoop",
            (0, height, 0),
            [
                (radius - 0.05, -0.035),
                (radius + 0.015, -0.035),
                (radius + 0.015, 0.035),
                (radius - 0.05, 0.035),
            ],
        )
    clay.turned("hoop", (0, 0.5, belly - 0.01), [(0.05, 0), (0.05, 0.03), (0, 0.03)], turn=(90, 0, 0))


def chest(clay: Clay) -> None:
    """A box with a round lid, iron bands, a lock, and what shines out of it."""
    clay.blob("wood", (0, 0.24, 0), (0.5, 0.24, 0.32), square=0.22)
    open_by = float(clay.rng.choice([0.0, 24.0, 38.0]))
    lid = turning((-open_by, 0, 0))
    hinge = (0.0, 0.46, -0.3)

    def on_lid(x: float, y: float, z: float) -> Point:
        turned = lid @ np.array([x, y, z])
        return float(turned[0]), hinge[1] + float(turned[1]), hinge[2] + float(turned[2])

    clay.blob("wood", on_lid(0, 0.05, 0.3), (0.505, 0.2, 0.32), square=(0.7, 0.22), turn=(-open_by, 0, 0))
    for x in (-0.34, 0.0, 0.34):
        clay.blob("hoop", (x, 0.24, 0), (0.05, 0.25, 0.33), square=0.2, fine=0.8)
        clay.blob("hoop", on_lid(x, 0.05, 0.3), (0.05, 0.21, 0.33), square=(0.7, 0.2), turn=(-open_by, 0, 0))
    clay.blob("gold", (0, 0.4, 0.34), (0.085, 0.1, 0.035), square=0.5)
    clay.blob("dark", (0, 0.38, 0.37), (0.018, 0.035, 0.015), fine=0.6)
    for _ in range(16 if open_by else 0):
        x, z = clay.rng.uniform(-0.36, 0.36), clay.rng.uniform(-0.18, 0.2)
        tilt, roll = clay.rng.uniform(-40, 40, 2)
        coin = [(0.0, 0.0), (0.07, 0.0), (0.07, 0.02), (0.0, 0.02)]
        turn = (float(tilt), 0.0, float(roll))
        clay.turned("gold", (float(x), 0.47, float(z)), coin, turn=turn, sides=10)


CAP = ((0.4, -0.02), (0.46, 0.02), (0.44, 0.1), (0.36, 0.22), (0.22, 0.31), (0.1, 0.345), (0.0, 0.35))


def mushroom(clay: Clay) -> None:
    """A spotted cap on a stem, and its children."""
    for x, z, size in ((0.0, 0.0, 1.0), (0.42, 0.16, 0.45), (-0.36, 0.24, 0.34)):
        lean = float(clay.rng.uniform(-0.06, 0.06))
        clay.tube("stem", [(x, 0.0, z), (x + lean, 0.3 * size, z), (x + lean * 2, 0.62 * size, z)],
                  [0.2 * size, 0.14 * size, 0.13 * size])  # fmt: skip
        top = (x + lean * 2, 0.56 * size, z)
        clay.turned("cap", top, [(r * size, y * size) for r, y in CAP])
        clay.turned("gills", top, [(0.12 * size, 0.0), (0.4 * size, -0.015 * size)])
        clay.turned("stem", (x + lean, 0.42 * size, z), [(0.13 * size, 0.05 * size), (0.22 * size, 0.0)])


def teapot(clay: Clay) -> None:
    """A pot with spout, handle and lid."""
    clay.turned(
        "body",
        (0, 0, 0),
        [
            (0.0, 0.02),
            (0.2, 0.0),
            (0.23, 0.03),
            (0.36, 0.2),
            (0.38, 0.32),
            (0.3, 0.5),
            (0.2, 0.58),
            (0.19, 0.6),
        ],
    )
    clay.turned("trim", (0, 0.59, 0), [(0.21, 0), (0.22, 0.02), (0.12, 0.1), (0.0, 0.13)])
    clay.blob("trim", (0, 0.76, 0), (0.055, 0.06, 0.055))
    clay.tube(
        "body", [(0.3, 0.24, 0), (0.5, 0.34, 0), (0.56, 0.52, 0), (0.66, 0.6, 0)], [0.11, 0.07, 0.05, 0.045]
    )
    clay.tube(
        "trim",
        [(-0.28, 0.5, 0), (-0.5, 0.52, 0), (-0.54, 0.32, 0), (-0.34, 0.18, 0)],
        [0.035, 0.04, 0.04, 0.035],
    )
    clay.turned("trim", (0, 0.3, 0), [(0.372, -0.03), (0.392, 0.0), (0.378, 0.03)])


def sword(clay: Clay) -> None:
    """A blade that stands on its point, guard, grip and pommel."""
    wide = float(clay.rng.uniform(0.06, 0.1))
    clay.tube(
        "steel",
        [(0, 0.02, 0), (0, 0.3, 0), (0, 1.0, 0), (0, 1.06, 0)],
        [0.01, wide, wide * 1.15, wide * 1.15],
        flat=0.2,
    )
    clay.tube("gold", [(-0.3, 1.16, 0), (0, 1.08, 0), (0.3, 1.16, 0)], [0.03, 0.05, 0.03])
    clay.tube("leather", [(0, 1.1, 0), (0, 1.38, 0)], [0.04, 0.036])
    for place in range(5):
        clay.turned("gold", (0, 1.13 + 0.055 * place, 0), [(0.036, 0), (0.044, 0.008), (0.036, 0.016)])
    clay.blob("gold", (0, 1.44, 0), (0.065,) * 3)
    clay.blob("gem", (0, 1.1, 0.05), (0.04, 0.045, 0.025))


def lantern(clay: Clay) -> None:
    """Glass between iron bars, with a light in it."""
    clay.turned("iron", (0, 0, 0), [(0.0, 0), (0.3, 0), (0.3, 0.05), (0.25, 0.1), (0.0, 0.1)], sides=8)
    clay.turned("glass", (0, 0.1, 0), [(0.2, 0), (0.23, 0.25), (0.2, 0.5)])
    for place in range(8):
        angle = place / 8 * 2 * np.pi
        x, z = float(np.cos(angle)), float(np.sin(angle))
        clay.tube(
            "iron",
            [(0.23 * x, 0.08, 0.23 * z), (0.26 * x, 0.35, 0.26 * z), (0.23 * x, 0.62, 0.23 * z)],
            [0.016] * 3,
            fine=0.7,
        )
    clay.turned(
        "iron",
        (0, 0.6, 0),
        [(0.0, 0.0), (0.3, 0), (0.28, 0.04), (0.14, 0.18), (0.06, 0.22), (0.06, 0.28), (0.0, 0.3)],
    )
    clay.tube(
        "iron", [(-0.09, 0.86, 0), (-0.13, 1.0, 0), (0, 1.1, 0), (0.13, 1.0, 0), (0.09, 0.86, 0)], [0.018] * 5
    )


def _plan(words: str, shape: Callable[[Clay], None], **paints: Paint) -> Plan:
    return Plan(words=words, shape=shape, paints=paints)


PROPS = (
    _plan("barrel keg cask barril tonel", barrel, wood=WOOD, hoop=IRON),
    _plan(
        "chest treasure box crate cofre tesoro caja baul", chest, wood=WOOD, hoop=IRON, gold=GOLD, dark=DARK
    ),
    _plan(
        "mushroom toadstool fungus seta hongo champinon",
        mushroom,
        cap=Paint(colour=(0.78, 0.16, 0.13), pattern="spots", roughness=0.4),
        stem=Paint(colour=(0.93, 0.88, 0.76), pattern="fur", roughness=0.8),
        gills=Paint(colour=(0.9, 0.8, 0.66), pattern="stripes", roughness=0.9),
    ),
    _plan(
        "teapot kettle jug vase pot cup mug tetera jarra jarron taza",
        teapot,
        body=Paint(colour=(0.35, 0.6, 0.72), pattern="stone", roughness=0.2),
        trim=GOLD,
    ),
    _plan(
        "sword dagger blade katana axe hammer weapon espada daga hacha martillo",
        sword,
        steel=Paint(colour=(0.8, 0.83, 0.87), pattern="metal", metallic=1.0, roughness=0.22),
        gold=GOLD,
        leather=LEATHER,
        gem=Paint(colour=(0.75, 0.08, 0.2), pattern="glow", metallic=0.2, roughness=0.1),
    ),
    _plan("lantern lamp candle linterna lampara farol vela", lantern, iron=IRON, glass=WARM),
)
