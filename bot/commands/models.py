"""``/models``: what the asker has made."""

from typing import Any

from discord import app_commands

from bot.commands.words import word
from bot.ui.buttons import models_page
from bot.ui.desk import Desk, Interaction


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="models", description=word(desk.catalogue, "command.models"))
    async def models(interaction: Interaction) -> None:
        page = await models_page(desk, interaction, 0)
        await interaction.response.send_message(view=page, ephemeral=True)

    return models
