"""Make 3D, on a message: a model from a picture that somebody posted."""

import discord
from discord import app_commands

from bot.commands.words import word
from bot.ui.desk import Desk, Interaction
from bot.ui.posted import make_of


def menu(desk: Desk) -> app_commands.ContextMenu:
    """In the menu of every message."""

    async def make_3d(interaction: Interaction, message: discord.Message) -> None:
        await make_of(desk, interaction, message)

    return app_commands.ContextMenu(name=word(desk.catalogue, "menu.make_3d"), callback=make_3d)
