"""``/gallery``: what is public in a server, the most starred of the week first."""

from typing import Any

from discord import app_commands

from bot.commands.models import TEXT
from bot.commands.words import word
from bot.jobs.browsing import Look
from bot.ui.desk import Desk, Interaction
from bot.ui.looks import cut
from bot.ui.pages import open_page


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="gallery", description=word(desk.catalogue, "command.gallery"))
    @app_commands.describe(text=word(desk.catalogue, "option.text"))
    async def gallery(interaction: Interaction, text: TEXT = "") -> None:
        await open_page(desk, interaction, Look(gallery=True, text=cut(text.strip())))

    return gallery
