"""The queue, its one worker, the history, and how a prompt is looked for and stopped."""

from uuid import uuid4

import pytest

from tests.sandbox.vendors.comfyui import graphs
from tests.sandbox.vendors.comfyui.conftest import Wire

A_WHILE = 5.0
"""Seconds after which a graph is in its middle."""


async def test_one_runs_the_others_wait_in_order(wire: Wire) -> None:
    first, second, third = [await wire.queued(graphs.text_to_3d(seed=seed)) for seed in range(3)]
    front = await wire.queued(graphs.text_to_3d(seed=3), front=True)

    assert await wire.queue() == ([first], [front, second, third])
    assert (await wire.get("/prompt"))["exec_info"]["queue_remaining"] == 4
    wire.clock.advance(seconds=10.5)
    assert await wire.queue() == ([front], [second, third])


async def test_a_lower_number_goes_first(wire: Wire) -> None:
    await wire.queued(graphs.image(seed=1))
    later = await wire.queued(graphs.image(seed=2), number=9)
    sooner = await wire.queued(graphs.image(seed=3), number=0.5)

    assert (await wire.queue())[1] == [sooner, later]


async def test_the_queue_shows_number_id_graph_extras_and_outputs(wire: Wire) -> None:
    prompt_id = await wire.queued(graphs.image(), client_id="bot")

    (row,) = (await wire.get("/api/queue"))["queue_running"]

    assert row[:2] == [0, prompt_id]
    assert row[2]["pos"]["inputs"]["text"] == "a brass owl"
    assert row[3] == {"client_id": "bot", "create_time": wire.clock.now()}
    assert row[4:] == [["concept"]]


async def test_some_versions_show_a_sixth_member(wire: Wire) -> None:
    await wire.control("settings", {"queue_shows_sensitive": True})
    await wire.queued(graphs.image())

    assert len((await wire.get("/queue"))["queue_running"][0]) == 6


async def test_the_history_is_empty_until_the_end(wire: Wire) -> None:
    prompt_id = await wire.queued(graphs.text_to_3d())
    wire.clock.advance(seconds=A_WHILE)

    assert await wire.entry(prompt_id) == {}
    assert (await wire.finished(prompt_id))["status"]["completed"] is True
    assert await wire.queue() == ([], [])


async def test_the_history_tells_when_things_happened(wire: Wire) -> None:
    begun = wire.clock.now()
    entry = await wire.made(graphs.text_to_3d(), client_id="bot")

    messages = entry["status"]["messages"]
    assert [event for event, _ in messages] == ["execution_start", "execution_cached", "execution_success"]
    assert [facts["timestamp"] for _, facts in messages] == [begun, begun, begun + 10_000]
    assert entry["meta"]["save"] == {
        "node_id": "save",
        "display_node": "save",
        "parent_node": None,
        "real_node_id": "save",
    }


async def test_the_same_id_twice_is_queued_twice(wire: Wire) -> None:
    prompt_id = str(uuid4())
    for seed in (1, 2):
        await wire.queued(graphs.text_to_3d(seed=seed), prompt_id=prompt_id)

    entry = await wire.finished(prompt_id, seconds=21)

    assert [task["task_id"] for task in await wire.books()] == [prompt_id, prompt_id]
    assert entry["prompt"][2]["s1"]["inputs"]["seed"] == 2


async def test_an_id_is_made_where_none_is_given(wire: Wire) -> None:
    answer = await wire.submit(graphs.image())

    assert answer.keys() == {"http", "prompt_id", "number", "node_errors"}
    assert (await wire.queue())[0] == [answer["prompt_id"]]


async def test_one_that_waits_can_be_taken_out_and_leaves_no_trace(wire: Wire) -> None:
    running, waiting = [await wire.queued(graphs.image(seed=seed)) for seed in range(2)]

    for prompt_id in (waiting, running, "nobody"):
        answer = await wire.client.post("/queue", json={"delete": [prompt_id]})
        assert (answer.status, await answer.read()) == (200, b"")

    assert await wire.queue() == ([running], [])
    assert await wire.finished(waiting, seconds=30) == {}
    assert [task["status"] for task in await wire.books()] == ["completed", "cancelled"]


async def test_the_queue_can_be_emptied(wire: Wire) -> None:
    running, *_ = [await wire.queued(graphs.image(seed=seed)) for seed in range(3)]

    await wire.client.post("/queue", json={"clear": True})

    assert await wire.queue() == ([running], [])


async def test_an_interrupt_takes_effect_at_the_next_step(wire: Wire) -> None:
    prompt_id = await wire.queued(graphs.text_to_3d())
    wire.clock.advance(seconds=A_WHILE)

    answer = await wire.client.post("/interrupt", json={"prompt_id": prompt_id})
    assert (answer.status, await answer.read()) == (200, b"")
    entry = await wire.finished(prompt_id, seconds=1)

    event, facts = entry["status"]["messages"][-1]
    assert (entry["status"]["status_str"], entry["status"]["completed"]) == ("error", False)
    assert (event, facts["node_type"]) == ("execution_interrupted", "KSampler")
    assert "ckpt" in facts["executed"]
    assert [task["status"] for task in await wire.books()] == ["cancelled"]


async def test_outputs_of_earlier_nodes_are_there_when_it_was_stopped(wire: Wire) -> None:
    prompt_id = await wire.queued(graphs.text_to_3d())
    wire.clock.advance(seconds=9)
    await wire.client.post("/interrupt", json={"prompt_id": prompt_id})

    assert list((await wire.finished(prompt_id))["outputs"]) == ["concept"]


@pytest.mark.parametrize(
    ("version", "body", "stopped"),
    [
        ("0.3.57", {"prompt_id": "another"}, False),
        ("0.42.0", {"prompt_id": "another"}, False),
        ("0.3.56", {"prompt_id": "another"}, True),
        ("0.42.0", {}, True),
        ("0.42.0", None, True),
    ],
)
async def test_older_servers_stop_whatever_runs(
    wire: Wire, version: str, body: dict[str, str] | None, *, stopped: bool
) -> None:
    prompt_id = await wire.queued(graphs.image())
    await wire.control("settings", {"comfyui_version": version})

    await wire.client.post("/interrupt", json=body)

    status = (await wire.finished(prompt_id))["status"]["status_str"]
    assert (status == "error") is stopped


async def test_an_interrupt_that_comes_too_late_stops_nothing_and_hits_no_other(wire: Wire) -> None:
    first, second = [await wire.queued(graphs.image(seed=seed)) for seed in range(2)]
    wire.clock.advance(seconds=9.9)  # the picture is being saved

    await wire.client.post("/interrupt", json={"prompt_id": first})
    wire.clock.advance(seconds=20)

    for prompt_id in (first, second):
        assert (await wire.entry(prompt_id))["status"]["status_str"] == "success"


async def test_an_interrupt_while_nothing_runs_is_forgotten(wire: Wire) -> None:
    await wire.client.post("/interrupt")

    assert (await wire.made(graphs.image()))["status"]["status_str"] == "success"


async def test_a_prompt_that_is_the_same_is_not_done_again(wire: Wire) -> None:
    first = await wire.made(graphs.text_to_3d())
    again = await wire.finished(await wire.queued(graphs.text_to_3d()), seconds=0)

    assert again["outputs"] == first["outputs"]
    assert "s1" in again["status"]["messages"][1][1]["nodes"]


async def test_a_cached_prompt_may_name_a_file_that_is_gone(wire: Wire) -> None:
    await wire.made(graphs.text_to_3d())
    await wire.control("files", {"clear": "output"})

    again = await wire.finished(await wire.queued(graphs.text_to_3d()), seconds=0)

    assert (await wire.view(again["outputs"]["save"]["3d"][0])).status == 404


async def test_another_prefix_is_saved_anew_and_in_no_time(wire: Wire) -> None:
    await wire.made(graphs.text_to_3d())

    again = await wire.finished(await wire.queued(graphs.text_to_3d(prefix="mesh/job2")), seconds=1)

    assert again["outputs"]["save"]["3d"][0]["filename"] == "job2_00001_.glb"


async def test_only_the_last_prompt_is_remembered_for_that(wire: Wire) -> None:
    for graph in (graphs.text_to_3d(), graphs.text_to_3d(seed=8)):
        await wire.made(graph)

    assert await wire.finished(await wire.queued(graphs.text_to_3d()), seconds=1) == {}


async def test_names_count_on(wire: Wire) -> None:
    saved = [(await wire.made(graphs.text_to_3d(seed=seed)))["outputs"]["save"]["3d"] for seed in range(2)]

    assert [files[0]["filename"] for files in saved] == ["job1_00001_.glb", "job1_00002_.glb"]


async def test_a_cached_prompt_after_a_failed_one_may_be_told_as_an_error(wire: Wire) -> None:
    await wire.control("settings", {"cached_after_failure": True})
    graph = graphs.image()
    await wire.made(graph)
    broken = graph | {"more": graphs.node("SaveImage", images=["decode", 0], filename_prefix="../../etc/x")}
    await wire.made(broken)

    entry = await wire.finished(await wire.queued(graph), seconds=0)

    assert (entry["status"]["status_str"], list(entry["outputs"])) == ("error", ["concept"])


async def test_a_restart_forgets_queue_and_history_but_no_files(wire: Wire) -> None:
    done = await wire.made(graphs.text_to_3d())
    running, waiting = [await wire.queued(graphs.text_to_3d(seed=seed)) for seed in (8, 9)]

    await wire.control("restart", {})

    assert await wire.queue() == ([], [])
    assert await wire.get("/history") == {}
    assert await wire.finished(running, seconds=60) == {}
    assert await wire.entry(waiting) == {}
    assert (await wire.view(done["outputs"]["save"]["3d"][0])).status == 200
    assert [task["status"] for task in await wire.books()] == ["completed", "lost", "lost"]


async def test_the_history_has_pages_and_can_be_forgotten(wire: Wire) -> None:
    first, second, third = [await wire.queued(graphs.image(seed=seed)) for seed in range(3)]
    wire.clock.advance(seconds=40)

    assert list(await wire.get("/history")) == [first, second, third]
    assert list(await wire.get("/history?max_items=2")) == [second, third]
    assert list(await wire.get("/history?max_items=1&offset=1")) == [second]
    await wire.client.post("/history", json={"delete": [second]})
    assert list(await wire.get("/history")) == [first, third]
    await wire.client.post("/history", json={"clear": True})
    assert await wire.get("/history") == {}


async def test_speed_can_be_changed_while_it_works(wire: Wire) -> None:
    prompt_id = await wire.queued(graphs.text_to_3d())
    await wire.control("speed", {"factor": 0})
    wire.clock.advance(seconds=3600)
    assert await wire.entry(prompt_id) == {}

    await wire.control("speed", {"factor": 100})

    assert await wire.finished(prompt_id, seconds=0.2)


async def test_jobs_are_listed_with_their_states(wire: Wire) -> None:
    done = await wire.queued(graphs.text_to_3d())
    wire.clock.advance(seconds=10.5)
    running, waiting = [await wire.queued(graphs.text_to_3d(seed=seed)) for seed in (8, 9)]

    found = await wire.get("/api/jobs?sort_order=asc")
    page = await wire.get("/api/jobs?status=pending,in_progress&limit=1")

    assert {job["id"]: job["status"] for job in found["jobs"]} == {
        done: "completed",
        running: "in_progress",
        waiting: "pending",
    }
    assert found["jobs"][0]["preview_output"]["filename"].startswith("concept")
    assert page["pagination"] == {"offset": 0, "limit": 1, "total": 2, "has_more": True}


async def test_one_job_has_its_outputs(wire: Wire) -> None:
    prompt_id = await wire.queued(graphs.text_to_3d())
    before = await wire.get(f"/api/jobs/{prompt_id}")
    entry = await wire.finished(prompt_id)

    job = await wire.get(f"/api/jobs/{prompt_id}")

    assert (before["status"], job["status"]) == ("in_progress", "completed")
    assert (job["outputs"], job["execution_status"]) == (entry["outputs"], entry["status"])
    assert (await wire.client.get("/api/jobs/nobody")).status == 404


@pytest.mark.parametrize("query", ["status=lazy", "limit=0", "limit=x", "sort_by=colour", "sort_order=up"])
async def test_a_query_for_jobs_that_makes_no_sense_is_refused(wire: Wire, query: str) -> None:
    answer = await wire.client.get(f"/api/jobs?{query}")

    assert answer.status == 400
    assert (await answer.json()).keys() == {"error"}


async def test_jobs_can_be_cancelled_wherever_they_are(wire: Wire) -> None:
    running, waiting, other = [await wire.queued(graphs.image(seed=seed)) for seed in range(3)]

    told = [
        await (await wire.client.post(f"/api/jobs/{one}/cancel")).json()
        for one in (running, waiting, waiting)
    ]
    batch = await (await wire.client.post("/api/jobs/cancel", json={"job_ids": [other]})).json()
    strange = await wire.client.post("/api/jobs/cancel", json={"job_ids": ["nobody"]})
    wire.clock.advance(seconds=11)

    assert [one["cancelled"] for one in told] == [True, True, False]
    assert (batch, strange.status) == ({"cancelled": True}, 400)
    assert (await wire.get(f"/api/jobs/{running}"))["status"] == "cancelled"
    assert (await wire.client.get(f"/api/jobs/{waiting}")).status == 404


@pytest.mark.parametrize(
    ("version", "listed", "cancelled"), [("0.5.9", 404, 404), ("0.6.0", 200, 404), ("0.26.0", 200, 200)]
)
async def test_jobs_came_with_later_versions(wire: Wire, version: str, listed: int, cancelled: int) -> None:
    await wire.control("settings", {"comfyui_version": version})

    assert (await wire.client.get("/api/jobs")).status == listed
    assert (await wire.client.post("/api/jobs/nobody/cancel")).status == cancelled
