"""From acceptance to files, and what it costs on the way."""

import itertools

import pytest

from sandbox.vendors.replicate.accounts import KEY
from tests.sandbox.vendors.replicate.conftest import FLUX, HUNYUAN, OTHER_KEY, SHAP_E, TRELLIS, Wire


async def test_a_prediction_starts_then_runs_then_is_done(wire: Wire) -> None:
    prediction_id = await wire.owl()
    seen = []
    for _ in range(5):
        seen.append((await wire.prediction(prediction_id))["status"])
        wire.clock.advance(seconds=3)

    assert seen == ["starting", "processing", "processing", "processing", "succeeded"]


async def test_a_new_prediction_has_its_form(wire: Wire) -> None:
    found = await wire.run(HUNYUAN, {"prompt": "a brass owl"})

    assert found.pop("http") == 201
    assert len(found["id"]) == 26
    own = wire.address(f"/v1/predictions/{found['id']}")
    assert found == {
        "id": found["id"],
        "model": HUNYUAN,
        "version": "hidden",
        "input": {"prompt": "a brass owl"},
        "logs": "",
        "output": None,
        "data_removed": False,
        "error": None,
        "source": "api",
        "status": "starting",
        "created_at": "2026-09-21T14:13:20Z",
        "urls": {"web": f"https://replicate.com/p/{found['id']}", "get": own, "cancel": f"{own}/cancel"},
    }


async def test_a_finished_one_tells_times_and_metrics(wire: Wire) -> None:
    found = await wire.done(HUNYUAN, {"prompt": "a brass owl"})

    assert found["started_at"] == "2026-09-21T14:13:21.200000000Z"
    assert found["completed_at"] == "2026-09-21T14:13:32.000000000Z"
    assert found["metrics"] == {"predict_time": 10.8, "total_time": 12.0}


async def test_an_answer_is_one_line_of_json(wire: Wire) -> None:
    body = await (await wire.call("GET", "/predictions")).text()

    assert body.endswith("}\n")
    assert body.count("\n") == 1


async def test_a_community_model_shows_its_version(wire: Wire) -> None:
    found = await wire.run(f"cjwbw/shap-e:{SHAP_E}", {"prompt": "an owl"})

    assert (found["model"], found["version"]) == ("cjwbw/shap-e", SHAP_E)


async def test_an_official_model_runs_by_its_own_route_too(wire: Wire) -> None:
    found = await wire.post(f"/models/{HUNYUAN}/predictions", {"input": {"prompt": "an owl"}})

    assert (found["http"], found["model"], found["version"]) == (201, HUNYUAN, "hidden")


async def test_a_community_model_has_no_such_route(wire: Wire) -> None:
    found = await wire.post("/models/firtoz/trellis/predictions", {"input": {"images": []}})

    assert found["http"] == found["status"] == 404


@pytest.mark.parametrize("word", ["Bearer", "Token"])
async def test_either_word_goes_before_a_key(wire: Wire, word: str) -> None:
    answer = await wire.client.get("/v1/account", headers={"Authorization": f"{word} {KEY}"})

    assert (await answer.json())["username"] == "main"


@pytest.mark.parametrize("header", [{}, {"Authorization": KEY}, {"Authorization": f"Bearer {OTHER_KEY}"}])
async def test_without_a_good_key_nothing_is_told(wire: Wire, header: dict[str, str]) -> None:
    answer = await wire.client.get("/v1/predictions", headers=header)

    assert (answer.status, answer.content_type) == (401, "application/problem+json")
    assert await answer.json(content_type=None) == {
        "title": "Unauthenticated",
        "detail": "You did not pass a valid authentication token",
        "status": 401,
    }


async def test_another_account_does_not_see_it_but_another_key_of_ones_own_does(wire: Wire) -> None:
    prediction_id = await wire.owl()
    await wire.control("keys", {"key": OTHER_KEY, "account": "other"})
    wire.key = OTHER_KEY
    stranger = (await wire.prediction(prediction_id))["http"], (await wire.get("/predictions"))["results"]
    await wire.control("keys", {"key": OTHER_KEY})
    friend = (await wire.prediction(prediction_id))["http"]

    assert (stranger, friend) == ((404, []), 200)


async def test_a_revoked_key_opens_nothing(wire: Wire) -> None:
    await wire.control("keys", {"revoke": KEY})

    assert (await wire.get("/account"))["http"] == 401


@pytest.mark.parametrize(
    ("version", "given", "cost"),
    [
        (HUNYUAN, {"prompt": "an owl"}, 0.50),
        (FLUX, {"prompt": "an owl", "num_outputs": 3}, 0.009),
        (SHAP_E, {"prompt": "an owl"}, 0.01),
    ],
)
async def test_a_prediction_is_charged_in_dollars_when_it_succeeds(
    wire: Wire, version: str, given: dict[str, object], cost: float
) -> None:
    await wire.run(version, given)
    before = await wire.balance()
    wire.clock.advance(seconds=30)

    assert before == 100
    assert await wire.balance() == pytest.approx(100 - cost)
    assert [entry["credits"] for entry in await wire.books()] == [cost]


async def test_an_official_model_that_fails_costs_nothing(wire: Wire) -> None:
    await wire.done(HUNYUAN, {"prompt": "an owl late-failed"})

    assert await wire.balance() == 100


@pytest.mark.parametrize(("charged", "cost"), [(True, 0.01), (False, 0)])
async def test_the_time_of_a_community_model_that_fails_may_be_charged(
    wire: Wire, charged: object, cost: float
) -> None:
    await wire.control("settings", {"failures_cost": charged})
    await wire.done(SHAP_E, {"prompt": "an owl late-failed"})

    assert await wire.balance() == 100 - cost


async def test_a_cancelled_prediction_is_charged_for_the_time_it_used(wire: Wire) -> None:
    prediction = await wire.run(SHAP_E, {"prompt": "an owl"})
    wire.clock.advance(seconds=0.5 + 4.5 / 2)

    found = await wire.post(f"/predictions/{prediction['id']}/cancel", {})

    assert (found["http"], found["status"], found["output"]) == (200, "canceled", None)
    assert await wire.balance() == pytest.approx(100 - 0.005)


async def test_one_that_is_cancelled_before_it_ran_costs_nothing(wire: Wire) -> None:
    prediction = await wire.run(SHAP_E, {"prompt": "an owl"})

    found = await wire.post(f"/predictions/{prediction['id']}/cancel", {})

    assert found["status"] == "canceled"
    assert "started_at" not in found
    assert await wire.balance() == 100


@pytest.mark.parametrize(("way", "http"), [("shown", 200), ("refused", 422)])
async def test_what_a_late_cancel_says_is_unsure_but_it_changes_nothing(
    wire: Wire, way: str, http: int
) -> None:
    await wire.control("settings", {"cancel_finished": way})
    done = await wire.done(HUNYUAN, {"prompt": "an owl"})

    answer = await wire.post(f"/predictions/{done['id']}/cancel", {})

    assert answer["http"] == http
    assert (await wire.prediction(done["id"]))["status"] == "succeeded"


async def test_the_answer_to_a_cancel_may_lag(wire: Wire) -> None:
    await wire.control("settings", {"cancel_lags": True})
    prediction_id = await wire.owl()

    assert (await wire.post(f"/predictions/{prediction_id}/cancel", {}))["status"] == "starting"
    assert (await wire.prediction(prediction_id))["status"] == "canceled"


async def test_a_deadline_ends_what_has_not_begun_as_aborted(wire: Wire) -> None:
    await wire.control("settings", {"cold_seconds": 900})
    found = await wire.run(SHAP_E, {"prompt": "an owl"}, Cancel_After="1m30s")
    wire.clock.advance(minutes=20)

    ended = await wire.prediction(found["id"])

    assert found["deadline"] == "2026-09-21T14:14:50Z"
    assert (ended["status"], ended["completed_at"]) == ("aborted", "2026-09-21T14:14:50.000000000Z")
    assert await wire.balance() == 100


async def test_a_deadline_ends_what_runs_as_canceled_even_if_nobody_looked(wire: Wire) -> None:
    prediction_id = await wire.owl(Cancel_After="5")
    wire.clock.advance(minutes=20)

    assert (await wire.prediction(prediction_id))["status"] == "canceled"


async def test_a_deadline_after_the_end_changes_nothing(wire: Wire) -> None:
    prediction_id = await wire.owl(Cancel_After="1h30m45s")
    wire.clock.advance(minutes=5)

    assert (await wire.prediction(prediction_id))["status"] == "succeeded"


async def test_without_a_deadline_half_an_hour_is_the_longest(wire: Wire) -> None:
    await wire.control("speed", {"factor": 0.001})
    prediction_id = await wire.owl()
    wire.clock.advance(minutes=21)
    running = (await wire.prediction(prediction_id))["status"]
    wire.clock.advance(minutes=30)

    assert (running, (await wire.prediction(prediction_id))["status"]) == ("processing", "canceled")


@pytest.mark.parametrize("value", ["4", "soon", "", "5 m", "-1m"])
async def test_a_deadline_that_is_none_is_refused(wire: Wire, value: str) -> None:
    body = {"version": HUNYUAN, "input": {"prompt": "an owl"}}

    assert (await wire.post("/predictions", body, Cancel_After=value))["http"] == 422
    assert await wire.books() == []


async def test_a_community_model_may_be_cold_and_an_official_one_never_is(wire: Wire) -> None:
    await wire.control("settings", {"cold_seconds": 60})
    cold, warm = await wire.run(SHAP_E, {"prompt": "an owl"}), await wire.owl()
    wire.clock.advance(seconds=30)

    assert (await wire.prediction(cold["id"]))["status"] == "starting"
    assert (await wire.prediction(warm))["status"] == "succeeded"
    wire.clock.advance(seconds=40)
    assert (await wire.prediction(cold["id"]))["status"] == "succeeded"


@pytest.mark.parametrize(("way", "left"), [("object", {}), ("null", None)])
async def test_an_hour_after_the_end_the_data_is_gone(wire: Wire, way: str, left: object) -> None:
    await wire.control("settings", {"removed_input": way})
    done = await wire.done(HUNYUAN, {"prompt": "an owl"})
    wire.clock.advance(minutes=59)
    kept = await wire.prediction(done["id"])
    served = (await wire.download(done["output"])).status
    wire.clock.advance(minutes=1)

    gone = await wire.prediction(done["id"])

    assert (kept["data_removed"], kept["output"], served) == (False, done["output"], 200)
    assert (gone["status"], gone["data_removed"]) == ("succeeded", True)
    assert (gone["output"], gone["input"], gone["logs"]) == (None, left, "")
    assert (await wire.download(done["output"])).status == 404


async def test_logs_grow_with_bars_of_percent(wire: Wire, red_png: bytes) -> None:
    found = await wire.run(SHAP_E, {"prompt": "an owl"})
    logs = []
    for _ in range(6):
        logs.append((await wire.prediction(found["id"]))["logs"])
        wire.clock.advance(seconds=1)

    assert logs[0] == ""
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(logs))
    assert " 50%|█████     | 32/64 [" in logs[3]
    assert logs[-1].splitlines()[-1].startswith("100%|██████████| 64/64")


async def test_some_models_print_nothing_of_use(wire: Wire) -> None:
    assert "%" not in (await wire.done(HUNYUAN, {"prompt": "an owl"}))["logs"]


async def test_work_goes_as_fast_as_it_is_told_to(wire: Wire) -> None:
    prediction_id = await wire.owl()
    await wire.control("speed", {"factor": 0})
    wire.clock.advance(minutes=10)
    held = await wire.prediction(prediction_id)
    await wire.control("speed", {"factor": 12})
    wire.clock.advance(seconds=1)

    assert (held["status"], (await wire.prediction(prediction_id))["status"]) == ("starting", "succeeded")


async def test_the_books_tell_what_was_accepted_and_taken(wire: Wire) -> None:
    await wire.done(HUNYUAN, {"prompt": "an owl"})
    await wire.run(TRELLIS, {"images": ["http://127.0.0.1:1/nothing.png"]})

    first, second = await wire.books()

    assert (first["type"], first["status"], first["credits"], first["key"]) == (
        HUNYUAN,
        "succeeded",
        0.5,
        KEY,
    )
    assert (second["type"], second["version"], second["credits"]) == ("firtoz/trellis", TRELLIS, 0)
    assert second["created_at"] == first["created_at"] + 30_000
    assert first["completed_at"] == first["created_at"] + 12_000


async def test_waiting_gives_the_end_in_the_first_answer(wire: Wire) -> None:
    answer = await wire.call(
        "POST",
        "/predictions",
        json={"version": FLUX, "input": {"prompt": "an owl"}},
        headers={"Prefer": "wait"},
    )
    data = await answer.json()

    assert (answer.status, answer.headers["Preference-Applied"]) == (201, "wait=60")
    assert (data["status"], len(data["output"])) == ("succeeded", 1)


async def test_waiting_too_short_gives_what_there_is(wire: Wire) -> None:
    found = await wire.run(HUNYUAN, {"prompt": "an owl"}, Prefer="wait=5")

    assert (found["http"], found["status"]) == (202, "processing")


async def test_a_wait_that_is_none_is_not_applied(wire: Wire) -> None:
    found = await wire.run(HUNYUAN, {"prompt": "an owl"}, Prefer="wait=61")

    assert found["status"] == "starting"


async def test_waiting_may_show_the_output_too_early_and_in_place(wire: Wire) -> None:
    await wire.control("settings", {"wait_says_processing": True, "wait_inlines": True})

    found = await wire.run(FLUX, {"prompt": "an owl"}, Prefer="wait=60")

    assert found["status"] == "processing"
    assert found["output"][0].startswith("data:image/webp;base64,")


async def test_creation_may_be_answered_in_other_ways(wire: Wire) -> None:
    await wire.control("settings", {"create_status": 202, "sparse_new": True})

    found = await wire.run(HUNYUAN, {"prompt": "an owl"})

    assert found["http"] == 202
    assert "output" not in found
