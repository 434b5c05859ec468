"""People, machines and creatures on two legs."""

from collections.abc import Callable
from dataclasses import replace

from sandbox.shapes.clay import Clay
from sandbox.shapes.figures import Body, arms, ears, eyes, legs, neck, torso
from sandbox.shapes.plans import Plan
from sandbox.shapes.texture import Paint

EYE = Paint(colour=(0.05, 0.04, 0.06), roughness=0.12)
WHITE = Paint(colour=(0.96, 0.95, 0.92), roughness=0.3)
GLOW = Paint(colour=(0.55, 0.95, 1.0), pattern="glow", roughness=0.2)
SKIN = Paint(colour=(0.87, 0.66, 0.52), roughness=0.65)
STEEL = Paint(colour=(0.62, 0.65, 0.7), pattern="plates", metallic=0.85, roughness=0.38)


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
    clay.blob("armour", body.head_at, body.head, square=0.85)
    clay.blob("dark", body.on_head(0, 0.12, 0.9), (0.15, 0.022, 0.05), square=0.5)
    for place in range(3):
        clay.blob("dark", body.on_head(0.2 + 0.2 * place, -0.3, 0.93 - 0.12 * place), (0.012, 0.05, 0.02),
                  both=True, fine=0.5)  # fmt: skip
    clay.tube("armour", [body.on_head(0, 0.9, 0.55), body.on_head(0, 1.04, 0), body.on_head(0, 0.8, -0.7)],
              [0.03, 0.035, 0.03])  # fmt: skip
    clay.tube("cloth", [body.on_head(0, 1.05, 0.1), body.on_head(0, 1.65, -0.5), body.on_head(0, 1.25, -1.5)],
              [0.05, 0.1, 0.02], flat=0.6)  # fmt: skip
    _sword(clay, body)
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
    hx, hy, hz = body.on_arm(0.95)
    clay.tube(
        "leather",
        [(-hx, 0.0, hz + 0.05), (-hx, hy, hz + 0.06), (-hx - 0.02, hy + 0.62, hz + 0.06)],
        [0.024, 0.026, 0.034],
    )
    clay.blob("glow", (-hx - 0.02, hy + 0.72, hz + 0.06), (0.075, 0.095, 0.075), square=1.4)


def _face(clay: Clay, body: Body) -> None:
    clay.blob("skin", body.head_at, body.head)
    eyes(clay, body, size=0.19, apart=0.38, high=0.08, front=0.86)
    clay.blob("skin", body.on_head(0, -0.12, 1.0), (0.042, 0.05, 0.05), fine=0.7)
    clay.blob("skin", body.on_head(0.98, 0.0, 0.0), (0.03, 0.06, 0.045), both=True, fine=0.6)


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


def _plan(words: str, shape: Callable[[Clay], None], *, stray: bool = False, **paints: Paint) -> Plan:
    return Plan(words=words, shape=shape, paints=paints, topology="biped", stray=stray)


HORN = Paint(colour=(0.9, 0.82, 0.62), pattern="stone", roughness=0.5)
LEATHER = Paint(colour=(0.36, 0.22, 0.14), pattern="stone", roughness=0.75)
DARK = Paint(colour=(0.1, 0.1, 0.12), roughness=0.4)
CLOTH = Paint(colour=(0.62, 0.13, 0.16), pattern="cloth", roughness=0.9)

CHARACTERS = (
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
