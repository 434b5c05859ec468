"""A small bot as people write them with discord.py, which knows nothing of the sandbox but two addresses."""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import discord
import pytest
import yarl
from discord import app_commands

from sandbox.discord import DiscordSandbox

Interaction = discord.Interaction[discord.Client]
Handler = Callable[[Interaction], Awaitable[None]]


class Bot(discord.Client):
    """A handful of commands, and ``/run`` for whatever a test hangs on it."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0.0)
        contexts = app_commands.AppCommandContext(guild=True, dm_channel=True)
        installs = app_commands.AppInstallationType(guild=True)
        self.tree = app_commands.CommandTree(self, allowed_contexts=contexts, allowed_installs=installs)
        for command in (greet, forge, quietly, weigh):
            self.tree.add_command(command)
        self.tree.add_command(Admin())
        self.tree.add_command(app_commands.Command(name="run", description="Run", callback=self._run))
        self.add_dynamic_items(Strike)
        self.on_run: Handler | None = None
        self.ready = asyncio.Event()
        self.resumed = asyncio.Event()
        self.ran: asyncio.Queue[BaseException | None] = asyncio.Queue()

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_ready(self) -> None:
        self.ready.set()

    async def on_resumed(self) -> None:
        self.resumed.set()

    async def _run(self, interaction: Interaction) -> None:
        assert self.on_run is not None
        try:
            await self.on_run(interaction)
        except discord.HTTPException as error:
            self.ran.put_nowait(error)
        else:
            self.ran.put_nowait(None)


@app_commands.command(description="Say hello")
@app_commands.describe(name="Whom", loudly="Or not", times="How often")
async def greet(
    interaction: Interaction,
    name: str,
    member: discord.User | None = None,
    times: app_commands.Range[int, 1, 3] = 1,
    loudly: bool = False,  # noqa: FBT001, FBT002 - an option of a command is a parameter
) -> None:
    words = f"Hello {name}" + (f" and {member.mention}" if member else "")
    await interaction.response.send_message(" ".join([words.upper() if loudly else words] * times))


@greet.autocomplete("name")
async def _names(_interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    names = ("Ada", "Adele", "Ben")
    return [app_commands.Choice(name=name, value=name) for name in names if name.startswith(typed)]


@app_commands.command(description="Take your time, then show a card")
async def forge(interaction: Interaction) -> None:
    await interaction.response.defer()
    file = discord.File(io.BytesIO(b"glTF" * 100), "owl.glb")
    await interaction.edit_original_response(view=card(0, file="owl.glb"), attachments=[file])


@app_commands.command(description="For your eyes only")
async def quietly(interaction: Interaction) -> None:
    await interaction.response.send_message("psst", ephemeral=True)


@app_commands.command(description="Weigh a file")
async def weigh(interaction: Interaction, file: discord.Attachment) -> None:
    content = await file.read()
    await interaction.response.send_message(f"{file.filename} weighs {len(content)}, is {file.width} wide")


@app_commands.default_permissions(manage_guild=True)
class Admin(app_commands.Group):
    """For moderators."""

    def __init__(self) -> None:
        super().__init__(name="admin", description="For moderators")

    @app_commands.command(description="Set a limit")
    async def limit(self, interaction: Interaction, amount: int) -> None:
        await interaction.response.send_message(f"The limit is {amount}")


class Strike(discord.ui.DynamicItem[discord.ui.Button[Any]], template=re.compile(r"strike:(?P<count>\d+)")):
    """A button that carries its count in its address."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(discord.ui.Button(label=f"Strike {count}", custom_id=f"strike:{count}"))

    @classmethod
    async def from_custom_id(cls, _interaction: Any, _item: Any, match: re.Match[str], /) -> Self:
        return cls(int(match["count"]))

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.edit_message(view=card(self.count + 1, file="owl.glb"))


def card(count: int, *, file: str | None = None) -> discord.ui.LayoutView:
    """A card of Components V2."""
    view = discord.ui.LayoutView(timeout=None)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    row.add_item(Strike(count))
    parts: list[discord.ui.Item[Any]] = [discord.ui.TextDisplay(f"Struck {count} times")]
    if file:
        parts.append(discord.ui.File(f"attachment://{file}"))
    view.add_item(discord.ui.Container(*parts, row, accent_colour=0xB08D57))
    return view


@asynccontextmanager
async def running(sandbox: DiscordSandbox, patch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """A bot that is ready, and is closed in the end."""
    patch.setattr(discord.http.Route, "BASE", sandbox.rest_url)
    patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway.url))
    bot = Bot()
    life = asyncio.create_task(bot.start(sandbox.token))
    try:
        await asyncio.wait_for(bot.ready.wait(), 10)
        yield bot
    finally:
        await bot.close()
        await life
