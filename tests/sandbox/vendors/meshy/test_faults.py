"""What goes wrong when it is asked to, and that it stays with what it was asked for."""

from typing import Any

import pytest

from sandbox.shapes.glb import GlbError, read
from tests.sandbox.vendors.meshy.conftest import KNIGHT, OWL, TEXT, Wire


@pytest.mark.parametrize(
    ("fault", "status", "word"),
    [
        ({"fault": "reject"}, 400, "fault"),
        ({"fault": "reject", "status": 503}, 503, "fault"),
        ({"fault": "moderated"}, 400, "safety"),
        ({"fault": "out_of_credit"}, 402, "Insufficient funds"),
        ({"fault": "unauthorised"}, 401, "Invalid API key"),
        ({"fault": "rate_limited"}, 429, "RateLimitExceeded"),
        ({"fault": "pool_full"}, 429, "NoMoreConcurrentTasks"),
        ({"fault": "no_plan"}, 429, "NoMorePendingTasks"),
    ],
)
async def test_a_refusal_comes_once_and_leaves_no_task(
    wire: Wire, fault: dict[str, Any], status: int, word: str
) -> None:
    await wire.control("faults", fault)

    refused = await wire.post(TEXT, OWL)

    assert (refused[0], word in refused[1]["message"]) == (status, True)
    assert await wire.books() == []
    assert (await wire.post(TEXT, OWL))[0] == 202


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("moderated", 400),
        ("out-of-credit", 402),
        ("rate-limited", 429),
        ("no-plan", 429),
        ("html-502", 502),
        ("redirect", 302),
    ],
)
async def test_a_prompt_can_ask_for_a_refusal(wire: Wire, word: str, status: int) -> None:
    name = word if "-" in word else f"fault-{word}"

    answer = await wire.call("POST", TEXT, json=OWL | {"prompt": f"an owl {name}"}, allow_redirects=False)

    assert answer.status == status
    assert await wire.books() == []


async def test_a_fault_comes_only_for_its_type(wire: Wire) -> None:
    preview = await wire.preview(**KNIGHT)
    await wire.control("faults", {"fault": "html_502", "type": "text-to-3d-refine"})

    assert (await wire.post(TEXT, OWL))[0] == 202
    refine = {"mode": "refine", "preview_task_id": preview["id"]}
    assert await wire.status("POST", TEXT, json=refine) == 502
    assert await wire.status("POST", TEXT, json=refine) == 202


async def test_a_task_may_be_in_no_list_for_a_while(wire: Wire) -> None:
    await wire.control("faults", {"fault": "listed_late", "seconds": 20})
    task_id = await wire.text()

    assert await wire.get(TEXT) == []
    assert (await wire.get(f"{TEXT}/{task_id}"))["id"] == task_id
    wire.clock.advance(seconds=20)
    assert [task["id"] for task in await wire.get(TEXT)] == [task_id]


@pytest.mark.parametrize(
    ("fault", "status", "kind", "code"),
    [
        ("late_failed", "FAILED", "server_error", None),
        ("late_timeout", "FAILED", "timeout", "timeout"),
        ("late_invalid", "FAILED", "invalid_input", "image_too_complex"),
        ("late_moderated", "FAILED", "invalid_input", "moderation_blocked"),
        ("late_cancelled", "CANCELED", None, None),
    ],
)
async def test_a_task_that_comes_to_nothing_says_why_and_costs_nothing(
    wire: Wire, fault: str, status: str, kind: str | None, code: str | None
) -> None:
    await wire.control("faults", {"fault": fault})

    task = await wire.preview()

    assert (task["status"], task["consumed_credits"]) == (status, 0)
    assert (task["task_error"].get("type"), task["task_error"].get("code")) == (kind, code)
    assert "model_urls" not in task
    assert await wire.balance() == 1000


async def test_some_tasks_never_end(wire: Wire) -> None:
    strange = await wire.text(prompt="an owl unknown-status")
    slow = await wire.text(prompt="an owl never-finishes")
    wire.clock.advance(hours=100)

    assert (await wire.get(f"{TEXT}/{strange}"))["status"] == "PROCESSING"
    assert (await wire.get(f"{TEXT}/{slow}"))["status"] == "IN_PROGRESS"


async def test_progress_may_go_backwards(wire: Wire) -> None:
    task_id = await wire.text(prompt="an owl goes-backwards")
    seen = []
    for _ in range(3):
        wire.clock.advance(seconds=2)
        seen.append((await wire.get(f"{TEXT}/{task_id}"))["progress"])

    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 3


async def test_a_task_may_be_forgotten_after_it_was_paid(wire: Wire) -> None:
    task_id = await wire.text(prompt="an owl fault-forgotten")

    assert await wire.status("GET", f"{TEXT}/{task_id}") == 404
    assert await wire.get(TEXT) == []
    assert await wire.balance() == 980


async def test_links_may_be_missing_or_dead(wire: Wire) -> None:
    missing = await wire.preview(prompt="an owl missing-model-url")
    dead = await wire.preview(prompt="an owl expired-links")
    await wire.control("faults", {"fault": "missing_model_url", "type": "rig"})
    rig = await wire.rig()

    assert (missing["status"], missing["model_urls"]) == ("SUCCEEDED", {})
    assert (await wire.download(dead["model_urls"]["glb"])).status == 403
    assert rig["result"] == {}


@pytest.mark.parametrize("fault", ["truncated_glb", "not_a_glb"])
async def test_a_file_may_be_broken(wire: Wire, fault: str) -> None:
    await wire.control("faults", {"fault": fault})
    task = await wire.preview()

    answer = await wire.download(task["model_urls"]["glb"])

    with pytest.raises(GlbError):
        read(await answer.read())


@pytest.mark.parametrize(("on", "path"), [("read", f"{TEXT}"), ("delete", None)])
async def test_other_calls_fail_too(wire: Wire, on: str, path: str | None) -> None:
    task_id = await wire.text()
    await wire.control("faults", {"fault": "html_502", "on": on})
    method = "GET" if path else "DELETE"

    assert await wire.status(method, path or f"{TEXT}/{task_id}") == 502
    assert await wire.status(method, path or f"{TEXT}/{task_id}") == 200


async def test_a_download_may_break(wire: Wire) -> None:
    link = (await wire.preview())["model_urls"]["glb"]
    await wire.control("faults", {"fault": "wrong_type", "on": "download"})

    assert (await wire.download(link)).content_type == "text/html"
    assert (await wire.download(link)).content_type == "model/gltf-binary"


@pytest.mark.parametrize("wrong", [{"fault": "earthquake"}, {"fault": "html_502", "on": "upload"}])
async def test_a_fault_that_is_not_played_is_400(wire: Wire, wrong: dict[str, Any]) -> None:
    assert (await wire.client.post("/sandbox/meshy/faults", json=wrong)).status == 400


async def test_an_armed_fault_can_be_seen_and_cleared(wire: Wire) -> None:
    armed = await wire.control("faults", {"fault": "late_failed", "times": 2})
    await wire.client.delete("/sandbox/meshy/faults")

    assert [(fault["name"], fault["times"]) for fault in armed] == [("late_failed", 2)]
    assert (await wire.preview())["status"] == "SUCCEEDED"
