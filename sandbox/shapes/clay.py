"""A lump of clay: body plans put parts on it and it remembers what each is painted with.

A plan says where its joints are, too (``mark``), so that a skeleton can be put in later.
``detail`` scales how finely every part is divided; 1 is about four thousand triangles a figure.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from sandbox.shapes.mesh import Floats, Mesh, Point, blob, joined, moved, tube, turned

MIRROR = np.diag([-1.0, 1.0, 1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One surface, its paint, and the joint that carries it whole (``None``: it bends)."""

    paint: str
    mesh: Mesh
    joint: str | None = None


class Clay:
    """Parts with their paints, and the named places of a model in the making."""

    def __init__(self, rng: np.random.Generator, *, detail: float = 1.0) -> None:
        self.rng = rng
        self.detail = detail
        self.parts: list[Part] = []
        self.landmarks: dict[str, Point] = {}
        self._joint: str | None = None

    def blob(
        self,
        paint: str,
        at: Point,
        radii: Point,
        *,
        square: float | tuple[float, float] = 1.0,
        turn: Point = (0.0, 0.0, 0.0),
        both: bool = False,
        fine: float = 1.0,
    ) -> None:
        """A ball, egg, cushion or box; ``turn`` in degrees about X, Y, Z; ``both``: and its mirror image."""
        corners = square if isinstance(square, tuple) else (square, square)
        mesh = blob(radii, square=corners, around=self._count(20 * fine), rows=self._count(13 * fine))
        self._put(paint, moved(mesh, matrix=turning(turn), by=at), both=both)

    def turned(
        self,
        paint: str,
        at: Point,
        profile: Sequence[tuple[float, float]],
        *,
        turn: Point = (0.0, 0.0, 0.0),
        stretch: Point = (1.0, 1.0, 1.0),
        both: bool = False,
        sides: int | None = None,
    ) -> None:
        """A vase, cone or wheel: a profile of (radius, height) turned about its upright axis."""
        mesh = turned(profile, around=sides or self._count(28))
        self._put(paint, moved(mesh, matrix=turning(turn) @ np.diag(stretch), by=at), both=both)

    def tube(
        self,
        paint: str,
        path: Sequence[Point],
        radii: Sequence[float],
        *,
        flat: float = 1.0,
        both: bool = False,
        fine: float = 1.0,
    ) -> None:
        """A limb, horn, tail or handle along a smooth curve through the points."""
        steps = self._count(4 * fine * (len(path) - 1)) if len(path) > 2 else self._count(4 * fine)
        curve = smooth(np.array(path, dtype=float), steps)
        thickness = np.interp(np.linspace(0, 1, steps + 1), np.linspace(0, 1, len(radii)), radii)
        self._put(paint, tube(curve, thickness, around=self._count(12 * fine), flat=flat), both=both)

    def mark(self, **places: Point) -> None:
        """Remember where joints are; those of pairs on the model's left."""
        self.landmarks.update(places)

    @contextmanager
    def carried_by(self, joint: str) -> Iterator[None]:
        """What is put on meanwhile does not bend: a sword, a shield, a hat."""
        self._joint = joint
        try:
            yield
        finally:
            self._joint = None

    def stiff(self, *, flat: bool) -> list[tuple[int, int, str]]:
        """Which corners of the baked mesh a joint carries: (first, count, joint); ``flat``: after facets."""
        runs, first = [], 0
        for part in self.parts:
            count = 3 * len(part.mesh.triangles) if flat else len(part.mesh.positions)
            if part.joint:
                runs.append((first, count, part.joint))
            first += count
        return runs

    def _count(self, wanted: float) -> int:
        return max(3, round(wanted * self.detail))

    def _put(self, paint: str, mesh: Mesh, *, both: bool) -> None:
        self.parts.append(Part(paint=paint, mesh=mesh, joint=self._joint))
        if both:
            other = self._joint.replace("L_", "R_") if self._joint else None
            self.parts.append(Part(paint=paint, mesh=moved(mesh, matrix=MIRROR), joint=other))

    def triangles(self) -> int:
        """How many triangles lie on it."""
        return sum(len(part.mesh.triangles) for part in self.parts)

    def keep_largest(self, most: int) -> None:
        """Leave out the smallest parts until at most so many triangles are left."""
        by_size = sorted(self.parts, key=lambda part: -float(np.prod(np.ptp(part.mesh.positions, axis=0))))
        self.parts = []
        for part in by_size:
            if self.triangles() + len(part.mesh.triangles) <= most:
                self.parts.append(part)

    def baked(self, tiles: dict[str, tuple[float, float, float]]) -> Mesh:
        """One mesh standing on the ground, one metre in its longest direction, over a texture of tiles.

        ``tiles`` gives each paint's (left, top, size) in the texture.
        """
        whole = joined([_over_tile(part.mesh, tiles[part.paint]) for part in self.parts])
        low, high = whole.positions.min(axis=0), whole.positions.max(axis=0)
        scale = 1.0 / float((high - low).max())
        foot = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
        self.landmarks = {
            name: _point((np.array(place) - foot) * scale) for name, place in self.landmarks.items()
        }
        return replace(whole, positions=(whole.positions - foot) * scale)


def _over_tile(mesh: Mesh, tile: tuple[float, float, float]) -> Mesh:
    left, top, size = tile
    margin = 0.04  # so that filtering never reaches into the neighbour
    inner = margin + mesh.uvs * (1 - 2 * margin)
    return replace(mesh, uvs=np.array([left, top]) + inner * size)


def _point(values: Floats) -> Point:
    return float(values[0]), float(values[1]), float(values[2])


def turning(degrees: Point) -> Floats:
    """The rotation about Z, then Y, then X."""
    x, y, z = np.radians(degrees)
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return np.asarray(about_x @ about_y @ about_z)


def smooth(points: Floats, steps: int) -> Floats:
    """A Catmull-Rom curve through the points in so many steps; two points give a straight line."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    places = np.linspace(0, len(points) - 1, steps + 1)
    index = np.minimum(places.astype(int), len(points) - 2)
    t = (places - index)[:, None]
    a, b, c, d = (padded[index + offset] for offset in range(4))
    return np.asarray(
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    )
