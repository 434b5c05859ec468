"""A client that others wrote, over a real socket: it knows nothing of us."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from comfy_api_simplified import ComfyApiError, ComfyApiWrapper, ComfyWorkflowWrapper

from sandbox.clock import SystemClock
from sandbox.vendors.comfyui.server import ComfyUISandbox
from tests.sandbox.vendors.comfyui import graphs
from tests.sandbox.vendors.comfyui.conftest import picture

QUICK = 200.0
"""A graph takes 50 ms."""


@pytest.fixture
async def vendor() -> ComfyUISandbox:
    return ComfyUISandbox(SystemClock(), speed=QUICK)


@pytest.fixture
async def address(vendor: ComfyUISandbox) -> AsyncIterator[str]:
    async with TestServer(vendor.app()) as server:
        yield str(server.make_url("/")).rstrip("/")


async def test_it_queues_waits_and_fetches_what_was_saved(address: str) -> None:
    api = ComfyApiWrapper(address)
    workflow = ComfyWorkflowWrapper(graphs.image())
    workflow.set_node_param("SaveImage", "filename_prefix", "mine/owl")

    images = await asyncio.to_thread(api.queue_and_wait_images, workflow, "SaveImage")

    assert list(images) == ["owl_00001_.png"]
    assert images["owl_00001_.png"].startswith(b"\x89PNG")


async def test_it_uploads_a_picture_and_makes_a_model_of_it(address: str, tmp_path: Path) -> None:
    api = ComfyApiWrapper(address)
    file = tmp_path / "owl.png"
    file.write_bytes(picture())

    uploaded = await asyncio.to_thread(api.upload_image, file)
    workflow = ComfyWorkflowWrapper(graphs.image_to_3d())
    workflow.set_node_param("LoadImage", "image", f"{uploaded['subfolder']}/{uploaded['name']}")
    prompt_id, _ = await asyncio.to_thread(lambda: asyncio.run(api.queue_prompt_and_wait(workflow)))
    entry = (await asyncio.to_thread(api.get_history, prompt_id))[prompt_id]
    (saved,) = entry["outputs"]["save"]["3d"]
    data = await asyncio.to_thread(api.get_image, saved["filename"], saved["subfolder"], saved["type"])

    assert data.startswith(b"glTF")


async def test_it_hears_of_errors(address: str) -> None:
    api = ComfyApiWrapper(address)
    workflow = ComfyWorkflowWrapper(graphs.text_to_3d("an owl late-failed"))

    with pytest.raises(ComfyApiError, match="Execution error"):
        await asyncio.to_thread(lambda: asyncio.run(api.queue_prompt_and_wait(workflow)))


async def test_it_is_refused_what_is_not_installed(address: str) -> None:
    workflow = ComfyWorkflowWrapper(graphs.image())
    workflow.set_node_param("CheckpointLoaderSimple", "ckpt_name", "mine.safetensors")

    with pytest.raises(ComfyApiError, match="400"):
        await asyncio.to_thread(ComfyApiWrapper(address).queue_prompt, workflow)


async def test_it_sees_the_queue_and_interrupts(vendor: ComfyUISandbox, address: str) -> None:
    vendor.pace.set(0)
    api = ComfyApiWrapper(address)
    first, second = [
        (await asyncio.to_thread(api.queue_prompt, graphs.image(seed=seed)))["prompt_id"] for seed in range(2)
    ]

    places = [await asyncio.to_thread(api.get_queue_size_before, one) for one in (first, second)]
    await asyncio.to_thread(api.interrupt)
    vendor.pace.set(QUICK)
    async with asyncio.timeout(10):
        while not (entry := await asyncio.to_thread(api.get_history, first)):
            pass

    assert places == [0, 1]
    assert entry[first]["status"]["messages"][-1][0] == "execution_interrupted"


async def test_it_reads_what_is_installed(address: str) -> None:
    api = ComfyApiWrapper(address)

    told = await asyncio.to_thread(api.get_object_info, "CheckpointLoaderSimple")
    stats = await asyncio.to_thread(api.get_system_stats)

    names = told["CheckpointLoaderSimple"]["input"]["required"]["ckpt_name"][0]
    assert "sd_xl_base_1.0.safetensors" in names
    assert stats["system"]["comfyui_version"] == "0.42.0"
    assert await asyncio.to_thread(api.get_embeddings) == []


async def test_it_passes_a_gateway_with_its_name_and_password(vendor: ComfyUISandbox, address: str) -> None:
    vendor.authorization = "Basic " + base64.b64encode(b"bot:secret").decode()

    with pytest.raises(ComfyApiError, match="401"):
        await asyncio.to_thread(ComfyApiWrapper(address).get_queue)
    api = ComfyApiWrapper(address, user="bot", password="secret")
    images = await asyncio.to_thread(
        api.queue_and_wait_images, ComfyWorkflowWrapper(graphs.image()), "SaveImage"
    )

    assert len(images) == 1
