"""``/rig``: a skeleton for a model."""

from typing import Any

from discord import app_commands

from bot.commands.offers import offer_models, offer_places, offer_vendors
from bot.commands.words import word
from bot.jobs.choosing import Wish
from bot.jobs.orders import RigOrder
from bot.ui.answering import asker, begin
from bot.ui.desk import Desk, Interaction
from storage.models import Stage


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="rig", description=word(desk.catalogue, "command.rig"))
    @app_commands.describe(
        model=word(desk.catalogue, "option.model"),
        provider=word(desk.catalogue, "option.rig_provider"),
        project=word(desk.catalogue, "option.project"),
    )
    async def rig(interaction: Interaction, model: str, provider: str = "", project: str = "") -> None:
        found = await desk.shelf.find_model(asker(interaction), model)
        await begin(
            desk, interaction, RigOrder(model_id=found.id, provider=provider or None), project=project
        )

    @rig.autocomplete("model")
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_models(desk, interaction, current, Stage.RIG)

    @rig.autocomplete("provider")
    async def offer_provider(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_vendors(desk, interaction, current, Wish(rig=True))

    @rig.autocomplete("project")
    async def offer_project(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_places(desk, interaction, current)

    return rig
