"""``/remesh``: the same look with fewer faces."""

from typing import Any

from discord import app_commands

from bot.commands.generate import POLYCOUNT
from bot.commands.offers import offer_models, offer_places, offer_vendors
from bot.commands.words import word
from bot.jobs.choosing import Wish
from bot.jobs.orders import RemeshOrder
from bot.jobs.rules import USUAL_FACES
from bot.ui.answering import asker, begin
from bot.ui.desk import Desk, Interaction
from storage.models import Stage


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="remesh", description=word(desk.catalogue, "command.remesh"))
    @app_commands.describe(
        model=word(desk.catalogue, "option.model"),
        faces=word(desk.catalogue, "option.faces"),
        provider=word(desk.catalogue, "option.provider"),
        project=word(desk.catalogue, "option.project"),
    )
    async def remesh(
        interaction: Interaction, model: str, faces: POLYCOUNT, provider: str = "", project: str = ""
    ) -> None:
        found = await desk.shelf.find_model(asker(interaction), model)
        order = RemeshOrder(model_id=found.id, faces=faces, provider=provider or None)
        await begin(desk, interaction, order, project=project)

    @remesh.autocomplete("model")
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_models(desk, interaction, current, Stage.REMESH)

    @remesh.autocomplete("provider")
    async def offer_provider(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        typed = getattr(interaction.namespace, "faces", None)
        return await offer_vendors(desk, interaction, current, Wish(remesh=typed or USUAL_FACES))

    @remesh.autocomplete("project")
    async def offer_project(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_places(desk, interaction, current)

    return remesh
