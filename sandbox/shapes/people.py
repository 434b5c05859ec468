"""People and machines in the shape of people."""

from collections.abc import Callable
from dataclasses import replace

from sandbox.shapes.clay import Clay
from sandbox.shapes.figures import Body, arms, eyes, legs, neck, torso
from sandbox.shapes.finishes import CLOTH, DARK, EYE, GLOW, LEATHER, SKIN, STEEL, WHITE
from sandbox.shapes.plans import Plan
from sandbox.shapes.texture import Paint


def robot(clay: Clay) -> None:
    """Boxes, joints and a glowing face."""
    body = Body(
        leg=0.66,
        stance=0.16,
        leg_radius=0.09,
        torso=(0.3, 0.32, 0.22),
        arm=0.64,
        arm_radius=0.08,
        neck=0.1,
        head=(0.24, 0.2, 0.2),
        square=0.42,
    )
    legs(clay, body, paint="limbs", foot="body", foot_length=0.28)
    torso(clay, body, paint="body")
    arms(clay, body, paint="limbs", hand="body")
    neck(clay, body, paint="limbs")
    for share in (0.0, 0.46, 0.86):
        x, y, z = body.on_arm(share)
        clay.blob("dark", (x, y, z), (body.arm_radius * 1.18,) * 3, both=True, fine=0.7)
    clay.blob("body", body.head_at, body.head, square=0.4)
    clay.blob("dark", body.on_head(0, 0.02, 0.84), (0.19, 0.13, 0.05), square=0.5)
    clay.blob("glow", body.on_head(0.38, 0.12, 1.06), (0.052, 0.06, 0.03), both=True, fine=0.7)
    clay.blob("glow", body.on_head(0, -0.38, 1.06), (0.08, 0.014, 0.02), square=0.6, fine=0.7)
    clay.turned(
        "limbs", body.on_head(1.0, 0, 0), [(0.07, 0), (0.07, 0.05), (0, 0.06)], turn=(0, 0, -90), both=True
    )
    if clay.rng.random() < 0.6:
        x, y, z = body.on_head(0, 0.95, 0)
        clay.tube("limbs", [(x, y, z), (x, y + 0.2, z)], [0.016, 0.012], fine=0.6)
        clay.blob("glow", (x, y + 0.23, z), (0.045,) * 3, fine=0.7)
    chest = body.leg + 0.36
    clay.blob("dark", (0, chest, body.torso[2] * 0.93), (0.15, 0.11, 0.03), square=0.5)
    for place in range(3):
        clay.blob("glow", (-0.08 + 0.08 * place, chest, body.torso[2] * 0.93 + 0.03), (0.022,) * 3, fine=0.5)


def knight(clay: Clay) -> None:
    """Plate, a plumed helmet, a shield and a sword."""
    body = Body(leg=0.74, torso=(0.27, 0.32, 0.19), arm_radius=0.082, head=(0.19, 0.23, 0.2))
    legs(clay, body, paint="armour", foot="armour", foot_length=0.24)
    torso(clay, body, paint="armour", taper=0.12)
    arms(clay, body, paint="armour", hand="leather")
    neck(clay, body, paint="leather")
    hip = body.leg
    clay.turned("cloth", (0, hip - 0.24, 0), [(0.33, 0), (0.25, 0.16), (0.23, 0.28)], stretch=(1, 1, 0.8))
    clay.turned(
        "leather", (0, hip + 0.0, 0), [(0.262, 0), (0.272, 0.03), (0.262, 0.06)], stretch=(1, 1, 0.78)
    )
    for share in (0.03, 0.46):
        x, y, z = body.on_arm(share)
        clay.blob("armour", (x + 0.01, y + 0.03, z), (0.125, 0.1, 0.12), turn=(0, 0, -35), both=True)
    with clay.carried_by("Head"):
        clay.blob("armour", body.head_at, body.head, square=0.85)
        clay.blob("dark", body.on_head(0, 0.12, 0.9), (0.15, 0.022, 0.05), square=0.5)
        for place in range(3):
            clay.blob("dark", body.on_head(0.2 + 0.2 * place, -0.3, 0.93 - 0.12 * place), (0.012, 0.05, 0.02),
                      both=True, fine=0.5)  # fmt: skip
        crest = [body.on_head(0, 0.9, 0.55), body.on_head(0, 1.04, 0), body.on_head(0, 0.8, -0.7)]
        clay.tube("armour", crest, [0.03, 0.035, 0.03])
        plume = [body.on_head(0, 1.05, 0.1), body.on_head(0, 1.65, -0.5), body.on_head(0, 1.25, -1.5)]
        clay.tube("cloth", plume, [0.05, 0.1, 0.02], flat=0.6)
    with clay.carried_by("R_Hand"):
        _sword(clay, body)
    with clay.carried_by("L_Forearm"):
        x, y, z = body.on_arm(0.8)
        clay.turned("cloth", (x + 0.05, y, z + 0.1), [(0.0, 0.06), (0.16, 0.045), (0.25, 0.0), (0.0, -0.02)],
                    turn=(70, 0, -28), stretch=(0.85, 1, 1.15))  # fmt: skip
        clay.blob("armour", (x + 0.09, y + 0.03, z + 0.16), (0.06,) * 3, fine=0.8)


def _sword(clay: Clay, body: Body) -> None:
    x, y, z = body.on_arm(0.95)
    grip = (-x, y, z + 0.05)
    clay.tube(
        "leather",
        [(grip[0], grip[1] - 0.1, grip[2] - 0.05), (grip[0], grip[1] + 0.1, grip[2] + 0.08)],
        [0.026, 0.024],
    )
    clay.tube(
        "armour",
        [(grip[0] - 0.14, grip[1] + 0.1, grip[2] + 0.08), (grip[0] + 0.14, grip[1] + 0.1, grip[2] + 0.08)],
        [0.022] * 2,
    )
    clay.tube(
        "armour",
        [(grip[0], grip[1] + 0.1, grip[2] + 0.08), (grip[0], grip[1] + 0.72, grip[2] + 0.5)],
        [0.05, 0.03],
        flat=0.25,
    )


def wizard(clay: Clay) -> None:
    """A robe, a beard, a pointed hat with a brim, a staff."""
    body = Body(leg=0.62, torso=(0.23, 0.32, 0.18), arm=0.58, head=(0.19, 0.21, 0.19))
    legs(clay, body, paint="robe", foot="leather")
    torso(clay, body, paint="robe")
    clay.turned("robe", (0, 0.06, 0), [(0.36, 0), (0.38, 0.02), (0.3, 0.25), (0.22, 0.6), (0.2, 0.72)],
                stretch=(1, 1, 0.85))  # fmt: skip
    clay.turned("trim", (0, 0.05, 0), [(0.365, 0), (0.392, 0.03), (0.37, 0.07)], stretch=(1, 1, 0.85))
    clay.turned(
        "trim", (0, body.leg + 0.08, 0), [(0.225, 0), (0.238, 0.03), (0.225, 0.06)], stretch=(1, 1, 0.8)
    )
    arms(clay, body, paint="robe", hand="skin", sleeve=1.9)
    neck(clay, body, paint="skin")
    _face(clay, body)
    beard = float(clay.rng.uniform(0.3, 0.5))
    x, y, z = body.on_head(0, -0.42, 0.75)
    clay.tube(
        "white",
        [(x, y, z), (x, y - beard * 0.55, z + 0.08), (x, y - beard, z + 0.06)],
        [0.13, 0.11, 0.01],
        flat=0.6,
    )
    clay.tube(
        "white", [body.on_head(0.04, -0.2, 1.0), body.on_head(0.5, -0.42, 0.9)], [0.035, 0.012], both=True
    )
    with clay.carried_by("Head"):
        cx, cy, cz = body.on_head(0, 0.45, 0)
        cone = [
            (0.0, 0.0),
            (0.36, -0.02),
            (0.37, 0.01),
            (0.19, 0.05),
            (0.15, 0.2),
            (0.09, 0.42),
            (0.02, 0.66),
            (0, 0.68),
        ]
        clay.turned("robe", (cx, cy, cz), cone, turn=(-10, 0, 6))
        clay.turned("trim", (cx, cy, cz), [(0.192, 0.045), (0.198, 0.07), (0.183, 0.11)], turn=(-10, 0, 6))
    with clay.carried_by("R_Hand"):
        hx, hy, hz = body.on_arm(0.95)
        clay.tube(
            "leather",
            [(-hx, 0.0, hz + 0.05), (-hx, hy, hz + 0.06), (-hx - 0.02, hy + 0.62, hz + 0.06)],
            [0.024, 0.026, 0.034],
        )
        clay.blob("glow", (-hx - 0.02, hy + 0.72, hz + 0.06), (0.075, 0.095, 0.075), square=1.4)


def hero(clay: Clay) -> None:
    """A person: jacket, trousers, boots and a head of hair."""
    body = Body(leg=0.8, torso=(0.23, 0.31, 0.15), head=(0.18, 0.21, 0.19))
    legs(clay, body, paint="trousers", foot="leather", foot_length=0.23)
    torso(clay, body, paint="jacket", taper=0.06)
    clay.turned(
        "leather", (0, body.leg - 0.02, 0), [(0.222, 0), (0.232, 0.03), (0.222, 0.06)], stretch=(1, 1, 0.72)
    )
    clay.turned(
        "jacket", (0, body.chest_top - 0.05, 0), [(0.12, 0), (0.13, 0.06), (0.11, 0.07)], stretch=(1, 1, 0.9)
    )
    arms(clay, body, paint="jacket", hand="skin")
    neck(clay, body, paint="skin")
    _face(clay, body)
    clay.blob("hair", body.on_head(0, 0.3, -0.16), (0.195, 0.19, 0.2))
    for place in range(5):
        side = (place - 2) * 0.42
        lift = float(clay.rng.uniform(0.7, 1.15))
        clay.tube(
            "hair",
            [body.on_head(side, 0.75, 0.4), body.on_head(side * 1.3, lift, 0.85)],
            [0.06, 0.015],
            fine=0.7,
        )
    if clay.rng.random() < 0.5:
        top = body.chest_top - 0.08
        clay.tube(
            "trim", [(0, top, -0.15), (0, top - 0.4, -0.26), (0, 0.28, -0.3)], [0.2, 0.26, 0.3], flat=0.1
        )


def astronaut(clay: Clay) -> None:
    """A white suit, a round visor, a pack on the back."""
    body = Body(
        leg=0.64,
        stance=0.15,
        leg_radius=0.125,
        torso=(0.29, 0.31, 0.22),
        arm=0.6,
        arm_radius=0.105,
        neck=0.0,
        head=(0.27, 0.26, 0.26),
    )
    legs(clay, body, paint="suit", foot="trim", foot_length=0.27)
    torso(clay, body, paint="suit")
    arms(clay, body, paint="suit", hand="trim")
    for share in (0.4, 0.82):
        x, y, z = body.on_arm(share)
        clay.blob("trim", (x, y, z), (0.1, 0.035, 0.1), turn=(0, 0, 45), both=True)
    clay.blob("suit", body.head_at, body.head, fine=1.3)
    clay.blob("visor", body.on_head(0, 0.02, 0.32), (0.22, 0.19, 0.2), fine=1.2)
    clay.blob("suit", (0, body.leg + 0.34, -0.28), (0.22, 0.28, 0.12), square=0.45)
    clay.blob("dark", (0, body.leg + 0.32, 0.2), (0.12, 0.08, 0.035), square=0.5)
    for place in range(3):
        clay.blob("glow", (-0.06 + 0.06 * place, body.leg + 0.33, 0.235), (0.016,) * 3, fine=0.5)


def _face(clay: Clay, body: Body) -> None:
    clay.blob("skin", body.head_at, body.head)
    eyes(clay, body, size=0.19, apart=0.38, high=0.08, front=0.86)
    clay.blob("skin", body.on_head(0, -0.12, 1.0), (0.042, 0.05, 0.05), fine=0.7)
    clay.blob("skin", body.on_head(0.98, 0.0, 0.0), (0.03, 0.06, 0.045), both=True, fine=0.6)


def _plan(words: str, shape: Callable[[Clay], None], *, stray: bool = False, **paints: Paint) -> Plan:
    return Plan(words=words, shape=shape, paints=paints, topology="biped", stray=stray)


PEOPLE = (
    _plan(
        "robot robots mech android droid cyborg automaton golem",
        robot,
        stray=True,
        body=replace(STEEL, colour=(0.82, 0.55, 0.2)),
        limbs=STEEL,
        dark=DARK,
        glow=GLOW,
    ),
    _plan(
        "knight warrior soldier paladin viking samurai guard armor armour caballero guerrero soldado",
        knight,
        armour=STEEL,
        cloth=CLOTH,
        leather=LEATHER,
        dark=DARK,
    ),
    _plan(
        "wizard mage witch sorcerer druid gnome merlin santa mago maga bruja brujo hechicero gnomo",
        wizard,
        stray=True,
        robe=Paint(colour=(0.2, 0.2, 0.5), pattern="cloth", roughness=0.9),
        trim=Paint(colour=(0.93, 0.75, 0.3), pattern="metal", metallic=0.7, roughness=0.4),
        leather=LEATHER,
        skin=SKIN,
        eye=EYE,
        white=WHITE,
        glow=GLOW,
    ),
    _plan(
        "person man woman boy girl hero heroine character human pirate ninja prince princess king queen elf "
        "vampire superhero cowboy persona hombre mujer nino nina heroe princesa rey reina elfo",
        hero,
        jacket=Paint(colour=(0.16, 0.42, 0.44), pattern="cloth", roughness=0.85),
        trousers=Paint(colour=(0.25, 0.27, 0.36), pattern="cloth", roughness=0.9),
        hair=Paint(colour=(0.32, 0.18, 0.1), pattern="fur", roughness=0.7),
        trim=CLOTH,
        leather=LEATHER,
        skin=SKIN,
        eye=EYE,
        white=WHITE,
    ),
    _plan(
        "astronaut cosmonaut spaceman diver astronauta buzo",
        astronaut,
        suit=Paint(colour=(0.9, 0.9, 0.88), pattern="cloth", roughness=0.8),
        trim=Paint(colour=(0.9, 0.42, 0.13), roughness=0.7),
        visor=Paint(colour=(0.85, 0.62, 0.2), pattern="metal", metallic=0.95, roughness=0.12),
        dark=DARK,
        glow=GLOW,
    ),
)
