"""Which graphs are queued, and how the others are refused."""

from typing import Any

import pytest

from tests.sandbox.vendors.comfyui import graphs
from tests.sandbox.vendors.comfyui.conftest import Wire, picture
from tests.sandbox.vendors.comfyui.graphs import Graph, node


def _changed(node_id: str, **inputs: Any) -> Graph:
    graph = graphs.text_to_3d()
    graph[node_id]["inputs"] |= inputs
    return graph


def _without(node_id: str, name: str) -> Graph:
    graph = graphs.text_to_3d()
    del graph[node_id]["inputs"][name]
    return graph


def _reason(answer: dict[str, Any], node_id: str) -> tuple[str, str]:
    (error,) = answer["node_errors"][node_id]["errors"]
    return error["type"], error["details"]


@pytest.mark.parametrize(
    ("graph", "where", "type_", "details"),
    [
        (_without("s1", "steps"), "s1", "required_input_missing", "steps"),
        (_without("s1", "model"), "s1", "required_input_missing", "model"),
        (_changed("s1", steps=0), "s1", "value_smaller_than_min", "steps"),
        (_changed("s1", cfg=101), "s1", "value_bigger_than_max", "cfg"),
        (
            _changed("s1", seed="many"),
            "s1",
            "invalid_input_type",
            "seed, many, invalid literal for int() with base 10: 'many'",
        ),
        (_changed("s1", model=["ms"]), "s1", "bad_linked_input", "model"),
        (
            _changed("s1", model=["svae", 0]),
            "s1",
            "return_type_mismatch",
            "model, received_type(VAE) mismatch input_type(MODEL)",
        ),
        (
            _changed("bg", bg_removal_name="best.safetensors"),
            "bg",
            "value_not_in_list",
            "bg_removal_name: 'best.safetensors' not in ['birefnet.safetensors']",
        ),
        (_changed("fewer", placement_mode="qem"), "fewer", "required_input_missing", None),
        (_changed("save", mesh=["nowhere", 0]), "save", "exception_during_validation", "'nowhere'"),
        (_changed("paint", mesh=["nowhere", 0]), "paint", "exception_during_inner_validation", "'nowhere'"),
        (_changed("s1", latent_image=["empty", 4]), "s1", "exception_during_inner_validation", None),
    ],
)
async def test_what_is_wrong_is_told_at_its_node(
    wire: Wire, graph: Graph, where: str, type_: str, details: str | None
) -> None:
    del graph["concept"]

    answer = await wire.submit(graph)

    assert answer["http"] == 400
    assert answer["error"]["type"] == "prompt_outputs_failed_validation"
    entry = answer["node_errors"][where]
    assert {error["type"] for error in entry["errors"]} == {type_}
    assert (entry["class_type"], entry["dependent_outputs"]) == (graph[where]["class_type"], ["save"])
    assert details in {None, entry["errors"][0]["details"]}
    assert list(answer["node_errors"]) == [where]
    assert await wire.books() == []


async def test_the_whole_error_has_the_servers_shape(wire: Wire) -> None:
    graph = graphs.image()
    graph["ckpt"]["inputs"]["ckpt_name"] = "mine.safetensors"
    await wire.control("settings", {"models": {"checkpoints": ["yours.safetensors"]}})

    answer = await wire.submit(graph)

    details = "ckpt_name: 'mine.safetensors' not in ['yours.safetensors']"
    assert answer == {
        "http": 400,
        "error": {
            "type": "prompt_outputs_failed_validation",
            "message": "Prompt outputs failed validation",
            "details": "",
            "extra_info": {},
        },
        "node_errors": {
            "ckpt": {
                "errors": [
                    {
                        "type": "value_not_in_list",
                        "message": "Value not in list",
                        "details": details,
                        "extra_info": {
                            "input_name": "ckpt_name",
                            "input_config": [["yours.safetensors"], {}],
                            "received_value": "mine.safetensors",
                        },
                    }
                ],
                "dependent_outputs": ["concept"],
                "class_type": "CheckpointLoaderSimple",
            }
        },
    }


async def test_an_error_at_the_output_itself_is_told_as_a_whole_too(wire: Wire) -> None:
    answer = await wire.submit({"9": node("SaveGLB", filename_prefix="x")})

    assert answer["error"]["details"] == "Required input is missing: mesh"


async def test_a_graph_with_one_good_output_is_queued_without_the_others(wire: Wire) -> None:
    graph = graphs.text_to_3d()
    graph["unet"]["inputs"]["unet_name"] = "trellis_3.safetensors"

    answer = await wire.submit(graph)
    entry = await wire.finished(answer["prompt_id"])

    assert answer["http"] == 200
    assert answer["node_errors"]["unet"]["dependent_outputs"] == ["save"]
    assert (entry["status"]["status_str"], list(entry["outputs"])) == ("success", ["concept"])


async def test_only_the_outputs_that_were_asked_for_are_looked_at(wire: Wire) -> None:
    graph = graphs.text_to_3d()
    graph["unet"]["inputs"]["unet_name"] = "trellis_3.safetensors"

    answer = await wire.submit(graph, partial_execution_targets=["concept"])

    assert (answer["http"], answer["node_errors"]) == (200, {})


async def test_nodes_that_are_not_installed_are_named(wire: Wire) -> None:
    answer = await wire.submit({"9": node("Magic")})

    assert (answer["http"], answer["error"]["type"]) == (400, "missing_node_type")
    assert answer["error"]["extra_info"] == {"node_id": "9", "class_type": "Magic", "node_title": "Magic"}


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (node("Magic"), "Cannot execute because node Magic does not exist."),
        ({"inputs": {}}, "Cannot execute because a node is missing the class_type property."),
    ],
)
async def test_an_older_server_has_another_name_for_it(wire: Wire, bad: Graph, message: str) -> None:
    await wire.control("settings", {"comfyui_version": "0.3.64"})

    answer = await wire.submit({"9": bad})

    assert (answer["error"]["type"], answer["error"]["message"]) == ("invalid_prompt", message)


@pytest.mark.parametrize(("version", "http"), [("0.33.1", 400), ("0.34.0", 200)])
async def test_trellis_came_with_a_version(wire: Wire, version: str, http: int) -> None:
    await wire.control("settings", {"comfyui_version": version})

    assert (await wire.submit(graphs.text_to_3d()))["http"] == http


async def test_an_extension_can_be_taken_out(wire: Wire) -> None:
    await wire.control("settings", {"custom_nodes": []})

    assert (await wire.submit(graphs.rig()))["error"]["type"] == "missing_node_type"


async def test_a_circle_is_found(wire: Wire) -> None:
    graph = graphs.text_to_3d()
    graph["ms1"]["inputs"]["model"] = ["ms", 0]
    del graph["concept"]

    answer = await wire.submit(graph)

    assert _reason(answer, "ms")[0] == "dependency_cycle"
    assert " -> " in _reason(answer, "ms")[1]


async def test_a_picture_has_to_be_there(wire: Wire) -> None:
    before = await wire.submit(graphs.image_to_3d("bot/owl.png"))
    await wire.upload(picture(), "owl.png", subfolder="bot")

    assert _reason(before, "img") == ("custom_validation_failed", "image - Invalid image file: bot/owl.png")
    assert (await wire.submit(graphs.image_to_3d("bot/owl.png")))["http"] == 200
    assert (await wire.submit(graphs.image_to_3d("bot/owl.png [input]")))["http"] == 200
    assert (await wire.submit(graphs.image_to_3d("bot/owl.png [output]")))["http"] == 400
    assert (await wire.submit(graphs.image_to_3d("../owl.png")))["http"] == 400


async def test_numbers_in_words_are_taken_as_the_server_takes_them(wire: Wire) -> None:
    prompt_id = await wire.queued(_changed("s1", steps="12", cfg="7.5"))

    graph = (await wire.finished(prompt_id))["prompt"][2]
    assert (graph["s1"]["inputs"]["steps"], graph["s1"]["inputs"]["cfg"]) == (12, 7.5)


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        ({}, "no_prompt"),
        ({"prompt": {}}, "prompt_no_outputs"),
        ({"prompt": []}, "prompt_no_outputs"),
        ({"prompt": {"1": node("CheckpointLoaderSimple")}}, "prompt_no_outputs"),
        ({"prompt": graphs.image(), "prompt_id": "job-1"}, "invalid_prompt_id"),
        (
            {"prompt": graphs.image(), "prompt_id": "2B0E3A52-7D43-4E0F-9A5B-0A5C50D3B6F1"},
            "invalid_prompt_id",
        ),
    ],
)
async def test_a_body_that_makes_no_sense_is_refused(wire: Wire, body: dict[str, Any], type_: str) -> None:
    answer = await wire.client.post("/api/prompt", json=body)

    told = await answer.json()
    assert (answer.status, told["error"]["type"]) == (400, type_)


async def test_some_versions_take_any_text_as_an_id(wire: Wire) -> None:
    await wire.control("settings", {"canonical_ids": False})

    assert (await wire.submit(graphs.image(), prompt_id="job-1"))["prompt_id"] == "job-1"


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '"prompt"',
        '{"prompt": {"1": 5}}',
        '{"prompt": [1]}',
        '{"prompt": {}, "number": "first"}',
        '{"prompt": {"1": {"class_type": []}}}',
    ],
)
async def test_what_the_server_never_expected_is_a_plain_500(wire: Wire, body: str) -> None:
    answer = await wire.client.post("/prompt", data=body, headers={"Content-Type": "application/json"})

    assert (answer.status, answer.content_type) == (500, "text/plain")
    assert await wire.books() == []


async def test_every_class_tells_what_it_takes(wire: Wire) -> None:
    everything = await wire.get("/object_info")
    sampler = await wire.get("/api/object_info/KSampler")

    assert everything["KSampler"] == sampler["KSampler"]
    assert sampler["KSampler"]["input"]["required"]["steps"] == [
        "INT",
        {"default": 20, "min": 1, "max": 10000},
    ]
    assert everything["SaveGLB"]["output_node"] is True
    assert await wire.get("/object_info/Magic") == {}


async def test_older_and_newer_classes_list_their_files_in_two_ways(wire: Wire) -> None:
    older = (await wire.get("/object_info/UNETLoader"))["UNETLoader"]["input"]["required"]["unet_name"]
    name = "LoadBackgroundRemovalModel"
    newer = (await wire.get(f"/object_info/{name}"))[name]["input"]["required"]["bg_removal_name"]

    assert "trellis_2_int8_convrot.safetensors" in older[0]
    assert (newer[0], newer[1]["options"]) == ("COMBO", ["birefnet.safetensors"])


async def test_a_choice_that_brings_inputs_along_tells_them(wire: Wire) -> None:
    told = (await wire.get("/object_info/RemeshMesh"))["RemeshMesh"]["input"]["required"]["sign_mode"]

    assert told[0] == "COMFY_DYNAMICCOMBO_V3"
    assert [option["key"] for option in told[1]["options"]] == ["udf", "sdf"]
    assert "qef" in told[1]["options"][0]["inputs"]["required"]


async def test_uploads_are_offered_to_those_that_load_them(wire: Wire) -> None:
    await wire.upload(picture())
    await wire.upload(b"glTF", "owl.glb", subfolder="3d")

    pictures = (await wire.get("/object_info/LoadImage"))["LoadImage"]["input"]["required"]["image"][0]
    meshes = (await wire.get("/object_info/Load3D"))["Load3D"]["input"]["required"]["model_file"][1]

    assert (pictures, meshes["options"]) == (["owl.png"], ["3d/owl.glb"])
