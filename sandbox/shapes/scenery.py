"""Larger things that stand still: buildings, plants, rocks, a car."""

from collections.abc import Callable

import numpy as np

from sandbox.shapes.clay import Clay
from sandbox.shapes.finishes import BARK, DARK, GOLD, STONE, WARM, WOOD
from sandbox.shapes.plans import Plan
from sandbox.shapes.texture import Paint


def tower(clay: Clay) -> None:
    """A round keep with battlements, windows, a door, and sometimes a roof."""
    clay.turned(
        "stone",
        (0, 0, 0),
        [(0.0, 0), (0.42, 0), (0.4, 0.1), (0.33, 0.18), (0.3, 1.1), (0.37, 1.2), (0.37, 1.3), (0.0, 1.3)],
    )
    roofed = clay.rng.random() < 0.6
    for place in range(10):
        angle = place / 10 * 2 * np.pi
        at = (0.335 * float(np.cos(angle)), 1.34, 0.335 * float(np.sin(angle)))
        clay.blob(
            "stone", at, (0.05, 0.07, 0.06), square=0.3, turn=(0, -float(np.degrees(angle)), 0), fine=0.6
        )
    if roofed:
        clay.turned("stone", (0, 1.25, 0), [(0.24, 0), (0.24, 0.25)])
        clay.turned(
            "roof", (0, 1.48, 0), [(0.0, 0.0), (0.34, -0.02), (0.33, 0.02), (0.18, 0.28), (0.0, 0.62)]
        )
        clay.tube("wood", [(0, 2.0, 0), (0, 2.3, 0)], [0.012, 0.01], fine=0.6)
        clay.blob("roof", (0.1, 2.24, 0), (0.1, 0.05, 0.012), fine=0.7)
    clay.blob("wood", (0, 0.22, 0.33), (0.11, 0.24, 0.06), square=(0.7, 0.4))
    for angle, height in ((0.0, 0.75), (1.2, 0.95), (-1.1, 0.6), (2.6, 0.8)):
        x, z = 0.305 * float(np.sin(angle)), 0.305 * float(np.cos(angle))
        clay.blob(
            "dark", (x, height, z), (0.04, 0.085, 0.03), turn=(0, float(np.degrees(angle)), 0), fine=0.7
        )


def house(clay: Clay) -> None:
    """A cottage: walls, a steep roof, a chimney, a door and windows."""
    clay.blob("wall", (0, 0.3, 0), (0.46, 0.32, 0.36), square=0.18)
    for side in (1.0, -1.0):
        clay.blob("roof", (side * 0.27, 0.74, 0), (0.4, 0.04, 0.46), square=0.2, turn=(0, 0, -side * 44))
    clay.turned("wall", (0, 0.58, 0), [(0.5, 0), (0.0, 0.42)], sides=4, turn=(0, 45, 0), stretch=(1, 1, 1))
    clay.blob("chimney", (-0.24, 0.95, -0.12), (0.07, 0.2, 0.07), square=0.25)
    clay.blob("wood", (0, 0.22, 0.36), (0.1, 0.2, 0.03), square=(0.6, 0.3))
    clay.blob("brass", (0.06, 0.22, 0.4), (0.016,) * 3, fine=0.6)
    for x in (-0.28, 0.28):
        clay.blob("wood", (x, 0.36, 0.355), (0.095, 0.105, 0.025), square=0.25)
        clay.blob("glow", (x, 0.36, 0.372), (0.075, 0.085, 0.02), square=0.25)


def tree(clay: Clay) -> None:
    """A trunk with roots under a crown of leaves."""
    clay.tube("bark", [(0, 0, 0), (0.03, 0.35, 0), (-0.02, 0.8, 0)], [0.16, 0.1, 0.08])
    for place in range(5):
        angle = place / 5 * 6.28 + 0.3
        clay.tube(
            "bark",
            [(0, 0.12, 0), (0.28 * float(np.cos(angle)), 0.0, 0.28 * float(np.sin(angle)))],
            [0.08, 0.02],
        )
    clay.tube("bark", [(0, 0.5, 0), (0.25, 0.8, 0.08)], [0.05, 0.03])
    for _ in range(9):
        x, z = clay.rng.normal(0, 0.17, 2)
        size = float(clay.rng.uniform(0.2, 0.34))
        y = 1.02 + float(clay.rng.uniform(-0.1, 0.3)) - 0.4 * float(np.hypot(x, z))
        clay.blob("leaves", (float(x), y, float(z)), (size, size * 0.85, size))


def crystals(clay: Clay) -> None:
    """A cluster of six-sided crystals on a rock."""
    clay.blob("rock", (0, 0.08, 0), (0.46, 0.12, 0.4), square=0.8)
    for place in range(8):
        angle, lean = place * 2.4, 0.0 if place == 0 else float(clay.rng.uniform(12, 34))
        size = 1.0 if place == 0 else float(clay.rng.uniform(0.4, 0.75))
        away = 0.0 if place == 0 else 0.2
        x, z = away * float(np.cos(angle)), away * float(np.sin(angle))
        clay.turned("crystal", (x, 0.06, z), [(0.1 * size, 0), (0.14 * size, 0.7 * size), (0.0, 0.95 * size)],
                    turn=(lean * float(np.sin(angle)), 0, -lean * float(np.cos(angle))), sides=6)  # fmt: skip


def car(clay: Clay) -> None:
    """A small car: body, cabin, four wheels, lamps."""
    clay.blob("body", (0, 0.3, 0), (0.3, 0.15, 0.62), square=(0.55, 0.45), fine=1.3)
    clay.blob("glass", (0, 0.48, -0.06), (0.25, 0.15, 0.32), square=(0.7, 0.5))
    clay.blob("body", (0, 0.58, -0.08), (0.22, 0.06, 0.26), square=0.6)
    for z in (0.38, -0.38):
        clay.turned(
            "tyre",
            (0.22, 0.16, z),
            [(0.0, 0), (0.15, 0), (0.16, 0.03), (0.16, 0.09), (0.15, 0.12), (0.1, 0.12)],
            turn=(0, 0, -90),
            both=True,
        )
        clay.turned(
            "chrome", (0.32, 0.16, z), [(0.1, 0), (0.08, 0.03), (0.0, 0.04)], turn=(0, 0, -90), both=True
        )
    clay.blob("glow", (0.19, 0.32, 0.58), (0.06, 0.05, 0.035), both=True)
    clay.blob("chrome", (0, 0.21, 0.6), (0.28, 0.03, 0.05), square=0.5)
    clay.blob("chrome", (0, 0.21, -0.6), (0.28, 0.03, 0.05), square=0.5)


def _plan(words: str, shape: Callable[[Clay], None], **paints: Paint) -> Plan:
    return Plan(words=words, shape=shape, paints=paints)


SCENERY = (
    _plan(
        "tower castle keep lighthouse fortress torre castillo faro fortaleza",
        tower,
        stone=STONE,
        roof=Paint(colour=(0.25, 0.33, 0.55), pattern="scales", roughness=0.7),
        wood=WOOD,
        dark=DARK,
    ),
    _plan(
        "house cottage hut cabin home casa cabana",
        house,
        wall=Paint(colour=(0.9, 0.83, 0.7), pattern="stone", roughness=0.95),
        roof=Paint(colour=(0.62, 0.26, 0.18), pattern="scales", roughness=0.85),
        chimney=STONE,
        wood=WOOD,
        brass=GOLD,
        glow=WARM,
    ),
    _plan(
        "tree bonsai oak pine plant bush arbol planta pino",
        tree,
        leaves=Paint(colour=(0.32, 0.56, 0.22), pattern="fur", roughness=0.95),
        bark=BARK,
    ),
    _plan(
        "gem crystals diamond gemstone amethyst mineral gema diamante cristales amatista",
        crystals,
        crystal=Paint(colour=(0.6, 0.4, 0.85), pattern="glow", metallic=0.1, roughness=0.08),
        rock=Paint(colour=(0.4, 0.38, 0.4), pattern="stone", roughness=0.95),
    ),
    _plan(
        "car truck taxi van vehicle coche camion auto",
        car,
        body=Paint(colour=(0.15, 0.45, 0.65), pattern="metal", metallic=0.3, roughness=0.25),
        glass=Paint(colour=(0.16, 0.2, 0.25), metallic=0.4, roughness=0.08),
        tyre=Paint(colour=(0.12, 0.12, 0.13), pattern="stone", roughness=0.95),
        chrome=Paint(colour=(0.85, 0.87, 0.9), pattern="metal", metallic=1.0, roughness=0.15),
        glow=WARM,
    ),
)
