import json
import os
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.files.clips import combine_clips, name_clips
from bot.files.errors import BrokenGlb, CannotCombine
from bot.files.glb import check_glb
from sandbox import models
from tests.bot.files.building import add_clip, pack, rig, triangle

CLIPS = ("walk", "idle", "wave_goodbye_01")


def read(path: Path) -> tuple[dict[str, Any], bytes]:
    data = path.read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    return json.loads(data[20 : 20 + length]), data[28 + length :]


def swing(path: Path, clip: int) -> tuple[int, float]:
    """Which node a clip moves, and how far."""
    document, binary = read(path)
    animation = document["animations"][clip]
    accessor = document["accessors"][animation["samplers"][0]["output"]]
    view = document["bufferViews"][accessor["bufferView"]]
    start = view["byteOffset"] + accessor.get("byteOffset", 0)
    values = struct.unpack_from("<6f", binary, start)
    return animation["channels"][0]["target"]["node"], values[3]


def test_each_file_becomes_a_clip_of_its_name(tmp_path: Path) -> None:
    walk = rig("Armature|clip0", swing=1.5).write(tmp_path / "walk.glb")
    idle = rig("Armature|clip0", swing=2.5).write(tmp_path / "idle.glb")
    jump = rig("", swing=3.5).write(tmp_path / "jump.glb")

    facts = combine_clips([walk, idle, jump], [("walk",), ("idle",), ("jump",)], tmp_path / "all.glb")

    assert facts == check_glb(tmp_path / "all.glb")
    assert facts.clips == ("walk", "idle", "jump")
    assert (facts.triangles, facts.joints) == (1, 2)
    assert [swing(tmp_path / "all.glb", clip) for clip in range(3)] == [(2, 1.5), (2, 2.5), (2, 3.5)]


def test_joints_in_another_order_are_found_by_their_names(tmp_path: Path) -> None:
    base = rig("walk", swing=1.5).write(tmp_path / "base.glb")
    other = rig("idle", swing=2.5)
    nodes = other.document["nodes"]
    other.document["nodes"] = [nodes[0], nodes[2], {**nodes[1], "children": [1]}]
    other.document["scenes"] = [{"nodes": [0, 2]}]
    other.document["skins"][0]["joints"] = [2, 1]
    other.document["animations"][0]["channels"][0]["target"]["node"] = 1
    moved = other.write(tmp_path / "other.glb")

    combine_clips([base, moved], [("walk",), ("idle",)], tmp_path / "all.glb")

    assert swing(tmp_path / "all.glb", 1) == (2, 2.5)


def test_interleaved_values_are_packed(tmp_path: Path) -> None:
    base = rig("walk").write(tmp_path / "base.glb")
    other = rig("idle", swing=9.0)
    sampler = other.document["animations"][0]["samplers"][0]
    rows = [struct.pack("<6f", 0, 0, 0, 7, 7, 7), struct.pack("<6f", 9, 0, 0, 7, 7, 7)]
    view = other.view(b"".join(rows))
    other.document["bufferViews"][view]["byteStride"] = 24
    other.document["accessors"][sampler["output"]]["bufferView"] = view
    moved = other.write(tmp_path / "other.glb")

    combine_clips([base, moved], [("walk",), ("idle",)], tmp_path / "all.glb")

    assert swing(tmp_path / "all.glb", 1) == (2, 9.0)


def test_a_clip_gets_its_name(tmp_path: Path) -> None:
    path = rig("", swing=4.0).write(tmp_path / "walk.glb")

    assert name_clips(path, tmp_path / "named.glb", ("walk",)).clips == ("walk",)
    assert swing(tmp_path / "named.glb", 0) == (2, 4.0)


def test_files_with_several_takes_each_become_one(tmp_path: Path) -> None:
    two, one = rig("0", swing=1.0), rig("a", swing=3.0)
    add_clip(two, "1", 2.0)
    paths = [two.write(tmp_path / "two.glb"), one.write(tmp_path / "one.glb")]

    facts = combine_clips(paths, [("walk", "run"), ("idle",)], tmp_path / "all.glb")

    assert facts.clips == ("walk", "run", "idle")
    assert swing(tmp_path / "all.glb", 2) == (2, 3.0)


def test_the_sources_stay_as_they_are(tmp_path: Path) -> None:
    paths = [rig("a").write(tmp_path / "a.glb"), rig("b").write(tmp_path / "b.glb")]
    before = [path.read_bytes() for path in paths]

    combine_clips(paths, [("a",), ("b",)], tmp_path / "all.glb")

    assert [path.read_bytes() for path in paths] == before


def _without_channels() -> bytes:
    build = rig("idle")
    build.document["animations"][0]["channels"] = []
    return build.bytes()


def _with_two_clips() -> bytes:
    build = rig("idle")
    add_clip(build, "run", 1.0)
    return build.bytes()


def _with_values_left_out() -> bytes:
    build = rig("idle")
    output = build.document["animations"][0]["samplers"][0]["output"]
    del build.document["accessors"][output]["bufferView"]
    return build.bytes()


def _without_bytes() -> bytes:
    build = rig("idle")
    del build.document["images"], build.document["textures"], build.document["materials"]
    del build.document["meshes"][0]["primitives"][0]["material"]
    for accessor in build.document["accessors"]:
        del accessor["bufferView"]
    return pack({**build.document, "bufferViews": []})


def _with_compressed_values() -> bytes:
    build = rig("idle")
    output = build.document["animations"][0]["samplers"][0]["output"]
    view = build.document["accessors"][output]["bufferView"]
    build.document["bufferViews"][view] = {"buffer": 1, "byteLength": 24}
    placeholder = {"byteLength": 24, "extensions": {"EXT_meshopt_compression": {"fallback": True}}}
    document = {**build.document, "buffers": [{"byteLength": len(build.binary)}, placeholder]}
    return pack(document, bytes(build.binary))


@pytest.mark.parametrize(
    "other",
    [
        triangle().bytes(),
        rig(None).bytes(),
        rig("idle", joints=("Thorax", "Wing")).bytes(),
        rig("idle", joints=("Arm", "Arm")).bytes(),
        _without_channels(),
        _with_two_clips(),
        _with_values_left_out(),
        _with_compressed_values(),
    ],
    ids=[
        "no rig",
        "no clip",
        "other names",
        "names twice",
        "no channels",
        "two clips",
        "no values",
        "compressed",
    ],
)
def test_what_is_no_take_of_the_rig_is_refused(tmp_path: Path, other: bytes) -> None:
    base = rig("walk").write(tmp_path / "base.glb")
    (tmp_path / "other.glb").write_bytes(other)

    with pytest.raises(CannotCombine):
        combine_clips([base, tmp_path / "other.glb"], [("walk",), ("idle",)], tmp_path / "all.glb")

    assert not (tmp_path / "all.glb").exists()


def test_a_file_without_bytes_is_no_base(tmp_path: Path) -> None:
    (tmp_path / "hollow.glb").write_bytes(_without_bytes())

    with pytest.raises(CannotCombine, match="buffer"):
        combine_clips([tmp_path / "hollow.glb"], [("walk",)], tmp_path / "all.glb")


def test_several_clips_in_one_file_get_their_names_in_order(tmp_path: Path) -> None:
    build = rig("Casual_Walk")
    add_clip(build, "Idle_02", 0.25)
    path = build.write(tmp_path / "two.glb")

    assert name_clips(path, tmp_path / "named.glb", ("walk", "idle")).clips == ("walk", "idle")


def test_names_have_to_be_as_many_as_the_clips(tmp_path: Path) -> None:
    path = rig("walk").write(tmp_path / "one.glb")

    with pytest.raises(CannotCombine, match="1 animations for 2 names"):
        name_clips(path, tmp_path / "named.glb", ("walk", "idle"))


def test_a_broken_file_is_told_as_such(tmp_path: Path) -> None:
    base = rig("walk").write(tmp_path / "base.glb")
    (tmp_path / "other.glb").write_bytes(pack({"asset": {"version": "2.0"}}))

    with pytest.raises(BrokenGlb):
        combine_clips([base, tmp_path / "other.glb"], [("walk",), ("idle",)], tmp_path / "all.glb")


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A real figure, rigged, in three clips."""
    folder = tmp_path_factory.mktemp("takes")
    rigged = models.rig(models.build(models.Design(prompt="a brass owl", seed=7)))
    paths = [folder / f"{clip}.glb" for clip in CLIPS]
    for clip, path in zip(CLIPS, paths, strict=True):
        path.write_bytes(models.animate(rigged, [clip]))
    return paths


def test_takes_of_a_real_figure_are_put_together(takes: list[Path], tmp_path: Path) -> None:
    facts = combine_clips(takes, [(clip,) for clip in CLIPS], tmp_path / "all.glb")

    alone = check_glb(takes[0])
    assert facts.clips == CLIPS
    assert (facts.triangles, facts.joints, facts.textures) == (alone.triangles, alone.joints, alone.textures)
    assert facts.joints >= 15
    assert facts.size < sum(path.stat().st_size for path in takes) / 2


REPOSITORY = Path(__file__).parents[3]
_REPORT = """
import {createRequire} from 'node:module'; import {readFileSync} from 'node:fs'
const validator = createRequire(process.argv[1] + '/')('gltf-validator')
const report = await validator.validateBytes(new Uint8Array(readFileSync(process.argv[2])))
console.log(JSON.stringify(report.issues))
"""


def test_khronos_finds_no_fault_in_combined_clips(takes: list[Path], tmp_path: Path) -> None:
    if not shutil.which("node") or not (REPOSITORY / "node_modules" / "gltf-validator").is_dir():
        assert os.environ.get("REQUIRE_GLTF_VALIDATOR") != "1", "run `npm ci` first"
        pytest.skip("without Node.js and `npm ci`")
    combine_clips(takes, [(clip,) for clip in CLIPS], tmp_path / "all.glb")

    command = ["node", "--input-type=module", "-e", _REPORT, str(REPOSITORY), str(tmp_path / "all.glb")]
    issues = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)

    assert issues["numErrors"] == 0, issues["messages"]
    assert issues["numWarnings"] == 0, issues["messages"]
