"""A real ClamAV daemon on this machine, which knows one made-up signature and nothing else."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

HARMFUL = b"this is what the test's own signature knows"
NAME = "Maquette.Test.UNOFFICIAL"
"""What the daemon calls it: names from databases of one's own get that ending."""
REQUIRED = "REQUIRE_CLAMD"
"""Set where its absence is a failure and no reason to skip."""
SECONDS = 30.0


def program() -> str:
    """Where it is installed; otherwise the test is skipped, or fails where it has to run."""
    found = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not found and os.environ.get(REQUIRED):
        pytest.fail("clamd is not installed")
    if not found:
        pytest.skip("clamd is not installed")
    return found


@asynccontextmanager
async def clamd(folder: Path, **settings: object) -> AsyncIterator[Path]:
    """Its socket, while it runs. ``settings`` are more of ``clamd.conf``, or others."""
    home = folder / "clamd"
    (home / "signatures").mkdir(parents=True)
    (home / "signatures" / "ours.ndb").write_text(f"Maquette.Test:0:*:{HARMFUL.hex()}\n", "utf-8")
    socket = home / "clamd.sock"
    given = {
        "DatabaseDirectory": home / "signatures",
        "LocalSocket": socket,
        "TemporaryDirectory": home,
        "Foreground": "yes",
        "AlertExceedsMax": "yes",
        **settings,
    }
    (home / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in given.items()), "utf-8")
    process = await asyncio.create_subprocess_exec(
        program(), f"--config-file={home / 'clamd.conf'}", stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await _listens(socket, process)
        yield socket
    finally:
        process.terminate()
        await process.wait()


async def _listens(socket: Path, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(SECONDS):
        while True:
            assert process.returncode is None, "clamd ended"
            try:
                _, writer = await asyncio.open_unix_connection(socket)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                await writer.wait_closed()
                return
