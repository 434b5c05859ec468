"""Files that are handed over, and links that are fetched."""

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestServer
from PIL import Image

from sandbox import models
from sandbox.models import Design
from sandbox.shapes.glb import read
from tests.sandbox.vendors.tripo.conftest import MODEL, Wire


def _picture(kind: str = "PNG", *, size: tuple[int, int] = (300, 300), colour: str = "#20c040") -> bytes:
    """A coloured square on white."""
    image = Image.new("RGB", size, "white")
    image.paste(colour, (size[0] // 4, size[1] // 4, 3 * size[0] // 4, 3 * size[1] // 4))
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def _form(data: bytes, *, field: str = "file", name: str = "a.png") -> FormData:
    form = FormData()
    form.add_field(field, io.BytesIO(data), filename=name, content_type="application/octet-stream")
    return form


async def _uploaded(wire: Wire, data: bytes, **how: Any) -> str:
    answer = await wire.call("POST", "/files", data=_form(data, **how))
    assert answer.status == 200, await answer.text()
    return (await answer.json())["data"]["file_token"]


async def test_models_are_as_heavy_as_was_asked(wire: Wire) -> None:
    (await wire.client.post("/sandbox/tripo/settings", json={"model_bytes": 1_000_000})).raise_for_status()
    task = await wire.task(await wire.model())

    data = await (await wire.download(task["output"]["model_url"])).read()

    assert 900_000 < len(data) <= 1_000_000
    assert read(data).document["meshes"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_model_takes_the_colours_of_an_uploaded_picture(wire: Wire, kind: str) -> None:
    token = await _uploaded(wire, _picture(kind))
    body = {"model": MODEL, "input": token, "model_seed": 3}
    task = await wire.finished(await wire.created("/generation/image-to-model", body))

    glb = read(await (await wire.download(task["output"]["model_url"])).read())

    image = Image.open(io.BytesIO(glb.view(glb.document["images"][0]["bufferView"]))).convert("RGB")
    red, green, blue = image.resize((1, 1), box=(0, 0, 150, 150)).getpixel((0, 0))  # type: ignore[misc] # RGB
    assert token.startswith("file_")
    assert task["type"] == "image_to_model"
    assert task["credits_consumed"] == 30
    assert green > max(red, blue) + 30


async def test_a_picture_can_always_be_rigged(wire: Wire) -> None:
    for seed in range(4):
        token = await _uploaded(wire, _picture(colour="#a0502d"))
        body = {"model": MODEL, "input": token, "model_seed": seed}
        model = await wire.created("/generation/image-to-model", body)
        await wire.finished(model)
        check = await wire.finished(await wire.created("/animations/rig-check", {"input": model}))
        assert check["output"] == {"riggable": True, "rig_type": "biped"}


@pytest.mark.parametrize("named", [True, False])
async def test_several_views_make_one_model(wire: Wire, named: bool) -> None:  # noqa: FBT001 # a test's parameter
    front, left = [await _uploaded(wire, _picture()) for _ in range(2)]
    inputs = [{"left": left}, {"front": front}] if named else [front, left, None, ""]

    body = {"model": MODEL, "inputs": inputs}
    task = await wire.finished(await wire.created("/generation/multiview-to-model", body))

    assert (task["status"], task["type"], task["credits_consumed"]) == ("success", "multiview_to_model", 30)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", 2003),
        (b"GIF89a and so on", 2004),
        (b"plain text", 2004),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (20 * 1024 * 1024), 2021),
    ],
)
async def test_an_upload_that_is_no_file_for_it_is_refused(wire: Wire, data: bytes, code: int) -> None:
    answer = await wire.call("POST", "/files", data=_form(data))

    assert (answer.status, (await answer.json())["code"]) == (400, code)


async def test_an_upload_in_another_form_is_refused(wire: Wire) -> None:
    plain = FormData({"file": "a text and no file"}, default_to_multipart=True)

    for form, status, code in (
        (_form(_picture(), field="image"), 400, 1004),
        (plain, 400, 1004),
        (b"x", 415, 1003),
    ):
        answer = await wire.call("POST", "/files", data=form)
        assert (answer.status, (await answer.json())["code"]) == (status, code)


@pytest.mark.parametrize(
    ("data", "code"),
    [(_picture(size=(255, 400)), 2022), (b"\x89PNG\r\n\x1a\n broken", 2004), (_picture()[:60], 2004)],
)
async def test_a_picture_that_cannot_be_used_is_refused(wire: Wire, data: bytes, code: int) -> None:
    token = await _uploaded(wire, data)

    answer = await wire.post("/generation/image-to-model", {"model": MODEL, "input": token})

    assert (answer["http"], answer["code"]) == (400, code)


async def test_uploads_are_limited_by_the_minute(wire: Wire) -> None:
    for _ in range(10):
        await _uploaded(wire, _picture())

    answer = await wire.call("POST", "/files", data=_form(_picture()))

    assert (answer.status, (await answer.json())["code"]) == (429, 1007)


@pytest.mark.parametrize(
    ("path", "field"), [("presign", "presigned_url"), ("upload-credentials", "upload_url")]
)
async def test_a_file_can_be_put_to_a_signed_link(wire: Wire, path: str, field: str) -> None:
    data = (await wire.post(f"/files/{path}", {"format": "png"}))["data"]
    link = data[field][data[field].index("/", 8) :]
    body = {"model": MODEL, "input": data["file_token"]}

    early = await wire.post("/generation/image-to-model", body)
    with_key = await wire.client.put(link, data=_picture(), headers={"Authorization": f"Bearer {wire.key}"})
    put = await wire.client.put(link, data=_picture())

    assert (early["http"], early["code"]) == (404, 2019)
    assert (with_key.status, put.status) == (400, 200)
    assert (await wire.post("/generation/image-to-model", body))["http"] == 200


async def test_a_signed_link_for_uploads_dies_after_half_an_hour(wire: Wire) -> None:
    link = (await wire.post("/files/presign", {"format": "png"}))["data"]["presigned_url"]
    wire.clock.advance(seconds=1801)

    assert (await wire.client.put(link[link.index("/", 8) :], data=_picture())).status == 403


async def test_an_uploaded_model_can_be_checked_rigged_and_animated(wire: Wire) -> None:
    knight = models.build(Design(prompt="a knight", seed=1))
    token = await _uploaded(wire, knight, name="knight.glb")

    check = await wire.finished(await wire.created("/animations/rig-check", {"input": token}))
    rig = await wire.rig(token)
    done = await wire.finished(
        await wire.created("/animations/retarget", {"input": rig, "animation": "preset:run"})
    )

    glb = read(await (await wire.download(done["output"]["model_url"])).read())
    assert check["output"] == {"riggable": True, "rig_type": "biped"}
    assert glb.document["animations"][0]["name"] == "run"


async def test_an_imported_model_is_a_task_to_build_on(wire: Wire) -> None:
    token = await _uploaded(wire, models.build(Design(prompt="a wizard", seed=1)), name="wizard.glb")
    imported = await wire.created("/models/import", {"input": token})
    task = await wire.finished(imported)

    assert (task["type"], task["credits_consumed"]) == ("import_model", 0)
    assert (await wire.task(await wire.rig(imported)))["status"] == "success"


async def test_a_model_that_cannot_be_read_is_refused(wire: Wire) -> None:
    token = await _uploaded(wire, b"glTF and nothing more", name="a.glb")

    answer = await wire.post("/animations/rig-check", {"input": token})

    assert (answer["http"], answer["code"]) == (400, 2004)


@pytest.fixture
async def elsewhere() -> AsyncIterator[TestServer]:
    """A site with a picture, and one that sends to another place."""

    async def picture(_: web.Request) -> web.Response:
        return web.Response(body=_picture(), content_type="image/png")

    async def away(_: web.Request) -> web.Response:
        raise web.HTTPFound("/picture.png")

    app = web.Application()
    app.add_routes([web.get("/picture.png", picture), web.get("/away", away)])
    async with TestServer(app) as server:
        yield server


@pytest.mark.parametrize(("path", "http"), [("/picture.png", 200), ("/away", 400), ("/missing.png", 400)])
async def test_a_link_on_this_machine_is_fetched(
    wire: Wire, elsewhere: TestServer, path: str, http: int
) -> None:
    body = {"model": MODEL, "input": str(elsewhere.make_url(path))}

    assert (await wire.post("/generation/image-to-model", body))["http"] == http
