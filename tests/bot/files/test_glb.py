import contextlib
import struct
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.files.errors import BrokenGlb, Rule
from bot.files.glb import check_glb, images
from tests.bot.files.building import Document, add_clip, pack, pack_text, picture, rig, triangle


def broken(path: Path, data: bytes) -> Rule:
    path.write_bytes(data)
    with pytest.raises(BrokenGlb) as caught:
        check_glb(path)
    return caught.value.rule


@pytest.fixture
def glb(tmp_path: Path) -> Path:
    return tmp_path / "model.glb"


def test_a_sound_file_tells_what_is_in_it(glb: Path) -> None:
    build = rig("walk")
    add_clip(build, "", 0.1)

    facts = check_glb(build.write(glb))

    assert (facts.triangles, facts.vertices, facts.joints) == (1, 3, 2)
    assert facts.clips == ("walk", "")
    assert (facts.materials, facts.textures) == (1, 1)
    assert facts.size == glb.stat().st_size


def test_a_mesh_shown_twice_counts_twice(glb: Path) -> None:
    build = triangle()
    build.document["nodes"].append({"mesh": 0})
    build.document["scenes"][0]["nodes"].append(1)

    assert check_glb(build.write(glb)).triangles == 2


@pytest.mark.parametrize(("mode", "triangles"), [(0, 0), (1, 0), (4, 1), (5, 1), (6, 1)])
def test_triangles_are_counted_by_the_way_they_are_drawn(glb: Path, mode: int, triangles: int) -> None:
    build = triangle()
    build.document["meshes"][0]["primitives"][0]["mode"] = mode

    assert check_glb(build.write(glb)).triangles == triangles


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_textures_may_be_of_three_kinds(glb: Path, kind: str) -> None:
    assert check_glb(triangle(texture=picture(kind, (64, 32))).write(glb)).textures == 1


def _at(*path: str | int) -> Callable[[Document, object], None]:
    def put(document: Document, value: object) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return put


PRIMITIVE = ("meshes", 0, "primitives", 0)
ACCESSOR = ("accessors", 0)
CHANNEL = ("animations", 0, "channels", 0)
SPOILT: list[tuple[tuple[str | int, ...], object, Rule]] = [
    (("asset",), 5, Rule.SHAPE),
    (("asset",), {}, Rule.VERSION),
    (("asset", "version"), "1.0", Rule.VERSION),
    (("asset", "version"), 2.0, Rule.VERSION),
    (("asset", "version"), "2." + "9" * 5000, Rule.VERSION),
    (("asset", "minVersion"), "2.1", Rule.VERSION),
    (("extensionsRequired",), ["KHR_texture_basisu"], Rule.EXTENSION),
    (("extensionsRequired",), [{}], Rule.SHAPE),
    (("buffers", 0, "uri"), "https://example.org/x.bin", Rule.EXTERNAL),
    (("buffers", 0, "uri"), "data:application/octet-stream;base64,AAAA", Rule.EXTERNAL),
    (("buffers", 0, "byteLength"), 10**9, Rule.BUFFER),
    (("buffers", 0, "byteLength"), True, Rule.SHAPE),
    (("buffers", 0, "byteLength"), 10.0, Rule.SHAPE),
    (("buffers",), [], Rule.SHAPE),
    (("buffers",), {}, Rule.SHAPE),
    (("bufferViews", 0, "byteOffset"), -4, Rule.SHAPE),
    (("bufferViews", 0, "byteOffset"), 10**12, Rule.BUFFER),
    (("bufferViews", 0, "byteLength"), 10**12, Rule.BUFFER),
    (("bufferViews", 0, "buffer"), 1, Rule.SHAPE),
    (("bufferViews", 0, "byteStride"), 3, Rule.SHAPE),
    (("bufferViews", 0, "byteStride"), 6, Rule.BUFFER),
    (("bufferViews", 0, "byteStride"), 256, Rule.BUFFER),
    (("bufferViews", 0, "byteStride"), 16, Rule.BUFFER),
    ((*ACCESSOR, "count"), 4, Rule.BUFFER),
    ((*ACCESSOR, "count"), 0, Rule.SHAPE),
    ((*ACCESSOR, "count"), 10**8, Rule.BUFFER),
    ((*ACCESSOR, "byteOffset"), 2, Rule.BUFFER),
    ((*ACCESSOR, "type"), "VEC5", Rule.SHAPE),
    ((*ACCESSOR, "type"), "MAT4", Rule.BUFFER),
    ((*ACCESSOR, "componentType"), 5124, Rule.SHAPE),
    ((*ACCESSOR, "componentType"), [], Rule.SHAPE),
    ((*ACCESSOR, "bufferView"), 99, Rule.SHAPE),
    ((*ACCESSOR, "sparse"), {"count": 9}, Rule.BUFFER),
    ((*ACCESSOR, "sparse"), {"count": 1}, Rule.SHAPE),
    ((*ACCESSOR, "sparse"), {"count": 1, "indices": {"componentType": 5123, "bufferView": 99}}, Rule.SHAPE),
    (("meshes",), [], Rule.SHAPE),
    ((*PRIMITIVE, "attributes"), {}, Rule.SHAPE),
    ((*PRIMITIVE, "attributes", "POSITION"), 77, Rule.SHAPE),
    ((*PRIMITIVE, "attributes", "POSITION"), 1, Rule.SHAPE),
    ((*PRIMITIVE, "attributes", "COLOR_0"), 6, Rule.SHAPE),
    ((*PRIMITIVE, "indices"), 0, Rule.SHAPE),
    ((*PRIMITIVE, "indices"), 77, Rule.SHAPE),
    ((*PRIMITIVE, "material"), 3, Rule.SHAPE),
    ((*PRIMITIVE, "mode"), 7, Rule.SHAPE),
    ((*PRIMITIVE, "targets"), [{"POSITION": 6}], Rule.SHAPE),
    ((*PRIMITIVE, "extensions"), {"KHR_draco_mesh_compression": {"bufferView": 99}}, Rule.SHAPE),
    (("textures", 0, "source"), 4, Rule.SHAPE),
    (("textures", 0, "sampler"), 0, Rule.SHAPE),
    (("materials", 0, "normalTexture"), {"index": 1}, Rule.SHAPE),
    (("materials", 0, "pbrMetallicRoughness", "baseColorTexture"), {"index": 1}, Rule.SHAPE),
    (("images", 0, "uri"), "file:///etc/passwd", Rule.EXTERNAL),
    (("images", 0, "bufferView"), 0, Rule.IMAGE),
    (("images", 0, "bufferView"), None, Rule.SHAPE),
    (("nodes", 0, "mesh"), 1, Rule.SHAPE),
    (("nodes", 0, "skin"), 1, Rule.SHAPE),
    (("nodes", 0, "camera"), 0, Rule.SHAPE),
    (("nodes", 0, "children"), [2], Rule.GRAPH),
    (("nodes", 2, "children"), [1], Rule.GRAPH),
    (("nodes", 2, "children"), [2], Rule.GRAPH),
    (("nodes", 2, "children"), ["1"], Rule.SHAPE),
    (("scenes",), [], Rule.EMPTY),
    (("scenes", 0, "nodes"), [1], Rule.EMPTY),
    (("scenes", 0, "nodes"), [0, 0], Rule.GRAPH),
    (("scenes", 0, "nodes"), [0, 2], Rule.GRAPH),
    (("scene",), 1, Rule.SHAPE),
    (("skins", 0, "joints"), [], Rule.SHAPE),
    (("skins", 0, "joints"), [1, 1], Rule.SHAPE),
    (("skins", 0, "joints"), [1, 2, 0], Rule.SHAPE),
    (("skins", 0, "inverseBindMatrices"), 0, Rule.SHAPE),
    (("animations", 0, "name"), 7, Rule.SHAPE),
    (("animations", 0, "samplers", 0, "input"), 0, Rule.SHAPE),
    (("animations", 0, "samplers", 0, "output"), None, Rule.SHAPE),
    ((*CHANNEL, "sampler"), 4, Rule.SHAPE),
    ((*CHANNEL, "target"), {"node": 9, "path": "scale"}, Rule.SHAPE),
    ((*CHANNEL, "target", "path"), "colour", Rule.SHAPE),
    (("nodes",), [{}] * 65_537, Rule.JSON_TOO_LARGE),
]


@pytest.mark.parametrize(("path", "value", "rule"), SPOILT)
def test_each_rule_is_kept(glb: Path, path: tuple[str | int, ...], value: object, rule: Rule) -> None:
    build = rig("walk")
    document = deepcopy(build.document)
    document["buffers"] = [{"byteLength": len(build.binary)}]
    _at(*path)(document, value)

    assert broken(glb, pack(document, bytes(build.binary))) is rule


def test_an_index_that_is_no_number_is_found(glb: Path) -> None:
    build = rig("walk")
    build.document["scene"] = True

    assert broken(glb, build.bytes()) is Rule.SHAPE


def test_a_tower_of_nodes_is_refused(glb: Path) -> None:
    build = triangle()
    build.document["nodes"] = [{"mesh": 0, "children": [1]}, *({"children": [n]} for n in range(2, 700)), {}]

    assert broken(glb, build.bytes()) is Rule.GRAPH


def test_a_second_buffer_is_allowed_only_to_a_decoder(glb: Path) -> None:
    build = triangle()
    document = {**build.document, "buffers": [{"byteLength": len(build.binary)}, {"byteLength": 36}]}
    assert broken(glb, pack(document, bytes(build.binary))) is Rule.EXTERNAL

    document["buffers"][1]["extensions"] = {"EXT_meshopt_compression": {"fallback": True}}
    packed = {"buffer": 0, "byteLength": 12, "byteStride": 12, "count": 3}
    extensions = {"EXT_meshopt_compression": packed}
    document["bufferViews"][0] = {"buffer": 1, "byteLength": 36, "extensions": extensions}
    glb.write_bytes(pack(document, bytes(build.binary)))
    assert check_glb(glb).vertices == 3

    packed["byteLength"] = 10**9
    assert broken(glb, pack(document, bytes(build.binary))) is Rule.BUFFER


def _with_head(data: bytes, *, magic: bytes = b"glTF", version: int = 2, extra: int = 0) -> bytes:
    return struct.pack("<4sII", magic, version, len(data) + extra) + data[12:]


SOUND = rig("walk").bytes()
CONTAINERS: list[tuple[bytes, Rule]] = [
    (b"", Rule.NOT_A_GLB),
    (b"glTF", Rule.NOT_A_GLB),
    (b"<html><body>502 Bad Gateway</body></html>", Rule.NOT_A_GLB),
    (_with_head(SOUND, magic=b"glTG"), Rule.NOT_A_GLB),
    (_with_head(SOUND, version=1), Rule.VERSION),
    (SOUND[:-40], Rule.LENGTH),
    (SOUND + b"PK\x03\x04", Rule.LENGTH),
    (_with_head(SOUND[:-40]), Rule.CHUNKS),
    (_with_head(SOUND + b"more"), Rule.CHUNKS),
    (_with_head(SOUND + b"\0" * 8), Rule.CHUNKS),
    (_with_head(SOUND[:16] + b"BIN\0" + SOUND[20:]), Rule.CHUNKS),
    (_with_head(SOUND[:12] + struct.pack("<I", 2**32 - 1) + SOUND[16:]), Rule.CHUNKS),
    (_with_head(SOUND[:12] + struct.pack("<I", 13) + SOUND[16:]), Rule.CHUNKS),
]


@pytest.mark.parametrize(("data", "rule"), CONTAINERS)
def test_the_container_has_to_be_whole(glb: Path, data: bytes, rule: Rule) -> None:
    assert broken(glb, data) is rule


TEXTS: list[tuple[bytes, Rule]] = [
    (b"", Rule.JSON),
    (b"[]", Rule.SHAPE),
    (b"{", Rule.JSON_TOO_LARGE),
    (b'{"asset": NaN}', Rule.JSON),
    (b'{"asset": -Infinity}', Rule.JSON),
    (b'{"asset": 1e999}', Rule.JSON),
    (b'{"asset": ' + b"9" * 70 + b"}", Rule.JSON),
    (b'{"asset": "\xff\xfe"}', Rule.JSON),
    (b'{"asset": {}} trailing', Rule.JSON),
    (b'{"asset": "\\ud83d"}', Rule.JSON),
    (b'{"asset": {}, "\\uDE00\\uD83D": 1}', Rule.JSON),
    (b'{"asset": {}, "\\ud83d\\ude00": 1}', Rule.VERSION),
    (b"[" + b'"",' * 2_000_000 + b'""]', Rule.JSON_TOO_LARGE),
    (b"\xef\xbb\xbf{}", Rule.JSON),
    (b'{"asset": ' + b"[" * 40 + b"]" * 40 + b"}", Rule.JSON_TOO_LARGE),
    (b"[" * 4_000_000, Rule.JSON_TOO_LARGE),
    (b"[" + b"[]," * 2_000_000 + b"[]]", Rule.JSON_TOO_LARGE),
    (b'{"a": "' + b'\\"' * 3_900_000, Rule.JSON_TOO_LARGE),
    (b" " * (8 * 1024 * 1024 + 4), Rule.JSON_TOO_LARGE),
]


@pytest.mark.parametrize(("text", "rule"), TEXTS, ids=range(len(TEXTS)))
def test_monstrous_json_is_refused_before_it_is_parsed(glb: Path, text: bytes, rule: Rule) -> None:
    assert broken(glb, pack_text(text)) is rule


def test_brackets_inside_text_are_only_text(glb: Path) -> None:
    build = triangle()
    build.document["extras"] = {"note": "[" * 500 + '\\" {' + "1e999"}

    assert check_glb(build.write(glb)).triangles == 1


def test_a_file_over_the_limit_is_not_opened_further(glb: Path) -> None:
    glb.write_bytes(SOUND)

    with pytest.raises(BrokenGlb) as caught:
        check_glb(glb, limit=len(SOUND) - 1)

    assert caught.value.rule is Rule.TOO_LARGE
    assert check_glb(glb, limit=len(SOUND)).size == len(SOUND)


def _png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + bytes(9)


@pytest.mark.parametrize(
    "texture",
    [
        b"GIF89a" + bytes(40),
        b"\x89PNG\r\n\x1a\n",
        _png(0, 4),
        _png(8193, 4),
        _png(2**31, 2**31),
        b"\xff\xd8\xff\xe0",
        b"\xff\xd8\xff\xe0\x00\x00" * 10,
        b"\xff\xd8" + b"\xff" * 2000,
        picture("JPEG")[:60],
        b"RIFF\0\0\0\0WEBPVP8?" + bytes(20),
        b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\xff" * 6,
        b"RIFF\0\0\0\0WEBPVP8L",
    ],
    ids=range(12),
)
def test_a_texture_that_is_no_bounded_picture_is_refused(glb: Path, texture: bytes) -> None:
    assert broken(glb, triangle(texture=texture).bytes()) is Rule.IMAGE


def test_pixels_are_counted_over_all_textures(glb: Path) -> None:
    build = triangle(texture=_png(8192, 8192))
    assert check_glb(build.write(glb)).textures == 1

    build.document["images"] *= 3

    assert broken(glb, build.bytes()) is Rule.IMAGE


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_of_bytes_crashes_it(tmp_path: Path, data: st.DataObject) -> None:
    spoilt = bytearray(SOUND)
    for _ in range(data.draw(st.integers(1, 6))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    spoilt = spoilt[: data.draw(st.integers(0, len(spoilt)))] if data.draw(st.booleans()) else spoilt
    path = tmp_path / "spoilt.glb"
    path.write_bytes(spoilt)

    with contextlib.suppress(BrokenGlb):
        check_glb(path)


def _places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found += _places(inner, (*path, key))
    return found


WHOLE = {**rig("walk").document, "buffers": [{"byteLength": len(rig("walk").binary)}]}
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 12) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(_places(WHOLE)), junk=JUNK)
def test_no_change_of_values_crashes_it(tmp_path: Path, place: tuple[str | int, ...], junk: object) -> None:
    document = deepcopy(WHOLE)
    _at(*place)(document, junk)
    path = tmp_path / "spoilt.glb"
    path.write_bytes(pack(document, bytes(rig("walk").binary)))

    with contextlib.suppress(BrokenGlb):
        check_glb(path)


def _webp(*, lossless: bool) -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 20), 60).save(out, "WEBP", lossless=lossless)
    return out.getvalue()


def _padded_jpeg() -> bytes:
    plain = picture("JPEG", (300, 20))
    return plain[:2] + b"\xff" + plain[2:]


@pytest.mark.parametrize(
    "texture",
    [
        picture("PNG", (300, 20)),
        picture("JPEG", (300, 20)),
        _padded_jpeg(),
        _webp(lossless=True),
        _webp(lossless=False),
    ],
    ids=["png", "jpeg", "padded jpeg", "lossless webp", "lossy webp"],
)
def test_pixels_are_read_from_the_header(glb: Path, texture: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path = triangle(texture=texture).write(glb)
    assert check_glb(path).textures == 1

    monkeypatch.setattr(images, "MOST_PIXELS", 300 * 20 - 1)

    with pytest.raises(BrokenGlb, match="6000 pixels"):
        check_glb(path)


def test_a_texture_cannot_come_from_a_decoder(glb: Path) -> None:
    build = triangle()
    document = {**build.document, "buffers": [{"byteLength": len(build.binary)}, {"byteLength": 100}]}
    document["buffers"][1]["extensions"] = {"EXT_meshopt_compression": {"fallback": True}}
    document["bufferViews"].append({"buffer": 1, "byteLength": 100})
    document["images"] = [{"bufferView": len(document["bufferViews"]) - 1}]

    assert broken(glb, pack(document, bytes(build.binary))) is Rule.IMAGE


def test_sparse_values_are_bounded_too(glb: Path) -> None:
    build = triangle()
    indices, values = build.view(struct.pack("<H", 1)), build.view(struct.pack("<3f", 5, 5, 5))
    build.document["accessors"][0]["sparse"] = {
        "count": 1,
        "indices": {"bufferView": indices, "componentType": 5123},
        "values": {"bufferView": values},
    }
    assert check_glb(build.write(glb)).vertices == 3

    build.document["accessors"][0]["sparse"]["count"] = 2

    assert broken(glb, build.bytes()) is Rule.BUFFER


NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize("odd", [NAN, INFINITY, -INFINITY])
@pytest.mark.parametrize("place", ["position", "matrix", "time", "value"])
def test_what_places_something_is_finite(glb: Path, place: str, odd: float) -> None:
    build = rig("walk")
    document = build.document
    accessor = {
        "position": document["meshes"][0]["primitives"][0]["attributes"]["POSITION"],
        "matrix": document["skins"][0]["inverseBindMatrices"],
        "time": document["animations"][0]["samplers"][0]["input"],
        "value": document["animations"][0]["samplers"][0]["output"],
    }[place]
    start = document["bufferViews"][document["accessors"][accessor]["bufferView"]]["byteOffset"]
    struct.pack_into("<f", build.binary, start + 4, odd)

    assert broken(glb, build.bytes()) is Rule.NUMBERS


@pytest.mark.parametrize(("code", "component"), [("B", 5121), ("H", 5123), ("I", 5125)])
def test_an_index_stays_among_the_vertices(glb: Path, code: str, component: int) -> None:
    for highest, sound in ((2, True), (3, False)):
        build = triangle()
        view = build.view(struct.pack(f"<3{code}", 0, 1, highest))
        accessor = {"bufferView": view, "componentType": component, "count": 3, "type": "SCALAR"}
        build.document["accessors"].append(accessor)
        build.document["meshes"][0]["primitives"][0]["indices"] = len(build.document["accessors"]) - 1
        if sound:
            assert check_glb(build.write(glb)).triangles == 1
        else:
            assert broken(glb, build.bytes()) is Rule.NUMBERS


@pytest.mark.parametrize("odd", [None, 0, 3, 6])
def test_numbers_between_others_are_found_and_what_is_between_them_is_not_read(
    glb: Path, odd: int | None
) -> None:
    build = triangle()
    rows = [value for x, y in ((0, 0), (1, 0), (0, 1)) for value in (x, y, 0.0, NAN)]
    if odd is not None:
        rows[odd + odd // 3] = NAN
    view = build.view(struct.pack("<12f", *rows))
    build.document["bufferViews"][view]["byteStride"] = 16
    build.document["accessors"][0]["bufferView"] = view

    if odd is None:
        assert check_glb(build.write(glb)).vertices == 3
    else:
        assert broken(glb, build.bytes()) is Rule.NUMBERS


def test_accessors_that_all_read_the_same_bytes_are_a_trap(glb: Path) -> None:
    build = triangle()
    plain = build.document["accessors"][0]
    for _ in range(200):
        build.document["accessors"].append(dict(plain))
        attributes = {"POSITION": len(build.document["accessors"]) - 1}
        build.document["meshes"][0]["primitives"].append({"attributes": attributes})

    assert broken(glb, build.bytes()) is Rule.BUFFER
