"""What is refused, in the vendor's own words, before anything is accepted or paid."""

from typing import Any

import pytest

from tests.sandbox.vendors.meshy.conftest import OWL, TEXT, Wire, picture

IMAGE = "v1/image-to-3d"
VIEWS = "v1/multi-image-to-3d"
NOBODY = "01a07f5e-81c7-7111-86f2-f6d2f80b2093"


@pytest.mark.parametrize(
    "changes",
    [
        {"mode": None},
        {"mode": "draft"},
        {"prompt": ""},
        {"prompt": 7},
        {"prompt": "x" * 801},
        {"model_type": "smooth"},
        {"ai_model": "meshy-4"},
        {"ai_model": "meshy-t2"},
        {"model_type": "smart-topology", "ai_model": "meshy-7.1"},
        {"model_type": "smart-topology", "ai_model": "meshy-t1"},
        {"model_type": "smart-topology", "target_polycount": 15_001},
        {"model_type": "smart-topology", "geometry_resolution": "2k"},
        {"model_type": "lowpoly"},
        {"ai_model": "meshy-6", "geometry_resolution": "2k"},
        {"geometry_resolution": "8k"},
        {"topology": "hexagon"},
        {"target_polycount": 99},
        {"target_polycount": 300_001},
        {"target_polycount": "30000"},
        {"decimation_mode": 5},
        {"pose_mode": "yoga"},
        {"target_formats": []},
        {"target_formats": ["glb", "blend"]},
        {"origin_at": "top"},
        {"moderation": "yes"},
    ],
)
async def test_a_wrong_preview_is_400_with_a_message(wire: Wire, changes: dict[str, Any]) -> None:
    status, answer = await wire.post(TEXT, OWL | changes)

    assert (status, answer.keys()) == (400, {"message"})
    assert await wire.books() == []
    assert await wire.balance() == 1000


@pytest.mark.parametrize(
    "changes",
    [
        {"symmetry_mode": "auto", "art_style": "realistic", "negative_prompt": "ugly", "unheard_of": 1},
        {"prompt": "x" * 800},
        {"ai_model": "latest", "pose_mode": "", "should_remesh": True, "topology": "quad"},
        {"model_type": "smart-topology", "ai_model": "meshy-t2", "target_polycount": 15_000},
        {"decimation_mode": 4, "should_remesh": True, "origin_at": "center", "auto_size": True},
    ],
)
async def test_fields_without_effect_and_the_most_that_is_allowed_pass(
    wire: Wire, changes: dict[str, Any]
) -> None:
    assert (await wire.post(TEXT, OWL | changes))[0] == 202


async def test_a_refine_goes_on_from_a_preview_that_succeeded_and_from_nothing_else(wire: Wire) -> None:
    waiting = await wire.text()
    refine = {"mode": "refine", "preview_task_id": waiting}

    assert (await wire.post(TEXT, refine))[0] == 400
    assert await wire.post(TEXT, refine | {"preview_task_id": "7"}) == (400, {"message": "Invalid ID"})
    assert (await wire.post(TEXT, refine | {"preview_task_id": NOBODY}))[0] == 404
    wire.clock.advance(seconds=60)
    refined = await wire.finished(TEXT, refine)
    assert refined["type"] == "text-to-3d-refine"
    assert (await wire.post(TEXT, refine | {"preview_task_id": refined["id"]}))[0] == 400


@pytest.mark.parametrize(
    ("made_by", "refine", "status"),
    [
        ("meshy-6", {}, 202),
        ("meshy-6", {"ai_model": "meshy-6"}, 202),
        ("latest", {"ai_model": "meshy-7.1"}, 202),
        ("meshy-6", {"ai_model": "latest"}, 400),
        ("latest", {"ai_model": "meshy-t2"}, 400),
        ("meshy-6-lite", {"texture_resolution": "4k"}, 400),
        ("meshy-6-lite", {"hd_texture": True}, 400),
        ("latest", {"texture_resolution": "16k"}, 400),
        ("latest", {"texture_prompt": "x" * 801}, 400),
        ("latest", {"texture_image_url": "ftp://127.0.0.1/a.png"}, 400),
    ],
)
async def test_a_refine_must_fit_its_preview(
    wire: Wire, made_by: str, refine: dict[str, Any], status: int
) -> None:
    preview = await wire.preview(ai_model=made_by)

    answer = await wire.post(TEXT, {"mode": "refine", "preview_task_id": preview["id"], **refine})

    assert answer[0] == status


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"image_url": "owl.png"},
        {"image_url": "data:image/png;base64,%%%"},
        {"image_url": "data:image/png,plain"},
        {"image_url": "data:image/png;base64,bm8gcGljdHVyZQ=="},
        {"image_url": picture(form="webp")},
        {"image_url": "http://127.0.0.1:9/owl.png"},
        {"image_url": "https://elsewhere.example/owl.png"},
        {"image_url": picture(), "should_texture": False, "enable_pbr": True},
        {"image_url": picture(), "ai_model": "meshy-t2"},
        {"input_task_id": "x"},
    ],
)
async def test_a_picture_that_is_none_is_400(wire: Wire, body: dict[str, Any]) -> None:
    assert (await wire.post(IMAGE, body))[0] == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"image_urls": []}, 400),
        ({"image_urls": [picture()] * 5}, 400),
        ({"image_urls": [picture()] * 4}, 202),
        ({"image_urls": [picture()], "geometry_resolution": "2k"}, 202),
        ({"image_urls": [picture()], "geometry_resolution": "4k"}, 400),
        ({"image_urls": [picture()], "model_type": "smart-topology"}, 400),
    ],
)
async def test_one_to_four_views_are_taken(wire: Wire, body: dict[str, Any], status: int) -> None:
    assert (await wire.post(VIEWS, body))[0] == status


@pytest.mark.parametrize("header", ["", "msy_sandbox", "Bearer msy_wrong", "Bearer "])
async def test_who_has_no_key_gets_401_before_anything_else(wire: Wire, header: str) -> None:
    answer = await wire.call("POST", TEXT, json={}, headers={"Authorization": header})

    assert (answer.status, await answer.json()) == (401, {"message": "Invalid API key"})


async def test_a_key_that_was_taken_away_is_401(wire: Wire) -> None:
    await wire.control("keys", {"revoke": wire.key})

    assert await wire.status("GET", "v1/balance") == 401


async def test_browsers_are_403(wire: Wire) -> None:
    assert await wire.status("GET", "v1/balance", headers={"Origin": "https://page.example"}) == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "v1/text-to-3d"),
        ("GET", "v2/image-to-3d"),
        ("POST", "v1/rig"),
        ("POST", "v1/text-to-motion"),
        ("PUT", TEXT),
        ("POST", "v1/print/analyze"),
        ("GET", "creative-lab/figure/v1/prototype"),
    ],
)
async def test_a_route_that_is_not_there_is_404(wire: Wire, method: str, path: str) -> None:
    answer = await wire.call(method, path)

    assert (answer.status, await answer.json()) == (404, {"message": "NoMatchingRoute"})


@pytest.mark.parametrize(
    "more", [{"data": b"{"}, {"data": b"prompt=owl"}, {"json": ["owl"]}, {"json": "owl"}, {}]
)
async def test_a_body_that_is_no_object_is_400(wire: Wire, more: dict[str, Any]) -> None:
    assert await wire.status("POST", TEXT, **more) == 400


async def test_an_id_that_is_none_is_400_and_an_unknown_one_404(wire: Wire) -> None:
    wrong, unknown = await wire.call("GET", f"{TEXT}/owl"), await wire.call("GET", f"{TEXT}/{NOBODY}")

    assert (wrong.status, await wrong.json()) == (400, {"message": "Invalid ID"})
    assert (unknown.status, await unknown.json()) == (404, {"message": "Task not found"})


async def test_who_cannot_pay_gets_402(wire: Wire) -> None:
    await wire.control("credits", {"balance": 19})

    assert await wire.post(TEXT, OWL) == (402, {"message": "Insufficient funds"})
    assert await wire.balance() == 19
    assert (await wire.post(TEXT, OWL | {"ai_model": "meshy-6-lite"}))[0] == 202


async def test_a_full_queue_is_429_for_all_keys_of_the_account_and_costs_nothing(wire: Wire) -> None:
    await wire.control("settings", {"limits": {"tasks": 2}})
    await wire.control("keys", {"key": "msy_second"})
    await wire.text()
    await wire.text()
    wire.key = "msy_second"

    answer = await wire.call("POST", TEXT, json=OWL)

    assert (answer.status, await answer.json()) == (429, {"message": "NoMoreConcurrentTasks"})
    assert "Retry-After" not in answer.headers
    assert await wire.balance() == 960
    wire.clock.advance(seconds=60)
    assert (await wire.post(TEXT, OWL))[0] == 202


async def test_too_many_requests_in_a_second_are_429_of_the_other_kind(wire: Wire) -> None:
    await wire.control("settings", {"limits": {"requests": 3}})
    seen = [await wire.status("GET", "v1/balance") for _ in range(3)]

    answer = await wire.call("GET", "v1/balance")

    assert seen == [200, 200, 200]
    assert (answer.status, await answer.json()) == (429, {"message": "RateLimitExceeded"})
    assert answer.headers["Retry-After"] == "1"
    wire.clock.advance(seconds=1)
    assert await wire.status("GET", "v1/balance") == 200


async def test_every_answer_has_a_request_id_and_a_version(wire: Wire) -> None:
    ids = set()
    for path in ("v1/balance", "v1/nowhere"):
        answer = await wire.call("GET", path)
        ids.add(answer.headers["x-request-id"])
        assert answer.headers["x-api-version"]

    assert len(ids) == 2


async def test_the_credits_of_an_account_can_be_seen_from_outside(wire: Wire) -> None:
    await wire.text()

    answer = await wire.client.get("/sandbox/meshy/credits")

    assert await answer.json() == {"balance": 980} == await wire.get("v1/balance")
    assert (await wire.client.get("/sandbox/meshy/credits?account=nobody")).status == 400


async def test_what_larger_customers_see_is_403(wire: Wire) -> None:
    assert await wire.status("GET", "v1/usage/tasks") == 403
