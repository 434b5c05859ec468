"""Surfaces as arrays, and the three ways in which every part of a model is made.

Metres, Y up, the front looks along +Z and the model's own left is +X: glTF's convention.
Each maker returns a ``Mesh`` with unit normals and texture coordinates between 0 and 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Point = tuple[float, float, float]

CREASE_COSINE = 0.7  # two bands of a turned shape that meet more sharply than this keep an edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesh:
    """Triangles over shared corners. ``tints`` darken or colour a corner (1 = as painted)."""

    positions: Floats
    normals: Floats
    uvs: Floats
    tints: Floats
    triangles: Ints


def surface(positions: Floats, normals: Floats, uvs: Floats, triangles: Ints) -> Mesh:
    """A mesh in its own colours, without the triangles that have no area."""
    a, b, c = (positions[triangles[:, corner]] for corner in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return Mesh(
        positions=positions,
        normals=unit(normals),
        uvs=np.clip(uvs, 0.0, 1.0),
        tints=np.ones_like(positions),
        triangles=triangles[area > 1e-10],
    )


def unit(vectors: Floats) -> Floats:
    """The same directions, each of length one; a vector without direction points up."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    up = np.broadcast_to(np.array([0.0, 1.0, 0.0]), vectors.shape)
    return np.where(lengths > 1e-9, vectors / np.maximum(lengths, 1e-9), up)


def blob(radii: Point, *, square: tuple[float, float] = (1.0, 1.0), around: int, rows: int) -> Mesh:
    """A superellipsoid: a ball at squareness 1, a rounded box near 0.3 (first: upright, second: around)."""
    phi, theta = _angles(around, rows)
    upright, round_ = square

    def power(value: Floats, exponent: float) -> Floats:
        return np.sign(value) * np.abs(value) ** exponent

    def point(first: float, second: float) -> Floats:
        cos_phi = power(np.cos(phi), first)
        return np.stack(
            [
                cos_phi * power(np.cos(theta), second),
                power(np.sin(phi), first) * np.ones_like(theta),
                -cos_phi * power(np.sin(theta), second),
            ],
            axis=-1,
        )

    size = np.array(radii)
    uvs = np.stack(np.broadcast_arrays(theta / (2 * np.pi), 0.5 - phi / np.pi), axis=-1)
    normals = point(2 - upright, 2 - round_) / size
    return _grid(point(upright, round_) * size, normals, uvs)


def _angles(around: int, rows: int) -> tuple[Floats, Floats]:
    phi = np.linspace(-np.pi / 2, np.pi / 2, rows + 1)[:, None]
    # A hair off the poles: there every column would share one normal of length zero.
    phi = np.clip(phi, -np.pi / 2 + 1e-5, np.pi / 2 - 1e-5)
    return phi, np.linspace(0, 2 * np.pi, around + 1)[None, :]


def turned(profile: Sequence[tuple[float, float]], *, around: int) -> Mesh:
    """What a lathe makes of a profile of (radius, height) from bottom to top; sharp corners stay sharp."""
    line = np.array(profile, dtype=float)
    steps = np.diff(line, axis=0)
    across = unit(np.stack([steps[:, 1], -steps[:, 0], np.zeros(len(steps))], axis=1))[:, :2]
    rings = [(line[0], across[0])]
    for point, before, after in zip(line[1:-1], across[:-1], across[1:], strict=True):
        if before @ after > CREASE_COSINE:
            rings.append((point, before + after))
        else:
            rings += [(point, before), (point, after)]
    rings.append((line[-1], across[-1]))
    radius, height = np.array([ring[0] for ring in rings]).T[:, :, None]
    outward, upward = np.array([ring[1] for ring in rings]).T[:, :, None]
    theta = np.linspace(0, 2 * np.pi, around + 1)[None, :]
    flat = np.ones_like(theta)
    positions = np.stack([radius * np.cos(theta), height * flat, -radius * np.sin(theta)], axis=-1)
    normals = np.stack([outward * np.cos(theta), upward * flat, -outward * np.sin(theta)], axis=-1)
    span = max(float(np.ptp(height)), 1e-6)
    along = 1 - (height - height.min()) / span
    uvs = np.stack(np.broadcast_arrays(theta / (2 * np.pi), along), axis=-1)
    return _grid(positions, normals, uvs)


def tube(path: Floats, radii: Floats, *, around: int, flat: float = 1.0) -> Mesh:
    """A limb along a path, round at both ends; ``flat`` below 1 presses it into a blade."""
    first, last = path[0] - path[1], path[-1] - path[-2]
    path = np.vstack([path[0] + unit(first) * radii[0] * 0.7, path, path[-1] + unit(last) * radii[-1] * 0.7])
    radii = np.concatenate([[1e-4], radii, [1e-4]])
    tangents = unit(np.gradient(path, axis=0))
    sides, ups = _frames(tangents)
    theta = np.linspace(0, 2 * np.pi, around + 1)[None, :, None]
    out = np.cos(theta) * sides[:, None] + flat * np.sin(theta) * ups[:, None]
    normals = flat * np.cos(theta) * sides[:, None] + np.sin(theta) * ups[:, None]
    slope = np.gradient(radii) / np.maximum(np.linalg.norm(np.gradient(path, axis=0), axis=1), 1e-6)
    normals = normals - np.clip(slope, -4, 4)[:, None, None] * tangents[:, None]
    along = np.linspace(0, 1, len(path))[:, None]
    uvs = np.stack(np.broadcast_arrays(theta[:, :, 0] / (2 * np.pi), along), axis=-1)
    return _grid(path[:, None] + radii[:, None, None] * out, normals, uvs)


def _frames(tangents: Floats) -> tuple[Floats, Floats]:
    """Two directions across each point of a path, carried along it without twisting."""
    side = np.cross(tangents[0], [0.0, 0.0, 1.0])
    if np.linalg.norm(side) < 0.2:
        side = np.cross(tangents[0], [1.0, 0.0, 0.0])
    sides = []
    for tangent in tangents:
        side = side - tangent * (side @ tangent)
        side = side / max(float(np.linalg.norm(side)), 1e-9)
        sides.append(side)
    stacked = np.array(sides)
    return stacked, np.cross(tangents, stacked)


def _grid(positions: Floats, normals: Floats, uvs: Floats) -> Mesh:
    rows, columns = positions.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    quads = [np.stack([a, b, c], axis=-1), np.stack([a, c, d], axis=-1)]
    triangles = np.concatenate([quad.reshape(-1, 3) for quad in quads])
    return surface(positions.reshape(-1, 3), normals.reshape(-1, 3), uvs.reshape(-1, 2), triangles)


def moved(mesh: Mesh, *, matrix: Floats | None = None, by: Point = (0.0, 0.0, 0.0)) -> Mesh:
    """The mesh turned or stretched by a 3x3 matrix and then shifted; a mirror keeps its outside outside."""
    if matrix is None:
        return replace(mesh, positions=mesh.positions + by)
    triangles = mesh.triangles[:, ::-1] if np.linalg.det(matrix) < 0 else mesh.triangles
    return replace(
        mesh,
        positions=mesh.positions @ matrix.T + by,
        normals=unit(mesh.normals @ np.linalg.inv(matrix)),
        triangles=triangles,
    )


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """All of them as one."""
    starts = np.cumsum([0, *(len(mesh.positions) for mesh in meshes)])
    return Mesh(
        positions=np.concatenate([mesh.positions for mesh in meshes]),
        normals=np.concatenate([mesh.normals for mesh in meshes]),
        uvs=np.concatenate([mesh.uvs for mesh in meshes]),
        tints=np.concatenate([mesh.tints for mesh in meshes]),
        triangles=np.concatenate(
            [mesh.triangles + start for mesh, start in zip(meshes, starts, strict=False)]
        ),
    )


def faceted(mesh: Mesh) -> Mesh:
    """The same shape with every triangle flat, as low-poly models are shown."""
    corners = mesh.triangles.reshape(-1)
    a, b, c = (mesh.positions[mesh.triangles[:, corner]] for corner in range(3))
    normals = np.repeat(unit(np.cross(b - a, c - a)), 3, axis=0)
    uvs = np.repeat(mesh.uvs[mesh.triangles].mean(axis=1), 3, axis=0)
    return Mesh(
        positions=mesh.positions[corners],
        normals=normals,
        uvs=uvs,
        tints=np.repeat(mesh.tints[mesh.triangles].mean(axis=1), 3, axis=0),
        triangles=np.arange(len(corners)).reshape(-1, 3),
    )
