"""What is made of words, pictures and models: the files are what was asked for."""

import base64
import io
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from sandbox import models
from sandbox.models import Design
from sandbox.shapes.glb import Glb, read
from tests.sandbox.vendors.meshy.conftest import KNIGHT, TEXT, Wire, picture

KNIGHTS_FILE = models.build(Design(prompt="a knight", seed=3))


def data_uri(data: bytes) -> str:
    return "data:application/octet-stream;base64," + base64.b64encode(data).decode()


def positions(glb: Glb) -> np.ndarray:
    return glb.array(glb.document["meshes"][0]["primitives"][0]["attributes"]["POSITION"])


async def model(wire: Wire, task: dict[str, Any]) -> bytes:
    return await (await wire.download(task["model_urls"]["glb"])).read()


@pytest.fixture
async def shelf() -> AsyncIterator[TestServer]:
    """A place on this machine where files lie."""
    files = {"/knight.glb": KNIGHTS_FILE, "/red.png": base64.b64decode(picture().partition(",")[2])}

    async def give(request: web.Request) -> web.Response:
        return web.Response(body=files[request.path])

    app = web.Application()
    app.router.add_get("/{name}", give)
    async with TestServer(app) as server:
        yield server


async def test_a_preview_is_bare_and_its_refine_the_same_shape_with_paint(wire: Wire) -> None:
    preview = await wire.preview()
    refine = await wire.finished(TEXT, {"mode": "refine", "preview_task_id": preview["id"]})

    bare, painted = read(await model(wire, preview)), read(await model(wire, refine))

    assert "images" not in bare.document
    assert painted.document["images"]
    assert np.array_equal(positions(bare), positions(painted))
    assert (refine["prompt"], refine["texture_urls"][0].keys()) == ("a brass owl", {"base_color"})


async def test_light_on_the_surface_comes_where_it_is_asked_for(wire: Wire) -> None:
    preview = await wire.preview()
    body = {
        "mode": "refine",
        "preview_task_id": preview["id"],
        "enable_pbr": True,
        "texture_resolution": "8k",
    }
    task = await wire.finished(TEXT, body)

    (maps,) = task["texture_urls"]
    assert maps.keys() == {"base_color", "metallic", "normal", "roughness"}
    for link in maps.values():
        answer = await wire.download(link)
        assert answer.content_type == "image/png"
        Image.open(io.BytesIO(await answer.read())).verify()
    assert task["consumed_credits"] == 15


async def test_faces_are_as_few_as_asked_for(wire: Wire) -> None:
    raw = await wire.preview()
    counts = [
        models.triangles(await model(wire, await wire.preview(**changes)))
        for changes in (
            {"should_remesh": True, "target_polycount": 600},
            {"model_type": "smart-topology", "target_polycount": 300},
            {"target_polycount": 300},
        )
    ]

    assert counts[0] <= 600
    assert counts[1] <= 300
    assert counts[2] == models.triangles(await model(wire, raw))


async def test_only_the_formats_that_were_asked_for_are_there(wire: Wire) -> None:
    task = await wire.preview(target_formats=["fbx", "3mf"], alpha_thumbnail=True)

    assert task["model_urls"].keys() == {"fbx", "3mf"}
    assert (await (await wire.download(task["model_urls"]["fbx"])).read()).startswith(b"Kaydara FBX Binary")
    for name in ("thumbnail_url", "alpha_thumbnail_url"):
        data = await (await wire.download(task[name])).read()
        assert Image.open(io.BytesIO(data)).size == (512, 512)


async def test_a_picture_becomes_a_textured_model_in_one_go(wire: Wire, shelf: TestServer) -> None:
    links = [picture(), picture("blue", form="jpeg"), str(shelf.make_url("/red.png"))]
    tasks = [await wire.finished("v1/image-to-3d", {"image_url": link}) for link in links]

    files = [await model(wire, task) for task in tasks]

    assert len(set(files)) == 3
    assert all(read(file).document["images"] for file in files)
    assert tasks[0]["type"] == "image-to-3d"
    assert tasks[0]["expires_at"] == tasks[0]["finished_at"] + 72 * 3_600_000
    assert [task["consumed_credits"] for task in tasks] == [30, 30, 30]
    assert not any("base64" in str(task) for task in tasks)


@pytest.mark.parametrize(
    ("changes", "cost"),
    [
        ({"should_texture": False}, 20),
        ({"texture_resolution": "8k"}, 35),
        ({"model_type": "smart-topology"}, 15),
        ({"model_type": "smart-topology", "ai_model": "meshy-t1", "should_texture": False}, 5),
        ({"ai_model": "meshy-6-lite"}, 15),
        ({"geometry_resolution": "2k"}, 35),
    ],
)
async def test_a_model_from_a_picture_costs_by_what_is_asked(
    wire: Wire, changes: dict[str, Any], cost: int
) -> None:
    await wire.created("v1/image-to-3d", {"image_url": picture()} | changes)

    assert await wire.balance() == 1000 - cost


async def test_extras_of_a_model_from_a_picture(wire: Wire) -> None:
    extras = {"multi_view_thumbnails": True, "save_pre_remeshed_model": True, "should_remesh": True}
    task = await wire.finished("v1/image-to-3d", {"image_url": picture(), "should_texture": False} | extras)

    assert task["thumbnail_urls"].keys() == {"front", "right", "back", "left"}
    assert "pre_remeshed_glb" in task["model_urls"]
    assert task["texture_urls"] == []
    assert "images" not in read(await model(wire, task)).document


async def test_what_was_painted_here_becomes_the_model_it_shows(wire: Wire) -> None:
    painted = {"ai_model": "nano-banana", "prompt": "a knight"}
    one = await wire.finished("v1/text-to-image", painted)
    three = await wire.finished("v1/text-to-image", painted | {"generate_multi_view": True})

    single = await wire.finished("v1/image-to-3d", {"input_task_id": one["id"]})
    several = await wire.finished("v1/multi-image-to-3d", {"input_task_id": three["id"]})

    assert (len(one["image_urls"]), len(three["image_urls"])) == (1, 3)
    assert (await wire.post("v1/image-to-3d", {"input_task_id": three["id"]}))[0] == 400
    for task in (single, several):
        assert models.topology(await model(wire, task)) == "biped"


@pytest.mark.parametrize(
    ("path", "body", "cost"),
    [
        ("v1/text-to-image", {"ai_model": "nano-banana-2"}, 6),
        ("v1/text-to-image", {"ai_model": "gpt-image-2", "aspect_ratio": "3:2"}, 9),
        ("v1/image-to-image", {"ai_model": "nano-banana-pro", "reference_image_urls": [picture()]}, 9),
        ("v1/image-to-image", {"ai_model": "gpt-image-2", "reference_image_urls": [picture()] * 5}, 12),
    ],
)
async def test_pictures_cost_by_their_painter(wire: Wire, path: str, body: dict[str, Any], cost: int) -> None:
    task = await wire.finished(path, {"prompt": "an owl"} | body)

    assert (task["type"], task["consumed_credits"]) == (path.removeprefix("v1/"), cost)
    data = await (await wire.download(task["image_urls"][0])).read()
    assert Image.open(io.BytesIO(data)).format == "PNG"


@pytest.mark.parametrize(
    "body",
    [
        {"ai_model": "dall-e"},
        {"ai_model": "nano-banana", "aspect_ratio": "3:2"},
        {"ai_model": "gpt-image-2", "aspect_ratio": "16:9"},
        {"ai_model": "nano-banana", "aspect_ratio": "1:1", "generate_multi_view": True},
    ],
)
async def test_a_painter_that_is_not_there_or_does_not_do_that_is_400(
    wire: Wire, body: dict[str, Any]
) -> None:
    assert (await wire.post("v1/text-to-image", {"prompt": "an owl"} | body))[0] == 400


async def test_a_new_surface_leaves_the_shape(wire: Wire) -> None:
    before = await wire.preview()
    styles: list[dict[str, Any]] = [
        {"text_style_prompt": "rusty iron"},
        {"image_style_url": picture("green")},
        {"multiview_image_urls": [picture("blue")] * 4},
    ]
    tasks = [await wire.finished("v1/retexture", {"input_task_id": before["id"]} | style) for style in styles]

    shape = positions(read(await model(wire, before)))
    files = [await model(wire, task) for task in tasks]

    assert len(set(files)) == 3
    assert all(np.array_equal(shape, positions(read(file))) for file in files)
    assert [task["consumed_credits"] for task in tasks] == [10, 10, 10]
    assert "images" in read(files[0]).document


@pytest.mark.parametrize(
    "style",
    [
        {},
        {"text_style_prompt": "iron", "image_style_url": picture()},
        {"multiview_image_urls": [picture()] * 5},
        {"multiview_image_urls": [picture()], "ai_model": "meshy-6"},
        {"text_style_prompt": "x" * 801},
    ],
)
async def test_exactly_one_style_is_wanted(wire: Wire, style: dict[str, Any]) -> None:
    body = {"model_url": data_uri(KNIGHTS_FILE)} | style

    assert (await wire.post("v1/retexture", body))[0] == 400


async def test_a_remesh_has_fewer_faces_and_keeps_its_paint(wire: Wire) -> None:
    preview = await wire.preview()
    painted = await wire.finished(TEXT, {"mode": "refine", "preview_task_id": preview["id"]})
    task = await wire.finished("v1/remesh", {"input_task_id": painted["id"], "target_polycount": 500})

    data = await model(wire, task)

    assert models.triangles(data) <= 500
    assert "images" in read(data).document
    assert task["model_urls"].keys() == {"glb"}
    assert task["consumed_credits"] == 5


@pytest.mark.parametrize(
    ("path", "body", "cost"),
    [
        ("v1/convert", {"target_formats": ["fbx", "blend"]}, 1),
        ("v1/resize", {"resize_height": 1.8}, 1),
        ("v1/uv-unwrap", {}, 5),
        ("v1/remesh", {"convert_format_only": True, "resize_height": 0}, 5),
    ],
)
async def test_a_file_of_ones_own_can_be_worked_on(
    wire: Wire, shelf: TestServer, path: str, body: dict[str, Any], cost: int
) -> None:
    for source in (data_uri(KNIGHTS_FILE), str(shelf.make_url("/knight.glb"))):
        task = await wire.finished(path, {"model_url": source} | body)
        assert (task["status"], task["consumed_credits"]) == ("SUCCEEDED", cost)
        if "glb" in task["model_urls"]:
            assert await model(wire, task) == KNIGHTS_FILE


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("v1/convert", {}),
        ("v1/convert", {"target_formats": ["gif"]}),
        ("v1/resize", {}),
        ("v1/resize", {"resize_height": 1, "auto_size": True}),
        ("v1/resize", {"resize_height": 0}),
        ("v1/remesh", {"target_polycount": 99}),
    ],
)
async def test_work_that_is_not_told_rightly_is_400(wire: Wire, path: str, body: dict[str, Any]) -> None:
    assert (await wire.post(path, {"model_url": data_uri(KNIGHTS_FILE)} | body))[0] == 400
    assert (await wire.post(path, body))[0] == 400


@pytest.mark.parametrize("link", ["", "knight.glb", data_uri(b"no model"), "http://127.0.0.1:9/knight.glb"])
async def test_a_model_that_is_none_is_400(wire: Wire, link: str) -> None:
    assert (await wire.post("v1/rigging", {"model_url": link}))[0] == 400


async def test_a_task_that_has_not_succeeded_or_has_no_model_cannot_be_worked_on(wire: Wire) -> None:
    waiting = await wire.text(**KNIGHT)
    painting = await wire.finished("v1/text-to-image", {"ai_model": "nano-banana", "prompt": "an owl"})
    failed = await wire.preview(prompt="an owl late-failed")

    for task_id in (await wire.text(), painting["id"], failed["id"]):
        assert (await wire.post("v1/remesh", {"input_task_id": task_id}))[0] == 400
    wire.clock.advance(seconds=60)
    assert (await wire.post("v1/remesh", {"input_task_id": waiting}))[0] == 202


async def test_files_in_requests_are_cut_short_in_the_books(wire: Wire) -> None:
    await wire.created("v1/image-to-3d", {"image_url": picture(), "texture_prompt": "gold"})
    await wire.created("v1/multi-image-to-3d", {"image_urls": [picture(), picture("blue")]})

    first, second = [task["input"] for task in await wire.books()]

    assert first["texture_prompt"] == "gold"
    assert first["image_url"].startswith("data:image/png;base64,")
    assert max(map(len, (first["image_url"], *second["image_urls"]))) < 120


async def test_a_picture_can_be_painted_after_one_that_was_painted_here(wire: Wire) -> None:
    first = await wire.finished("v1/text-to-image", {"ai_model": "nano-banana", "prompt": "an owl"})
    again = {"ai_model": "nano-banana", "prompt": "an owl at night", "input_task_id": first["id"]}

    task = await wire.finished("v1/image-to-image", again)

    assert (task["prompt"], len(task["image_urls"])) == ("an owl at night", 1)
    assert (await wire.post("v1/image-to-image", again | {"input_task_id": None}))[0] == 400


async def test_a_surface_can_be_painted_after_a_picture(wire: Wire) -> None:
    preview = await wire.preview(prompt="an owl")
    refine = {"mode": "refine", "preview_task_id": preview["id"]}
    tasks = [
        await wire.finished(TEXT, refine | style)
        for style in ({}, {"texture_image_url": picture()}, {"texture_prompt": "gold"})
    ]

    assert len({await model(wire, task) for task in tasks}) == 3
    assert [task["texture_image_url"] for task in tasks] == ["", "", ""]
    assert tasks[2]["texture_prompt"] == "gold"
