"""What the vendor refuses, and with which status and code."""

from typing import Any

import pytest

from tests.sandbox.vendors.tripo.conftest import MODEL, OWL, Wire

P1 = "P1-20260311"
UNKNOWN = "0196f4ce-7c1b-7b0e-9a52-3f0d6a5c8e11"
TEXT, IMAGE, VIEWS = (f"/generation/{name}-to-model" for name in ("text", "image", "multiview"))


@pytest.mark.parametrize(
    ("path", "body", "http", "code"),
    [
        (TEXT, {"prompt": "an owl"}, 400, 1004),
        (TEXT, OWL | {"model": "v2.0-20240919"}, 400, 2015),
        (TEXT, OWL | {"model": "v9"}, 400, 2017),
        (TEXT, {"model": MODEL}, 400, 1004),
        (TEXT, OWL | {"prompt": ""}, 400, 1004),
        (TEXT, OWL | {"prompt": "x" * 1025}, 400, 1004),
        (TEXT, OWL | {"prompt": 5}, 400, 1004),
        (TEXT, OWL | {"negative_prompt": "x" * 256}, 400, 1004),
        (TEXT, OWL | {"prompt": "an owl\x07"}, 400, 2009),
        (TEXT, OWL | {"prompt": "nude owl"}, 400, 2008),
        (TEXT, OWL | {"model_seed": "seven"}, 400, 1004),
        (TEXT, OWL | {"texture_quality": "best"}, 400, 1004),
        (TEXT, OWL | {"face_limit": 0}, 400, 1004),
        (TEXT, OWL | {"face_limit": 1_500_001}, 400, 1004),
        (TEXT, OWL | {"quad": True, "face_limit": 150_001}, 400, 1004),
        (TEXT, OWL | {"smart_low_poly": True, "face_limit": 499}, 400, 1004),
        (TEXT, OWL | {"generate_parts": True}, 400, 1004),
        (TEXT, OWL | {"model": P1, "quad": False}, 400, 1004),
        (TEXT, OWL | {"model": P1, "smart_low_poly": False}, 400, 1004),
        (TEXT, OWL | {"model": P1, "geometry_quality": "standard"}, 400, 1004),
        (TEXT, OWL | {"model": P1, "face_limit": 47}, 400, 1004),
        (TEXT, OWL | {"model": P1, "face_limit": 20_001}, 400, 1004),
        (IMAGE, {"model": MODEL}, 400, 1004),
        (IMAGE, {"model": MODEL, "input": "data:image/png;base64,AAAA"}, 400, 1004),
        (IMAGE, {"model": MODEL, "input": "file_unknown"}, 400, 1004),
        (IMAGE, {"model": MODEL, "input": "https://pictures.test/owl.png"}, 400, 1004),
        (IMAGE, {"model": MODEL, "input": UNKNOWN}, 404, 2001),
        (VIEWS, {"model": MODEL, "inputs": ["file_a", "", "", ""]}, 400, 1004),
        (VIEWS, {"model": MODEL, "inputs": ["", "file_a", "file_b", ""]}, 400, 1004),
        (VIEWS, {"model": MODEL, "inputs": [{"left": "file_a"}, {"back": "file_b"}]}, 400, 1004),
        (VIEWS, {"model": MODEL, "inputs": ["file_a", "file_b"]}, 400, 1004),
        ("/animations/rig-check", {}, 400, 1004),
        ("/animations/rig-check", {"input": UNKNOWN}, 404, 2001),
        ("/animations/rig", {"input": UNKNOWN}, 404, 2001),
        ("/animations/rig", {"input": "file_x"}, 400, 1004),
        ("/animations/rig", {"input": UNKNOWN, "model": "v2.0-20250506"}, 400, 1004),
        ("/animations/rig", {"input": UNKNOWN, "rig_type": "quadruped"}, 400, 1004),
        ("/animations/rig", {"input": UNKNOWN, "spec": "vrm"}, 400, 1004),
        ("/animations/retarget", {"input": "file_x", "animation": "preset:walk"}, 400, 2012),
        ("/animations/retarget", {"input": UNKNOWN, "animation": "preset:walk"}, 404, 2001),
        ("/animations/retarget", {"input": UNKNOWN}, 400, 1004),
        (
            "/animations/retarget",
            {"input": UNKNOWN, "animation": "preset:walk", "animations": ["preset:run"]},
            400,
            1004,
        ),
        ("/animations/retarget", {"input": UNKNOWN, "animations": []}, 400, 1004),
        ("/animations/retarget", {"input": UNKNOWN, "animations": ["preset:walk"] * 6}, 400, 1004),
        ("/models/import", {"input": UNKNOWN}, 400, 1004),
        ("/models/refine", {}, 400, 2016),
        ("/tasks/list", {"task_ids": []}, 400, 1004),
        ("/tasks/list", {"task_ids": [UNKNOWN] * 101}, 400, 1004),
        ("/files/presign", {"format": ".exe"}, 400, 1004),
        ("/no/such/route", {}, 404, 4001),
        (f"/tasks/{UNKNOWN}/cancel", {}, 404, 4001),
    ],
)
async def test_what_is_wrong_is_refused_and_costs_nothing(
    wire: Wire, path: str, body: dict[str, Any], http: int, code: int
) -> None:
    answer = await wire.post(path, body)

    assert (answer["http"], answer["code"], answer["status"]) == (http, code, "error")
    assert await wire.balance() == (3000, 0)
    assert await wire.books() == []


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer tsk_wrong", "Bearer tcli_client", "tsk_sandbox_key_for_anyone_to_use_000000000000"],
)
async def test_a_wrong_key_is_401(wire: Wire, authorization: str) -> None:
    answer = await wire.call("GET", "/account/balance", headers={"Authorization": authorization})

    assert answer.status == 401
    assert (await answer.json())["code"] == 2


async def test_the_code_of_a_401_can_be_the_older_one(wire: Wire) -> None:
    await wire.control("settings", {"unauthorised_code": 1002})
    wire.key = "tsk_wrong"

    assert (await wire.get("/account/balance"))["code"] == 1002


async def test_a_revoked_key_is_401(wire: Wire) -> None:
    await wire.control("keys", {"revoke": wire.key})

    assert (await wire.get("/account/balance"))["http"] == 401


@pytest.mark.parametrize(
    ("how", "http"),
    [
        ({"data": "{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": "[]", "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": "{}", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"data": b"\xff{}", "headers": {"Content-Type": "application/json"}}, 400),
    ],
)
async def test_a_body_that_is_no_json_object_is_1003(wire: Wire, how: dict[str, Any], http: int) -> None:
    answer = await wire.call("POST", TEXT, **how)

    assert (answer.status, (await answer.json())["code"]) == (http, 1003)


async def test_a_wrong_method_is_1003(wire: Wire) -> None:
    answer = await wire.call("DELETE", "/account/balance")

    assert (answer.status, (await answer.json())["code"]) == (405, 1003)


async def test_another_keys_task_is_not_there(wire: Wire) -> None:
    task_id = await wire.model()
    await wire.control("keys", {"key": "tsk_second", "account": "main"})
    wire.key = "tsk_second"

    assert (await wire.get(f"/tasks/{task_id}"))["code"] == 2001
    assert (await wire.post("/animations/rig-check", {"input": task_id}))["code"] == 2001
    listed = await wire.post("/tasks/list", {"task_ids": [task_id]})
    assert listed["data"] == {"tasks": {}, "missed": [task_id]}


async def test_a_source_must_have_succeeded(wire: Wire) -> None:
    task_id = await wire.text()

    for path in ("rig-check", "rig"):
        assert (await wire.post(f"/animations/{path}", {"input": task_id}))["code"] == 2007


async def test_only_a_model_can_be_rigged_and_only_a_rig_retargeted(wire: Wire) -> None:
    model = await wire.model()
    rig = await wire.rig(model)

    assert (await wire.post("/animations/rig-check", {"input": rig}))["code"] == 2011
    assert (await wire.post("/animations/rig", {"input": rig}))["code"] == 2006
    answer = await wire.post("/animations/retarget", {"input": model, "animation": "preset:walk"})
    assert answer["code"] == 2012


@pytest.mark.parametrize(
    ("rig", "preset", "code"),
    [
        ({}, "preset:biped:dance_01", 0),
        ({}, "preset:walk", 0),
        ({}, "preset:dance", 1004),
        ({}, "preset:biped:defeat_01", 1004),
        ({}, "walk", 1004),
        ({}, "preset:quadruped:walk", 1004),
        ({"model": "v2.5-20260210"}, "preset:biped:dance_01", 1004),
        ({"model": "v2.5-20260210"}, "preset:run", 0),
        ({"model": "v2.5-20260210", "rig_type": "quadruped"}, "preset:quadruped:walk", 0),
        ({"model": "v2.5-20260210", "rig_type": "quadruped"}, "preset:walk", 1004),
    ],
)
async def test_a_rig_plays_its_own_presets(wire: Wire, rig: dict[str, str], preset: str, code: int) -> None:
    source = await wire.rig(await wire.model(), **rig)

    answer = await wire.post("/animations/retarget", {"input": source, "animation": preset})

    assert answer["code"] == code


async def test_an_empty_account_is_refused(wire: Wire) -> None:
    await wire.control("credits", {"balance": 19.99})

    answer = await wire.post(TEXT, OWL)

    assert (answer["http"], answer["code"]) == (403, 2010)
    assert await wire.balance() == (19.99, 0)


@pytest.mark.parametrize(("model", "room"), [(MODEL, 10), (P1, 5)])
async def test_a_full_pool_is_2000_until_a_task_ends(wire: Wire, model: str, room: int) -> None:
    for _ in range(room):
        await wire.text(model=model)

    answer = await wire.call("POST", TEXT, json=OWL | {"model": model})

    assert (answer.status, (await answer.json())["code"]) == (429, 2000)
    assert int(answer.headers["Retry-After"]) >= 1
    wire.clock.advance(seconds=60)
    await wire.text(model=model)


async def test_too_many_requests_are_1007_until_the_minute_is_over(wire: Wire) -> None:
    await wire.control("settings", {"limits": {"create": 2}})
    first = await wire.call("POST", TEXT, json=OWL)
    await wire.call("POST", TEXT, json=OWL)

    answer = await wire.call("POST", TEXT, json=OWL)

    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("2", "1")
    assert (answer.status, (await answer.json())["code"]) == (429, 1007)
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    wire.clock.advance(seconds=int(answer.headers["Retry-After"]))
    assert (await wire.call("POST", TEXT, json=OWL)).status == 200


async def test_reading_does_not_count_as_creating(wire: Wire) -> None:
    await wire.control("settings", {"limits": {"create": 1}})
    task_id = await wire.text()

    for _ in range(5):
        assert (await wire.get(f"/tasks/{task_id}"))["http"] == 200


async def test_names_of_the_older_api_are_understood(wire: Wire) -> None:
    model = await wire.created(TEXT, {"prompt": "an owl", "model_version": MODEL})
    await wire.finished(model)

    check = await wire.created("/animations/rig-check", {"original_model_task_id": model})

    assert (await wire.finished(check))["output"] == {"riggable": True, "rig_type": "biped"}


async def test_unknown_fields_pass_and_are_echoed(wire: Wire) -> None:
    task_id = await wire.text(facelimit=100)

    assert (await wire.task(task_id))["input"]["facelimit"] == 100


async def test_pbr_brings_a_texture_with_it(wire: Wire) -> None:
    with_pbr = await wire.task(await wire.text(texture=False))
    without = await wire.task(await wire.text(texture=False, pbr=False))

    assert (with_pbr["input"]["texture"], without["input"]["texture"]) == (True, False)
