import io
from functools import cache

import numpy as np
import pytest
from PIL import Image

from sandbox import models
from sandbox.models import PLANS, Design
from sandbox.shapes.clips import GAITS, OTHER_BODIES, WAYS
from sandbox.shapes.files import own_facts
from sandbox.shapes.glb import Glb, GlbError, GlbWriter, read
from sandbox.shapes.weight import weighted
from sandbox.vendors.tripo.presets import BASE, BIPED

WORDS = [plan.words.split()[0] for plan in PLANS]
FIGURES = [plan.words.split()[0] for plan in PLANS if plan.topology == "biped"]


@cache
def _made(prompt: str, *, seed: int = 1, **wishes: object) -> bytes:
    return models.build(Design(prompt=prompt, seed=seed, **wishes))  # type: ignore[arg-type]


def _primitive(glb: Glb) -> dict[str, object]:
    return glb.document["meshes"][0]["primitives"][0]


def _triangles(data: bytes) -> int:
    glb = read(data)
    number = len(glb.array(_primitive(glb)["indices"])) // 3
    assert models.triangles(data) == number
    return number


def _positions(data: bytes) -> np.ndarray:
    glb = read(data)
    return glb.array(_primitive(glb)["attributes"]["POSITION"])


def test_the_same_design_gives_the_same_bytes() -> None:
    assert _made("a brass owl", seed=7) == _made("a brass owl", seed=7)


def test_another_seed_gives_another_model() -> None:
    assert _made("a brass owl", seed=7) != _made("a brass owl", seed=8)


@pytest.mark.parametrize("word", WORDS)
def test_every_plan_stands_on_the_ground_one_metre_in_size_and_weighs_50_to_500_kb(word: str) -> None:
    data = _made(f"a {word}")

    positions = _positions(data)
    assert 45_000 < len(data) < 500_000
    assert positions[:, 1].min() == pytest.approx(0, abs=1e-5)
    assert np.ptp(positions, axis=0).max() == pytest.approx(1, abs=1e-4)


def test_a_model_can_be_made_as_heavy_as_one_likes() -> None:
    heavy = weighted(_made("a brass owl"), 2_000_000)

    glb = read(heavy)
    assert 1_900_000 < len(heavy) <= 2_000_000
    assert [mesh["name"] for mesh in glb.document["meshes"]] == ["model", "cloud"]
    assert models.triangles(heavy) > models.triangles(_made("a brass owl"))
    assert weighted(heavy, 1_000_000) == heavy


def test_different_prompts_have_different_shapes() -> None:
    sizes = {word: tuple(np.round(np.ptp(_positions(_made(word)), axis=0), 3)) for word in WORDS}

    assert len(set(sizes.values())) == len(WORDS)


def test_words_decide_the_colour() -> None:
    def mean(prompt: str) -> np.ndarray:
        glb = read(_made(prompt))
        image = Image.open(io.BytesIO(glb.view(glb.document["images"][0]["bufferView"]))).convert("RGB")
        tile = np.asarray(image)[:200, :160]
        return tile.reshape(-1, 3).mean(axis=0)

    red, blue, rojo = mean("a red dragon"), mean("a blue dragon"), mean("un dragon rojo")

    assert red[0] > red[2] + 60
    assert blue[2] > blue[0] + 60
    assert rojo == pytest.approx(red, abs=12)


def test_a_pictures_colours_paint_a_model_without_words() -> None:
    green = _made("", colours=((0.1, 0.8, 0.2),))

    glb = read(green)
    image = Image.open(io.BytesIO(glb.view(glb.document["images"][0]["bufferView"]))).convert("RGB")
    red, middle, blue = np.asarray(image)[:150, :150].reshape(-1, 3).mean(axis=0)
    assert middle > red + 40
    assert middle > blue + 40


@pytest.mark.parametrize("most", [48, 300, 1000, 4000])
@pytest.mark.parametrize("word", ["owl", "knight", "tower", "spider"])
def test_a_face_limit_is_kept(word: str, most: int) -> None:
    assert 8 <= _triangles(_made(word, face_limit=most)) <= most


def test_low_poly_is_coarser_and_flat() -> None:
    flat = read(_made("a low poly robot"))

    indices = flat.array(_primitive(flat)["indices"])
    normals = flat.array(_primitive(flat)["attributes"]["NORMAL"])[indices].reshape(-1, 3, 3)
    assert np.allclose(normals[:, 0], normals[:, 1])
    assert _triangles(_made("a low poly robot")) < _triangles(_made("a robot")) / 2


def test_a_model_without_texture_has_no_pictures() -> None:
    assert "images" not in read(_made("an owl", textured=False)).document


def test_surfaces_look_outward() -> None:
    glb = read(_made("an owl"))
    primitive = _primitive(glb)
    positions, normals = (glb.array(primitive["attributes"][name]) for name in ("POSITION", "NORMAL"))
    a, b, c = glb.array(primitive["indices"]).reshape(-1, 3).astype(int).T
    faces = np.cross(positions[b] - positions[a], positions[c] - positions[a])

    assert (np.einsum("ij,ij->i", faces, normals[a]) > 0).mean() > 0.99


@pytest.mark.parametrize("word", FIGURES)
def test_a_figure_gets_a_persons_skeleton_and_smooth_weights(word: str) -> None:
    data = _made(f"a {word}")

    glb = read(models.rig(data, "biped"))
    joints = glb.document["skins"][0]["joints"]
    names = {glb.document["nodes"][index]["name"] for index in joints}
    weights = glb.array(_primitive(glb)["attributes"]["WEIGHTS_0"])
    assert models.topology(data) == "biped"
    assert len(joints) == 22
    assert {"Hips", "Chest", "Head", "L_Hand", "R_Foot"} <= names
    assert weights.sum(axis=1) == pytest.approx(np.ones(len(weights)), abs=1e-5)
    assert ((weights > 0).sum(axis=1) > 1).mean() > 0.3


def test_a_bind_pose_leaves_every_corner_where_it_was() -> None:
    glb = read(models.rig(_made("a knight"), "biped"))

    moved = _skinned(glb, {})

    assert moved == pytest.approx(glb.array(_primitive(glb)["attributes"]["POSITION"]), abs=1e-5)


@pytest.mark.parametrize(
    ("prompt", "kind"), [("a fox", "quadruped"), ("a spider", "octopod"), ("a barrel", None)]
)
def test_the_check_tells_skeletons_apart(prompt: str, kind: str | None) -> None:
    assert models.topology(_made(prompt)) == kind


@pytest.mark.parametrize(
    "clip", ["walk", "run", "idle", "jump", "biped:wave_goodbye_01", "biped:dance_01", "biped:sit", "fall"]
)
def test_a_clip_moves_the_mesh_and_ends_where_it_began(clip: str) -> None:
    glb = read(models.animate(models.rig(_made("an owl"), "biped"), [clip]))

    assert glb.document["animations"][0]["name"] == clip
    start, middle, end = (_skinned(glb, _at(glb, share)) for share in (0.0, 0.4, 1.0))
    assert np.linalg.norm(middle - start, axis=1).max() > 0.01
    assert end == pytest.approx(start, abs=1e-3)


def test_every_preset_of_the_library_has_a_motion_of_its_own() -> None:
    names = {preset.removeprefix("preset:").removeprefix("biped:") for preset in BASE | BIPED}

    assert names <= WAYS.keys() | GAITS.keys() | OTHER_BODIES.keys()
    assert len(set(WAYS.values())) == len(WAYS)


@pytest.mark.parametrize(
    ("word", "kind", "clip"),
    [
        ("horse", "quadruped", "quadruped:walk"),
        ("beetle", "hexapod", "hexapod:walk"),
        ("snake", "serpentine", "serpentine:march"),
        ("fish", "aquatic", "aquatic:march"),
    ],
)
def test_other_bodies_move_in_their_own_way(word: str, kind: str, clip: str) -> None:
    glb = read(models.animate(models.rig(_made(word), kind), [clip]))

    assert len(glb.document["skins"][0]["joints"]) >= 15
    assert np.linalg.norm(_skinned(glb, _at(glb, 0.3)) - _skinned(glb, {}), axis=1).max() > 0.01


def test_a_clip_can_come_without_the_mesh() -> None:
    glb = read(models.animate(models.rig(_made("an owl"), "biped"), ["walk"], with_mesh=False))

    assert "meshes" not in glb.document
    assert len(glb.document["animations"]) == 1


def test_clips_can_have_other_names_in_the_file() -> None:
    rigged = models.rig(_made("an owl"), "biped")

    glb = read(models.animate(rigged, ["walk", "walk"], names=["Casual_Walk", "Stage_Walk"]))

    assert [clip["name"] for clip in glb.document["animations"]] == ["Casual_Walk", "Stage_Walk"]


def test_a_foreign_file_gets_a_skeleton_in_its_own_box() -> None:
    data = _foreign()

    glb = read(models.rig(data, "biped"))

    head = next(node for node in glb.document["nodes"] if node.get("name") == "Hips")
    assert models.topology(data) == "biped"
    assert head["translation"][1] == pytest.approx(7.0, abs=0.1)
    assert _skinned(glb, {})[:, 1].max() == pytest.approx(12.0, abs=1e-4)


def _foreign() -> bytes:
    """A pillar ten metres high, without normals or texture, two metres above the ground by its node."""
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 10, 0], [1, 10, 1]], dtype="<f4")
    writer = GlbWriter({"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}]})
    writer.add("nodes", {"mesh": 0, "translation": [0, 2, 0]})
    indices = writer.array(np.array([0, 1, 2, 1, 3, 2], dtype="<u2"))
    primitive = {"attributes": {"POSITION": writer.array(corners)}, "indices": indices}
    writer.add("meshes", {"primitives": [primitive]})
    return writer.to_bytes()


@pytest.mark.parametrize("data", [b"", b"glTF", b"not a model", b"glTF\x02\0\0\0\x14\0\0\0\0\0\0\0JSON"])
def test_what_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(GlbError):
        models.check(data)


def test_a_rigged_file_can_be_rigged_anew() -> None:
    once = models.animate(models.rig(_made("an owl"), "biped"), ["walk"])

    twice = read(models.rig(once, "biped"))

    assert len(twice.document["skins"]) == 1
    assert "animations" not in twice.document
    assert _skinned(twice, {}) == pytest.approx(_positions(_made("an owl")), abs=1e-5)


def test_what_a_hand_holds_does_not_bend() -> None:
    data = _made("a knight")
    glb = read(models.rig(data, "biped"))

    weights = glb.array(_primitive(glb)["attributes"]["WEIGHTS_0"])
    first, count, joint = next(run for run in own_facts(glb)["stiff"] if run[2] == "R_Hand")
    assert joint == "R_Hand"
    assert (weights[first : first + count, 0] == 1).all()


def test_a_model_without_metal_has_a_colour_picture_alone() -> None:
    document = read(_made("a brass owl", pbr=False)).document

    assert [image["name"] for image in document["images"]] == ["colour"]
    assert document["materials"][0]["pbrMetallicRoughness"]["metallicFactor"] == 0


def test_the_picture_shows_the_model_before_a_soft_ground() -> None:
    drawn = Image.open(io.BytesIO(models.picture(_made("a red dragon"))))

    pixels = np.asarray(drawn.convert("RGB"), dtype=float)
    middle, corner = pixels[230:300, 200:300].mean(axis=(0, 1)), pixels[:40, :40].mean(axis=(0, 1))
    assert (drawn.format, drawn.size) == ("WEBP", (512, 512))
    assert middle[0] > middle[1] + 30
    assert np.ptp(corner) < 30


def test_a_foreign_file_without_texture_can_be_drawn() -> None:
    assert Image.open(io.BytesIO(models.picture(_foreign()))).size == (512, 512)


# What a viewer does with a skeleton, for the tests above.


def _at(glb: Glb, share: float) -> dict[int, dict[str, np.ndarray]]:
    """What the first animation makes of each node at a share of its time."""
    animation = glb.document["animations"][0]
    values: dict[int, dict[str, np.ndarray]] = {}
    for channel in animation["channels"]:
        sampler = animation["samplers"][channel["sampler"]]
        output = glb.array(sampler["output"])
        target = channel["target"]
        values.setdefault(target["node"], {})[target["path"]] = output[round(share * (len(output) - 1))]
    return values


def _skinned(glb: Glb, pose: dict[int, dict[str, np.ndarray]]) -> np.ndarray:
    nodes = [{**node, **pose.get(index, {})} for index, node in enumerate(glb.document["nodes"])]
    posed = Glb({"nodes": [{**n, "mesh": 0} for n in nodes], "scenes": glb.document["scenes"]}, b"")
    world = {id(node): matrix for node, matrix in posed.placed_meshes()}
    matrices = [world[id(node)] for node in posed.document["nodes"]]
    skin = glb.document["skins"][0]
    inverse = glb.array(skin["inverseBindMatrices"]).reshape(-1, 4, 4).transpose(0, 2, 1)
    bones = np.array([matrices[joint] for joint in skin["joints"]]) @ inverse
    attributes = _primitive(glb)["attributes"]
    points = glb.array(attributes["POSITION"])
    flat = np.concatenate([points, np.ones((len(points), 1))], axis=1)
    weights, joints = glb.array(attributes["WEIGHTS_0"]), glb.array(attributes["JOINTS_0"])
    return np.einsum("vi,vijk,vk->vj", weights, bones[joints], flat)[:, :3]
