"""``/help``: what there is to do here."""

from typing import Any

from discord import app_commands

from bot.commands.words import word
from bot.ui.desk import Desk, Interaction
from bot.ui.guide import show_help


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="help", description=word(desk.catalogue, "command.help"))
    async def help_(interaction: Interaction) -> None:
        await show_help(desk, interaction)

    return help_
