"""What goes wrong when it is asked to, and that it stays with what it was asked for."""

import pytest

from sandbox.shapes.glb import GlbError, read
from tests.sandbox.vendors.tripo.conftest import OWL, Wire

TEXT = "/generation/text-to-model"


@pytest.mark.parametrize(
    ("fault", "http", "code"),
    [
        ({"fault": "reject"}, 400, 1004),
        ({"fault": "reject", "status": 500, "code": 1001}, 500, 1001),
        ({"fault": "moderated"}, 400, 2008),
        ({"fault": "out_of_credit"}, 403, 2010),
        ({"fault": "unauthorised"}, 401, 2),
        ({"fault": "rate_limited"}, 429, 1007),
        ({"fault": "pool_full"}, 429, 2000),
    ],
)
async def test_a_refusal_comes_once_and_leaves_no_task(
    wire: Wire, fault: dict[str, object], http: int, code: int
) -> None:
    await wire.control("faults", fault)

    refused = await wire.post(TEXT, OWL)

    assert (refused["http"], refused["code"]) == (http, code)
    assert await wire.books() == []
    assert (await wire.post(TEXT, OWL))["http"] == 200


async def test_a_fault_comes_as_often_as_asked_and_only_for_its_type(wire: Wire) -> None:
    model = await wire.model()
    await wire.control("faults", {"fault": "moderated", "times": 2, "type": "animate_rig"})

    assert (await wire.post(TEXT, OWL))["http"] == 200
    for http in (400, 400, 200):
        assert (await wire.post("/animations/rig", {"input": model}))["http"] == http


async def test_a_task_can_be_missing_from_the_usage_for_a_while(wire: Wire) -> None:
    await wire.control("faults", {"fault": "listed_late", "seconds": 20})
    task_id = await wire.text()

    assert (await wire.get("/account/usage"))["data"] == []
    wire.clock.advance(seconds=20)
    assert [row["task_id"] for row in (await wire.get("/account/usage"))["data"]] == [task_id]


@pytest.mark.parametrize(
    ("word", "http", "accepted"),
    [
        ("html-502", 502, 0),
        ("html-502-after-accept", 502, 1),
        ("html-page", 200, 0),
        ("out-of-credit", 403, 0),
        ("pool-full", 429, 0),
        ("fault-unauthorised", 401, 0),
        ("missing-status", 200, 1),
    ],
)
async def test_a_word_in_the_prompt_asks_for_it_too(wire: Wire, word: str, http: int, accepted: int) -> None:
    answer = await wire.call("POST", TEXT, json=OWL | {"prompt": f"an owl, {word}."})

    assert answer.status == http
    assert len(await wire.books()) == accepted


async def test_a_slow_answer_takes_its_time(wire: Wire) -> None:
    await wire.control("faults", {"fault": "slow_answer", "seconds": 45})
    before = wire.clock.now()

    assert (await wire.post(TEXT, OWL))["http"] == 200
    assert wire.clock.now() - before == 45_000


async def test_the_envelope_can_come_without_status(wire: Wire) -> None:
    await wire.control("faults", {"fault": "missing_status"})

    answer = await wire.post(TEXT, OWL)

    assert "status" not in answer
    assert (await wire.task(answer["data"]["task_id"]))["status"] == "queued"


@pytest.mark.parametrize("call", ["read", "upload", "download"])
async def test_other_calls_can_break_as_well(wire: Wire, call: str) -> None:
    link = (await wire.task(await wire.model()))["output"]["model_url"]
    calls = {
        "read": lambda: wire.call("GET", "/account/balance"),
        "upload": lambda: wire.call("POST", "/files/presign", json={"format": "png"}),
        "download": lambda: wire.download(link),
    }
    await wire.control("faults", {"fault": "reject", "on": call, "status": 503, "code": 1001})

    assert (await calls[call]()).status == 503
    assert (await calls[call]()).status == 200


async def test_a_page_can_come_in_place_of_an_answer(wire: Wire) -> None:
    await wire.control("faults", {"fault": "html_page"})

    answer = await wire.call("POST", TEXT, json=OWL)

    assert (answer.status, answer.content_type) == (200, "text/html")
    assert await wire.books() == []


async def test_a_link_can_lead_elsewhere(wire: Wire) -> None:
    link = (await wire.task(await wire.model()))["output"]["model_url"]
    await wire.control("faults", {"fault": "redirect", "on": "download"})

    answer = await wire.client.get(link[link.index("/", 8) :], allow_redirects=False)

    assert (answer.status, answer.headers["Location"]) == (302, "http://elsewhere.example/model.glb")


async def test_an_answer_can_call_itself_something_else(wire: Wire) -> None:
    await wire.control("faults", {"fault": "wrong_type"})

    answer = await wire.call("POST", TEXT, json=OWL)

    assert answer.content_type == "text/html"
    assert (await answer.json(content_type=None))["data"]["status"] == "queued"


async def test_a_body_can_take_its_time(wire: Wire) -> None:
    await wire.control("faults", {"fault": "slow_body", "on": "read", "seconds": 20})
    before = wire.clock.now()

    assert (await wire.get("/account/balance"))["data"]["balance"] == 3000
    assert wire.clock.now() - before == 20_000


async def test_a_body_can_go_on_for_ever(wire: Wire) -> None:
    await wire.control("faults", {"fault": "endless_body", "on": "read"})

    answer = await wire.call("GET", "/account/balance")

    assert len(await answer.content.readexactly(3_000_000)) == 3_000_000
    answer.close()
    assert (await wire.get("/account/balance"))["http"] == 200


async def test_progress_can_go_backwards(wire: Wire) -> None:
    task_id = await wire.text(prompt="an owl goes-backwards")
    seen = []
    for _ in range(3):
        wire.clock.advance(seconds=3)
        seen.append((await wire.task(task_id))["progress"])

    assert seen == sorted(seen, reverse=True)
    assert (await wire.finished(task_id))["progress"] == 100


async def test_a_task_can_be_forgotten(wire: Wire) -> None:
    answer = await wire.get(f"/tasks/{await wire.text(prompt='an owl fault-forgotten')}")

    assert (answer["http"], answer["code"]) == (404, 2001)


async def test_a_whole_file_can_break_a_rule(wire: Wire) -> None:
    task = await wire.task(await wire.model(prompt="an owl broken-glb"))

    data = await (await wire.download(task["output"]["model_url"])).read()

    assert read(data).document["accessors"][0]["count"] > 1_000_000


async def test_an_unknown_state_stays_unknown(wire: Wire) -> None:
    await wire.control("faults", {"fault": "unknown_status"})

    assert (await wire.finished(await wire.text()))["status"] == "unknown"


async def test_a_task_can_go_on_for_ever(wire: Wire) -> None:
    task_id = await wire.text(prompt="an owl never-finishes")
    wire.clock.advance(hours=9)

    task = await wire.task(task_id)

    assert (task["status"], task["progress"]) == ("running", 99)
    assert (await wire.balance())[1] == 20


async def test_the_model_can_be_in_a_list_or_nowhere(wire: Wire) -> None:
    listed = (await wire.task(await wire.model(prompt="an owl model-urls-only")))["output"]
    nowhere = (await wire.task(await wire.model(prompt="an owl missing-model-url")))["output"]

    assert listed.keys() == {"model_urls", "rendered_image_url"}
    assert (await wire.download(listed["model_urls"][0])).status == 200
    assert nowhere.keys() == {"rendered_image_url"}


@pytest.mark.parametrize("word", ["truncated-glb", "not-a-glb"])
async def test_the_file_can_be_broken_and_still_the_task_succeeds(wire: Wire, word: str) -> None:
    task = await wire.task(await wire.model(prompt=f"an owl, {word}"))

    data = await (await wire.download(task["output"]["model_url"])).read()

    assert task["status"] == "success"
    with pytest.raises(GlbError):
        read(data)


async def test_links_can_be_dead_from_the_start(wire: Wire) -> None:
    task = await wire.task(await wire.model(prompt="an owl expired-links"))

    assert (await wire.download(task["output"]["model_url"])).status == 403


async def test_a_prompts_word_fails_its_task(wire: Wire) -> None:
    task = await wire.finished(await wire.text(prompt="an owl late-failed"))

    assert (task["status"], task["error_code"]) == ("failed", 1000)


async def test_faults_can_be_seen_and_cleared(wire: Wire) -> None:
    armed = await wire.control("faults", {"fault": "late_failed", "times": 3})
    cleared = await (await wire.client.delete("/sandbox/tripo/faults")).json()

    assert [fault["name"] for fault in armed] == ["late_failed"]
    assert cleared == []
    assert (await wire.finished(await wire.text()))["status"] == "success"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"fault": "earthquake"}),
        ("faults", {"fault": "reject", "on": "tuesday"}),
        ("speed", {"factor": -1}),
        ("speed", {"fcator": 1}),
        ("credits", {"balance": 1, "account": "nobody"}),
        ("keys", {"key": "tcli_client"}),
        ("keys", {"revoke": "tsk_nobody"}),
        ("keys", {}),
        ("settings", {"pools": {"swimming": 1}}),
    ],
)
async def test_a_control_that_makes_no_sense_is_refused(
    wire: Wire, path: str, body: dict[str, object]
) -> None:
    answer = await wire.client.post(f"/sandbox/tripo/{path}", json=body)

    assert answer.status == 400
