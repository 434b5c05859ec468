"""From acceptance to a file, and what it costs on the way."""

import pytest

from tests.clock import START
from tests.sandbox.vendors.meshy.conftest import KNIGHT, OWL, TEXT, Wire

HOURS = 3_600_000


async def test_the_main_job_gives_a_file_that_moves(wire: Wire) -> None:
    preview = await wire.preview(**KNIGHT)
    model = await wire.finished(TEXT, {"mode": "refine", "preview_task_id": preview["id"]})
    rig = await wire.finished("v1/rigging", {"input_task_id": model["id"]})
    done = await wire.finished("v1/animations", {"rig_task_id": rig["id"], "action_ids": [28, 0, 452]})

    glb = await wire.glb(done["result"]["animation_glb_url"])

    names = [clip["name"] for clip in glb.document["animations"]]
    assert names == ["Big_Wave_Hello", "Idle", "Backflip"]
    assert glb.document["skins"]
    assert glb.document["images"]
    costs = [task["consumed_credits"] for task in (preview, model, rig, done)]
    assert costs == [20, 10, 5, 9]
    assert await wire.balance() == 1000 - sum(costs)


async def test_a_task_waits_then_runs_then_stays_at_the_end_then_is_done(wire: Wire) -> None:
    task_id = await wire.text()
    seen = []
    for seconds in (0, 1, 3, 3.7, 3):
        wire.clock.advance(seconds=seconds)
        task = await wire.get(f"{TEXT}/{task_id}")
        seen.append((task["status"], task["progress"]))

    assert [status for status, _ in seen] == ["PENDING", *["IN_PROGRESS"] * 3, "SUCCEEDED"]
    assert [progress for _, progress in seen] == sorted(progress for _, progress in seen)
    assert [progress for _, progress in seen][::2] == [0, seen[2][1], 100]
    assert seen[3][1] == 99


async def test_times_are_milliseconds_and_zero_before_they_come(wire: Wire) -> None:
    task_id = await wire.text()
    waiting = await wire.get(f"{TEXT}/{task_id}")
    wire.clock.advance(seconds=2)
    running = await wire.get(f"{TEXT}/{task_id}")
    wire.clock.advance(seconds=60)
    done = await wire.get(f"{TEXT}/{task_id}")

    created = START + 50
    times = ("created_at", "started_at", "finished_at")
    assert [waiting[name] for name in times] == [created, 0, 0]
    assert [running[name] for name in times] == [created, created + 960, 0]
    assert [done[name] for name in times] == [created, created + 960, created + 8000]


async def test_the_object_of_a_finished_preview_is_what_is_documented(wire: Wire) -> None:
    task = await wire.preview()

    assert task.keys() == {
        *("id", "type", "status", "progress", "prompt", "texture_prompt", "texture_image_url"),
        *("created_at", "started_at", "finished_at", "preceding_tasks", "consumed_credits"),
        *("model_urls", "thumbnail_url", "texture_urls", "task_error"),
    }
    assert task["type"] == "text-to-3d-preview"
    assert task["prompt"] == OWL["prompt"]
    assert task["task_error"] == {"message": ""}
    assert task["texture_urls"] == []
    assert task["model_urls"].keys() == {"glb", "obj", "mtl", "fbx", "stl", "usdz"}


async def test_nothing_is_linked_before_the_end(wire: Wire) -> None:
    knight = await wire.preview(**KNIGHT)
    task_id = await wire.text()
    rig_id = await wire.created("v1/rigging", {"input_task_id": knight["id"]})

    assert "model_urls" not in await wire.get(f"{TEXT}/{task_id}")
    assert (await wire.get(f"v1/rigging/{rig_id}"))["result"] is None


async def test_those_that_wait_know_how_many_wait_before_them(wire: Wire) -> None:
    await wire.control("speed", {"factor": 0})
    ids = [await wire.text() for _ in range(3)]

    ahead = [(await wire.get(f"{TEXT}/{task_id}"))["preceding_tasks"] for task_id in ids]
    await wire.control("speed", {"factor": 1})
    wire.clock.advance(seconds=2)

    assert ahead == [0, 1, 2]
    assert (await wire.get(f"{TEXT}/{ids[2]}"))["preceding_tasks"] == 0


async def test_ids_are_uuids_that_sort_by_time(wire: Wire) -> None:
    ids = [await wire.text() for _ in range(3)]

    assert ids == sorted(ids)
    assert {task_id[14] for task_id in ids} == {"7"}


async def test_credits_are_taken_at_once_and_given_back_on_failure(wire: Wire) -> None:
    task_id = await wire.text(prompt="an owl late-failed")

    assert await wire.balance() == 980
    assert (await wire.get(f"{TEXT}/{task_id}"))["consumed_credits"] == 20
    wire.clock.advance(seconds=60)
    task = await wire.get(f"{TEXT}/{task_id}")
    assert (task["status"], task["consumed_credits"]) == ("FAILED", 0)
    assert task["task_error"]["type"] == "server_error"
    assert "model_urls" not in task
    assert await wire.balance() == 1000


@pytest.mark.parametrize(
    ("changes", "cost"),
    [
        ({}, 20),
        ({"ai_model": "meshy-6"}, 20),
        ({"ai_model": "meshy-6-lite"}, 5),
        ({"ai_model": "meshy-5"}, 5),
        ({"geometry_resolution": "4k"}, 25),
        ({"ultra_mode": True}, 25),
        ({"model_type": "smart-topology", "target_polycount": 900}, 5),
    ],
)
async def test_a_shape_costs_by_its_model(wire: Wire, changes: dict[str, object], cost: int) -> None:
    await wire.text(**changes)

    assert await wire.balance() == 1000 - cost


async def test_a_task_that_has_not_begun_can_be_taken_back(wire: Wire) -> None:
    task_id = await wire.text()

    answer = await wire.call("DELETE", f"{TEXT}/{task_id}")

    assert (answer.status, await answer.read()) == (200, b"")
    assert await wire.balance() == 1000
    assert await wire.status("GET", f"{TEXT}/{task_id}") == 404
    assert [(task["status"], task["credits"]) for task in await wire.books()] == [("CANCELED", 0)]


async def test_a_task_at_work_cannot_and_goes_on(wire: Wire) -> None:
    task_id = await wire.text()
    wire.clock.advance(seconds=2)

    assert await wire.status("DELETE", f"{TEXT}/{task_id}") == 409
    wire.clock.advance(seconds=20)
    assert (await wire.get(f"{TEXT}/{task_id}"))["status"] == "SUCCEEDED"
    assert await wire.balance() == 980


async def test_a_finished_task_goes_with_its_files_and_its_price(wire: Wire) -> None:
    task = await wire.preview()

    assert await wire.status("DELETE", f"{TEXT}/{task['id']}") == 200
    assert await wire.status("GET", f"{TEXT}/{task['id']}") == 404
    assert (await wire.download(task["model_urls"]["glb"])).status == 404
    assert await wire.get(TEXT) == []
    assert await wire.balance() == 980


async def test_after_three_days_a_task_is_gone_and_nothing_can_be_built_on_it(wire: Wire) -> None:
    await wire.control("settings", {"link_seconds": 100 * 3600})
    preview = await wire.preview(**KNIGHT)
    rig = await wire.finished("v1/rigging", {"input_task_id": preview["id"]})
    assert rig["expires_at"] == rig["finished_at"] + 72 * HOURS

    wire.clock.advance(hours=73)

    assert await wire.status("GET", f"{TEXT}/{preview['id']}") == 404
    assert (await wire.download(preview["model_urls"]["glb"])).status == 404
    refine = {"mode": "refine", "preview_task_id": preview["id"]}
    assert await wire.post(TEXT, refine) == (404, {"message": "Task not found"})
    animate = {"rig_task_id": rig["id"], "action_id": 0}
    assert (await wire.post("v1/animations", animate))[0] == 404


async def test_a_task_is_found_on_its_own_resource_alone(wire: Wire) -> None:
    task_id = await wire.text()

    assert await wire.status("GET", f"v1/image-to-3d/{task_id}") == 404
    assert await wire.status("DELETE", f"v1/rigging/{task_id}") == 404
    assert await wire.status("GET", f"{TEXT}/{task_id}") == 200


async def test_lists_are_bare_arrays_in_pages_newest_first(wire: Wire) -> None:
    ids = [await wire.text(seed=seed) for seed in range(4)]
    await wire.finished("v1/text-to-image", {"ai_model": "nano-banana", "prompt": "an owl"})

    newest = [task["id"] for task in await wire.get(f"{TEXT}?sort_by=-created_at")]
    oldest = [task["id"] for task in await wire.get(f"{TEXT}?sort_by=%2Bcreated_at&page_size=3")]
    second = [task["id"] for task in await wire.get(f"{TEXT}?page_size=3&page_num=2")]

    assert newest == ids[::-1]
    assert oldest == ids[:3]
    assert second == ids[:1]
    assert len(await wire.get("v1/text-to-image")) == 1
    assert await wire.get("v1/rigging") == []


@pytest.mark.parametrize(
    "query",
    ["page_size=0", "page_size=51", "page_num=0", "page_num=x", "sort_by=prompt", "sort_by=+created_at"],
)
async def test_a_list_that_is_asked_for_wrongly_is_400(wire: Wire, query: str) -> None:
    answer = await wire.client.get(
        f"/openapi/{TEXT}?{query}", headers={"Authorization": f"Bearer {wire.key}"}
    )

    assert answer.status == 400


async def test_a_link_dies_and_a_look_at_the_task_signs_a_new_one(wire: Wire) -> None:
    await wire.control("settings", {"link_seconds": 60})
    task = await wire.preview()
    link = task["model_urls"]["glb"]
    wire.clock.advance(seconds=61)

    assert (await wire.download(link)).status == 403
    fresh = (await wire.get(f"{TEXT}/{task['id']}"))["model_urls"]["glb"]
    assert (await wire.download(fresh)).status == 200


async def test_a_forged_link_is_403_and_one_that_carries_the_key_is_refused(wire: Wire) -> None:
    link = (await wire.preview())["model_urls"]["glb"]

    assert (await wire.download(link[:-4] + "0000")).status == 403
    assert (await wire.download(link.split("?")[0])).status == 403
    assert (await wire.download(link, Authorization=f"Bearer {wire.key}")).status == 400


async def test_a_file_is_the_same_each_time_it_is_fetched(wire: Wire) -> None:
    task = await wire.preview()
    files = [
        await (await wire.download((await wire.get(f"{TEXT}/{task['id']}"))["model_urls"]["glb"])).read()
        for _ in range(2)
    ]

    assert files[0] == files[1]


async def test_the_books_tell_what_was_accepted_and_taken(wire: Wire) -> None:
    preview = await wire.preview()
    await wire.text(prompt="an owl late-failed")
    wire.clock.advance(seconds=60)

    first, second = await wire.books()

    assert first == {
        "task_id": preview["id"],
        "key": wire.key,
        "type": "text-to-3d-preview",
        "status": "SUCCEEDED",
        "input": OWL,
        "credits": 20,
        "created_at": preview["created_at"],
        "completed_at": preview["finished_at"],
    }
    assert (second["status"], second["credits"]) == ("FAILED", 0)


async def test_the_keys_of_an_account_share_its_tasks_and_credits(wire: Wire) -> None:
    await wire.control("keys", {"key": "msy_second"})
    await wire.control("keys", {"key": "msy-stranger", "account": "other", "balance": 7})
    task_id = await wire.text()

    wire.key = "msy_second"
    assert (await wire.get(f"{TEXT}/{task_id}"))["id"] == task_id
    assert await wire.balance() == 980
    wire.key = "msy-stranger"
    assert await wire.status("GET", f"{TEXT}/{task_id}") == 404
    assert await wire.get(TEXT) == []
    assert await wire.balance() == 7


async def test_the_speed_can_be_changed_while_tasks_run(wire: Wire) -> None:
    task_id = await wire.text()
    await wire.control("speed", {"factor": 0})
    wire.clock.advance(hours=1)
    held = await wire.get(f"{TEXT}/{task_id}")
    await wire.control("speed", {"factor": 12})
    wire.clock.advance(seconds=1)

    assert held["status"] == "PENDING"
    assert (await wire.get(f"{TEXT}/{task_id}"))["status"] == "SUCCEEDED"
