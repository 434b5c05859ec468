"""Things that stand still: nothing in them is to be bent."""

from sandbox.shapes.clay import Clay
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


PROPS = (
    Plan(
        words="barrel keg cask barril tonel",
        shape=barrel,
        paints={
            "wood": Paint(colour=(0.55, 0.36, 0.2), pattern="planks", roughness=0.8),
            "hoop": Paint(colour=(0.33, 0.34, 0.37), pattern="metal", metallic=0.85, roughness=0.5),
        },
    ),
)
