"""From the words of a prompt, or the colours of a picture, to the paints of a model."""

import colorsys
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from sandbox.shapes.texture import Colour, Paint

FIXED = frozenset({"eye", "white", "glow", "dark", "skin", "tongue"})
"""Paints that stay as they are whatever the prompt says."""


def _hex(value: int) -> Colour:
    return (value >> 16 & 255) / 255, (value >> 8 & 255) / 255, (value & 255) / 255


COLOURS: Mapping[str, Colour] = {
    word: _hex(value)
    for value, words in {
        0xC0392B: "red rojo roja",
        0x8E1B2E: "crimson scarlet burgundy carmesi",
        0xE67E22: "orange naranja",
        0xF2C53D: "yellow amarillo amarilla lemon",
        0x3E9B4F: "green verde",
        0x1F6B4A: "emerald forest esmeralda",
        0x8BA446: "olive moss mossy lime",
        0x2E86AB: "blue azul",
        0x1D3A6D: "navy midnight cobalt",
        0x2FB5B0: "teal turquoise cyan turquesa",
        0x7D4FA0: "purple violet morado morada violeta",
        0xE58BB0: "pink rosa",
        0xB53A8C: "magenta fuchsia",
        0x7A5230: "brown marron chocolate",
        0xD9BE94: "beige tan cream sand crema",
        0xF1EFE9: "white blanco blanca snow snowy",
        0x2B2B33: "black negro negra dark ebony",
        0x8A9097: "grey gray gris",
    }.items()
    for word in words.split()
}

MATERIALS: Mapping[str, Paint] = {
    word: paint
    for words, paint in {
        "brass laton": Paint(colour=_hex(0xD8A84A), pattern="metal", metallic=0.9, roughness=0.34),
        "gold golden oro dorado dorada": Paint(
            colour=_hex(0xF5C542), pattern="metal", metallic=1.0, roughness=0.25
        ),
        "copper cobre": Paint(colour=_hex(0xD0784A), pattern="metal", metallic=0.9, roughness=0.35),
        "bronze bronce": Paint(colour=_hex(0xA9743B), pattern="metal", metallic=0.85, roughness=0.42),
        "silver chrome plata plateado plateada": Paint(
            colour=_hex(0xDDE1E6), pattern="metal", metallic=1.0, roughness=0.2
        ),
        "steel iron metal metallic acero hierro": Paint(
            colour=_hex(0x9AA3AD), pattern="metal", metallic=0.85, roughness=0.45
        ),
        "rusty rust oxidado": Paint(colour=_hex(0x9C5A35), pattern="stone", metallic=0.35, roughness=0.85),
        "wood wooden oak madera": Paint(colour=_hex(0x96683C), pattern="wood", roughness=0.75),
        "stone rock granite piedra": Paint(colour=_hex(0x8C8A85), pattern="stone", roughness=0.95),
        "marble marmol": Paint(colour=_hex(0xE9E6E1), pattern="stone", roughness=0.3),
        "clay terracotta ceramic barro ceramica": Paint(colour=_hex(0xBF6B45), roughness=0.6),
        "porcelain china porcelana": Paint(colour=_hex(0xF2F4F7), roughness=0.15),
        "jade": Paint(colour=_hex(0x4FA777), pattern="stone", roughness=0.25),
        "ruby rubi": Paint(colour=_hex(0xB3123F), pattern="glow", metallic=0.2, roughness=0.1),
        "crystal glass ice icy cristal hielo vidrio": Paint(
            colour=_hex(0x9FD6EA), pattern="glow", metallic=0.1, roughness=0.08
        ),
        "leather cuero": Paint(colour=_hex(0x7B4B2A), pattern="stone", roughness=0.7),
        "plush fluffy furry felt peluche": Paint(colour=_hex(0xC59A6D), pattern="fur", roughness=0.95),
        "paper papel": Paint(colour=_hex(0xF0EBDD), roughness=0.9),
    }.items()
    for word in words.split()
}

KEEPS_ITS_PATTERN = frozenset({"feathers", "scales", "plates", "bricks", "planks", "spots", "stripes"})
"""A brass owl has brass feathers: these patterns are relief, and stay under another material."""


def words_of(prompt: str) -> list[str]:
    """The words in order, lower case, without accents."""
    plain = unicodedata.normalize("NFKD", prompt.lower())
    return re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def mixed(
    paints: Mapping[str, Paint],
    words: Sequence[str],
    rng: np.random.Generator,
    *,
    colours: Sequence[Colour] = (),
    style: str = "",
) -> dict[str, Paint]:
    """A plan's own paints, changed as the words, or a picture's colours, ask for.

    The first colour or material takes the first paint, the second the next. A material goes
    over all others as well, in other shades; a colour over those of the same pattern, so
    that a red car keeps its black tyres.
    """
    asked = _asked(words) or [Paint(colour=colour, pattern="") for colour in colours]
    free = [name for name in paints if name not in FIXED]
    drift = rng.normal(0, 0.02)
    result = dict(paints)
    for place, name in enumerate(free):
        if not asked:
            result[name] = replace(paints[name], colour=_shifted(paints[name].colour, hue=drift))
        elif place < len(asked):
            result[name] = _over(paints[name], asked[place])
        elif asked[0].pattern or paints[name].pattern == paints[free[0]].pattern:
            lighter = (-0.13, 0.12, -0.2, 0.2)[place % 4]
            result[name] = _shaded(_over(paints[name], asked[0]), lighter)
    return {name: _styled(paint, style) for name, paint in result.items()}


def _asked(words: Sequence[str]) -> list[Paint]:
    found = [word for word in words if word in COLOURS or word in MATERIALS]
    paints = [MATERIALS.get(word) or Paint(colour=COLOURS[word], pattern="") for word in found]
    if len(paints) > 1 and not paints[0].pattern and paints[1].pattern:
        # "red metal": one paint, said in two words
        paints[:2] = [replace(paints[1], colour=paints[0].colour)]
    return paints


def _over(old: Paint, new: Paint) -> Paint:
    if not new.pattern:
        return replace(old, colour=new.colour)
    return replace(new, pattern=old.pattern if old.pattern in KEEPS_ITS_PATTERN else new.pattern)


def _shaded(paint: Paint, lighter: float) -> Paint:
    return replace(paint, colour=_shifted(paint.colour, light=lighter))


def _shifted(colour: Colour, *, hue: float = 0.0, light: float = 0.0, saturation: float = 1.0) -> Colour:
    h, lightness, s = colorsys.rgb_to_hls(*colour)
    lightness = min(max(lightness + light, 0.06), 0.95)
    return colorsys.hls_to_rgb((h + hue) % 1.0, lightness, min(s * saturation, 1.0))


def _styled(paint: Paint, style: str) -> Paint:
    if style == "cartoon":
        return replace(paint, colour=_shifted(paint.colour, light=0.05, saturation=1.35))
    if style == "realistic":
        return replace(paint, colour=_shifted(paint.colour, saturation=0.8))
    return paint
