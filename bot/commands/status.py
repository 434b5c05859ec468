"""``/status``: a fresh card, also where the old message is gone."""

from typing import Any

from discord import app_commands

from bot.commands.offers import offer_models
from bot.commands.words import word
from bot.ui.answering import asker, open_card
from bot.ui.desk import Desk, Interaction


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="status", description=word(desk.catalogue, "command.status"))
    @app_commands.describe(model=word(desk.catalogue, "option.model"))
    async def status(interaction: Interaction, model: str) -> None:
        who = asker(interaction)
        found = await desk.shelf.find_model(who, model)
        async with open_card(interaction) as where:
            await desk.jobs.show(who, found.id, where)

    @status.autocomplete("model")
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_models(desk, interaction, current, None)

    return status
