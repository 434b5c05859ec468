"""Files that are handed over, and files that are looked at."""

import io

import pytest
from aiohttp.test_utils import TestClient, TestServer

from sandbox.vendors.comfyui.server import ComfyUISandbox
from tests.clock import StillClock
from tests.sandbox.vendors.comfyui import graphs
from tests.sandbox.vendors.comfyui.conftest import Wire, picture


async def test_a_file_is_kept_as_it_is(wire: Wire) -> None:
    answer = await wire.upload(b"anything", "owl.glb", subfolder="3d", type="input")
    there = await wire.view({"filename": "owl.glb", "subfolder": "3d", "type": "input"})

    assert await answer.json() == {"name": "owl.glb", "subfolder": "3d", "type": "input"}
    assert (await there.read(), there.content_type) == (b"anything", "model/gltf-binary")


async def test_a_name_that_is_taken_gets_a_number_unless_the_file_is_the_same(wire: Wire) -> None:
    names = [
        (await (await wire.upload(data, "owl.png")).json())["name"]
        for data in (b"one", b"two", b"one", b"two", b"three")
    ]

    assert names == ["owl.png", "owl (1).png", "owl.png", "owl (1).png", "owl (2).png"]


@pytest.mark.parametrize("word", ["true", "1"])
async def test_a_file_is_overwritten_on_request(wire: Wire, word: str) -> None:
    await wire.upload(b"one")

    answer = await wire.upload(b"two", overwrite=word)

    assert (await answer.json())["name"] == "owl.png"
    assert await (await wire.view({"filename": "owl.png", "type": "input"})).read() == b"two"


async def test_an_overwritten_picture_is_not_taken_from_the_cache(wire: Wire) -> None:
    await wire.upload(picture("#20c040"))
    green = await wire.model(graphs.image_to_3d())
    await wire.upload(picture("#c02040"), overwrite="1")

    assert await wire.model(graphs.image_to_3d()) != green


@pytest.mark.parametrize(
    ("name", "subfolder"), [("../owl.png", ""), ("owl.png", "../../etc"), ("owl.png", "/etc")]
)
async def test_nothing_is_put_outside_the_folder(wire: Wire, name: str, subfolder: str) -> None:
    assert (await wire.upload(b"x", name, subfolder=subfolder)).status == 400


async def test_an_upload_without_a_file_is_refused(wire: Wire) -> None:
    assert (await wire.client.post("/upload/image", data={"overwrite": "1"})).status == 400


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 404),
        ({"filename": "nothing.glb"}, 404),
        ({"filename": ""}, 400),
        ({"filename": "/etc/passwd"}, 400),
        ({"filename": "../owl.png"}, 400),
        ({"filename": "owl.png", "type": "elsewhere"}, 400),
        ({"filename": "owl.png", "type": "input", "subfolder": "../input"}, 403),
        ({"filename": "owl.png", "type": "input"}, 200),
        ({"filename": "owl.png [input]"}, 200),
        ({"filename": "somewhere/owl.png", "type": "input"}, 200),
    ],
)
async def test_only_files_in_the_folders_are_shown(wire: Wire, query: dict[str, str], status: int) -> None:
    await wire.upload(b"x")

    assert (await wire.client.get("/api/view", params=query)).status == status


async def test_what_is_more_than_the_server_takes_is_refused() -> None:
    clock = StillClock()
    server = TestServer(ComfyUISandbox(clock, max_upload_mb=1).app())
    async with TestClient(server) as client:
        wire = Wire(client, clock)

        assert (await wire.upload(bytes(2**21))).status == 413
        assert (await client.post("/prompt", data=io.BytesIO(bytes(2**21)))).status == 413
