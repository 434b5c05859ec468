"""From acceptance to a file, and what it costs on the way."""

import io

import numpy as np
import pytest
from PIL import Image

from sandbox.shapes.glb import read
from tests.sandbox.vendors.tripo.conftest import MODEL, OWL, Wire


async def test_a_task_is_queued_then_runs_then_is_done(wire: Wire) -> None:
    task_id = await wire.text()
    seen = []
    for _ in range(5):
        task = await wire.task(task_id)
        seen.append((task["status"], task["progress"]))
        wire.clock.advance(seconds=3)

    assert [status for status, _ in seen] == ["queued", "running", "running", "running", "success"]
    assert [progress for _, progress in seen] == sorted(progress for _, progress in seen)
    assert (seen[0][1], seen[-1][1]) == (0, 100)


async def test_there_is_no_output_before_the_end(wire: Wire) -> None:
    task_id = await wire.text()

    before, after = await wire.task(task_id), await wire.finished(task_id)

    assert "output" not in before
    assert "completed_at" not in before
    assert {"model_url", "rendered_image_url"} == after["output"].keys()
    assert (before["created_at"], after["completed_at"]) == ("2026-09-21T14:13:20Z", "2026-09-21T14:13:32Z")


async def test_the_input_is_echoed(wire: Wire) -> None:
    task = await wire.task(await wire.text())

    assert task["input"] == OWL | {"texture": True, "pbr": True}
    assert task["type"] == "text_to_model"


async def test_credits_are_frozen_then_taken(wire: Wire) -> None:
    task_id = await wire.text()

    assert await wire.balance() == (2980, 20)
    assert (await wire.finished(task_id))["credits_consumed"] == 20
    assert await wire.balance() == (2980, 0)


@pytest.mark.parametrize("fault", ["late_failed", "late_moderated", "late_expired", "late_cancelled"])
async def test_a_task_that_fails_gives_its_credits_back(wire: Wire, fault: str) -> None:
    await wire.control("faults", {"fault": fault})
    task = await wire.finished(await wire.text())

    assert task["status"] in {"failed", "cancelled"}
    assert task["credits_consumed"] == 0
    assert "output" not in task
    assert await wire.balance() == (3000, 0)


@pytest.mark.parametrize(
    ("fault", "code"), [("late_failed", 1000), ("late_moderated", 2008), ("late_expired", 2018)]
)
async def test_a_failed_task_is_a_success_of_the_envelope(wire: Wire, fault: str, code: int) -> None:
    await wire.control("faults", {"fault": fault})
    task_id = await wire.text()
    await wire.finished(task_id)

    answer = await wire.get(f"/tasks/{task_id}")

    assert (answer["http"], answer["code"]) == (200, 0)
    assert answer["data"]["error_code"] == code
    assert answer["data"]["error_message"]


@pytest.mark.parametrize(
    ("changes", "cost"),
    [
        ({}, 20),
        ({"texture": False, "pbr": False}, 10),
        ({"texture_quality": "detailed"}, 30),
        ({"geometry_quality": "detailed", "quad": True}, 45),
        ({"smart_low_poly": True}, 30),
        ({"model": "P1-20260311"}, 40),
        ({"model": "P2-20260801"}, 110),
    ],
)
async def test_prices_follow_the_request(wire: Wire, changes: dict[str, object], cost: float) -> None:
    await wire.text(**changes)

    assert (await wire.balance())[1] == cost


async def test_the_main_job_gives_a_file_that_moves(wire: Wire) -> None:
    model = await wire.model()
    check = await wire.finished(await wire.created("/animations/rig-check", {"input": model}))
    rig = await wire.rig(model, rig_type=check["output"]["rig_type"])
    clips = ["preset:biped:wave_goodbye_01", "preset:walk"]
    done = await wire.finished(
        await wire.created("/animations/retarget", {"input": rig, "animations": clips})
    )

    answer = await wire.download(done["output"]["model_url"])
    glb = read(await answer.read())

    assert answer.content_type == "model/gltf-binary"
    assert [clip["name"] for clip in glb.document["animations"]] == ["biped:wave_goodbye_01", "walk"]
    assert glb.document["skins"]
    assert glb.document["images"]
    assert done["credits_consumed"] == 20
    assert await wire.balance() == (3000 - 20 - 25 - 20, 0)


async def test_a_rigged_file_is_the_same_mesh_with_a_skeleton(wire: Wire) -> None:
    model = await wire.model()
    rig = await wire.rig(model)
    corners = []
    for task_id in (model, rig):
        link = (await wire.task(task_id))["output"]["model_url"]
        glb = read(await (await wire.download(link)).read())
        corners.append(glb.array(glb.document["meshes"][0]["primitives"][0]["attributes"]["POSITION"]))

    assert np.array_equal(*corners)


async def test_a_barrel_is_not_riggable_and_saying_so_is_a_success(wire: Wire) -> None:
    barrel = await wire.model(prompt="a barrel")

    task = await wire.finished(await wire.created("/animations/rig-check", {"input": barrel}))

    assert (task["status"], task["output"]["riggable"], task["credits_consumed"]) == ("success", False, 0)


async def test_the_picture_of_a_result_is_a_picture(wire: Wire) -> None:
    output = (await wire.task(await wire.model()))["output"]

    answer = await wire.download(output["rendered_image_url"])

    assert answer.content_type == "image/webp"
    assert Image.open(io.BytesIO(await answer.read())).size == (512, 512)


async def test_a_file_is_the_same_each_time_it_is_fetched(wire: Wire) -> None:
    task_id = await wire.model()
    files = [
        await (await wire.download((await wire.task(task_id))["output"]["model_url"])).read()
        for _ in range(2)
    ]

    assert files[0] == files[1]


async def test_a_link_dies_and_a_look_at_the_task_signs_a_new_one(wire: Wire) -> None:
    await wire.control("settings", {"link_seconds": 60})
    task_id = await wire.model()
    link = (await wire.task(task_id))["output"]["model_url"]
    wire.clock.advance(seconds=61)

    assert (await wire.download(link)).status == 403
    assert (await wire.download((await wire.task(task_id))["output"]["model_url"])).status == 200


async def test_a_forged_link_is_403(wire: Wire) -> None:
    link = (await wire.task(await wire.model()))["output"]["model_url"]

    assert (await wire.download(link[:-4] + "0000")).status == 403
    assert (await wire.download(link.replace("Expires=1", "Expires=2"))).status == 403
    assert (await wire.download(link.split("?")[0])).status == 403


async def test_a_download_that_carries_the_key_is_refused(wire: Wire) -> None:
    link = (await wire.task(await wire.model()))["output"]["model_url"]

    assert (await wire.download(link, Authorization=f"Bearer {wire.key}")).status == 400


async def test_quad_and_fbx_are_not_glb(wire: Wire) -> None:
    quad = (await wire.task(await wire.model(quad=True)))["output"]["model_url"]

    assert ".fbx?" in quad
    assert (await (await wire.download(quad)).read()).startswith(b"Kaydara FBX Binary")


async def test_several_tasks_are_read_at_once(wire: Wire) -> None:
    first, second = await wire.text(), await wire.text(model_seed=8)
    missing = "0196f4ce-7c1b-7b0e-9a52-3f0d6a5c8e11"

    data = (await wire.post("/tasks/list", {"task_ids": [first, missing, second]}))["data"]

    assert data["tasks"].keys() == {first, second}
    assert data["missed"] == [missing]
    assert data["tasks"][second]["input"]["model_seed"] == 8


async def test_step_adds_where_the_task_is(wire: Wire) -> None:
    task_id = await wire.text()

    assert "pipeline_step" in (await wire.get(f"/tasks/{task_id}?step=1"))["data"]
    assert "pipeline_step" not in await wire.task(task_id)


async def test_usage_is_newest_first_and_in_pages(wire: Wire) -> None:
    ids = [await wire.text(model_seed=seed) for seed in range(3)]
    await wire.finished(ids[0])

    rows = (await wire.get("/account/usage"))["data"]
    page = (await wire.get("/account/usage?limit=1&offset=1"))["data"]

    assert [row["task_id"] for row in rows] == ids[::-1]
    assert rows[0].keys() == {"task_id", "type", "status", "created_at", "credits_consumed"}
    assert [row["task_id"] for row in page] == [ids[1]]
    for wrong in ("limit=0", "limit=201", "offset=-1", "limit=x"):
        assert (await wire.get(f"/account/usage?{wrong}"))["code"] == 1004


async def test_usage_can_have_the_other_shape_and_leave_out_what_is_under_way(wire: Wire) -> None:
    await wire.control("settings", {"usage_shape": "items", "usage_shows_unfinished": False})
    task_id = await wire.text()

    assert (await wire.get("/account/usage"))["data"] == {"items": []}
    await wire.finished(task_id)
    assert len((await wire.get("/account/usage"))["data"]["items"]) == 1


async def test_the_speed_can_be_changed_while_tasks_run(wire: Wire) -> None:
    task_id = await wire.text()
    await wire.control("speed", {"factor": 0})
    wire.clock.advance(hours=1)
    held = await wire.task(task_id)
    await wire.control("speed", {"factor": 12})
    wire.clock.advance(seconds=1)

    assert (held["status"], (await wire.task(task_id))["status"]) == ("queued", "success")


async def test_the_books_tell_what_was_accepted_and_taken(wire: Wire) -> None:
    model = await wire.model()
    rig = await wire.text(model_seed=9)

    first, second = await wire.books()

    assert (first["task_id"], first["credits"], first["status"]) == (model, 20, "success")
    assert (second["task_id"], second["credits"], second["key"]) == (rig, 0, wire.key)
    assert second["input"]["model_seed"] == 9


async def test_another_seed_or_none_gives_another_model(wire: Wire) -> None:
    links = [(await wire.task(await wire.model(model_seed=seed)))["output"]["model_url"] for seed in (1, 2)]
    files = [await (await wire.download(link)).read() for link in links]

    assert files[0] != files[1]


async def test_what_is_moderated_late_fails_with_2008(wire: Wire) -> None:
    task = await wire.finished(await wire.text(prompt="a gruesome owl"))

    assert (task["status"], task["error_code"]) == ("failed", 2008)
    assert task["input"]["model"] == MODEL
