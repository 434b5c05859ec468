"""A picture of a GLB: its own triangles and textures, lit in a small studio.

A renderer of the plain kind: every triangle is cut into the pixels it covers, the
nearest one wins a pixel, and then all pixels are lit at once. Drawn at twice the size
and reduced, so that edges are smooth. Files with a skeleton are drawn at rest.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from sandbox.shapes.clay import turning
from sandbox.shapes.glb import Glb
from sandbox.shapes.mesh import Floats, Ints, unit

SIZE = 512
FINE = 2 * SIZE
VIEW = turning((14.0, 0.0, 0.0)) @ turning((0.0, -28.0, 0.0))
"""Turned a little to the side, and looked at from a little above."""
KEY = unit(np.array([-0.5, 0.75, 0.65])).astype(np.float32)
FILL = unit(np.array([0.8, 0.1, 0.45])).astype(np.float32)
RIM = unit(np.array([0.35, 0.55, -0.9])).astype(np.float32)
EYE = np.array([0.0, 0.0, 1.0], dtype=np.float32)
WINDOW = unit(np.array([-0.7, 0.5, 0.5])).astype(np.float32)
FILLS = 0.74
"""How much of the picture the model takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Corners in camera space, with what a pixel between them needs, and each triangle's material."""

    positions: Floats
    normals: Floats
    uvs: Floats
    tints: Floats
    triangles: Ints
    materials: Ints
    """The material of each triangle, as a place in ``looks``."""
    looks: list["Look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A material as the file says: pictures, or one pixel where there is none. Colours are linear light."""

    colour: Floats
    surface: Floats


def picture(glb: Glb, *, turn: float = 0.0) -> bytes:
    """The model as a WebP file; ``turn`` degrees about its upright axis away from the usual view."""
    scene = _scene(glb, VIEW @ turning((0.0, turn, 0.0)))
    pixels = _background(scene)
    _ground_shadow(pixels, scene)
    model, cover = _model(scene)
    pixels = pixels * (1 - cover) + model
    image = Image.fromarray((_to_srgb(pixels) * 255 + 0.5).astype(np.uint8), "RGB")
    file = io.BytesIO()
    image.save(file, "WEBP", quality=88)
    return file.getvalue()


def _model(scene: Scene) -> tuple[Floats, Floats]:
    """The model's own light in each pixel of the picture, and how much of the pixel it covers."""
    fragments = _nearest(scene)
    fine = np.zeros((FINE * FINE, 4), dtype=np.float32)
    fine[fragments.pixels, :3] = _lit(scene, fragments)
    fine[fragments.pixels, 3] = 1
    reduced = fine.reshape(SIZE, 2, SIZE, 2, 4).mean(axis=(1, 3))
    return reduced[..., :3], reduced[..., 3:]


def _scene(glb: Glb, view: Floats) -> Scene:
    """Everything the file shows, turned to the camera and fitted into the picture."""
    parts, looks = [], []
    for node, matrix in glb.placed_meshes():
        for primitive in glb.document["meshes"][node["mesh"]]["primitives"]:
            parts.append(_part(glb, primitive, view @ matrix[:3, :3], view @ matrix[:3, 3]))
            looks.append(_look(glb, primitive.get("material")))
    starts = np.cumsum([0, *(len(part[0]) for part in parts)])
    stacked = [np.concatenate([part[column] for part in parts]) for column in range(4)]
    triangles = np.concatenate([part[4] + start for part, start in zip(parts, starts, strict=False)])
    owners = np.concatenate([np.full(len(part[4]), index) for index, part in enumerate(parts)])
    return Scene(
        positions=_fitted(stacked[0]),
        normals=unit(stacked[1]).astype(np.float32),
        uvs=stacked[2].astype(np.float32),
        tints=stacked[3].astype(np.float32),
        triangles=triangles,
        materials=owners,
        looks=looks,
    )


def _part(glb: Glb, primitive: dict[str, Any], turn: Floats, shift: Floats) -> tuple[Any, ...]:
    attributes = primitive["attributes"]
    positions = glb.array(attributes["POSITION"]).astype(float) @ turn.T + shift
    count = len(positions)
    triangles = glb.array(primitive["indices"]).astype(int) if "indices" in primitive else np.arange(count)
    normals = glb.array(attributes["NORMAL"]) @ np.linalg.inv(turn) if "NORMAL" in attributes else None
    uvs = glb.array(attributes["TEXCOORD_0"]) if "TEXCOORD_0" in attributes else np.zeros((count, 2))
    tints = glb.array(attributes["COLOR_0"])[:, :3] if "COLOR_0" in attributes else np.ones((count, 3))
    return (
        positions,
        np.zeros((count, 3)) if normals is None else normals,
        uvs,
        tints,
        triangles.reshape(-1, 3),
    )


def _fitted(positions: Floats) -> Floats:
    low, high = positions.min(axis=0), positions.max(axis=0)
    scale = FINE * FILLS / max(float((high - low)[:2].max()), 1e-6)
    middle = (low + high) / 2
    placed = (positions - middle) * np.array([scale, -scale, scale])
    return np.asarray(placed + np.array([FINE / 2, FINE * 0.5, 0.0]))


def _look(glb: Glb, material: int | None) -> Look:
    pbr = {} if material is None else glb.document["materials"][material].get("pbrMetallicRoughness", {})
    colour = _texture(glb, pbr.get("baseColorTexture")) ** 2.2
    surface = _texture(glb, pbr.get("metallicRoughnessTexture"))
    factors = [1.0, pbr.get("roughnessFactor", 1.0), pbr.get("metallicFactor", 1.0)]
    return Look(
        colour=colour * np.array(pbr.get("baseColorFactor", (1, 1, 1, 1))[:3]),
        surface=surface * np.array(factors),
    )


def _texture(glb: Glb, reference: dict[str, Any] | None) -> Floats:
    texture = {} if reference is None else glb.document["textures"][reference["index"]]
    image = glb.document["images"][texture["source"]] if "source" in texture else {}
    if "bufferView" not in image:
        return np.ones((1, 1, 3))
    pixels = Image.open(io.BytesIO(glb.view(image["bufferView"]))).convert("RGB")
    return np.asarray(pixels, dtype=float) / 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragments:
    """The pixels that the model covers; for each the triangle that is nearest and where in it."""

    pixels: Ints
    triangles: Ints
    shares: Floats


def _nearest(scene: Scene) -> Fragments:
    corners = scene.positions[scene.triangles]
    # Y points down here, so what faces the camera runs clockwise: its area is negative.
    facing = np.flatnonzero(_area(corners) < -1e-3)
    corners = corners[facing]
    low = np.floor(corners[:, :, :2].min(axis=1))
    width = (np.ceil(corners[:, :, :2].max(axis=1)) - low).max(axis=1) + 1
    found: list[tuple[Ints, Ints, Floats]] = []
    # Triangles of like size are cut together: one array per size, none much larger than it has to be.
    smallest, edge = 0, 4
    while smallest < width.max(initial=0):
        batch = np.flatnonzero((width > smallest) & (width <= edge))
        rows = max(1, 1_000_000 // edge**2)
        found += [_cut(corners, low, batch[at : at + rows], edge) for at in range(0, len(batch), rows)]
        smallest, edge = edge, edge * 2
    pixels, triangles, shares = (np.concatenate(parts) for parts in zip(*found, strict=True))
    depth = np.einsum("pc,pc->p", shares, corners[triangles, :, 2].astype(np.float32))
    front = np.full(FINE * FINE, -np.inf, dtype=np.float32)
    np.maximum.at(front, pixels, depth)
    winners = np.flatnonzero(depth >= front[pixels])
    return Fragments(pixels=pixels[winners], triangles=facing[triangles[winners]], shares=shares[winners])


def _area(corners: Floats) -> Floats:
    """Twice the signed area of each triangle in the picture."""
    first, second = (corners[:, corner, :2] - corners[:, 0, :2] for corner in (1, 2))
    return np.asarray(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])


def _cut(corners: Floats, low: Floats, batch: Ints, edge: int) -> tuple[Ints, Ints, Floats]:
    """All pixels of some triangles that fit into squares of ``edge`` pixels."""
    flat = corners[batch, :, :2] - low[batch, None, :]
    area = _area(flat)
    grid = np.arange(edge, dtype=np.float32) + np.float32(0.5)
    shares = []
    for begin, end in ((1, 2), (2, 0), (0, 1)):
        (px, py), (qx, qy) = flat[:, begin].T, flat[:, end].T
        across, down = -(qy - py) / area, (qx - px) / area
        shift = -(across * px + down * py)
        across, down, shift = (values.astype(np.float32) for values in (across, down, shift))
        columns, rows = across[:, None] * grid, down[:, None] * grid + shift[:, None]
        shares.append(rows[:, :, None] + columns[:, None, :])
    inside = np.minimum(np.minimum(shares[0], shares[1]), shares[2]) >= -1e-4
    which, row, column = np.nonzero(inside)
    at = (low[batch, 1].astype(int)[which] + row) * FINE + low[batch, 0].astype(int)[which] + column
    return at, batch[which], np.stack([share[inside] for share in shares], axis=1)


def _lit(scene: Scene, fragments: Fragments) -> Floats:
    """Light from a key, a fill and a rim lamp, and a soft sky that metal mirrors."""
    corners = scene.triangles[fragments.triangles]

    def between(values: Floats) -> Floats:
        return np.asarray(np.einsum("pck,pc->pk", values[corners], fragments.shares))

    normals = unit(between(scene.normals))
    colour, surface = _sampled(scene, fragments, between(scene.uvs))
    colour = colour * between(scene.tints)
    rough, metal = np.clip(surface[:, 1:2], 0.08, 1), surface[:, 2:3]
    light = 0.34 * (0.75 + 0.25 * normals[:, 1:2])
    shine = np.zeros_like(light)
    for lamp, strength in ((KEY, 1.0), (FILL, 0.3), (RIM, 0.55)):
        light = light + strength * np.clip(normals @ lamp, 0, None)[:, None]
        half = unit(lamp + EYE).astype(np.float32)
        power = 2 / rough**2
        shine = shine + strength * np.clip(normals @ half, 0, None)[:, None] ** power * (1.1 - rough)
    mirrored = _sky(2 * normals[:, 2:3] * normals - EYE, rough)
    edge = (1 - np.clip(normals[:, 2:3], 0, 1)) ** 4
    gloss = np.where(metal > 0.3, colour, 0.05 + 0.3 * edge * (1 - rough))
    matte = colour * light * (1 - 0.75 * metal)
    return np.asarray(matte + gloss * (mirrored * (0.35 + 0.65 * metal) + 1.5 * shine))


def _sampled(scene: Scene, fragments: Fragments, uvs: Floats) -> tuple[Floats, Floats]:
    colour, surface = (np.empty((len(uvs), 3), dtype=np.float32) for _ in range(2))
    owners = scene.materials[fragments.triangles]
    for index, look in enumerate(scene.looks):
        mine = owners == index
        for target, image in ((colour, look.colour), (surface, look.surface)):
            height, width = image.shape[:2]
            place = np.mod(uvs[mine], 1.0001)
            column = np.minimum((place[:, 0] * width).astype(int), width - 1)
            row = np.minimum((place[:, 1] * height).astype(int), height - 1)
            target[mine] = image[row, column]
    return colour, surface


def _sky(directions: Floats, rough: Floats) -> Floats:
    """Bright above, a window to the left, dark at the horizon; blurred as the surface is rough."""
    up = directions[:, 1:2]
    bands = 0.5 + 0.45 * np.tanh((up + 0.05) * (3.5 - 2.5 * rough))
    horizon = 0.4 * np.exp(-((up / (0.12 + 0.5 * rough)) ** 2))
    window = np.clip(directions @ WINDOW, 0, 1)[:, None] ** (10 - 8 * rough)
    return np.asarray(np.clip(bands - horizon, 0, None) * 0.9 + 0.8 * window)


def _background(scene: Scene) -> Floats:
    """A soft light behind the model, in a tone that is barely the model's own."""
    hue = np.mean([look.colour.mean(axis=(0, 1)) for look in scene.looks], axis=0)
    hue = hue / max(float(hue.max()), 1e-6)
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / SIZE - 0.5
    glow = np.exp(-(x**2 + (y + 0.06) ** 2) / 0.22)[..., None]
    floor = np.clip((y - 0.12) * 2, 0, 1)[..., None]
    shade = 0.26 + 0.5 * glow - 0.08 * floor
    return np.asarray(shade * (0.8 + 0.2 * hue) * np.array([0.97, 0.99, 1.03]))


def _ground_shadow(pixels: Floats, scene: Scene) -> None:
    """The dark under the model where it stands."""
    corners = scene.positions
    bottom = corners[:, 1].max()
    near = corners[corners[:, 1] > bottom - FINE * FILLS * 0.25]
    left, right = near[:, 0].min(), near[:, 0].max()
    mask = Image.new("L", (SIZE // 2, SIZE // 2))
    scale = mask.width / FINE
    half = (right - left) / 2
    ellipse = Image.new("L", (max(int(half * 2.3 * scale), 2), max(int(half * 0.75 * scale), 2)), 0)
    y, x = np.mgrid[-1 : 1 : ellipse.height * 1j, -1 : 1 : ellipse.width * 1j]
    ellipse.putdata((np.clip(1 - x**2 - y**2, 0, 1) ** 0.7 * 220).astype(int).ravel().tolist())
    middle = (left + right) / 2 * scale
    mask.paste(
        ellipse, (int(middle - ellipse.width / 2), int((bottom - half * 0.16) * scale - ellipse.height / 2))
    )
    soft = mask.filter(ImageFilter.GaussianBlur(4)).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    pixels *= 1 - 0.62 * (np.asarray(soft, dtype=float) / 255)[..., None]


def _to_srgb(light: Floats) -> Floats:
    """Bright parts are rolled off rather than cut, then the curve of screens."""
    rolled = np.where(light > 0.75, 0.75 + 0.25 * np.tanh((light - 0.75) / 0.6), light)
    return np.asarray(np.clip(rolled, 0, 1) ** (1 / 2.2))
