"""What the models make, of what they are given."""

import base64
import io
import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from sandbox import models
from sandbox.models import Design
from sandbox.shapes.glb import read
from tests.sandbox.vendors.replicate.conftest import (
    FLUX,
    HUNYUAN,
    RODIN,
    SHAP_E,
    TRELLIS,
    UNIRIG,
    Wire,
)

MULTIVIEW = "71798fbc3c9f7b7097e3bb85496e5a797d8b8f616b550692e7c3e176a8e9e5db"


def data_uri(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


@pytest.mark.parametrize("version", [HUNYUAN, RODIN])
async def test_words_become_one_textured_glb(wire: Wire, version: str) -> None:
    done = await wire.done(version, {"prompt": "a brass owl"})

    answer = await wire.download(done["output"])
    glb = read(await answer.read())

    assert answer.content_type == "model/gltf-binary"
    assert glb.document["images"]
    assert await wire.file(done["output"]) == await wire.file(done["output"])


async def test_geometry_alone_has_no_texture(wire: Wire) -> None:
    done = await wire.done(HUNYUAN, {"prompt": "a brass owl", "generate_type": "Geometry"})

    assert "images" not in read(await wire.file(done["output"])).document


@pytest.mark.parametrize("given", [{}, {"prompt": "an owl", "image": "data:,"}])
async def test_hunyuan_wants_words_or_a_picture_and_never_both(wire: Wire, given: dict[str, str]) -> None:
    done = await wire.done(HUNYUAN, given)

    assert (done["status"], done["output"]) == ("failed", None)
    assert done["error"] == "Exactly one of prompt or image must be provided"


async def test_flux_paints_what_the_words_say(wire: Wire) -> None:
    done = await wire.done(
        FLUX, {"prompt": "a red apple", "num_outputs": 2, "aspect_ratio": "16:9", "output_format": "png"}
    )

    first, second = [await wire.file(link) for link in done["output"]]

    assert first != second
    with Image.open(io.BytesIO(first)) as picture:
        width, height = picture.size
        red, green, _ = picture.convert("RGB").resize((9, 9)).getpixel((4, 4))
    assert picture.format == "PNG"
    assert width / height == pytest.approx(16 / 9, abs=0.02)
    assert red > 2 * green


@pytest.mark.parametrize(("form", "name"), [("webp", "WEBP"), ("jpg", "JPEG")])
async def test_flux_paints_in_other_formats(wire: Wire, form: str, name: str) -> None:
    done = await wire.done(FLUX, {"prompt": "an owl", "output_format": form, "megapixels": "0.25"})

    answer = await wire.download(done["output"][0])

    assert answer.content_type == f"image/{name.lower()}"
    with Image.open(io.BytesIO(await answer.read())) as picture:
        assert (picture.format, picture.size) == (name, (512, 512))


async def test_trellis_makes_a_model_only_where_it_is_told_to(wire: Wire, red_png: bytes) -> None:
    given = {"images": [data_uri(red_png, "image/png")]}
    video = (await wire.done(TRELLIS, given))["output"]
    model = (await wire.done(TRELLIS, given | {"generate_model": True, "generate_color": False}))["output"]

    assert (video["model_file"], model["color_video"]) == (None, None)
    assert b"ftyp" in await wire.file(video["color_video"])
    assert read(await wire.file(model["model_file"])).document["meshes"]
    assert video.keys() == {
        *("model_file", "color_video", "gaussian_ply", "normal_video", "combined_video"),
        "no_background_images",
    }


async def test_a_picture_that_was_painted_here_is_seen_for_what_it_shows(wire: Wire) -> None:
    painted = await wire.done(FLUX, {"prompt": "a brass owl", "output_format": "png"})
    await wire.file(painted["output"][0])
    made = await wire.done(TRELLIS, {"images": painted["output"], "generate_model": True, "seed": 1})

    topology = models.topology(await wire.file(made["output"]["model_file"]))

    assert topology == models.topology(models.build(Design(prompt="a brass owl", seed=1)))


async def test_another_picture_gives_another_model(wire: Wire, red_png: bytes) -> None:
    blue = io.BytesIO()
    Image.new("RGB", (300, 300), "blue").save(blue, "PNG")
    files = []
    for picture in (red_png, blue.getvalue()):
        done = await wire.done(HUNYUAN, {"image": data_uri(picture, "image/png")})
        files.append(await wire.file(done["output"]))

    assert files[0] != files[1]


async def test_unirig_puts_numbered_bones_into_the_given_mesh(wire: Wire, owl_glb: bytes) -> None:
    done = await wire.done(UNIRIG, {"input_mesh": data_uri(owl_glb, "model/gltf-binary")})

    answer = await wire.download(done["output"])
    rigged, given = read(await answer.read()), read(owl_glb)

    (skin,) = rigged.document["skins"]
    names = [rigged.document["nodes"][joint]["name"] for joint in skin["joints"]]
    assert names == [f"bone_{number}" for number in range(len(names))]
    assert len(names) > 10
    attributes = [glb.document["meshes"][0]["primitives"][0]["attributes"] for glb in (rigged, given)]
    assert rigged.array(attributes[0]["POSITION"]).shape == given.array(attributes[1]["POSITION"]).shape
    assert "animations" not in rigged.document
    assert answer.content_type == "application/octet-stream"


async def test_unirig_reads_a_result_of_another_prediction(wire: Wire) -> None:
    made = await wire.done(HUNYUAN, {"prompt": "a brass owl"})

    done = await wire.done(UNIRIG, {"input_mesh": made["output"]})

    assert read(await wire.file(done["output"])).document["skins"]


async def test_a_link_to_somebodys_server_is_really_read(wire: Wire, owl_glb: bytes) -> None:
    asked = []

    async def serve(request: web.Request) -> web.Response:
        asked.append(request.path_qs)
        return web.Response(body=owl_glb)

    app = web.Application()
    app.router.add_get("/owl.glb", serve)
    async with TestServer(app) as theirs:
        link = str(theirs.make_url("/owl.glb?ticket=7"))
        done = await wire.done(UNIRIG, {"input_mesh": link})

    assert (done["status"], asked) == ("succeeded", ["/owl.glb?ticket=7"])


@pytest.mark.parametrize(
    ("mesh", "error"),
    [
        ("http://127.0.0.1:1/owl.glb", "Failed to download input file"),
        ("http://elsewhere.example/owl.glb", "Failed to download input file"),
        ("http://127.0.0.1:99999/owl.glb", "Failed to download input file"),
        ("mailto:owl", "Failed to download input file"),
        ("data:application/octet-stream;base64,Z2xURg==", "file_type '' is not supported"),
        ("data:model/gltf-binary;base64,Z2xURg==", "trimesh failed to load"),
        ("data:model/gltf-binary;base64,Z", "Invalid data URI"),
    ],
)
async def test_a_mesh_that_cannot_be_read_fails_the_prediction(wire: Wire, mesh: str, error: str) -> None:
    done = await wire.done(UNIRIG, {"input_mesh": mesh})

    assert (done["http"], done["status"], done["output"]) == (200, "failed", None)
    assert error in done["error"]


@pytest.mark.parametrize(
    ("size", "form", "error"),
    [
        ((64, 300), "PNG", "Image dimensions must be"),
        ((300, 5001), "PNG", "Image dimensions must be"),
        ((300, 300), "GIF", "cannot identify image file"),
    ],
)
async def test_a_picture_that_does_not_fit_fails_the_prediction(
    wire: Wire, size: tuple[int, int], form: str, error: str
) -> None:
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, form)

    done = await wire.done(HUNYUAN, {"image": data_uri(file.getvalue(), "image/png")})

    assert done["status"] == "failed"
    assert error in done["error"]


async def test_shap_e_gives_a_list_with_no_glb_in_it(wire: Wire) -> None:
    done = await wire.done(SHAP_E, {"prompt": "a brass owl", "save_mesh": True})

    turning, mesh = done["output"]

    assert (turning.rpartition(".")[2], mesh.rpartition(".")[2]) == ("gif", "obj")
    assert (await wire.file(turning)).startswith(b"GIF8")
    lines = (await wire.file(mesh)).decode().splitlines()
    assert lines[0].startswith("v ")
    assert lines[-1].startswith("f ")


@pytest.mark.parametrize(
    ("form", "head"), [("obj", b"v "), ("stl", bytes(80)), ("fbx", b"Kaydara FBX"), ("usdz", b"PK")]
)
async def test_rodin_writes_other_formats(wire: Wire, form: str, head: bytes) -> None:
    done = await wire.done(RODIN, {"prompt": "an owl", "geometry_file_format": form})

    assert done["output"].endswith(f".{form}")
    assert (await wire.file(done["output"])).startswith(head)


async def test_several_views_become_one_model(wire: Wire, red_png: bytes) -> None:
    view = data_uri(red_png, "image/png")

    done = await wire.done(MULTIVIEW, {"front_image": view, "back_image": view})

    assert models.triangles(await wire.file(done["output"])) <= 10_000


async def test_a_data_uri_may_come_back_as_a_link(wire: Wire, red_png: bytes) -> None:
    await wire.control("settings", {"data_uris": "linked"})
    given = {"images": [data_uri(red_png, "image/png")], "seed": 3}

    echoed = (await wire.run(TRELLIS, given))["input"]

    assert echoed["seed"] == 3
    assert echoed["images"][0].startswith(wire.address("/v1/files/"))


async def test_a_model_shows_its_schema(wire: Wire) -> None:
    model = await wire.get("/models/firtoz/trellis")
    parts = model["latest_version"]["openapi_schema"]["components"]["schemas"]

    assert (model["owner"], model["is_official"], model["latest_version"]["id"]) == (
        "firtoz",
        False,
        TRELLIS,
    )
    assert parts["Input"]["required"] == ["images"]
    assert parts["Input"]["properties"]["generate_model"]["default"] is False
    assert "model_file" in parts["Output"]["properties"]


async def test_values_to_choose_from_are_schemas_of_their_own(wire: Wire) -> None:
    model = await wire.get(f"/models/{RODIN}")
    parts = model["latest_version"]["openapi_schema"]["components"]["schemas"]

    field = parts["Input"]["properties"]["quality"]

    assert field["allOf"] == [{"$ref": "#/components/schemas/quality"}]
    assert parts["quality"]["enum"] == ["high", "medium", "low", "extra-low"]


async def test_every_model_is_listed_with_what_it_was_run(wire: Wire) -> None:
    await wire.owl()

    found = {f"{model['owner']}/{model['name']}": model for model in (await wire.get("/models"))["results"]}

    assert found[HUNYUAN]["run_count"] == 1
    assert found[FLUX]["is_official"] is True
    assert len(found) >= 7


async def test_a_model_may_drift_so_that_a_field_has_another_name(wire: Wire, red_png: bytes) -> None:
    picture = data_uri(red_png, "image/png")
    wish = {"model": "firtoz/trellis", "renames": {"images": "pictures", "model_file": "mesh"}}
    new = (await wire.control("models", wish))["version"]

    refused = await wire.post("/predictions", {"version": new, "input": {"images": [picture]}})
    taken = await wire.done(new, {"pictures": [picture], "generate_model": True})
    old = await wire.done(TRELLIS, {"images": [picture], "generate_model": True})

    assert refused["detail"] == "- input: pictures is required\n"
    assert read(await wire.file(taken["output"]["mesh"])).document["meshes"]
    assert old["output"]["model_file"]
    model = await wire.get("/models/firtoz/trellis")
    assert model["latest_version"]["id"] == new
    assert "pictures" in json.dumps(model)


async def test_an_old_version_may_be_gone(wire: Wire) -> None:
    await wire.control("models", {"model": "firtoz/trellis", "retire": True})

    answer = await wire.post("/predictions", {"version": TRELLIS, "input": {"images": ["data:,"]}})
    shown = await wire.get(f"/models/firtoz/trellis/versions/{TRELLIS}")

    assert (answer["http"], answer["title"]) == (422, "Invalid version or not permitted")
    assert shown["http"] == 404


@pytest.mark.parametrize(
    "wish", [{"model": "nobody/nothing"}, {"model": HUNYUAN, "renames": {"wings": "arms"}}, {}]
)
async def test_a_drift_that_makes_no_sense_is_refused(wire: Wire, wish: dict[str, Any]) -> None:
    assert (await wire.client.post("/sandbox/replicate/models", json=wish)).status == 400
