"""A whole world on this machine: a Discord, the vendors, and a bot between them, as a process apart.

The bot is any program that takes its addresses from the environment; it is started, killed
and started again here, and never imported.
"""

import asyncio
import os
import re
import shlex
import shutil
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from sandbox.clock import SystemClock
from sandbox.discord.server import DiscordSandbox
from sandbox.marketplace import HOST, Observer, Stand, free_port, marketplace, observing

BOT = "-m bot"
CHAT_PORT, SITE_PORT = 8090, 8092
HOOK = re.compile(r"https?://\S+/hooks/(\w+)/\w+")
"""An address for a vendor's webhooks, as the bot's own check prints it."""
PATIENCE = 15.0
"""Seconds in which the bot has to be there, or gone."""


class BotMissing(Exception):
    """The bot did not come, or went away by itself."""


@dataclass(slots=True, kw_only=True)
class BotProcess:
    """The bot, from outside: a command, an environment, and a process that may be killed."""

    environment: Mapping[str, str]
    log: TextIO
    program: str = BOT
    """What Python is told to run."""
    process: Process | None = None

    async def start(self) -> None:
        """Start it; it is not connected yet."""
        self.process = await self._begin("run", stdout=self.log)

    async def _begin(self, verb: str, *, stdout: TextIO | int) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *shlex.split(self.program),
            verb,
            env={**os.environ, **self.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stdout,
            stderr=self.log,
        )

    async def check(self) -> str:
        """Run the bot's own check beside it; gives what that prints."""
        process = await self._begin("check", stdout=asyncio.subprocess.PIPE)
        try:
            said, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return said.decode()

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
    vendors: Mapping[str, Stand]
    """By name."""
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

    async def subscribe(self) -> list[str]:
        """Do as an owner does: tell vendors' consoles the webhook addresses that the bot's check prints.

        Gives the addresses. Without them results come all the same, some seconds later.
        """
        found = list(HOOK.finditer(await self.bot.check()))
        for hook in found:
            await self.vendors[hook[1]].call(hook[0])
        return [hook[0] for hook in found]

    async def restart_bot(self) -> None:
        """Start the bot anew, after it was killed."""
        await self.bot.start()
        await self.connected()


@asynccontextmanager
async def playground(
    folder: Path,
    *,
    log: TextIO,
    speed: float,
    settings: Mapping[str, str] | None = None,
    observer: Observer | None = None,
    overhearer: Observer | None = None,
    program: str = BOT,
) -> AsyncIterator[Playground]:
    """Start everything with an empty ``folder`` for the bot's data; on leaving, nothing is left running.

    ``speed`` is how many times as fast as usual vendors work; ``settings`` are more of the bot's;
    ``observer`` is told of every request to a vendor, ``overhearer`` of every one to Discord;
    ``program`` is what Python is told to run.

    Raises:
        BotMissing: the bot could not be started.
    """
    await asyncio.to_thread(_empty, folder)
    notes: list[str] = []
    record = os.environ.get("SANDBOX_RECORD")
    discord = DiscordSandbox(
        SystemClock(),
        record=Path(record) if record else None,
        watched=observing("discord", overhearer) if overhearer else None,
    )
    async with marketplace(speed, notes, observer) as vendors:
        try:
            await discord.start(HOST, free_port(CHAT_PORT, "chat page", notes))
            site_port = free_port(SITE_PORT, "bot's site", notes)
            environment = _environment(discord, vendors, site_port, folder) | dict(settings or {})
            bot = BotProcess(environment=environment, log=log, program=program)
            try:
                await bot.start()
                site = f"http://{HOST}:{site_port}"
                yield Playground(discord=discord, vendors=vendors, bot=bot, site=site, notes=notes)
            finally:
                await bot.stop()
        finally:
            await discord.stop()


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _environment(
    discord: DiscordSandbox, vendors: Mapping[str, Stand], site_port: int, folder: Path
) -> dict[str, str]:
    """Everything the bot is told; it cannot know that this is not the real world."""
    told = {name: value for stand in vendors.values() for name, value in stand.settings.items()}
    return told | {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.rest_url,
        "DISCORD_GATEWAY_URL": discord.gateway.url,
        "DISCORD_CDN_HOSTS": discord.address.removeprefix("http://"),
        "DOWNLOAD_HOSTS": ",".join(stand.host for stand in vendors.values()),
        "DATA_DIR": str(folder),
        "PUBLIC_URL": f"http://{HOST}:{site_port}",
        "WEB_HOST": HOST,
        "WEB_PORT": str(site_port),
        "PREVIEWS": "false",  # drawing takes a core for seconds, and who measures wants it for the rest
    }
