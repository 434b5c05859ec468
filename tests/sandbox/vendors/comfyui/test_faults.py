"""What goes wrong when it is asked to, and that it stays with what it was asked for."""

import aiohttp
import pytest

from sandbox.shapes.glb import GlbError, read
from tests.sandbox.vendors.comfyui import graphs
from tests.sandbox.vendors.comfyui.conftest import Wire, picture


@pytest.mark.parametrize(
    ("fault", "http"),
    [
        ({"fault": "reject"}, 400),
        ({"fault": "reject", "status": 500}, 500),
        ({"fault": "unauthorised"}, 401),
        ({"fault": "rate_limited"}, 429),
        ({"fault": "html_502"}, 502),
        ({"fault": "html_page"}, 200),
    ],
)
async def test_a_gateways_refusal_comes_once_and_leaves_no_prompt(
    wire: Wire, fault: dict[str, object], http: int
) -> None:
    await wire.control("faults", fault)

    answer = await wire.client.post("/prompt", json={"prompt": graphs.image()})

    assert (answer.status, answer.content_type) == (http, "text/html")
    assert answer.headers.get("Retry-After") == ("2" if http == 429 else None)
    assert await wire.books() == []
    assert (await wire.submit(graphs.image()))["http"] == 200


async def test_a_fault_comes_only_for_its_type(wire: Wire) -> None:
    await wire.control("faults", {"fault": "late_failed", "type": "text_to_3d"})
    await wire.control("faults", {"fault": "html_502", "type": "text_to_3d"})

    assert (await wire.made(graphs.image()))["status"]["status_str"] == "success"
    assert (await wire.client.post("/prompt", json={"prompt": graphs.text_to_3d()})).status == 502
    assert (await wire.made(graphs.text_to_3d()))["status"]["status_str"] == "error"


@pytest.mark.parametrize(
    ("word", "type_"),
    [("late-failed", "RuntimeError"), ("out-of-memory", "torch.OutOfMemoryError")],
)
async def test_a_word_in_the_text_fails_the_graph_in_its_middle(wire: Wire, word: str, type_: str) -> None:
    entry = await wire.made(graphs.text_to_3d(f"an owl, {word}."))

    event, facts = entry["status"]["messages"][-1]
    assert (entry["status"]["status_str"], event) == ("error", "execution_error")
    assert (facts["node_id"], facts["node_type"], facts["exception_type"]) == ("s4", "KSampler", type_)
    assert facts["current_inputs"]["steps"] == ["12"]
    assert facts["traceback"]
    assert list(entry["outputs"]) == ["concept"]
    assert [task["status"] for task in await wire.books()] == ["failed"]


@pytest.mark.parametrize(
    ("word", "http", "accepted"),
    [("html-502", 502, 0), ("html-502-after-accept", 502, 1), ("fault-unauthorised", 401, 0)],
)
async def test_a_word_in_the_text_asks_for_the_others_too(
    wire: Wire, word: str, http: int, accepted: int
) -> None:
    answer = await wire.client.post("/prompt", json={"prompt": graphs.text_to_3d(f"an owl {word}")})

    assert (answer.status, len(await wire.books())) == (http, accepted)


async def test_a_graph_without_words_fails_when_the_fault_is_armed(wire: Wire) -> None:
    await wire.upload(picture())
    await wire.control("faults", {"fault": "out_of_memory", "type": "image_to_3d"})

    assert (await wire.made(graphs.image_to_3d()))["status"]["status_str"] == "error"
    assert (await wire.made(graphs.image_to_3d()))["status"]["status_str"] == "success"


async def test_one_that_never_finishes_holds_the_others_up_until_it_is_stopped(wire: Wire) -> None:
    stuck = await wire.queued(graphs.text_to_3d("an owl never-finishes"))
    waiting = await wire.queued(graphs.text_to_3d(seed=8))
    wire.clock.advance(hours=9)
    assert await wire.queue() == ([stuck], [waiting])

    await wire.client.post("/interrupt", json={"prompt_id": stuck})

    assert await wire.queue() == ([waiting], [])
    assert (await wire.entry(stuck))["status"]["messages"][-1][0] == "execution_interrupted"


async def test_somebody_at_the_server_can_interrupt_it(wire: Wire) -> None:
    entry = await wire.made(graphs.text_to_3d("an owl late-cancelled"))

    assert entry["status"]["messages"][-1][0] == "execution_interrupted"


async def test_an_unknown_status_is_neither_success_nor_error(wire: Wire) -> None:
    entry = await wire.made(graphs.text_to_3d("an owl unknown-status"))

    assert (entry["status"]["status_str"], entry["status"]["completed"]) == ("paused", False)


async def test_a_prompt_can_be_forgotten(wire: Wire) -> None:
    prompt_id = await wire.queued(graphs.text_to_3d("an owl fault-forgotten"))

    assert await wire.queue() == ([], [])
    assert await wire.finished(prompt_id) == {}
    assert [task["status"] for task in await wire.books()] == ["completed"]


async def test_the_server_can_die_over_a_prompt(wire: Wire) -> None:
    prompt_id = await wire.queued(graphs.text_to_3d("an owl fault-restarts"))
    waiting = await wire.queued(graphs.text_to_3d())

    assert await wire.finished(prompt_id, seconds=60) == {}
    assert await wire.queue() == ([], [])
    assert await wire.entry(waiting) == {}


async def test_a_success_can_name_no_file_or_one_that_is_not_there(wire: Wire) -> None:
    nameless = await wire.made(graphs.text_to_3d("an owl missing-model-url"))
    missing = await wire.made(graphs.text_to_3d("an owl expired-links"))

    assert list(nameless["outputs"]) == ["concept"]
    assert (await wire.view(missing["outputs"]["save"]["3d"][0])).status == 404


@pytest.mark.parametrize("word", ["truncated-glb", "not-a-glb"])
async def test_the_file_can_be_broken_and_still_the_graph_succeeds(wire: Wire, word: str) -> None:
    data = await wire.model(graphs.text_to_3d(f"an owl, {word}"))

    with pytest.raises(GlbError):
        read(data)


async def test_a_whole_file_can_break_a_rule(wire: Wire) -> None:
    data = await wire.model(graphs.text_to_3d("an owl broken-glb"))

    assert read(data).document["accessors"][0]["count"] > 1_000_000


@pytest.mark.parametrize(("on", "path"), [("read", "/queue"), ("download", "/view"), ("socket", "/ws")])
async def test_other_calls_can_break_too(wire: Wire, on: str, path: str) -> None:
    await wire.control("faults", {"fault": "html_502", "on": on})

    assert (await wire.client.get(path)).status == 502


async def test_nobody_is_served_while_it_restarts(wire: Wire) -> None:
    await wire.control("restart", {"seconds": 30})

    with pytest.raises(aiohttp.ClientError):
        await wire.get("/system_stats")
    wire.clock.advance(seconds=30)

    assert (await wire.get("/system_stats"))["system"]["comfyui_version"] == "0.42.0"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"fault": "earthquake"}),
        ("faults", {"fault": "out_of_credit"}),
        ("faults", {"fault": "listed_late"}),
        ("speed", {"factor": -1}),
        ("keys", {"revoke": "Bearer nobody"}),
        ("settings", {"comfyui_version": "new"}),
        ("settings", {"models": {"hats": []}}),
        ("settings", {"custom_nodes": ["ComfyUI-Hats"]}),
        ("files", {"clear": "everything"}),
        ("restart", {"secnods": 1}),
    ],
)
async def test_a_control_that_makes_no_sense_is_refused(
    wire: Wire, path: str, body: dict[str, object]
) -> None:
    assert (await wire.client.post(f"/sandbox/comfyui/{path}", json=body)).status == 400
