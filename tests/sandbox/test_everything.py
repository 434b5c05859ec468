"""``python -m sandbox all`` as a process: each part at its own port, and all gone when it is told to end."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE

import aiohttp
import pytest

from sandbox.marketplace import KINDS, free_port

pytestmark = pytest.mark.process
SECONDS = 30.0


def ports() -> dict[str, int]:
    """A free port for each part, no two the same."""
    found: dict[str, int] = {}
    beyond = 20_000
    for part in ("discord", *KINDS):
        found[part] = free_port(beyond, part, [])
        beyond = found[part] + 1
    return found


async def test_every_part_is_at_its_port_and_all_end_together() -> None:
    at = ports()
    words = [word for part, port in at.items() for word in (f"--{part}-port", str(port))]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "all", *words, stdout=PIPE
    )
    assert process.stdout is not None
    told: list[str] = []
    async with asyncio.timeout(SECONDS):
        while not all(any(f":{port}" in line for line in told) for port in at.values()):
            told.append((await process.stdout.readline()).decode())
        async with aiohttp.ClientSession() as session:
            for name in KINDS:
                async with session.get(f"http://127.0.0.1:{at[name]}/sandbox/{name}/tasks") as answer:
                    assert await answer.json() == []
        process.send_signal(signal.SIGTERM)
        await process.communicate()

    assert process.returncode == 0
