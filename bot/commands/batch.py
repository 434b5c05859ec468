"""``/batch``: a whole plan at once, one asset a line, from a form or a text file."""

from typing import Any

import discord
from discord import app_commands

from bot.commands.generate import styles
from bot.commands.offers import offer_places, offer_vendors
from bot.commands.words import word
from bot.jobs.choosing import Wish
from bot.ui.answering import asker
from bot.ui.batch_panel import SheetForm, sheet_panel
from bot.ui.desk import Desk, Interaction
from bot.ui.lists import accept, read_list


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="batch", description=word(desk.catalogue, "command.batch"))
    @app_commands.describe(
        file=word(desk.catalogue, "option.list_file"),
        style=word(desk.catalogue, "option.style"),
        provider=word(desk.catalogue, "option.provider"),
        project=word(desk.catalogue, "option.project"),
    )
    @app_commands.choices(style=styles(desk))
    async def batch(
        interaction: Interaction,
        file: discord.Attachment | None = None,
        style: str = "",
        provider: str = "",
        project: str = "",
    ) -> None:
        voice = desk.voice(interaction)
        if file is None:
            form = SheetForm(desk, voice, provider=provider, style=style, project=project)
            await interaction.response.send_modal(form)
            return
        accept(desk.pictures, file)
        await interaction.response.defer(ephemeral=True, thinking=True)
        text = await read_list(file)
        who = asker(interaction)
        view = await desk.sheets.write(who, text, provider=provider, style=style, project=project)
        await interaction.edit_original_response(view=sheet_panel(voice, view))

    @batch.autocomplete("provider")
    async def offer_provider(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_vendors(desk, interaction, current, Wish(generate=True))

    @batch.autocomplete("project")
    async def offer_project(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_places(desk, interaction, current)

    return batch
