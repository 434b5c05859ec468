"""A vendor as a program of its own, which is told to end as one does at a terminal."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def program(*words: str, says: str) -> AsyncIterator[re.Match[str]]:
    """``python -m sandbox`` with these words and a free port, once it has said a line that fits ``says``.

    In the end it has to go at Ctrl-C, without a complaint.
    """
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", *words, "--port", "0",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert running.stdout is not None
        said = (await asyncio.wait_for(running.stdout.readline(), 30)).decode()
        found = re.fullmatch(says, said.strip())
        assert found is not None, said
        yield found
    finally:
        running.send_signal(signal.SIGINT)
        try:
            _, complaints = await asyncio.wait_for(running.communicate(), 30)
        finally:
            if running.returncode is None:
                running.kill()
    assert (running.returncode, complaints) == (0, b"")
