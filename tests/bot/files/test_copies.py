"""Copies for printers and lighter ones, by real programs on real models."""

import struct
from pathlib import Path

import pytest

from bot.files import lighter, printing
from bot.files.confined import Limits
from bot.files.errors import ToolFailed, WrongFormat
from bot.files.formats import check_format
from bot.files.glb import check_glb
from sandbox import models
from sandbox.models import Design

HALF, QUARTER, PACKED = lighter.WAYS


@pytest.fixture(scope="module")
def dancer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Textured, on a skeleton, and it moves."""
    path = tmp_path_factory.mktemp("models") / "dancer.glb"
    rigged = models.rig(models.build(Design(prompt="a wooden knight", seed=1)), "biped")
    path.write_bytes(models.animate(rigged, ["walk"], names=["walk"]))
    return path


# For printers


async def test_a_print_stands_upright_in_millimetres_on_its_plate(dancer: Path, tmp_path: Path) -> None:
    printed = await printing.for_print(dancer, tmp_path / "out.stl")

    data = (tmp_path / "out.stl").read_bytes()
    (count,) = struct.unpack_from("<I", data, 80)
    corners = [struct.unpack_from("<9f", data, 84 + 50 * at + 12) for at in range(count)]
    heights = [corner[axis] for corner in corners for axis in (2, 5, 8)]
    assert count == printed.triangles == check_glb(dancer).triangles
    assert (min(heights), max(heights)) == (pytest.approx(0, abs=0.01), pytest.approx(1000, abs=0.5))
    assert printed.millimetres[2] == pytest.approx(1000, abs=0.5)
    assert not printed.watertight


async def test_a_closed_shape_is_known_as_watertight(tmp_path: Path) -> None:
    import trimesh

    box = tmp_path / "box.glb"
    box.write_bytes(trimesh.creation.box(extents=(0.1, 0.2, 0.3)).export(file_type="glb"))

    printed = await printing.for_print(box, tmp_path / "out.3mf")

    assert printed.watertight
    assert printed.millimetres == (100.0, 300.0, 200.0)
    assert (tmp_path / "out.3mf").read_bytes().startswith(b"PK")


async def test_what_takes_too_much_memory_ends_and_harms_nobody(dancer: Path, tmp_path: Path) -> None:
    with pytest.raises(ToolFailed):
        await printing.for_print(dancer, tmp_path / "out.stl", Limits(memory=8 * 1024**2))


# Lighter ones

needs_gltfpack = pytest.mark.skipif(not lighter.installed(), reason="needs Node and `npm ci`")


@needs_gltfpack
@pytest.mark.parametrize("way", lighter.WAYS, ids=lambda way: way.mark)
async def test_a_lighter_copy_keeps_skeleton_movement_and_textures(
    dancer: Path, tmp_path: Path, way: lighter.Way
) -> None:
    out = tmp_path / "out.glb"
    await lighter.lighten(dancer, out, way)

    before, after = check_glb(dancer), check_glb(out)
    assert (after.joints, after.clips, after.textures) == (before.joints, before.clips, before.textures)
    assert after.size < before.size
    assert after.triangles / before.triangles == pytest.approx((way.share or 100) / 100, abs=0.02)


@needs_gltfpack
async def test_what_is_no_model_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "model.glb").write_bytes(b"glTF but no more")
    with pytest.raises(ToolFailed, match="exit code"):
        await lighter.lighten(tmp_path / "model.glb", tmp_path / "out.glb", HALF)


def test_without_its_package_it_is_not_installed(tmp_path: Path) -> None:
    assert not lighter.installed(tmp_path)


# Formats


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("fbx", b"Kaydara FBX Binary  \x00"),
        ("fbx", b"; FBX 7.3.0 project file"),
        ("obj", b"\n# made by somebody\nv 0 0 0"),
        ("usdz", b"PK\x03\x04"),
    ],
)
def test_a_file_is_known_by_how_it_begins(tmp_path: Path, kind: str, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    check_format(path, kind)
    path.write_bytes(b"<html><body>Internal error</body></html>")
    with pytest.raises(WrongFormat):
        check_format(path, kind)
