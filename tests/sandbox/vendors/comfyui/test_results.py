"""What graphs make: real files, of what was asked for, with the graph inside."""

import io
import json

import pytest
from PIL import Image

from sandbox import models
from sandbox.models import Design
from sandbox.shapes.glb import read
from sandbox.vendors.pictures import colours_of
from tests.sandbox.vendors.comfyui import graphs
from tests.sandbox.vendors.comfyui.conftest import Wire, picture

OWL = Design(prompt="a brass owl", seed=7)


async def test_words_become_a_textured_model(wire: Wire) -> None:
    entry = await wire.made(graphs.text_to_3d())
    saved = entry["outputs"]["save"]["3d"]

    answer = await wire.view(saved[0])
    document = read(await answer.read()).document

    assert entry["status"]["status_str"] == "success"
    assert saved == [{"filename": "job1_00001_.glb", "subfolder": "mesh", "type": "output"}]
    assert answer.content_type == "model/gltf-binary"
    assert answer.headers["Content-Disposition"] == 'filename="job1_00001_.glb"'
    assert document["materials"][0]["pbrMetallicRoughness"]["metallicRoughnessTexture"]


async def test_a_model_is_the_same_each_time_and_another_for_other_words_or_seeds(wire: Wire) -> None:
    entry = await wire.made(graphs.text_to_3d())
    twice = [await (await wire.view(entry["outputs"]["save"]["3d"][0])).read() for _ in range(2)]
    rock = await wire.model(graphs.text_to_3d("a mossy rock"))
    other = await wire.model(graphs.text_to_3d(seed=8))

    assert twice[0] == twice[1]
    assert len({twice[0], rock, other}) == 3


async def test_what_it_is_not_to_be_does_not_reach_the_model(wire: Wire) -> None:
    plain, changed = graphs.text_to_3d(), graphs.text_to_3d()
    changed["neg"]["inputs"]["text"] = "a green castle"
    await wire.control("settings", {"disable_metadata": True})

    assert await wire.model(plain) == await wire.model(changed)


async def test_words_can_come_from_a_primitive_node(wire: Wire) -> None:
    graph = graphs.text_to_3d()
    graph["words"] = graphs.node("PrimitiveStringMultiline", value="a brass owl")
    graph["pos"]["inputs"]["text"] = ["words", 0]
    await wire.control("settings", {"disable_metadata": True})

    assert await wire.model(graph) == await wire.model(graphs.text_to_3d())
    assert [task["input"]["text"] for task in await wire.books()] == ["a brass owl"] * 2


async def test_a_model_keeps_below_the_faces_that_were_asked_for(wire: Wire) -> None:
    graph = graphs.text_to_3d()
    graph["fewer"]["inputs"]["target_face_count"] = 900

    document = read(await wire.model(graph)).document

    indices = document["meshes"][0]["primitives"][0]["indices"]
    assert document["accessors"][indices]["count"] <= 3 * 900


async def test_the_short_way_gives_a_model_without_metal(wire: Wire) -> None:
    document = read(await wire.model(graphs.painted())).document

    assert document["materials"][0]["pbrMetallicRoughness"]["metallicFactor"] == 0


async def test_a_picture_gives_its_colours_to_the_model(wire: Wire) -> None:
    await wire.upload(picture("#20c040"))

    drawn = models.picture(await wire.model(graphs.image_to_3d()))

    red, green, blue = colours_of(drawn)[0]
    assert green > max(red, blue)


async def test_an_older_graph_gives_a_grey_model(wire: Wire) -> None:
    await wire.upload(picture())

    document = read(await wire.model(graphs.hunyuan())).document

    assert document["materials"][0]["name"] == "clay"


async def test_the_graph_and_what_was_sent_along_stand_in_the_model(wire: Wire) -> None:
    extra = {"extra_pnginfo": {"workflow": {"id": "w1"}}}

    extras = read(await wire.model(graphs.text_to_3d(), extra_data=extra)).document["asset"]["extras"]

    assert json.loads(extras["prompt"])["pos"]["inputs"]["text"] == "a brass owl"
    assert json.loads(extras["workflow"]) == {"id": "w1"}


async def test_a_server_can_keep_the_graph_to_itself(wire: Wire) -> None:
    await wire.control("settings", {"disable_metadata": True})

    assert "extras" not in read(await wire.model(graphs.text_to_3d())).document["asset"]


async def test_the_concept_is_a_real_picture_with_the_graph_inside(wire: Wire) -> None:
    entry = await wire.made(graphs.image())

    (saved,) = entry["outputs"]["concept"]["images"]
    with Image.open(io.BytesIO(await (await wire.view(saved)).read())) as drawn:
        assert drawn.format == "PNG"
        assert json.loads(drawn.text["prompt"])["pos"]  # type: ignore[attr-defined] # a PNG has it

    assert saved == {"filename": "concept_00001_.png", "subfolder": "", "type": "output"}


async def test_a_rig_bends_the_very_file_that_was_handed_over(wire: Wire) -> None:
    mine = models.build(OWL)
    await wire.upload(mine, "owl.glb", subfolder="3d")

    rigged = read(await wire.model(graphs.rig_in_one_step(skeleton_template="articulationxl")))

    assert rigged.document["skins"]
    assert rigged.document["images"][0]["name"] == read(mine).document["images"][0]["name"]
    assert rigged.document["asset"] == read(models.rig(mine, "biped")).document["asset"]
    assert [task["type"] for task in await wire.books()] == ["rig"]


async def test_a_humans_template_makes_a_human_of_anything(wire: Wire) -> None:
    await wire.upload(models.build(Design(prompt="a wolf", seed=1)), "wolf.glb", subfolder="3d")

    wolf = await wire.model(graphs.rig_in_one_step("3d/wolf.glb", skeleton_template="articulationxl"))
    human = await wire.model(graphs.rig_in_one_step("3d/wolf.glb", skeleton_template="mixamo"))

    assert read(wolf).document["skins"][0]["joints"] != read(human).document["skins"][0]["joints"]


async def test_two_steps_end_in_an_fbx_in_the_output_folder(wire: Wire) -> None:
    await wire.upload(models.build(OWL), "owl.glb", subfolder="3d")

    outputs = (await wire.made(graphs.rig()))["outputs"]
    answer = await wire.view({"filename": "job1.fbx", "subfolder": "", "type": "output"})

    assert outputs == {"show": {"fbx_file": ["job1.fbx"], "has_skinning": [True], "has_skeleton": [True]}}
    assert (await answer.read()).startswith(b"Kaydara FBX Binary")


async def test_an_exporter_leaves_no_trace_but_where_a_preview_shows_its_path(wire: Wire) -> None:
    await wire.upload(models.build(OWL), "owl.glb", subfolder="3d")

    outputs = (await wire.made(graphs.rig_to_glb(name="rigs/job1.glb")))["outputs"]
    answer = await wire.view({"filename": "job1.glb", "subfolder": "rigs", "type": "output"})

    assert outputs == {"show": {"result": ["rigs/job1.glb", None]}}
    assert read(await answer.read()).document["skins"]


async def test_a_preview_of_a_model_saves_it_first(wire: Wire) -> None:
    graph = graphs.text_to_3d()
    graph["file"] = graphs.node("MeshToFile3D", mesh=["paint", 0])
    graph["show"] = graphs.node("Preview3D", model_file=["file", 0])

    path = (await wire.made(graph))["outputs"]["show"]["result"][0]

    assert read(await (await wire.view({"filename": path})).read())


async def test_a_model_that_lies_there_can_be_shown_and_saved_again(wire: Wire) -> None:
    mine = models.build(OWL)
    await wire.upload(mine, "owl.glb", subfolder="3d")
    graph = {
        "load": graphs.node("Load3D", model_file="3d/owl.glb", image={}, width=512, height=512),
        "show": graphs.node("Preview3D", model_file=["load", 2]),
        "save": graphs.node("SaveGLB", mesh=["load", 6], filename_prefix="again"),
    }

    outputs = (await wire.made(graph))["outputs"]

    assert outputs["show"] == {"result": ["3d/owl.glb", None]}
    assert await (await wire.view(outputs["save"]["3d"][0])).read() == mine


async def test_a_picture_that_is_none_fails_when_it_is_read(wire: Wire) -> None:
    await wire.upload(b"not a picture")

    entry = await wire.made(graphs.image_to_3d())

    event, facts = entry["status"]["messages"][-1]
    assert (event, facts["node_id"]) == ("execution_error", "img")
    assert facts["exception_type"] == "PIL.UnidentifiedImageError"
    assert facts["exception_message"].startswith("cannot identify image file")


@pytest.mark.parametrize("path", ["3d/owl.glb", "3d/nothing.glb", "../../etc/owl.glb"])
async def test_a_mesh_that_is_none_fails_when_it_is_read(wire: Wire, path: str) -> None:
    await wire.upload(b"glTF, but no more", "owl.glb", subfolder="3d")

    entry = await wire.made(graphs.rig_in_one_step(path))

    event, facts = entry["status"]["messages"][-1]
    assert (entry["status"]["status_str"], event, facts["node_id"]) == ("error", "execution_error", "load")


async def test_a_name_that_no_primitive_gives_is_the_usual_one(wire: Wire) -> None:
    await wire.upload(models.build(OWL), "owl.glb", subfolder="3d")
    graph = graphs.rig_in_one_step()
    graph["save"]["inputs"]["filename_prefix"] = ["rig", 0]

    assert (await wire.made(graph))["outputs"]["save"]["3d"][0]["filename"] == "ComfyUI_00001_.glb"


async def test_nothing_is_saved_outside_the_folder(wire: Wire) -> None:
    entry = await wire.made(graphs.text_to_3d(prefix="../../etc/owl"))

    facts = entry["status"]["messages"][-1][1]
    assert (facts["node_id"], facts["exception_type"]) == ("save", "ValueError")
    assert list(entry["outputs"]) == ["concept"]
