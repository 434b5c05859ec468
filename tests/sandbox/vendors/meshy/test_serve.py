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
        sys.executable, "-m", "sandbox", "meshy", "--port", "0", "--credits", "42",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert program.stdout is not None
    said = (await asyncio.wait_for(program.stdout.readline(), 30)).decode()
    found = re.search(r"(http://127\.0\.0\.1:\d+)  key (msy_\w+)", said)
    assert found is not None, said

    address, key = found.groups()
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.request("GET", f"{address}/openapi/v1/balance", headers=headers) as answer:
        balance = await answer.json()
    program.send_signal(signal.SIGINT)
    _, complaints = await asyncio.wait_for(program.communicate(), 30)

    assert balance == {"balance": 42}
    assert (program.returncode, complaints) == (0, b"")
