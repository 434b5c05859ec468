"""Real models from words: GLB files with texture, skeleton and motion, and pictures of them.

The same design always gives the same bytes. Everything after ``build`` works on GLB
files, also on those of others: ``topology`` says what skeleton a file takes, ``rig``
puts one in, ``animate`` adds clips, ``picture`` draws what the file shows.
All of it is computing (some hundred milliseconds): keep it off an event loop.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sandbox.shapes.animation import animated
from sandbox.shapes.beasts import BEASTS
from sandbox.shapes.birds import BIRDS
from sandbox.shapes.clay import Clay
from sandbox.shapes.crawlers import CRAWLERS
from sandbox.shapes.creatures import CREATURES
from sandbox.shapes.files import extent, model_file, own_facts
from sandbox.shapes.glb import GlbError, read
from sandbox.shapes.mesh import faceted
from sandbox.shapes.palette import mixed, words_of
from sandbox.shapes.people import PEOPLE
from sandbox.shapes.picture import picture as draw
from sandbox.shapes.plans import Plan, chosen
from sandbox.shapes.props import PROPS
from sandbox.shapes.scenery import SCENERY
from sandbox.shapes.shade import shaded
from sandbox.shapes.skeleton import TOPOLOGIES, in_the_box, rigged
from sandbox.shapes.texture import Colour, lay_out, texture

PLANS = (*PEOPLE, *CREATURES, *BIRDS, *BEASTS, *CRAWLERS, *PROPS, *SCENERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What a model is made from."""

    prompt: str
    seed: int
    colours: tuple[Colour, ...] = ()
    """Of a picture, the most frequent first; words in the prompt go before them."""
    paint: str | None = None
    """Words for the surface alone, where they are not the prompt's; the shape stays as it is."""
    face_limit: int | None = None
    """At most so many triangles."""
    low_poly: bool = False
    textured: bool = True
    pbr: bool = True
    """Whether the surface is metal where it should be; else all of it is matte colour."""


def build(design: Design) -> bytes:
    """The design as a GLB."""
    words = words_of(design.prompt)
    style = _style(words, low_poly=design.low_poly)
    mix = zlib.crc32(design.prompt.encode()) ^ design.seed
    rng = np.random.default_rng([mix & 0xFFFFFFFF, design.seed & 0xFFFFFFFF])
    plan = chosen(PLANS, words, mix)
    painted = words if design.paint is None else words_of(design.paint)
    paints = mixed(plan.paints, painted, rng, colours=design.colours, style=style)
    clay = _shaped(plan, rng, most=design.face_limit, detail=0.4 if style == "low poly" else 0.8)
    mesh = shaded(clay.baked(lay_out(paints)))
    if style == "low poly":
        mesh = faceted(mesh)
    return model_file(
        mesh,
        texture(paints, rng, plain=style == "low poly", pbr=design.pbr) if design.textured else None,
        topology=plan.topology,
        landmarks=clay.landmarks,
        stiff=clay.stiff(flat=style == "low poly"),
    )


def check(data: bytes) -> None:
    """Look whether the other functions can take a file; ``GlbError`` where it is no GLB or shows nothing."""
    glb = read(data)
    try:
        extent(glb)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise GlbError("its arrays cannot be read") from error


def topology(data: bytes) -> str | None:
    """The skeleton that fits a file, in the vendor's words; ``None``: nothing in it is to be bent."""
    glb = read(data)
    facts = own_facts(glb)
    if facts is not None:
        return facts["topology"] if facts["topology"] in TOPOLOGIES else None
    low, high = extent(glb)
    width, height, depth = high - low
    return "biped" if height > 1.1 * max(width, depth) else None


def triangles(data: bytes) -> int:
    """How many of them a file shows."""
    glb = read(data)
    accessors = glb.document["accessors"]
    corners: list[int] = [
        accessors[primitive.get("indices", primitive["attributes"]["POSITION"])]["count"]
        for node, _ in glb.placed_meshes()
        for primitive in glb.document["meshes"][node["mesh"]]["primitives"]
    ]
    return sum(corners) // 3


def rig(data: bytes, kind: str = "biped") -> bytes:
    """The file with a skeleton in it: where the file says its joints are, else a person's in its box."""
    glb = read(data)
    facts = own_facts(glb)
    if facts is not None and facts["topology"] == kind and kind in TOPOLOGIES:
        return rigged(glb, TOPOLOGIES[kind](facts["landmarks"]), stiff=facts["stiff"])
    return rigged(glb, TOPOLOGIES["biped"](in_the_box(*extent(glb))))


def animate(data: bytes, clips: Sequence[str], *, names: Sequence[str] = (), with_mesh: bool = True) -> bytes:
    """A rigged file with clips in it: ``walk``, ``biped:wave_goodbye_01``, ``quadruped:walk``.

    They are called that in the file, or by ``names``, one for each.
    """
    return animated(read(data), list(zip(names or clips, clips, strict=True)), alone=not with_mesh)


def picture(data: bytes, *, turn: float = 0.0) -> bytes:
    """What the file shows, as a WebP of 512 pixels; ``turn`` degrees to the side."""
    return draw(read(data), turn=turn)


def _style(words: list[str], *, low_poly: bool) -> str:
    if low_poly or "lowpoly" in words or ("low" in words and "poly" in words):
        return "low poly"
    return next((word for word in words if word in {"cartoon", "realistic"}), "")


def _shaped(plan: Plan, rng: np.random.Generator, *, most: int | None, detail: float) -> Clay:
    """The plan in clay, as fine as the limit allows; below the coarsest its smallest parts go."""
    start = rng.bit_generator.state
    clay = _pressed(plan, rng, start, detail)
    while most is not None and clay.triangles() > most and detail > 0.1:
        detail *= min(0.95, (most / clay.triangles()) ** 0.5)
        clay = _pressed(plan, rng, start, detail)
    if most is not None and clay.triangles() > most:
        clay.keep_largest(most)
    return clay


def _pressed(plan: Plan, rng: np.random.Generator, start: Mapping[str, Any], detail: float) -> Clay:
    rng.bit_generator.state = start  # every try makes the same choices
    clay = Clay(rng, detail=detail)
    plan.shape(clay)
    return clay
