"""The vendor's own client, made for the real one, finds everything here as it expects it."""

import asyncio
import io
from collections.abc import AsyncIterator

import pytest
import replicate
from aiohttp.test_utils import TestServer
from replicate.exceptions import ModelError, ReplicateError

from sandbox.shapes.glb import read
from sandbox.vendors.replicate.accounts import KEY
from sandbox.vendors.replicate.server import ReplicateSandbox
from tests.clock import StillClock
from tests.sandbox.vendors.replicate.conftest import FLUX, HUNYUAN, SHAP_E, TRELLIS


@pytest.fixture
async def vendor(clock: StillClock) -> AsyncIterator[ReplicateSandbox]:
    return ReplicateSandbox(clock)


@pytest.fixture
async def address(vendor: ReplicateSandbox) -> AsyncIterator[str]:
    async with TestServer(vendor.app()) as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest.fixture
async def client(address: str, vendor: ReplicateSandbox) -> AsyncIterator[replicate.Client]:
    """It waits for nothing between two reads; each takes a few seconds of the vendor's clock."""
    client = replicate.Client(api_token=KEY, base_url=address)
    client.poll_interval = 0
    yield client
    await client._async_client.aclose()
    await asyncio.to_thread(client._client.close)


async def test_it_creates_reads_and_lists(client: replicate.Client, clock: StillClock) -> None:
    made = await client.predictions.async_create(model=HUNYUAN, input={"prompt": "an owl"})
    clock.advance(seconds=30)
    await made.async_reload()

    page = await client.predictions.async_list()

    assert (made.status, made.model, made.version) == ("succeeded", HUNYUAN, "hidden")
    assert [(one.id, one.output) for one in page.results] == [(made.id, made.output)]


async def test_it_reads_progress_from_the_log(client: replicate.Client, clock: StillClock) -> None:
    made = await client.predictions.async_create(version=SHAP_E, input={"prompt": "an owl"})
    clock.advance(seconds=3)
    await made.async_reload()

    assert made.progress is not None
    assert (made.progress.percentage, made.progress.current, made.progress.total) == (0.5, 32, 64)


async def test_it_cancels(client: replicate.Client) -> None:
    made = await client.predictions.async_create(version=SHAP_E, input={"prompt": "an owl"})
    await made.async_cancel()

    assert made.status == "canceled"


async def test_it_runs_a_model_by_its_name_and_waits(client: replicate.Client, clock: StillClock) -> None:
    running = asyncio.create_task(
        client.async_run(HUNYUAN, input={"prompt": "an owl"}, use_file_output=False)
    )
    while not running.done():
        clock.advance(seconds=1)
        await asyncio.sleep(0.01)

    assert read((await client._async_client.get(await running)).content).document["meshes"]


@pytest.mark.parametrize("early", [True, False])
async def test_it_runs_a_version_and_is_held_until_the_end(
    client: replicate.Client, vendor: ReplicateSandbox, early: object
) -> None:
    vendor.ways.wait_says_processing = bool(early)

    output = await client.async_run(
        f"cjwbw/shap-e:{SHAP_E}", input={"prompt": "an owl"}, use_file_output=False
    )

    assert [link.rpartition(".")[2] for link in output] == ["gif"]


async def test_it_knows_a_failure_of_the_model(client: replicate.Client) -> None:
    with pytest.raises(ModelError, match="CUDA out of memory"):
        await client.async_run(f"cjwbw/shap-e:{SHAP_E}", input={"prompt": "an owl late-failed"})


async def test_it_reads_a_small_output_in_place(client: replicate.Client, vendor: ReplicateSandbox) -> None:
    vendor.ways.wait_inlines = True

    (output,) = await client.async_run(f"cjwbw/shap-e:{SHAP_E}", input={"prompt": "an owl"})

    assert (await output.aread()).startswith(b"GIF8")


async def test_it_uploads_what_is_a_file_among_the_inputs(
    client: replicate.Client, clock: StillClock, red_png: bytes
) -> None:
    picture = io.BytesIO(red_png)
    picture.name = "red.png"

    made = await client.predictions.async_create(
        version=TRELLIS, input={"images": [picture], "generate_model": True}
    )
    clock.advance(seconds=30)
    await made.async_reload()

    (file,) = await client.files.async_list()
    assert made.input == {"images": [file.urls["get"]], "generate_model": True}
    assert made.status == "succeeded"
    assert (file.name, file.content_type, file.size) == ("red.png", "image/png", len(red_png))


async def test_it_reads_and_removes_files(client: replicate.Client, red_png: bytes) -> None:
    made = await client.files.async_create(io.BytesIO(red_png), filename="red.png", metadata={"job": 7})

    found = await client.files.async_get(made.id)

    assert (found.id, found.metadata) == (made.id, {"job": 7})
    assert await client.files.async_delete(made.id)
    assert await client.files.async_list() == []


async def test_it_reads_models_and_versions(client: replicate.Client) -> None:
    model = await client.models.async_get("firtoz/trellis")
    versions = await model.versions.async_list()

    assert model.latest_version is not None
    assert model.latest_version.id == TRELLIS
    assert [version.id for version in versions] == [TRELLIS]
    version = await model.versions.async_get(TRELLIS)
    assert "Input" in version.openapi_schema["components"]["schemas"]
    assert len((await client.models.async_list()).results) >= 7


async def test_it_reads_account_machines_and_secret(client: replicate.Client) -> None:
    account = await client.accounts.async_current()
    machines = await client.hardware.async_list()
    secret = await client.webhooks.default.async_secret()

    assert (account.type, account.username) == ("user", "main")
    assert "gpu-h100" in {machine.sku for machine in machines}
    assert secret.key.startswith("whsec_")


async def test_it_tells_what_was_refused(client: replicate.Client) -> None:
    with pytest.raises(ReplicateError) as refusal:
        await client.predictions.async_create(model=FLUX, input={})

    assert (refusal.value.status, refusal.value.title) == (422, "Input validation failed")
    assert refusal.value.detail == "- input: prompt is required\n"


async def test_its_blocking_half_works_too(client: replicate.Client) -> None:
    def run() -> list[str]:
        output = client.run(f"cjwbw/shap-e:{SHAP_E}", input={"prompt": "an owl"}, use_file_output=False)
        return [one.id for one in client.predictions.list().results] + list(output)

    prediction_id, link = await asyncio.to_thread(run)

    assert len(prediction_id) == 26
    assert link.endswith(".gif")
