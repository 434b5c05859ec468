"""Where sources disagree, both ways are played."""

import pytest

from sandbox.vendors.meshy.accounts import TEST_KEY
from tests.sandbox.vendors.meshy.conftest import KNIGHT, OWL, TEXT, Wire, picture


async def test_prompts_may_be_shorter(wire: Wire) -> None:
    await wire.control("settings", {"prompt_most": 600})

    assert (await wire.post(TEXT, OWL | {"prompt": "x" * 601}))[0] == 400
    assert (await wire.post(TEXT, OWL | {"prompt": "x" * 600}))[0] == 202


async def test_pages_may_be_longer(wire: Wire) -> None:
    await wire.control("settings", {"page_most": 100})

    assert await wire.get(f"{TEXT}?page_size=100") == []


@pytest.mark.parametrize(
    ("setting", "changes", "before", "after"),
    [
        ({"meshy_5": False}, {"ai_model": "meshy-5"}, 202, 400),
        ({"lowpoly": True}, {"model_type": "lowpoly"}, 400, 202),
        ({"fine_geometry": False}, {"geometry_resolution": "2k"}, 202, 403),
    ],
)
async def test_models_come_and_go(
    wire: Wire, setting: dict[str, object], changes: dict[str, object], before: int, after: int
) -> None:
    assert (await wire.post(TEXT, OWL | changes))[0] == before
    await wire.control("settings", setting)

    assert (await wire.post(TEXT, OWL | changes))[0] == after


async def test_lists_may_heed_a_status(wire: Wire) -> None:
    done = await wire.preview()
    waiting = await wire.text()

    both = await wire.get(f"{TEXT}?status=SUCCEEDED")
    await wire.control("settings", {"list_filters": True})
    one = await wire.get(f"{TEXT}?status=SUCCEEDED")

    assert [task["id"] for task in both] == [waiting, done["id"]]
    assert [task["id"] for task in one] == [done["id"]]


async def test_an_animation_may_be_called_otherwise(wire: Wire) -> None:
    rig = await wire.rig()
    body = {"rig_task_id": rig["id"], "action_id": 0}

    before = await wire.finished("v1/animations", body)
    await wire.control("settings", {"animation_type": "animation"})

    assert before["type"] == "animate"
    assert (await wire.get(f"v1/animations/{before['id']}"))["type"] == "animation"


async def test_the_library_may_have_an_envelope(wire: Wire) -> None:
    await wire.control("settings", {"library_shape": "result"})

    assert (await wire.get("v1/animations/library?search=idle"))["result"][0]["action_id"] == 0


@pytest.mark.parametrize("word", ["nude", "bloody"])
async def test_words_are_screened_only_where_that_is_asked_for(wire: Wire, word: str) -> None:
    prompt = {"prompt": f"a {word} owl"}

    careless = await wire.preview(**prompt)
    screened = await wire.preview(**prompt, moderation=True)
    await wire.control("settings", {"moderation": "request"})
    refused = await wire.post(TEXT, OWL | prompt | {"moderation": True})

    assert careless["status"] == "SUCCEEDED"
    assert screened["task_error"]["code"] == "moderation_blocked"
    assert screened["consumed_credits"] == 0
    assert refused[0] == 400


async def test_words_for_a_surface_are_screened_too(wire: Wire) -> None:
    preview = await wire.preview()
    refine = {
        "mode": "refine",
        "preview_task_id": preview["id"],
        "texture_prompt": "gore",
        "moderation": True,
    }
    image = {"image_url": picture(), "texture_prompt": "gore", "moderation": True}

    for path, body in ((TEXT, refine), ("v1/image-to-3d", image)):
        assert (await wire.finished(path, body))["task_error"]["code"] == "moderation_blocked"


async def test_a_preview_may_have_a_texture_and_name_its_model(wire: Wire) -> None:
    await wire.control("settings", {"preview_textures": True, "echo_model": True})

    task = await wire.preview()

    assert [maps.keys() for maps in task["texture_urls"]] == [{"base_color"}]
    assert (await wire.download(task["texture_urls"][0]["base_color"])).content_type == "image/png"
    assert (task["ai_model"], task["geometry_resolution"]) == ("meshy-7.1", "standard")


async def test_a_raw_mesh_may_be_too_heavy(wire: Wire) -> None:
    await wire.control("settings", {"raw_is_heavy": True})
    raw = await wire.preview(**KNIGHT | {"should_remesh": False})
    remeshed = await wire.preview(**KNIGHT)

    assert (await wire.post("v1/rigging", {"input_task_id": raw["id"]}))[0] == 400
    assert (await wire.post("v1/rigging", {"input_task_id": remeshed["id"]}))[0] == 202


async def test_a_refusal_by_rate_may_not_say_when(wire: Wire) -> None:
    await wire.control("settings", {"retry_after": False, "limits": {"requests": 1}})
    await wire.call("GET", "v1/balance")

    answer = await wire.call("GET", "v1/balance")

    assert answer.status == 429
    assert "Retry-After" not in answer.headers


async def test_the_key_for_tests_may_be_good(wire: Wire) -> None:
    wire.key = TEST_KEY
    assert await wire.status("GET", TEXT) == 401

    await wire.control("settings", {"test_key": True})
    assert (await wire.post(TEXT, OWL))[0] == 202

    await wire.control("settings", {"test_key": False})
    assert await wire.status("GET", TEXT) == 401


async def test_a_setting_that_is_none_is_400(wire: Wire) -> None:
    for wrong in ({"weather": "fine"}, {"limits": {"patience": 1}}, {"moderation": "never"}):
        assert (await wire.client.post("/sandbox/meshy/settings", json=wrong)).status == 400
