"""The Discord client: it knows the commands, listens for the buttons, and answers every error."""

from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.commands import commands, menus
from bot.commands.words import CatalogueTranslator
from bot.ui import (
    anew,
    batch_items,
    batch_panel,
    buttons,
    guide,
    model_panel,
    more,
    pages,
    posted,
    variations,
)
from bot.ui.answering import report
from bot.ui.desk import Desk
from bot.ui.greeting import greet


class Tree(app_commands.CommandTree["MaquetteClient"]):
    """The commands, and what becomes of their errors."""

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Answer; an autocomplete cannot be answered, and simply offers nothing."""
        if interaction.type is not discord.InteractionType.autocomplete:
            await report(self.client.desk.catalogue, interaction, error)


class MaquetteClient(discord.Client):
    """discord.py, furnished. ``desk`` has to be set before it starts: what it needs knows the client."""

    desk: Desk

    def __init__(self) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we have no voice to miss
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            guild_ready_timeout=0.0,  # nothing we do needs to know all servers first; cards carry on at once
        )
        self.tree = Tree(self)

    async def setup_hook(self) -> None:
        """Put up commands and buttons, and tell Discord of the commands in all languages."""
        await self.tree.set_translator(CatalogueTranslator(self.desk.catalogue))
        for command in commands(self.desk):
            self.tree.add_command(command, override=True)  # a log-in that failed half way is done again
        for menu in menus(self.desk):
            self.tree.add_command(menu, override=True)
        self.add_dynamic_items(*buttons.ITEMS, *more.ITEMS, *anew.ITEMS, *pages.ITEMS, *model_panel.ITEMS)
        self.add_dynamic_items(*guide.ITEMS, *posted.ITEMS, *batch_items.ITEMS, *batch_panel.ITEMS)
        self.add_dynamic_items(*variations.ITEMS)
        self.desk.mentions.learn(await self.tree.sync())

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Introduce ourselves to a server that we came into just now."""
        await greet(self.desk, guild)

    @property
    def listening(self) -> bool:
        """Whether Discord can tell us anything at this moment; once ready, discord.py stays "ready"."""
        return self.is_ready() and self.ws.open

    async def log_in(self, token: str) -> None:
        """``login`` that may be tried again: discord.py would leave the session of a failed one open."""
        try:
            await self.login(token)
        except BaseException:
            await self.http.close()
            self.http.connector = discord.utils.MISSING
            raise

    async def listen(self) -> None:
        """``connect`` that may be tried again: it leaves the socket behind when an event breaks it.

        A new session is begun, for the old one would bring the same event again.
        """
        try:
            await self.connect()
        finally:
            socket: DiscordWebSocket | None = self.ws  # none before the first, whatever its type says
            if socket is not None and socket.open:
                await socket.close(code=1000)


def point_discord_at(api_url: str, gateway_url: str) -> None:
    """Use another Discord than the usual one; discord.py keeps both addresses as class attributes."""
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
