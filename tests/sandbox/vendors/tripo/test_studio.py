"""Pictures and work on models: what each operation takes, gives and costs, at the wire."""

import io
from typing import Any

import pytest
from PIL import Image

from sandbox.models import check, topology
from sandbox.shapes.glb import read
from tests.sandbox.vendors.tripo.conftest import MODEL, Wire

VIEWS = ("front_view_url", "left_view_url", "back_view_url", "right_view_url")


async def painted(wire: Wire) -> str:
    task_id = await wire.created("/generation/text-to-image", {"prompt": "a brass owl"})
    await wire.finished(task_id)
    return task_id


async def uploaded(wire: Wire) -> str:
    """A picture, as a file token."""
    link = (await wire.task(await painted(wire)))["output"]["generated_image_url"]
    picture = await (await wire.download(link)).read()
    form = {"file": io.BytesIO(picture)}
    form["file"].name = "owl.png"
    answer = await wire.call("POST", "/files", data=form)
    return str((await answer.json())["data"]["file_token"])


async def output(wire: Wire, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a task gives in the end."""
    task = await wire.finished(await wire.created(path, body))
    assert task["status"] == "success", task
    return dict(task["output"])


async def fetched(wire: Wire, link: str) -> bytes:
    answer = await wire.download(link)
    assert answer.status == 200
    return await answer.read()


def size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size


@pytest.mark.parametrize(("form", "magic"), [("png", b"\x89PNG"), ("jpeg", b"\xff\xd8")])
async def test_words_become_a_picture(wire: Wire, form: str, magic: bytes) -> None:
    given = await output(wire, "/generation/text-to-image", {"prompt": "an owl", "output_format": form})

    picture = await fetched(wire, given["generated_image_url"])
    assert picture.startswith(magic)
    assert min(size(picture)) >= 256


async def test_a_painted_picture_becomes_a_model(wire: Wire) -> None:
    task_id = await painted(wire)

    given = await output(wire, "/generation/image-to-model", {"input": task_id, "model": MODEL})

    check(await fetched(wire, given["model_url"]))


async def test_a_picture_is_painted_over_by_words_or_by_a_template(wire: Wire) -> None:
    token = await uploaded(wire)

    for more in ({"prompt": "in blue"}, {"template": "t_pose"}):
        given = await output(wire, "/generation/image-to-image", {"input": token, **more})
        assert (await fetched(wire, given["generated_image_url"])).startswith(b"\x89PNG")


async def test_four_sides_are_seen_edited_and_made_into_a_model(wire: Wire) -> None:
    token = await uploaded(wire)
    sides = await wire.created("/generation/image-to-multiview", {"input": token})
    views = (await wire.finished(sides))["output"]["generate_multiview_image"]
    pictures = {name: await fetched(wire, views[name]) for name in VIEWS}
    assert len(set(pictures.values())) == 4

    prompts = [{"view": "back", "prompt": "with a bag"}, {"view": "left", "prompt": "with a wing"}]
    edited = await wire.created("/generation/edit-multiview", {"input": sides, "prompts": prompts})
    assert (await wire.finished(edited))["credits_consumed"] == 10

    given = await output(
        wire, "/generation/multiview-to-model", {"inputs": [{"task_id": edited}], "model": MODEL}
    )
    check(await fetched(wire, given["model_url"]))


async def test_a_picture_becomes_a_splat_and_a_depth_map(wire: Wire) -> None:
    token = await uploaded(wire)

    splat = await output(wire, "/generation/image-to-splat", {"input": token})
    depth = await output(wire, "/generation/image-to-depth", {"input": token, "kind": "gray"})

    assert (await fetched(wire, splat["splat_url"])).startswith(b"ply")
    with Image.open(io.BytesIO(await fetched(wire, depth["depth_image_url"]))) as drawn:
        assert drawn.mode == "L"


async def test_a_new_texture_keeps_the_shape_and_can_be_rigged(wire: Wire) -> None:
    knight = await wire.model(prompt="a wooden knight")
    before = await fetched(wire, (await wire.task(knight))["output"]["model_url"])
    body = {"input": knight, "texture_prompt": {"text": "rusty iron"}}
    painted_anew = await wire.created("/models/texture", body)

    after = await fetched(wire, (await wire.finished(painted_anew))["output"]["model_url"])

    assert after != before
    assert triangles(after) == triangles(before)
    rigged = await wire.task(await wire.rig(painted_anew))
    assert topology(await fetched(wire, rigged["output"]["model_url"])) == "biped"


def triangles(data: bytes) -> int:
    document = read(data).document
    primitives = [one for mesh in document["meshes"] for one in mesh["primitives"]]
    return sum(int(document["accessors"][one["indices"]]["count"]) for one in primitives) // 3


async def test_fewer_faces_are_fewer_faces(wire: Wire) -> None:
    owl = await wire.model()
    before = await fetched(wire, (await wire.task(owl))["output"]["model_url"])

    given = await output(wire, "/mesh/decimate", {"input": owl, "face_limit": 600})

    assert triangles(await fetched(wire, given["model_url"])) <= 600 < triangles(before)


@pytest.mark.parametrize(
    ("wish", "extension", "magic"),
    [
        ({"format": "GLTF"}, ".glb", b"glTF"),
        ({"format": "FBX"}, ".fbx", b"Kaydara"),
        ({"format": "GLTF", "quad": True}, ".fbx", b"Kaydara"),
        ({"format": "OBJ"}, ".obj", b"#"),
        ({"format": "STL"}, ".stl", bytes(80)),
        ({"format": "USDZ"}, ".usdz", b"PK"),
        ({"format": "3MF"}, ".3mf", b"PK"),
    ],
)
async def test_a_model_is_had_in_other_formats(
    wire: Wire, wish: dict[str, Any], extension: str, magic: bytes
) -> None:
    given = await output(wire, "/models/convert", {"input": await wire.model(), **wish})

    assert given["model_url"].partition("?")[0].endswith(extension)
    assert (await fetched(wire, given["model_url"])).startswith(magic)


async def test_a_mesh_is_taken_apart_completed_and_laid_out(wire: Wire) -> None:
    owl = await wire.model()
    parts = await wire.created("/mesh/segment", {"input": owl})
    check(await fetched(wire, (await wire.finished(parts))["output"]["model_url"]))

    whole = await output(wire, "/mesh/complete", {"input": parts})
    flat = await output(wire, "/mesh/uv", {"input": owl})
    smart = {"input": owl, "seg_type": "model", "transform": [1.0] * 16}
    pointed = await output(wire, "/mesh/smartsegment", smart)

    check(await fetched(wire, whole["model_url"]))
    assert size(await fetched(wire, flat["uv_render_url"]))[0] >= 256
    check(await fetched(wire, pointed["seg_model_url"]))
    refused = await wire.post("/mesh/complete", {"input": owl})
    assert (refused["http"], refused["code"]) == (400, 2006)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/generation/text-to-image", {}),
        ("/generation/text-to-image", {"prompt": "x" * 1801}),
        ("/generation/text-to-image", {"prompt": "x", "model": "crayon"}),
        ("/generation/image-to-image", {"input": "file_1", "prompt": "x", "model": "seedream_v4"}),
        ("/generation/image-to-image", {"input": "file_1"}),
        ("/generation/edit-multiview", {"input": "file_1", "prompts": []}),
        ("/generation/image-to-depth", {"input": "file_1", "process_res": 100}),
        ("/models/texture", {"input": "file_1", "texture_prompt": {"images": ["file_1"]}}),
        ("/models/convert", {"input": "file_1", "format": "glb"}),
        ("/models/convert", {"input": "file_1", "format": "OBJ", "force_symmetry": True}),
        ("/mesh/segment", {"input": "file_1", "segmentation_granularity": "simple"}),
        ("/mesh/smartsegment", {"input": "file_1", "seg_type": "model"}),
        ("/mesh/decimate", {"input": "file_1", "face_limit": 20_001}),
        ("/mesh/decimate", {"input": "file_1", "model": "P-v2.0-20251225"}),
    ],
)
async def test_what_does_not_fit_is_refused_and_costs_nothing(
    wire: Wire, path: str, body: dict[str, Any]
) -> None:
    refused = await wire.post(path, body)

    assert (refused["http"], refused["code"]) == (400, 1004)
    assert await wire.books() == []


@pytest.mark.parametrize("path", ["/models/refine", "/models/stylize"])
async def test_what_is_retired_says_so(wire: Wire, path: str) -> None:
    refused = await wire.post(path, {"input": "file_1"})

    assert (refused["http"], refused["code"]) == (400, 2016)


async def test_one_picture_is_painted_at_a_time(wire: Wire) -> None:
    await wire.created("/generation/text-to-image", {"prompt": "an owl"})

    refused = await wire.post("/generation/text-to-image", {"prompt": "another"})

    assert (refused["http"], refused["code"]) == (429, 2000)
