"""``/convert``: a model in another format as well."""

from typing import Any

from discord import app_commands

from bot.commands.offers import offer_models
from bot.commands.words import word
from bot.jobs.orders import ConvertOrder
from bot.jobs.remaking import FORMATS
from bot.ui.answering import asker, begin
from bot.ui.desk import Desk, Interaction
from storage.models import Stage


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="convert", description=word(desk.catalogue, "command.convert"))
    @app_commands.describe(
        model=word(desk.catalogue, "option.model"), format=word(desk.catalogue, "option.format")
    )
    @app_commands.choices(format=[app_commands.Choice(name=kind.upper(), value=kind) for kind in FORMATS])
    async def convert(interaction: Interaction, model: str, format: str) -> None:  # noqa: A002 -- the option's name
        found = await desk.shelf.find_model(asker(interaction), model)
        await begin(desk, interaction, ConvertOrder(model_id=found.id, format=format))

    @convert.autocomplete("model")
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_models(desk, interaction, current, Stage.CONVERT)

    return convert
