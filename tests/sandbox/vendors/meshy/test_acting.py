"""Skeletons and motion: what can be rigged, and what a rig can do."""

import asyncio
import base64
from typing import Any

import pytest

from sandbox import models
from sandbox.models import Design
from sandbox.shapes.glb import read
from tests.sandbox.vendors.meshy.conftest import KNIGHT, TEXT, Wire, picture

RIG = "v1/rigging"
ACT = "v1/animations"


async def test_a_rig_comes_with_a_walk_and_a_run(wire: Wire) -> None:
    result = (await wire.rig())["result"]

    basic = result["basic_animations"]
    moves = {}
    for name in ("walking", "running"):
        whole = await wire.glb(basic[f"{name}_glb_url"])
        bones = await wire.glb(basic[f"{name}_armature_glb_url"])
        moves[name] = [clip["name"] for clip in whole.document["animations"]]
        assert whole.document["meshes"]
        assert "meshes" not in bones.document
        assert (await wire.download(basic[f"{name}_fbx_url"])).status == 200
    assert moves == {"walking": ["Walking"], "running": ["Running"]}
    character = await wire.glb(result["rigged_character_glb_url"])
    assert character.document["skins"]
    assert "animations" not in character.document


async def test_the_object_of_a_rig_is_what_is_documented(wire: Wire) -> None:
    task = await wire.rig()

    assert task.keys() == {
        *("id", "type", "status", "progress", "created_at", "started_at", "finished_at", "expires_at"),
        *("consumed_credits", "preceding_tasks", "task_error", "result"),
    }
    assert (task["type"], task["consumed_credits"]) == ("rig", 5)


async def test_the_file_that_was_given_is_what_is_rigged(wire: Wire) -> None:
    robot = models.build(Design(prompt="a robot", seed=2))
    link = "data:application/octet-stream;base64," + base64.b64encode(robot).decode()

    task = await wire.finished(RIG, {"model_url": link, "height_meters": 2, "texture_image_url": picture()})

    answer = await wire.download(task["result"]["rigged_character_glb_url"])
    assert await answer.read() == models.rig(robot, "biped")


async def test_what_is_no_person_is_422_and_costs_nothing(wire: Wire) -> None:
    for prompt in ("a teapot", "a horse"):
        thing = await wire.preview(prompt=prompt)
        before = await wire.balance()

        assert await wire.post(RIG, {"input_task_id": thing["id"]}) == (
            422,
            {"message": "Pose estimation failed"},
        )
        assert await wire.balance() == before


async def test_a_heavy_mesh_is_400_until_it_is_remeshed(wire: Wire) -> None:
    heavy = await wire.preview(prompt="a knight too-many-faces")
    painted = await wire.finished(TEXT, {"mode": "refine", "preview_task_id": heavy["id"]})
    for task in (heavy, painted):
        status, answer = await wire.post(RIG, {"input_task_id": task["id"]})
        assert (status, "faces" in answer["message"]) == (400, True)
        assert (await wire.post("v1/uv-unwrap", {"input_task_id": task["id"]}))[0] == 400

    lighter = await wire.finished("v1/remesh", {"input_task_id": painted["id"]})

    assert (await wire.post(RIG, {"input_task_id": lighter["id"]}))[0] == 202


async def test_a_model_can_be_asked_to_be_no_person(wire: Wire) -> None:
    knight = await wire.preview(prompt="a knight not-a-humanoid")
    remeshed = await wire.finished("v1/remesh", {"input_task_id": knight["id"]})

    assert (await wire.post(RIG, {"input_task_id": remeshed["id"]}))[0] == 422


@pytest.mark.parametrize(("fault", "status"), [("too_many_faces", 400), ("not_a_humanoid", 422)])
async def test_rigging_can_be_made_to_refuse_once(wire: Wire, fault: str, status: int) -> None:
    knight = await wire.preview(**KNIGHT)
    await wire.control("faults", {"fault": fault, "type": "rig"})

    assert (await wire.post(RIG, {"input_task_id": knight["id"]}))[0] == status
    assert (await wire.post(RIG, {"input_task_id": knight["id"]}))[0] == 202


async def test_a_rig_wants_a_height_and_a_model_that_is_not_a_rig(wire: Wire) -> None:
    rig = await wire.rig()
    knight = await wire.preview(**KNIGHT)

    assert (await wire.post(RIG, {"input_task_id": rig["id"]}))[0] == 400
    assert (await wire.post(RIG, {"input_task_id": knight["id"], "height_meters": 0}))[0] == 400
    assert (await wire.post(RIG, {}))[0] == 400


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"operation_type": "change_fps", "fps": 24}, "processed_animation_fps_fbx_url"),
        ({"operation_type": "extract_armature"}, "processed_armature_fbx_url"),
        ({"operation_type": "fbx2usdz"}, "processed_usdz_url"),
    ],
)
async def test_an_animation_has_what_was_asked_for_beside_it(
    wire: Wire, wish: dict[str, Any], field: str
) -> None:
    rig = await wire.rig()

    task = await wire.finished(ACT, {"rig_task_id": rig["id"], "action_id": 30, "post_process": wish})

    assert task["result"].keys() == {"animation_glb_url", "animation_fbx_url", field}
    assert (await wire.download(task["result"][field])).status == 200
    glb = await wire.glb(task["result"]["animation_glb_url"])
    assert [clip["name"] for clip in glb.document["animations"]] == ["Casual_Walk"]
    assert glb.document["meshes"]


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({}, 400),
        ({"action_id": 469}, 400),
        ({"action_id": "28"}, 400),
        ({"action_id": 0, "action_ids": [0]}, 400),
        ({"action_ids": []}, 400),
        ({"action_ids": [0, 0]}, 400),
        ({"action_ids": list(range(11))}, 400),
        ({"action_ids": list(range(10))}, 202),
        ({"action_id": 0, "post_process": {"operation_type": "change_fps", "fps": 29}}, 400),
        ({"motion_task_id": "01a07f5e-81c7-7111-86f2-f6d2f80b2093"}, 404),
    ],
)
async def test_a_rig_acts_in_exactly_one_way(wire: Wire, wish: dict[str, Any], status: int) -> None:
    rig = await wire.rig()

    assert (await wire.post(ACT, {"rig_task_id": rig["id"]} | wish))[0] == status


async def test_only_a_rig_acts(wire: Wire) -> None:
    knight = await wire.preview(**KNIGHT)
    waiting = await wire.created(RIG, {"input_task_id": knight["id"]})

    assert (await wire.post(ACT, {"rig_task_id": knight["id"], "action_id": 0}))[0] == 400
    assert (await wire.post(ACT, {"rig_task_id": waiting, "action_id": 0}))[0] == 400
    assert (await wire.post(ACT, {"rig_task_id": "rig", "action_id": 0}))[0] == 400
    assert (await wire.post(ACT, {"action_id": 0}))[0] == 400


async def test_the_library_is_searched_by_word_and_category(wire: Wire) -> None:
    waves = await wire.get("v1/animations/library?search=WAVE")
    dances = await wire.get("v1/animations/library?category=Dancing")

    assert [row["action_id"] for row in waves] == [28]
    assert waves[0].keys() == {"action_id", "name", "key", "category", "sub_category", "preview_url"}
    assert {"All_Night_Dance", "Gangnam_Groove"} <= {row["name"] for row in dances}
    assert len(await wire.get("v1/animations/library")) > 150


async def test_the_catalogue_is_open_to_everybody(wire: Wire) -> None:
    answer = await wire.client.get("/web/public/animations/resources?category=Fighting")

    rows = await answer.json()

    (kick,) = [row for row in rows if row["id"] == 103]
    assert (kick["name"], kick["key"]) == ("Simple_Kick", "simple_kick")
    assert rows[0].keys() == {"id", "name", "key", "category", "subCategory"}
    assert {row["category"] for row in rows} == {"Fighting"}


async def test_every_action_of_the_library_can_be_acted(wire: Wire) -> None:
    rows = await wire.get("v1/animations/library")
    answer = await wire.download((await wire.rig())["result"]["rigged_character_glb_url"])
    rig = await answer.read()
    motions = sorted({row["sub_category"] for row in rows})

    moved = await asyncio.to_thread(models.animate, rig, motions)

    assert len(read(moved).document["animations"]) == len(motions)
