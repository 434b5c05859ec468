"""Creatures on two legs, and toys of beasts."""

from collections.abc import Callable

from sandbox.shapes.clay import Clay
from sandbox.shapes.figures import Body, arms, ears, eyes, legs, torso
from sandbox.shapes.finishes import CLOTH, DARK, EYE, HORN, LEATHER, WHITE
from sandbox.shapes.plans import Plan
from sandbox.shapes.texture import Paint


def goblin(clay: Clay) -> None:
    """Big ears, a big nose, long arms and a loincloth."""
    wide = float(clay.rng.uniform(0.9, 1.15))
    body = Body(
        leg=0.46,
        stance=0.14,
        leg_radius=0.085,
        torso=(0.25 * wide, 0.28, 0.2 * wide),
        arm=0.66,
        arm_radius=0.07,
        neck=0.0,
        head=(0.27, 0.25, 0.24),
    )
    legs(clay, body, paint="body", foot="body", foot_length=0.26)
    torso(clay, body, paint="body", belly="belly")
    arms(clay, body, paint="body", hand="body")
    clay.turned(
        "cloth",
        (0, body.leg - 0.16, 0),
        [(0.27 * wide, 0), (0.25 * wide, 0.1), (0.23 * wide, 0.18)],
        stretch=(1, 1, 0.85),
    )
    clay.blob("body", body.head_at, body.head, fine=1.2)
    eyes(clay, body, size=0.24, apart=0.4, high=0.14, front=0.84)
    clay.tube("body", [body.on_head(0, 0.05, 0.9), body.on_head(0, -0.2, 1.4)], [0.04, 0.06])
    droop = float(clay.rng.uniform(-0.1, 0.5))
    ear = [
        body.on_head(0.85, 0.1, 0),
        body.on_head(1.5, 0.2 + droop / 2, -0.1),
        body.on_head(2.2, 0.15 + droop, -0.2),
    ]
    clay.tube("body", ear, [0.09, 0.1, 0.01], flat=0.35, both=True)
    clay.tube(
        "dark",
        [body.on_head(-0.4, -0.48, 0.84), body.on_head(0, -0.56, 0.94), body.on_head(0.4, -0.48, 0.84)],
        [0.012, 0.018, 0.012],
    )
    clay.tube(
        "white",
        [body.on_head(0.26, -0.54, 0.88), body.on_head(0.28, -0.3, 0.98)],
        [0.026, 0.004],
        both=True,
        fine=0.6,
    )


def monster(clay: Clay) -> None:
    """Horns, spots, a tail, and as many eyes as chance will have."""
    rng = clay.rng
    body = Body(
        leg=float(rng.uniform(0.3, 0.5)), stance=0.17, leg_radius=0.11,
        torso=(float(rng.uniform(0.3, 0.4)), float(rng.uniform(0.36, 0.46)), 0.29), arm=0.6, arm_radius=0.085,
        neck=-0.14, head=(0.3, 0.27, 0.27),
    )  # fmt: skip
    legs(clay, body, paint="body", foot="horn", foot_length=0.24)
    torso(clay, body, paint="body", belly="belly")
    arms(clay, body, paint="body", hand="body")
    clay.blob("body", body.head_at, body.head, fine=1.3)
    if rng.random() < 0.35:
        x, y, z = body.on_head(0, 0.2, 0.84)
        clay.blob("white", (x, y, z), (0.14, 0.15, 0.09))
        clay.blob("eye", (x, y, z + 0.06), (0.075, 0.085, 0.05))
        clay.blob("white", (x + 0.03, y + 0.04, z + 0.105), (0.018,) * 3, fine=0.5)
    else:
        eyes(clay, body, size=0.27, apart=0.4, high=0.22, front=0.84)
    clay.tube(
        "dark",
        [body.on_head(-0.5, -0.36, 0.8), body.on_head(0, -0.55, 0.94), body.on_head(0.5, -0.36, 0.8)],
        [0.014, 0.024, 0.014],
    )
    for x in (0.2, 0.42):
        clay.tube(
            "white",
            [body.on_head(x, -0.42, 0.9 - 0.12 * x), body.on_head(x, -0.62, 0.94 - 0.12 * x)],
            [0.024, 0.003],
            both=True,
            fine=0.5,
        )
    curl = float(rng.uniform(-0.5, 0.6))
    clay.tube(
        "horn",
        [body.on_head(0.5, 0.7, 0), body.on_head(0.95, 1.15, 0), body.on_head(0.95 + curl, 1.65, 0.1)],
        [0.08, 0.055, 0.008],
        both=True,
    )
    clay.tube("body", [(0, body.leg + 0.1, -0.2), (0, 0.14, -0.5), (0.2, 0.2, -0.72)], [0.12, 0.08, 0.02])
    for place in range(4):
        up = body.leg + 0.15 + 0.18 * place
        clay.tube("horn", [(0, up, -0.24), (0, up + 0.1, -0.37)], [0.05, 0.005], fine=0.6)


def teddy(clay: Clay) -> None:
    """A bear, a cat, a fox or a rabbit that stands: a toy, with ears by chance."""
    body = Body(
        leg=0.4,
        stance=0.15,
        leg_radius=0.125,
        torso=(0.29, 0.32, 0.24),
        arm=0.5,
        arm_radius=0.105,
        neck=-0.04,
        head=(0.3, 0.27, 0.27),
    )
    legs(clay, body, paint="body", foot="body", foot_length=0.25)
    torso(clay, body, paint="body", belly="belly")
    arms(clay, body, paint="body", hand="belly")
    clay.blob("body", body.head_at, body.head, fine=1.3)
    clay.blob("belly", body.on_head(0, -0.28, 0.82), (0.14, 0.11, 0.11))
    clay.blob("eye", body.on_head(0, -0.12, 1.2), (0.05, 0.038, 0.035), fine=0.7)
    eyes(clay, body, size=0.17, apart=0.44, high=0.16, front=0.86)
    if clay.rng.random() < 0.5:
        clay.blob("body", body.on_head(0.7, 0.78, 0), (0.12, 0.12, 0.06), both=True)
        clay.blob("belly", body.on_head(0.7, 0.76, 0.16), (0.075, 0.075, 0.04), both=True, fine=0.8)
    else:
        ears(clay, body, paint="body", inner="belly", length=float(clay.rng.uniform(0.6, 1.5)))
    clay.blob("belly", (0, body.leg + 0.06, -0.26), (0.09,) * 3)
    if clay.rng.random() < 0.6:
        y, z = body.chest_top - 0.08, 0.17
        clay.blob("ribbon", (0.09, y, z + 0.04), (0.09, 0.055, 0.03), turn=(0, 0, 20), both=True)
        clay.blob("ribbon", (0, y, z + 0.06), (0.035,) * 3, fine=0.7)


def _plan(words: str, shape: Callable[[Clay], None], *, stray: bool = False, **paints: Paint) -> Plan:
    return Plan(words=words, shape=shape, paints=paints, topology="biped", stray=stray)


CREATURES = (
    _plan(
        "goblin orc troll imp gremlin kobold ogre frog duende orco trol rana",
        goblin,
        stray=True,
        body=Paint(colour=(0.42, 0.6, 0.27), pattern="spots", roughness=0.7),
        cloth=LEATHER,
        belly=Paint(colour=(0.68, 0.75, 0.44), roughness=0.75),
        eye=EYE,
        white=WHITE,
        dark=DARK,
    ),
    _plan(
        "monster creature demon alien yeti dino dinosaur monstruo criatura demonio extraterrestre",
        monster,
        stray=True,
        body=Paint(colour=(0.47, 0.32, 0.68), pattern="scales", roughness=0.6),
        belly=Paint(colour=(0.86, 0.75, 0.55), pattern="scales", roughness=0.7),
        horn=HORN,
        eye=EYE,
        white=WHITE,
        dark=DARK,
    ),
    _plan(
        "teddy bear bunny rabbit panda plush toy doll hamster monkey koala oso conejo peluche mono",
        teddy,
        stray=True,
        body=Paint(colour=(0.66, 0.43, 0.24), pattern="fur", roughness=0.95),
        belly=Paint(colour=(0.92, 0.8, 0.62), pattern="fur", roughness=0.95),
        ribbon=CLOTH,
        eye=EYE,
        white=WHITE,
    ),
)
