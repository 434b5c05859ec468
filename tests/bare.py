"""``python -m tests.bare run``: the least that a bot can be, to measure ours against.

It connects with discord.py as ours does, and defers every ``/generate``; that is all.
"""

import asyncio
import os

import discord
from discord import app_commands

from bot.client import point_discord_at

Interaction = discord.Interaction[discord.Client]


@app_commands.command(description="Defer")
async def generate(interaction: Interaction, prompt: str, provider: str = "") -> None:
    """Promise an answer that never comes."""
    del prompt, provider
    await interaction.response.defer(thinking=True)


class Bare(discord.Client):
    """A client with one command."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None, guild_ready_timeout=0.0)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Tell Discord of the command."""
        self.tree.add_command(generate)
        await self.tree.sync()


async def main() -> None:
    """Serve until killed."""
    point_discord_at(os.environ["DISCORD_API_URL"], os.environ["DISCORD_GATEWAY_URL"])
    async with Bare() as client:
        await client.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
