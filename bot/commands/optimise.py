"""``/optimise``: lighter copies of a model as well."""

from typing import Any

from discord import app_commands

from bot.commands.offers import offer_models
from bot.commands.words import word
from bot.jobs.orders import OptimiseOrder
from bot.ui.answering import asker, begin
from bot.ui.desk import Desk, Interaction
from storage.models import Stage


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="optimise", description=word(desk.catalogue, "command.optimise"))
    @app_commands.describe(model=word(desk.catalogue, "option.model"))
    async def optimise(interaction: Interaction, model: str) -> None:
        found = await desk.shelf.find_model(asker(interaction), model)
        await begin(desk, interaction, OptimiseOrder(model_id=found.id))

    @optimise.autocomplete("model")
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_models(desk, interaction, current, Stage.OPTIMISE)

    return optimise
