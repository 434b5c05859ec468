"""Paint: what a surface looks like, and the texture on which all paints of a model lie side by side.

Two pictures come of it, as glTF's metallic-roughness materials want them: the base
colour, and a second with roughness in green and metalness in blue.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sandbox.shapes.mesh import Floats

Colour = tuple[float, float, float]
"""sRGB, each part 0 to 1."""

SIZE = 512
LEVELS = 28  # shades per paint; fewer make smaller files


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """A colour, what it is made of, and the pattern on it (a name in ``PATTERNS``)."""

    colour: Colour
    pattern: str = "plain"
    metallic: float = 0.0
    roughness: float = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Texture:
    """Both pictures as PNG files, and where each paint lies on them: (left, top, size)."""

    colour_png: bytes
    surface_png: bytes | None
    """``None`` where all of it is matte."""
    tiles: dict[str, tuple[float, float, float]]


def lay_out(paints: Mapping[str, Paint]) -> dict[str, tuple[float, float, float]]:
    """Where each paint lies, as (left, top, size) in fractions of the picture."""
    columns = ceil(sqrt(len(paints)))
    tile = (SIZE // columns) / SIZE
    return {
        name: ((place % columns) * tile, (place // columns) * tile, tile) for place, name in enumerate(paints)
    }


def texture(
    paints: Mapping[str, Paint], rng: np.random.Generator, *, plain: bool = False, pbr: bool = True
) -> Texture:
    """Paint all tiles; ``plain`` leaves the patterns out, no ``pbr`` the second picture."""
    tiles = lay_out(paints)
    colours = np.full((SIZE, SIZE, 3), 128, dtype=np.uint8)
    surfaces = np.zeros((SIZE, SIZE, 3), dtype=np.uint8)
    for name, paint in paints.items():
        left, top, size = (round(part * SIZE) for part in tiles[name])
        area = (slice(top, top + size), slice(left, left + size))
        shade = PATTERNS["plain" if plain else paint.pattern](size, rng)
        shade = np.round(shade * LEVELS) / LEVELS
        colours[area] = _toned(paint.colour, shade)
        rough = np.clip(paint.roughness + 0.25 * (0.5 - np.round(shade * 8) / 8), 0.05, 1.0)
        surfaces[area] = np.stack([np.ones_like(rough), rough, np.full_like(rough, paint.metallic)], -1) * 255
    return Texture(colour_png=_png(colours), surface_png=_png(surfaces) if pbr else None, tiles=tiles)


def _toned(colour: Colour, shade: Floats) -> Floats:
    """Half shade is the colour itself, less is darker and warmer, more is lighter."""
    base = np.array(colour)
    dark, light = base * np.array([0.5, 0.44, 0.46]), base + (1 - base) * 0.4
    below, above = np.clip(shade * 2, 0, 1)[..., None], np.clip(shade * 2 - 1, 0, 1)[..., None]
    return np.asarray((dark + (base - dark) * below + (light - base) * above) * 255)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels, "RGB").save(file, "PNG", optimize=True)
    return file.getvalue()


# Patterns: a size in pixels to shades between 0 (dark) and 1 (light), the same at the left and right edge.


def noise(size: int, rng: np.random.Generator, *, across: int, down: int) -> Floats:
    """Soft clouds with so many lumps each way, seamless from left to right."""
    lumps = rng.random((down + 1, across))
    lumps = np.concatenate([lumps, lumps[:, :1]], axis=1)
    y, x = np.linspace(0, down, size), np.linspace(0, across, size)
    row, column = np.minimum(y.astype(int), down - 1), np.minimum(x.astype(int), across - 1)
    fy, fx = _eased(y - row)[:, None], _eased(x - column)[None, :]
    top = lumps[row][:, column] * (1 - fx) + lumps[row][:, column + 1] * fx
    low = lumps[row + 1][:, column] * (1 - fx) + lumps[row + 1][:, column + 1] * fx
    return np.asarray(top * (1 - fy) + low * fy)


def _eased(t: Floats) -> Floats:
    return np.asarray(t * t * (3 - 2 * t))


def _grid(size: int) -> tuple[Floats, Floats]:
    """V down and u across, each 0 to 1."""
    line = np.linspace(0, 1, size)
    return line[:, None], line[None, :]


def _plain(size: int, rng: np.random.Generator) -> Floats:
    return 0.46 + 0.08 * noise(size, rng, across=3, down=3)


def _fur(size: int, rng: np.random.Generator) -> Floats:
    strands = noise(size, rng, across=min(64, size // 3), down=12)
    return 0.25 + 0.3 * strands + 0.25 * noise(size, rng, across=5, down=5)


def _rows(size: int, *, across: int, down: int) -> tuple[Floats, Floats]:
    """A cell's own (left-right -1..1, top-bottom 0..1) in shifted rows, like tiles on a roof."""
    v, u = _grid(size)
    row = np.floor(v * down)
    x = (u * across + 0.5 * (row % 2)) % 1.0
    return 2 * x - 1, np.broadcast_to(v * down - row, (size, size))


def _scallops(size: int, rng: np.random.Generator, *, across: int, down: int) -> Floats:
    x, y = _rows(size, across=across, down=down)
    edge = y - (1 - 0.55 * x**2)
    rim = np.exp(-((edge / 0.13) ** 2))
    shade = np.clip(0.62 - 0.3 * y + 0.14 * (edge > 0) - 0.34 * rim, 0, 1)
    return np.asarray(shade + 0.12 * noise(size, rng, across=6, down=6))


def _feathers(size: int, rng: np.random.Generator) -> Floats:
    _, u = _grid(size)
    vanes = 0.05 * np.cos(u * 2 * np.pi * 60)
    return np.asarray(_scallops(size, rng, across=10, down=9) + vanes)


def _scales(size: int, rng: np.random.Generator) -> Floats:
    return _scallops(size, rng, across=16, down=16)


def _wood(size: int, rng: np.random.Generator) -> Floats:
    v, _ = _grid(size)
    bend = noise(size, rng, across=4, down=3)
    rings = 0.5 + 0.5 * np.sin((bend * 9 + v * 0.5) * 2 * np.pi)
    return 0.28 + 0.22 * rings + 0.2 * noise(size, rng, across=min(60, size // 3), down=3)


def _planks(size: int, rng: np.random.Generator) -> Floats:
    _, u = _grid(size)
    boards = 9
    tone = rng.random(boards)[np.minimum((u * boards).astype(int), boards - 1)]
    gap = np.abs((u * boards) % 1.0 - 0.5) > 0.46
    return np.asarray(np.where(gap, 0.05, _wood(size, rng) * 0.8 + 0.2 * tone))


def _bricks(size: int, rng: np.random.Generator) -> Floats:
    x, y = _rows(size, across=9, down=11)
    mortar = (np.abs(x) > 0.93) | (y < 0.1)
    tone = noise(size, rng, across=18, down=22)
    return np.asarray(np.where(mortar, 0.72, 0.3 + 0.3 * tone + 0.12 * noise(size, rng, across=40, down=40)))


def _stone(size: int, rng: np.random.Generator) -> Floats:
    clouds = noise(size, rng, across=5, down=5)
    veins = np.exp(-(((noise(size, rng, across=7, down=6) - 0.5) / 0.03) ** 2))
    grain = noise(size, rng, across=40, down=40)
    return np.asarray(0.35 + 0.25 * clouds + 0.12 * grain - 0.18 * veins)


def _metal(size: int, rng: np.random.Generator) -> Floats:
    brushed = noise(size, rng, across=4, down=min(80, size // 2))
    wear = noise(size, rng, across=7, down=7)
    return 0.34 + 0.2 * brushed + 0.22 * wear


def _plates(size: int, rng: np.random.Generator) -> Floats:
    x, y = _rows(size, across=4, down=5)
    seam = (np.abs(x) > 0.95) | (y < 0.05)
    rivet = ((np.abs(x) - 0.82) ** 2 + ((np.abs(y - 0.5) - 0.38) * 1.6) ** 2) < 0.004
    return np.asarray(np.where(seam, 0.08, np.where(rivet, 0.85, _metal(size, rng))))


def _cloth(size: int, rng: np.random.Generator) -> Floats:
    v, u = _grid(size)
    threads = np.sin(u * 2 * np.pi * 40) * np.sin(v * 2 * np.pi * 40)
    return np.asarray(0.4 + 0.08 * threads + 0.22 * noise(size, rng, across=4, down=4))


def _spots(size: int, rng: np.random.Generator) -> Floats:
    v, u = _grid(size)
    shade = 0.42 + 0.1 * noise(size, rng, across=4, down=4)
    for x, y, radius in rng.random((26, 3)):
        away = np.minimum(abs(u - x), 1 - abs(u - x))
        shade = np.where((away**2 + (v - y) ** 2) < (0.02 + 0.05 * radius) ** 2, 1.0, shade)
    return shade


def _stripes(size: int, rng: np.random.Generator) -> Floats:
    v, _ = _grid(size)
    wave = v * 7 + 0.9 * noise(size, rng, across=6, down=4)
    light = 0.5 + 0.1 * noise(size, rng, across=20, down=6)
    return np.asarray(np.where(np.sin(wave * 2 * np.pi) > 0.35, 0.05, light))


def _glow(size: int, rng: np.random.Generator) -> Floats:
    return 0.5 + 0.5 * noise(size, rng, across=4, down=4)


PATTERNS: Mapping[str, Callable[[int, np.random.Generator], Floats]] = {
    "plain": _plain,
    "fur": _fur,
    "feathers": _feathers,
    "scales": _scales,
    "wood": _wood,
    "planks": _planks,
    "bricks": _bricks,
    "stone": _stone,
    "metal": _metal,
    "plates": _plates,
    "cloth": _cloth,
    "spots": _spots,
    "stripes": _stripes,
    "glow": _glow,
}
