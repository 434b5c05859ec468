"""The bot as a process, with a Discord, a vendor and an S3 store around it: seen from outside alone."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.clock import SystemClock
from sandbox.discord.server import DiscordSandbox
from sandbox.object_server import BUCKET, KEY_ID, SECRET, S3Server
from tests.meta.sources import ROOT

HOST = "127.0.0.1"
SECONDS = 30.0
OURS = [sys.executable, "-m", "bot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A bot that runs: what to ask it, and how to trouble it."""

    discord: DiscordSandbox
    process: Process
    program: Sequence[str]
    environment: Mapping[str, str]
    folder: Path

    async def health(self, *words: str) -> tuple[int, str]:
        """What the health command says, and its exit code."""
        asking = await asyncio.create_subprocess_exec(
            *(words or (*self.program, "health")),
            env=self.environment,
            cwd=self.folder,
            stdout=PIPE,
            stderr=STDOUT,
        )
        said, _ = await asyncio.wait_for(asking.communicate(), SECONDS)
        return asking.returncode or 0, said.decode()

    async def says(self, *lines: str) -> int:
        """Ask until all of these lines are said; gives the exit code."""
        said, end = "", asyncio.get_running_loop().time() + SECONDS
        while asyncio.get_running_loop().time() < end:
            code, said = await self.health()
            if all(line in said for line in lines):
                return code
            assert self.process.returncode is None, "the bot ended"
        raise AssertionError(f"it says\n{said}")

    async def stop(self) -> int:
        """Ask it to end, as Docker does; gives the exit code."""
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), SECONDS)


@asynccontextmanager
async def running(
    data: Path, *, program: Sequence[str] = OURS, folder: Path = ROOT, s3: S3Server | None = None
) -> AsyncIterator[Outside]:
    """Start it with nothing in its environment but what a container would have."""
    async with DiscordSandbox(SystemClock()) as discord:
        environment = _environment(discord, data, s3)
        with (data.parent / "bot.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *program, "run", env=environment, cwd=folder, stdout=log, stderr=log
            )
            try:
                yield Outside(
                    discord=discord,
                    process=process,
                    program=program,
                    environment=environment,
                    folder=folder,
                )
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()


def _environment(discord: DiscordSandbox, data: Path, s3: S3Server | None) -> dict[str, str]:
    bare = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    store = {
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": s3.url if s3 else "",
        "S3_ACCESS_KEY_ID": KEY_ID,
        "S3_SECRET_ACCESS_KEY": SECRET,
    }
    return {
        **bare,
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.rest_url,
        "DISCORD_GATEWAY_URL": discord.gateway.url,
        "DATA_DIR": str(data),
        "PREVIEWS": "false",
        "WEB_PORT": str(_free_port()),
        "PYTHONDONTWRITEBYTECODE": "1",
        **(store if s3 else {}),
    }


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])
