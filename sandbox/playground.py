"""A whole world on this machine: a Discord, a vendor, and a bot between them, as processes apart.

The bot is any program that takes its addresses from the environment; it is started, killed
and started again here, and never imported.
"""

import asyncio
import os
import shlex
import shutil
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from aiohttp import web

from sandbox.clock import SystemClock
from sandbox.discord.server import DiscordSandbox
from sandbox.vendors.tripo.accounts import KEY
from sandbox.vendors.tripo.server import TripoSandbox

HOST = "127.0.0.1"
BOT = "-m bot run"
CHAT_PORT, VENDOR_PORT, SITE_PORT = 8090, 8091, 8092
TRIES = 50
PATIENCE = 15.0
"""Seconds in which the bot has to be there, or gone."""


class BotMissing(Exception):
    """The bot did not come, or went away by itself."""


@dataclass(slots=True, kw_only=True)
class BotProcess:
    """The bot, from outside: a command, an environment, and a process that may be killed."""

    environment: Mapping[str, str]
    log: TextIO
    process: Process | None = None

    async def start(self) -> None:
        """Start it; it is not connected yet."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *shlex.split(BOT),
            env={**os.environ, **self.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )

    async def ended(self) -> None:
        """Wait until it ends.

        Raises:
            BotMissing: it did not end well.
        """
        if self.process and await self.process.wait():
            raise BotMissing(f"the bot ended with code {self.process.returncode}")

    async def kill(self) -> None:
        """Kill it with -9, as a crash or a power cut would."""
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def stop(self) -> None:
        """Ask it to stop, and see that it does."""
        if self.process is None or self.process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), PATIENCE)
        except TimeoutError:
            await self.kill()


@dataclass(slots=True, kw_only=True)
class Playground:
    """Everything that runs."""

    discord: DiscordSandbox
    tripo: TripoSandbox
    bot: BotProcess
    site: str
    notes: list[str] = field(default_factory=list)
    """What a person should know, like a port that was in use."""

    @property
    def address(self) -> str:
        """Where the chat page is."""
        return self.discord.address

    async def connected(self) -> None:
        """Come back when the bot is online and its commands are known.

        Raises:
            BotMissing: it ended, or it took too long.
        """
        for _ in range(int(PATIENCE * 20)):
            if self.discord.gateway.online and len(self.discord.registry):
                return
            if self.bot.process and self.bot.process.returncode is not None:
                raise BotMissing(f"the bot ended with code {self.bot.process.returncode}")
            await asyncio.sleep(0.05)
        raise BotMissing(f"the bot did not connect within {PATIENCE:g} seconds")

    async def restart_bot(self) -> None:
        """Start the bot anew, after it was killed."""
        await self.bot.start()
        await self.connected()


@asynccontextmanager
async def playground(
    folder: Path, *, log: TextIO, speed: float, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Playground]:
    """Start everything with an empty ``folder`` for the bot's data; on leaving, nothing is left running.

    ``speed`` is how many times as fast as usual the vendor works; ``settings`` are more of the bot's.

    Raises:
        BotMissing: the bot could not be started.
    """
    await asyncio.to_thread(_empty, folder)
    notes: list[str] = []
    record = os.environ.get("SANDBOX_RECORD")
    discord = DiscordSandbox(SystemClock(), record=Path(record) if record else None)
    tripo = TripoSandbox(SystemClock(), speed=speed)
    runner = web.AppRunner(tripo.app(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await discord.start(HOST, _free_port(CHAT_PORT, "chat page", notes))
        vendor_port = _free_port(VENDOR_PORT, "vendor", notes)
        await web.TCPSite(runner, HOST, vendor_port).start()
        site_port = _free_port(SITE_PORT, "bot's site", notes)
        environment = _environment(discord, vendor_port, site_port, folder) | dict(settings or {})
        bot = BotProcess(environment=environment, log=log)
        try:
            await bot.start()
            site = f"http://{HOST}:{site_port}"
            yield Playground(discord=discord, tripo=tripo, bot=bot, site=site, notes=notes)
        finally:
            await bot.stop()
    finally:
        await runner.cleanup()
        await discord.stop()


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _environment(discord: DiscordSandbox, vendor_port: int, site_port: int, folder: Path) -> dict[str, str]:
    """Everything the bot is told; it cannot know that this is not the real world."""
    return {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.rest_url,
        "DISCORD_GATEWAY_URL": discord.gateway.url,
        "DISCORD_CDN_HOSTS": discord.address.removeprefix("http://"),
        "TRIPO_API_KEY": KEY,
        "TRIPO_API_URL": f"http://{HOST}:{vendor_port}/v3",
        "DOWNLOAD_HOSTS": f"{HOST}:{vendor_port}",
        "DATA_DIR": str(folder),
        "PUBLIC_URL": f"http://{HOST}:{site_port}",
        "WEB_HOST": HOST,
        "WEB_PORT": str(site_port),
    }


def _free_port(wanted: int, what: str, notes: list[str]) -> int:
    """``wanted``, or the next one that nobody uses."""
    for port in range(wanted, wanted + TRIES):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        if port != wanted:
            notes.append(f"Port {wanted} is in use; the {what} is at {port} instead.")
        return port
    raise OSError(f"none of the ports {wanted} to {wanted + TRIES - 1} is free for the {what}")
