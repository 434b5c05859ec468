"""``/retexture``: the same shape with another surface."""

from typing import Any

from discord import app_commands

from bot.commands.offers import offer_models, offer_places, offer_vendors
from bot.commands.words import word
from bot.jobs.choosing import Wish
from bot.jobs.orders import RetextureOrder
from bot.ui.answering import asker, begin
from bot.ui.desk import Desk, Interaction
from storage.models import Stage


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="retexture", description=word(desk.catalogue, "command.retexture"))
    @app_commands.describe(
        model=word(desk.catalogue, "option.model"),
        prompt=word(desk.catalogue, "option.retexture_prompt"),
        provider=word(desk.catalogue, "option.provider"),
        project=word(desk.catalogue, "option.project"),
    )
    async def retexture(
        interaction: Interaction, model: str, prompt: str, provider: str = "", project: str = ""
    ) -> None:
        found = await desk.shelf.find_model(asker(interaction), model)
        order = RetextureOrder(model_id=found.id, words=prompt, provider=provider or None)
        await begin(desk, interaction, order, project=project)

    @retexture.autocomplete("model")
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_models(desk, interaction, current, Stage.RETEXTURE)

    @retexture.autocomplete("provider")
    async def offer_provider(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_vendors(desk, interaction, current, Wish(retexture=True))

    @retexture.autocomplete("project")
    async def offer_project(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_places(desk, interaction, current)

    return retexture
