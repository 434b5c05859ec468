"""Birds that stand upright: their wings are arms to a skeleton."""

from sandbox.shapes.clay import Clay
from sandbox.shapes.figures import Body, eyes, legs, mark_arms, torso
from sandbox.shapes.finishes import BEAK, EYE, WHITE
from sandbox.shapes.plans import Plan
from sandbox.shapes.texture import Paint


def owl(clay: Clay) -> None:
    """An owl: two great eyes in a round face."""
    plump = float(clay.rng.uniform(0.94, 1.1))
    body = Body(
        leg=0.26,
        stance=0.15,
        leg_radius=0.085,
        torso=(0.36 * plump, 0.46, 0.32 * plump),
        arm=0.72,
        neck=-0.1,
        head=(0.36 * plump, 0.31, 0.32),
    )
    legs(clay, body, paint="horn", foot="horn", foot_length=0.24)
    _claws(clay, body)
    torso(clay, body, paint="body", belly="belly")
    _wings(clay, body, spread=0.19)
    clay.blob("body", body.head_at, body.head, fine=1.3)
    clay.blob("belly", body.on_head(0.36, 0.0, 0.62), (0.19, 0.2, 0.1), turn=(0, 24, 0), both=True)
    eyes(clay, body, size=0.35, apart=0.37, high=0.03, front=0.9)
    _beak(clay, body, length=0.13, width=0.06, low=-0.3)
    tilt = float(clay.rng.uniform(0.35, 0.55))
    clay.tube(
        "wings",
        [body.on_head(0.5, 0.7, 0.1), body.on_head(0.72, 1.1, 0.08), body.on_head(0.95, 1.05 + tilt, 0)],
        [0.1, 0.06, 0.012],
        flat=0.6,
        both=True,
    )
    _tail(clay, body, length=0.34)


def bird(clay: Clay) -> None:
    """A penguin, a parrot, a duck: slimmer, with a longer beak."""
    body = Body(
        leg=0.24,
        stance=0.12,
        leg_radius=0.06,
        torso=(0.28, 0.46, 0.26),
        arm=0.62,
        neck=-0.02,
        head=(0.2, 0.2, 0.2),
    )
    legs(clay, body, paint="horn", foot="horn", foot_length=0.26)
    _claws(clay, body)
    torso(clay, body, paint="body", belly="belly")
    _wings(clay, body, spread=0.13)
    clay.tube("body", [(0, body.chest_top - 0.2, 0), body.on_head(0, -0.1, 0)], [0.21, 0.17])
    clay.blob("body", body.head_at, body.head)
    eyes(clay, body, size=0.27, apart=0.62, high=0.2, front=0.66)
    _beak(clay, body, length=float(clay.rng.uniform(0.16, 0.3)), width=0.075, low=-0.12)
    if clay.rng.random() < 0.5:
        for lean in (-0.2, 0.1, 0.4):
            clay.tube(
                "wings",
                [body.on_head(0, 0.85, lean), body.on_head(0, 1.5, lean - 0.5)],
                [0.035, 0.01],
                fine=0.7,
            )
    _tail(clay, body, length=0.4)


def _wings(clay: Clay, body: Body, *, spread: float) -> None:
    x, y, z = body.shoulder
    clay.blob("wings", (x * 1.02, y - 0.02, z), (0.13, 0.15, 0.14), both=True)
    clay.tube(
        "wings",
        [body.on_arm(0.0), body.on_arm(0.46), body.on_arm(1.0)],
        [spread * 0.9, spread, spread * 0.3],
        flat=0.32,
        both=True,
        fine=1.4,
    )
    for place, feather in enumerate((0.55, 0.7, 0.85)):
        px, py, pz = body.on_arm(feather)
        clay.tube(
            "wings",
            [(px, py, pz), (px - 0.02, py - 0.24 + 0.03 * place, pz - 0.05)],
            [0.06, 0.02],
            flat=0.4,
            both=True,
            fine=0.8,
        )
    mark_arms(clay, body)


def _beak(clay: Clay, body: Body, *, length: float, width: float, low: float) -> None:
    start = body.on_head(0, low, 0.8)
    tip = (start[0], start[1] - length * 0.5, start[2] + length)
    middle = (start[0], start[1] + length * 0.02, start[2] + length * 0.66)
    clay.tube("horn", [start, middle, tip], [width, width * 0.75, 0.006], flat=0.8)


def _claws(clay: Clay, body: Body) -> None:
    for turn in (-0.07, 0.0, 0.07):
        x = body.stance + turn
        clay.tube(
            "horn", [(x, 0.05, 0.12), (x + turn * 0.4, 0.02, 0.27)], [0.036, 0.012], both=True, fine=0.6
        )


def _tail(clay: Clay, body: Body, *, length: float) -> None:
    y, z = body.leg + 0.12, -body.torso[2] * 0.75
    for lean in (-0.1, 0.0, 0.1):
        clay.tube(
            "wings",
            [(lean * 0.4, y, z), (lean * 1.3, y - length * 0.62, z - length * 0.7)],
            [0.09, 0.035],
            flat=0.4,
        )


BIRDS = (
    Plan(
        words="owl buho lechuza mochuelo",
        shape=owl,
        topology="biped",
        stray=True,
        paints={
            "body": Paint(colour=(0.5, 0.35, 0.22), pattern="feathers", roughness=0.8),
            "wings": Paint(colour=(0.36, 0.24, 0.16), pattern="feathers", roughness=0.8),
            "belly": Paint(colour=(0.87, 0.76, 0.58), pattern="feathers", roughness=0.85),
            "horn": BEAK,
            "eye": EYE,
            "white": WHITE,
        },
    ),
    Plan(
        words="bird penguin parrot duck eagle raven crow chicken hen rooster dodo pajaro pinguino loro pato",
        shape=bird,
        topology="biped",
        paints={
            "body": Paint(colour=(0.16, 0.2, 0.3), pattern="feathers", roughness=0.7),
            "wings": Paint(colour=(0.12, 0.14, 0.22), pattern="feathers", roughness=0.7),
            "belly": Paint(colour=(0.95, 0.93, 0.88), pattern="feathers", roughness=0.8),
            "horn": BEAK,
            "eye": EYE,
            "white": WHITE,
        },
    ),
)
