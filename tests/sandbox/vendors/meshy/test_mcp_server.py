"""A client that the vendor wrote itself is satisfied: its MCP server, from a prompt to a file that moves.

It needs Node and ``npm ci``.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from sandbox.clock import SystemClock
from sandbox.shapes.glb import read
from sandbox.vendors.meshy.accounts import KEY
from sandbox.vendors.meshy.server import MeshySandbox
from tests.clock import StillClock
from tests.sandbox.vendors.meshy import mcp
from tests.sandbox.vendors.meshy.conftest import Wire

pytestmark = pytest.mark.process
AT_ONCE = 1_000_000.0
"""So fast that a task is done when it is first looked at: the client looks again after five seconds only."""


@pytest.fixture
async def vendor() -> AsyncIterator[Wire]:
    if lacking := mcp.missing():
        if os.environ.get("REQUIRE_MESHY_MCP") == "1":
            pytest.fail(lacking)
        pytest.skip(lacking)
    app = MeshySandbox(SystemClock(), speed=AT_ONCE).app()
    async with TestClient(TestServer(app)) as client:
        yield Wire(client, StillClock())


@pytest.fixture
async def server(vendor: Wire, tmp_path: Path) -> AsyncIterator[mcp.McpServer]:
    address = str(vendor.client.make_url("")).rstrip("/")
    async with mcp.running(address, KEY, tmp_path) as server:
        assert (await server.begin())["serverInfo"]["name"] == "@meshy-ai/meshy-mcp-server"
        yield server


async def test_from_a_prompt_to_a_file_that_moves(
    server: mcp.McpServer, vendor: Wire, tmp_path: Path
) -> None:
    tools = {tool["name"] for tool in (await server.ask("tools/list"))["tools"]}
    assert {"meshy_text_to_3d", "meshy_rig", "meshy_animate"} <= tools
    assert await server.use("meshy_check_balance") == {"balance": 1000}

    preview = await server.use(
        "meshy_text_to_3d", prompt="a knight", pose_mode="t-pose", should_remesh=True, target_polycount=20000
    )
    shape = await server.use("meshy_get_task_status", task_id=preview["task_id"])
    refine = await server.use("meshy_text_to_3d_refine", preview_task_id=preview["task_id"], enable_pbr=True)
    model = await server.use("meshy_get_task_status", task_id=refine["task_id"])
    rig = await server.use("meshy_rig", input_task_id=refine["task_id"])
    rigged = await server.use("meshy_get_task_status", task_id=rig["task_id"], task_type="rigging")
    animate = await server.use("meshy_animate", rig_task_id=rig["task_id"], action_id=28)
    moved = await server.use("meshy_get_task_status", task_id=animate["task_id"], task_type="animation")

    steps = (shape, model, rigged, moved)
    assert [step["outcome"] for step in steps] == ["SUCCEEDED"] * 4
    assert [step["consumed_credits"] for step in steps] == [20, 10, 5, 3]
    assert await server.use("meshy_check_balance") == {"balance": 1000 - 38}

    saved = await server.use(
        "meshy_download_model", task_id=refine["task_id"], save_to=str(tmp_path / "a.glb")
    )
    file = await asyncio.to_thread(Path(saved["local_path"]).read_bytes)
    assert read(file).document["images"]
    assert len(saved["texture_paths"]) == 4
    linked = await server.use("meshy_download_model", task_id=animate["task_id"], task_type="animation")
    glb = await vendor.glb(linked["download_url"])
    assert [clip["name"] for clip in glb.document["animations"]] == ["Big_Wave_Hello"]

    listed = await server.use("meshy_list_tasks", task_type="text-to-3d")
    assert [task["id"] for task in listed["tasks"]] == [refine["task_id"], preview["task_id"]]
    assert [task["type"] for task in await vendor.books()] == [
        "text-to-3d-preview",
        "text-to-3d-refine",
        "rig",
        "animate",
    ]


async def test_what_is_no_person_is_not_rigged_but_painted_anew(server: mcp.McpServer) -> None:
    made = await server.use("meshy_text_to_3d", prompt="a teapot", ai_model="meshy-5")
    await server.use("meshy_get_task_status", task_id=made["task_id"])

    assert "status 422" in await server.refusal("meshy_rig", input_task_id=made["task_id"])
    painted = await server.use(
        "meshy_retexture", input_task_id=made["task_id"], text_style_prompt="rusty iron"
    )
    smaller = await server.use("meshy_remesh", input_task_id=painted["task_id"], target_polycount=500)
    status = await server.use(
        "meshy_get_task_status", task_id=smaller["task_id"], task_type="remesh", wait=False
    )
    assert status["status"] == "SUCCEEDED"
    assert await server.use("meshy_check_balance") == {"balance": 1000 - 5 - 10 - 5}


async def test_a_picture_is_painted_and_becomes_a_model(server: mcp.McpServer) -> None:
    painted = await server.use("meshy_text_to_image", prompt="a robot", ai_model="nano-banana")
    await server.use("meshy_get_task_status", task_id=painted["task_id"], task_type="text-to-image")
    made = await server.use("meshy_image_to_3d", input_task_id=painted["task_id"], target_formats=["glb"])
    status = await server.use("meshy_get_task_status", task_id=made["task_id"], task_type="image-to-3d")

    assert status["model_urls"].keys() == {"glb"}
    assert status["consumed_credits"] == 30


async def test_what_waits_can_be_given_up(server: mcp.McpServer, vendor: Wire) -> None:
    await vendor.control("speed", {"factor": 0})
    made = await server.use("meshy_text_to_3d", prompt="an owl")

    await server.use("meshy_cancel_task", task_id=made["task_id"])

    assert await server.use("meshy_check_balance") == {"balance": 1000}
    assert [task["status"] for task in await vendor.books()] == ["CANCELED"]


async def test_a_key_that_is_none_ends_it_at_the_door(vendor: Wire, tmp_path: Path) -> None:
    address = str(vendor.client.make_url("")).rstrip("/")
    async with mcp.running(address, "msy_nobody", tmp_path) as server:
        with pytest.raises(AssertionError, match="the server ended"):
            await server.begin()
    assert "Invalid MESHY_API_KEY" in (tmp_path / "mcp.log").read_text()
