"""What goes wrong when it is asked to, and that it stays with what it was asked for."""

from typing import Any

import pytest

from sandbox.shapes.glb import GlbError, read
from tests.sandbox.vendors.replicate.conftest import FLUX, HUNYUAN, SHAP_E, Wire

OWL = {"version": HUNYUAN, "input": {"prompt": "a brass owl"}}


def owl(word: str) -> dict[str, Any]:
    return {"version": HUNYUAN, "input": {"prompt": f"a brass owl, {word}."}}


@pytest.mark.parametrize(
    ("fault", "http"),
    [
        ({"fault": "reject"}, 400),
        ({"fault": "reject", "status": 503}, 503),
        ({"fault": "out_of_credit"}, 402),
        ({"fault": "unauthorised"}, 401),
        ({"fault": "rate_limited"}, 429),
        ({"fault": "low_credit_throttled"}, 429),
        ({"fault": "version_gone"}, 422),
        ({"fault": "html_502"}, 502),
    ],
)
async def test_a_refusal_comes_once_and_leaves_no_prediction(
    wire: Wire, fault: dict[str, object], http: int
) -> None:
    await wire.control("faults", fault)

    assert (await wire.call("POST", "/predictions", json=OWL)).status == http
    assert await wire.books() == []
    assert (await wire.post("/predictions", OWL))["http"] == 201


@pytest.mark.parametrize("fault", ["rate_limited", "html_502", "late_failed"])
async def test_a_fault_may_be_meant_for_one_model_however_it_is_called(wire: Wire, fault: str) -> None:
    await wire.control("faults", {"fault": fault, "type": "cjwbw/shap-e", "times": 2})
    given = {"input": {"prompt": "an owl"}}

    other = await wire.done(HUNYUAN, {"prompt": "an owl"})
    by_id = await wire.call("POST", "/predictions", json={"version": SHAP_E, **given})
    by_name = await wire.call("POST", "/predictions", json={"version": f"cjwbw/shap-e:{SHAP_E}", **given})
    wire.clock.advance(seconds=30)

    assert other["status"] == "succeeded"
    assert by_id.status == by_name.status
    statuses = [task["status"] for task in await wire.books() if task["type"] == "cjwbw/shap-e"]
    assert statuses == (["failed", "failed"] if fault == "late_failed" else [])


@pytest.mark.parametrize(
    ("word", "http", "accepted"),
    [
        ("html-502", 502, 0),
        ("html-page", 200, 0),
        ("html-502-after-accept", 502, 1),
        ("out-of-credit", 402, 0),
        ("fault-unauthorised", 401, 0),
        ("low-credit-throttled", 429, 0),
        ("version-gone", 422, 0),
        ("listed-late", 201, 1),
    ],
)
async def test_a_word_in_the_prompt_asks_for_it_too(wire: Wire, word: str, http: int, accepted: int) -> None:
    assert (await wire.call("POST", "/predictions", json=owl(word))).status == http
    assert len(await wire.books()) == accepted


async def test_a_prediction_can_be_missing_from_the_list_for_a_while(wire: Wire) -> None:
    await wire.control("faults", {"fault": "listed_late", "seconds": 20})
    prediction_id = await wire.owl()

    assert (await wire.get("/predictions"))["results"] == []
    assert (await wire.prediction(prediction_id))["http"] == 200
    wire.clock.advance(seconds=20)
    assert [row["id"] for row in (await wire.get("/predictions"))["results"]] == [prediction_id]


@pytest.mark.parametrize("call", ["read", "upload", "download"])
async def test_other_calls_can_break_as_well(wire: Wire, call: str) -> None:
    link = (await wire.done(HUNYUAN, {"prompt": "an owl"}))["output"]
    calls = {
        "read": lambda: wire.call("GET", "/account"),
        "upload": lambda: wire.call("GET", "/files"),
        "download": lambda: wire.download(link),
    }
    await wire.control("faults", {"fault": "reject", "on": call, "status": 503})

    assert (await calls[call]()).status == 503
    assert (await calls[call]()).status == 200


@pytest.mark.parametrize(
    ("word", "status", "error"),
    [
        ("late-failed", "failed", "CUDA out of memory"),
        ("late-moderated", "failed", "flagged as sensitive"),
        ("late-cancelled", "canceled", None),
        ("late-aborted", "aborted", None),
        ("fault-moderated", "failed", "flagged as sensitive"),
    ],
)
async def test_a_prediction_can_end_badly(wire: Wire, word: str, status: str, error: str | None) -> None:
    done = await wire.done(HUNYUAN, owl(word)["input"])

    assert (done["status"], done["output"]) == (status, None)
    assert error in done["error"] if error else done["error"] is None
    assert await wire.balance() == 100


async def test_a_forbidden_word_is_found_soon_and_a_gruesome_picture_late(wire: Wire) -> None:
    soon = await wire.run(HUNYUAN, {"prompt": "a naked owl"})
    late = await wire.run(HUNYUAN, {"prompt": "a gruesome owl"})
    wire.clock.advance(seconds=4)
    states = [(await wire.prediction(one["id"]))["status"] for one in (soon, late)]
    wire.clock.advance(seconds=20)

    assert states == ["failed", "processing"]
    assert "E005" in (await wire.prediction(late["id"]))["error"]


async def test_an_aborted_one_never_ran(wire: Wire) -> None:
    done = await wire.done(SHAP_E, {"prompt": "an owl late-aborted"})

    assert "started_at" not in done
    assert await wire.balance() == 100


async def test_an_unknown_state_stays_unknown_until_it_is_cancelled(wire: Wire) -> None:
    done = await wire.done(HUNYUAN, owl("unknown-status")["input"])

    assert done["status"] not in {"starting", "processing", "succeeded", "failed", "canceled", "aborted"}
    cancelled = await wire.post(f"/predictions/{done['id']}/cancel", {})
    assert cancelled["status"] == "canceled"


async def test_a_prediction_can_go_on_for_ever_whatever_its_deadline(wire: Wire) -> None:
    body = {"prompt": "an owl never-finishes"}
    prediction = await wire.run(FLUX, body, Cancel_After="5m")
    wire.clock.advance(hours=9)

    found = await wire.prediction(prediction["id"])

    assert (found["status"], found["output"]) == ("processing", None)
    assert "100%" not in found["logs"]


async def test_bars_can_go_backwards(wire: Wire) -> None:
    prediction = await wire.run(SHAP_E, {"prompt": "an owl goes-backwards"})
    wire.clock.advance(seconds=4)

    lines = (await wire.prediction(prediction["id"]))["logs"].splitlines()

    seen = [int(line.split("%")[0]) for line in lines]
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) > 3


async def test_a_prediction_can_be_forgotten(wire: Wire) -> None:
    prediction = await wire.run(HUNYUAN, owl("fault-forgotten")["input"])

    assert (await wire.prediction(prediction["id"]))["http"] == 404
    assert (await wire.get("/predictions"))["results"] == []
    assert len(await wire.books()) == 1


async def test_it_can_succeed_with_nothing(wire: Wire) -> None:
    done = await wire.done(HUNYUAN, owl("missing-model-url")["input"])

    assert (done["status"], done["output"], done["data_removed"]) == ("succeeded", None, False)


@pytest.mark.parametrize("word", ["truncated-glb", "not-a-glb"])
async def test_a_file_can_be_broken_and_still_the_prediction_succeeds(wire: Wire, word: str) -> None:
    done = await wire.done(HUNYUAN, owl(word)["input"])

    with pytest.raises(GlbError):
        read(await wire.file(done["output"]))


async def test_a_whole_file_can_break_a_rule(wire: Wire) -> None:
    done = await wire.done(HUNYUAN, owl("broken-glb")["input"])

    data = await wire.file(done["output"])

    assert read(data).document["accessors"][0]["count"] > 1_000_000


async def test_links_can_be_dead_from_the_start(wire: Wire) -> None:
    done = await wire.done(HUNYUAN, owl("expired-links")["input"])

    assert (await wire.download(done["output"])).status == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"fault": "pool_full"}),
        ("faults", {"fault": "reject", "on": "tuesday"}),
        ("speed", {"factor": -1}),
        ("credits", {"balance": 1, "account": "nobody"}),
        ("keys", {"key": "tsk_another_vendors"}),
        ("keys", {"revoke": "r8_nobody"}),
        ("settings", {"create_status": 203}),
        ("settings", {"coldness": 3}),
        ("webhooks", {"secret": "whsec_not base64"}),
    ],
)
async def test_a_control_that_makes_no_sense_is_refused(
    wire: Wire, path: str, body: dict[str, object]
) -> None:
    assert (await wire.client.post(f"/sandbox/replicate/{path}", json=body)).status == 400
