"""The server as a program of its own."""

import asyncio
import re
import signal
import sys

import aiohttp
import pytest

pytestmark = pytest.mark.process


async def test_it_says_where_it_listens_and_ends_on_ctrl_c() -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "comfyui", "--port", "0", "--comfyui-version", "0.40.1",
        "--custom-nodes", "ComfyUI-UniRig", "--key", "Bearer let-me-in",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert program.stdout is not None
    said = (await asyncio.wait_for(program.stdout.readline(), 30)).decode()
    found = re.search(r"(http://127\.0\.0\.1:\d+)  key Bearer let-me-in", said)
    assert found is not None, said

    headers = {"Authorization": "Bearer let-me-in"}
    async with aiohttp.ClientSession(found[1], headers=headers) as http:
        async with http.get("/system_stats") as answer:
            stats = await answer.json()
        async with http.get("/object_info/UniRigAutoRig") as answer:
            rigs = await answer.json()
    program.send_signal(signal.SIGINT)
    _, complaints = await asyncio.wait_for(program.communicate(), 30)

    assert stats["system"]["comfyui_version"] == "0.40.1"
    assert "UniRigAutoRig" in rigs
    assert (program.returncode, complaints) == (0, b"")
