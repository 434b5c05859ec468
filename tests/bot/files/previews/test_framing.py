"""Framing against boxes whose silhouettes are computed, instead of drawn."""

import math
from dataclasses import dataclass
from itertools import product

import pytest

from bot.files.previews.framing import FILL, NothingToSee, Outline, Pose, find, fit

Point = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Box:
    """A model that is a box."""

    middle: Point = (0.0, 0.5, 0.0)
    size: Point = (0.4, 1.0, 0.2)

    def look(self, pose: Pose) -> Outline | None:
        """Its silhouette, to the pixel of a picture that is 96 of them wide."""
        corners = [self._seen(pose, signs) for signs in product((-0.5, 0.5), repeat=3)]
        if any(corner is None for corner in corners):
            return None
        across, up = zip(*(corner for corner in corners if corner), strict=True)
        if min(max(across) - min(across), max(up) - min(up)) < 2 / 96:
            return None  # nothing is drawn of what is thinner than a pixel
        if max(across) < -1 or min(across) > 1 or max(up) < -1 or min(up) > 1:
            return None
        return Outline(
            left=max(-1, min(across)), right=min(1, max(across)), low=max(-1, min(up)), high=min(1, max(up))
        )

    def _seen(self, pose: Pose, signs: tuple[float, ...]) -> tuple[float, float] | None:
        turn, rise = math.radians(pose.turn), math.radians(pose.rise)
        corner = (m + s * e for m, s, e in zip(self.middle, signs, self.size, strict=True))
        x, y, z = (c - p for c, p in zip(corner, pose.position, strict=True))
        across = x * math.cos(turn) - z * math.sin(turn)
        flat = -(x * math.sin(turn) + z * math.cos(turn))
        deep = flat * math.cos(rise) - y * math.sin(rise)
        up = y * math.cos(rise) + flat * math.sin(rise)
        scale = pose.distance / pose.reach
        return (across / deep * scale, up / deep * scale) if deep > 0 else None


@pytest.mark.parametrize(
    "box",
    [
        Box(),
        Box(middle=(7.0, -3.0, 11.0), size=(1.0, 3.0, 2.0)),
        Box(middle=(0.0, 0.5, 0.0), size=(3.0, 0.1, 0.3)),
        Box(middle=(0.2, 50.0, 0.1), size=(90.0, 100.0, 40.0)),
    ],
    ids=["at the origin", "far away", "long", "in centimetres"],
)
def test_a_box_fills_the_picture_and_is_never_cut(box: Box) -> None:
    turns = [36.0 * step for step in range(10)]

    pose = fit(box.look, find(box.look, box.middle, 4.0 * max(box.size)), turns, 10.0)

    outlines = [outline for turn in turns if (outline := box.look(_turned(pose, turn)))]
    assert not any(outline.cut for outline in outlines)
    assert max(max(-one.left, one.right, one.high, -one.low) for one in outlines) == pytest.approx(
        FILL, abs=0.1
    )


@pytest.mark.parametrize("factor", [0.01, 0.1, 10.0])
def test_a_box_is_found_where_it_is_of_another_size_than_the_file_says(factor: float) -> None:
    box = Box()

    pose = find(box.look, (0.0, 0.5 / factor, 0.0), 3.0 / factor)

    assert pose.centre == pytest.approx(box.middle, abs=0.05)


def test_a_sheet_is_found_though_its_edge_shows_nothing() -> None:
    sheet = Box(size=(1.0, 1.0, 0.0))

    pose = find(sheet.look, sheet.middle, 3.0)

    assert pose.centre == pytest.approx(sheet.middle, abs=0.05)


def test_where_nothing_is_to_be_seen_the_search_ends() -> None:
    with pytest.raises(NothingToSee):
        find(lambda _: None, (0.0, 0.0, 0.0), 1.0)


def _turned(pose: Pose, turn: float) -> Pose:
    return Pose(centre=pose.centre, distance=pose.distance, turn=turn, rise=pose.rise)
