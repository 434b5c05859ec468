"""Who is let in, and what the server says of itself."""

import gzip

import pytest
from aiohttp import ClientSession

from tests.sandbox.vendors.comfyui import graphs
from tests.sandbox.vendors.comfyui.conftest import Wire


async def test_there_is_no_key_unless_a_gateway_demands_one(wire: Wire) -> None:
    assert (await wire.client.get("/queue")).status == 200
    await wire.control("keys", {"key": "Bearer let-me-in"})

    refused = await wire.client.get("/queue", headers={"Authorization": "Bearer another"})
    let_in = await wire.client.post(
        "/prompt", json={"prompt": graphs.image()}, headers={"Authorization": "Bearer let-me-in"}
    )

    assert (refused.status, refused.content_type) == (401, "text/html")
    assert let_in.status == 200
    assert [task["key"] for task in await wire.books()] == ["Bearer let-me-in"]
    await wire.control("keys", {"revoke": "Bearer let-me-in"})
    assert (await wire.client.get("/queue")).status == 200


async def test_pages_from_elsewhere_get_nothing(wire: Wire) -> None:
    own = str(wire.client.make_url("/")).rstrip("/")

    foreign = await wire.client.get("/queue", headers={"Origin": "http://elsewhere.example"})

    assert (foreign.status, await foreign.read()) == (403, b"")
    assert (await wire.client.get("/queue", headers={"Origin": own})).status == 200


async def test_json_is_zipped_for_those_who_can_read_it(wire: Wire) -> None:
    session = ClientSession(auto_decompress=False, headers={"Accept-Encoding": "gzip"})
    async with session, session.get(wire.client.make_url("/object_info")) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert b"KSampler" in gzip.decompress(await answer.read())


@pytest.mark.parametrize("root", ["", "/api"])
@pytest.mark.parametrize("path", ["/queue", "/history", "/prompt", "/system_stats", "/features", "/models"])
async def test_every_route_is_there_twice(wire: Wire, root: str, path: str) -> None:
    assert (await wire.client.get(f"{root}{path}")).status == 200


async def test_the_machine_and_the_version_are_told(wire: Wire) -> None:
    stats = await wire.get("/system_stats")

    assert stats["system"]["comfyui_version"] == "0.42.0"
    assert stats["devices"][0]["vram_total"] > stats["devices"][0]["vram_free"]


async def test_models_are_listed_by_folder(wire: Wire) -> None:
    assert "checkpoints" in await wire.get("/models")
    assert await wire.get("/models/background_removal") == ["birefnet.safetensors"]
    assert (await wire.client.get("/models/hats")).status == 404


async def test_memory_can_be_freed(wire: Wire) -> None:
    assert (await wire.client.post("/free", json={"unload_models": True})).status == 200


async def test_a_route_that_is_not_there_is_a_plain_404(wire: Wire) -> None:
    answer = await wire.client.get("/api/magic")

    assert (answer.status, answer.content_type) == (404, "text/plain")
