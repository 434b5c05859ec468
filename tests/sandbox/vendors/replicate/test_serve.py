"""The vendor as a program of its own."""

import asyncio
import re
import signal
import sys

import aiohttp
import pytest

pytestmark = pytest.mark.process


async def test_it_says_where_it_listens_and_which_key_is_good_and_ends_on_ctrl_c() -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "replicate", "--port", "0", "--credits", "0",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert program.stdout is not None
    said = (await asyncio.wait_for(program.stdout.readline(), 30)).decode()
    found = re.search(r"(http://127\.0\.0\.1:\d+/v1)  key (r8_\w{37})$", said.strip())
    assert found is not None, said

    address, key = found.groups()
    headers = {"Authorization": f"Bearer {key}"}
    body = {"version": "tencent/hunyuan-3d-3.1", "input": {"prompt": "an owl"}}
    async with aiohttp.request("POST", f"{address}/predictions", headers=headers, json=body) as answer:
        refused = answer.status
    program.send_signal(signal.SIGINT)
    _, complaints = await asyncio.wait_for(program.communicate(), 30)

    assert refused == 402
    assert (program.returncode, complaints) == (0, b"")
