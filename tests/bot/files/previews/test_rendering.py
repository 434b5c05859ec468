"""f3d itself, in its child process, on models of the sandbox."""

import asyncio
import json
import os
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from bot.files.previews import rendering
from bot.files.previews.film import BACKDROP
from bot.files.previews.limits import SIDE, Limits
from bot.files.previews.rendering import CannotDraw, NotRendered, Renderer, Unreadable
from sandbox import models
from tests.bot.files.building import pack, picture, triangle

pytestmark = pytest.mark.process

KNIGHT = models.rig(models.build(models.Design(prompt="a wooden knight", seed=3, low_poly=True)))
TWO_MEGABYTES = 2 * 1024 * 1024
FRAME = 16
"""Pixels along each border that the model has to leave free."""
LOOKS = 2000


def frames_of(film: Path) -> list[Image.Image]:
    with Image.open(film) as film_:
        return [_seek(film_, frame) for frame in range(film_.n_frames)]  # type: ignore[attr-defined] # a GIF's


def _seek(film: Image.Image, frame: int) -> Image.Image:
    film.seek(frame)
    return film.convert("RGB")


def seen(frame: Image.Image) -> tuple[int, int, int, int]:
    """The box around what is not backdrop."""
    empty = Image.new("RGB", frame.size, BACKDROP)
    difference = ImageChops.difference(frame, empty).convert("L").point(lambda value: 255 * (value > 6))
    box = difference.getbbox()
    assert box, "the picture is empty"
    return box


def assert_whole(frames: Sequence[Image.Image]) -> None:
    """Nothing is cut off, the model fills the picture, and it stands in its middle."""
    boxes = [seen(frame) for frame in frames]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    assert min(left, top) >= FRAME
    assert max(right, bottom) <= SIDE - FRAME
    assert max(right - left, bottom - top) > 0.7 * SIDE
    assert abs(top - (SIDE - bottom)) < 0.1 * SIDE


def shrunk_by_its_skeleton(glb: bytes) -> bytes:
    """The same figure a hundred times as small as its vertices say, as exporters from centimetres do it."""
    length = struct.unpack_from("<I", glb, 12)[0]
    document = json.loads(glb[20 : 20 + length])
    root = next(node for node in document["nodes"] if node.get("name") == "Root")
    root["scale"] = [0.01] * 3
    return pack(document, glb[28 + length :])


def written(folder: Path, glb: bytes) -> Path:
    path = folder / "model.glb"
    path.write_bytes(glb)
    return path


async def test_a_model_is_turned_once_around_wherever_its_skeleton_puts_it(
    renderer: Renderer, tmp_path: Path
) -> None:
    made = await renderer.film(written(tmp_path, shrunk_by_its_skeleton(KNIGHT)), tmp_path)

    frames = frames_of(made.film)
    assert made.film.stat().st_size < TWO_MEGABYTES
    assert len(frames) >= 24
    assert_whole(frames)
    front, side = seen(frames[0]), seen(frames[len(frames) // 4])
    assert front != side
    with Image.open(made.still) as still:
        assert (still.format, still.size) == ("WEBP", (SIDE, SIDE))
        assert seen(still.convert("RGB"))


async def test_a_model_that_moves_shows_what_it_does(renderer: Renderer, tmp_path: Path) -> None:
    jumping = models.animate(KNIGHT, ["jump"])

    made = await renderer.film(written(tmp_path, jumping), tmp_path)

    frames = frames_of(made.film)
    assert made.film.stat().st_size < TWO_MEGABYTES
    assert_whole(frames)
    assert len({seen(frame)[1] for frame in frames}) > 3, "it leaves the ground"


async def test_a_file_that_f3d_would_show_wrongly_is_left_alone(renderer: Renderer, tmp_path: Path) -> None:
    webp = triangle(texture=picture("WEBP"))
    webp.document["images"][0]["mimeType"] = "image/webp"

    with pytest.raises(Unreadable, match="WebP"):
        await renderer.film(webp.write(tmp_path / "webp.glb"), tmp_path)

    squeezed = triangle()
    squeezed.document["extensionsUsed"] = ["EXT_meshopt_compression"]
    with pytest.raises(Unreadable, match="meshopt"):
        await renderer.film(squeezed.write(tmp_path / "squeezed.glb"), tmp_path)


async def test_a_file_that_f3d_cannot_read_is_told_as_such(renderer: Renderer, tmp_path: Path) -> None:
    empty = triangle()
    empty.document["nodes"][0]["scale"] = [0, 0, 0]

    with pytest.raises(Unreadable):
        await renderer.film(empty.write(tmp_path / "model.glb"), tmp_path)


@pytest.mark.parametrize(
    "limits",
    [Limits(memory=300 * 1024 * 1024), Limits(computing=1), Limits(seconds=1)],
    ids=["memory", "computing", "seconds"],
)
async def test_a_child_that_takes_too_much_is_ended(
    renderer: Renderer, tmp_path: Path, limits: Limits
) -> None:
    with pytest.raises(NotRendered):
        await replace(renderer, limits=limits).film(written(tmp_path, KNIGHT), tmp_path)


async def test_a_child_knows_no_secrets_and_does_not_outlive_who_waits_for_it(
    renderer: Renderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "canary")
    filming = asyncio.create_task(renderer.film(written(tmp_path, KNIGHT), tmp_path))
    child = await _child()
    surroundings = (child / "environ").read_text("utf-8")

    filming.cancel()
    await asyncio.gather(filming, return_exceptions=True)

    assert "canary" not in surroundings
    assert f"HOME={tmp_path}" in surroundings
    assert not child.exists()


async def _child() -> Path:
    """Where the system tells of it, once it has become another program than ours."""
    for _ in range(LOOKS):
        await asyncio.sleep(0.005)
        if found := _find_child():
            return found
    raise AssertionError("there is no child")


def _find_child() -> Path | None:
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text("utf-8").split()
    places = [Path(f"/proc/{number}") for number in children]
    return next((one for one in places if b"bot.files.previews" in (one / "cmdline").read_bytes()), None)


async def test_a_machine_whose_driver_dies_cannot_draw(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = {**rendering._SURROUNDINGS, "__EGL_VENDOR_LIBRARY_FILENAMES": "/nowhere"}
    monkeypatch.setattr(rendering, "_SURROUNDINGS", nowhere)

    with pytest.raises(CannotDraw, match="signal"):
        await renderer.look()
