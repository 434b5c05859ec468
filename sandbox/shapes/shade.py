"""The dark in corners: how much of the sky each corner of a mesh sees, roughly, as its tint.

The mesh is sorted into a coarse grid, the grid is blurred, and what is dense in front of
a surface takes light from it. Cheap, and soft as such shadows are.
"""

from dataclasses import replace

import numpy as np

from sandbox.shapes.mesh import Floats, Mesh

CELLS = 40
REACH = 0.055
"""How far in front of the surface to look, in metres of a one-metre model."""
STRENGTH = 0.62


def shaded(mesh: Mesh) -> Mesh:
    """The mesh, standing on the ground, with darker tints where it shades itself."""
    corners = mesh.positions[mesh.triangles]
    density = _blurred(_sorted(corners.mean(axis=1), _areas(corners)))
    ahead = _sampled(density, mesh.positions + mesh.normals * REACH)
    behind = _sampled(density, mesh.positions - mesh.normals * REACH)
    dark = np.clip(ahead / np.maximum(ahead + behind, 1e-9) - 0.3, 0, 0.5) * 2
    ground = np.clip(0.5 - mesh.normals[:, 1], 0, 1) * np.exp(-mesh.positions[:, 1] / 0.06) * 0.35
    light = 1 - STRENGTH * np.clip(dark, 0, 1) - ground
    warm = np.array([1.0, 1.06, 1.12])  # shade is a little warm
    return replace(mesh, tints=np.clip(light, 0.2, 1)[:, None] ** warm)


def _areas(corners: Floats) -> Floats:
    sides = corners[:, 1:] - corners[:, :1]
    return np.asarray(np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1) / 2)


def _cells(points: Floats) -> tuple[Floats, ...]:
    """Where points lie in the grid, which is a cube of 1.2 m over the ground, as numbers of cells."""
    places = (points + np.array([0.6, 0.1, 0.6])) / 1.2 * CELLS
    return tuple(np.clip(places, 0, CELLS - 1.001).T)


def _sorted(points: Floats, areas: Floats) -> Floats:
    grid = np.zeros((CELLS, CELLS, CELLS))
    np.add.at(grid, tuple(part.astype(int) for part in _cells(points)), areas)
    return grid


def _blurred(grid: Floats) -> Floats:
    for axis in (0, 1, 2):
        for _ in range(2):
            grid = (np.roll(grid, 1, axis) + 2 * grid + np.roll(grid, -1, axis)) / 4
    return grid


def _sampled(grid: Floats, points: Floats) -> Floats:
    """The grid between its cells."""
    x, y, z = _cells(points - 0.6 / CELLS)
    i, j, k = (part.astype(int) for part in (x, y, z))
    total = np.zeros(len(points))
    for di, wx in ((0, 1 - (x - i)), (1, x - i)):
        for dj, wy in ((0, 1 - (y - j)), (1, y - j)):
            for dk, wz in ((0, 1 - (z - k)), (1, z - k)):
                total += grid[i + di, j + dj, k + dk] * wx * wy * wz
    return total
