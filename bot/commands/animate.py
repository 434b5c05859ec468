"""``/animate``: up to four clips for a rigged model."""

from typing import Any

from discord import app_commands

from bot.commands.offers import offer_clips, offer_models, offer_places
from bot.commands.words import word
from bot.jobs.orders import AnimateOrder
from bot.jobs.text import clip_list
from bot.ui.answering import asker, begin
from bot.ui.desk import Desk, Interaction
from storage.models import Stage


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""
    more = word(desk.catalogue, "option.more_clip")

    @app_commands.command(name="animate", description=word(desk.catalogue, "command.animate"))
    @app_commands.describe(
        model=word(desk.catalogue, "option.model"),
        clip=word(desk.catalogue, "option.clip"),
        clip2=more,
        clip3=more,
        clip4=more,
        project=word(desk.catalogue, "option.project"),
    )
    async def animate(
        interaction: Interaction,
        model: str,
        clip: str,
        clip2: str = "",
        clip3: str = "",
        clip4: str = "",
        project: str = "",
    ) -> None:
        found = await desk.shelf.find_model(asker(interaction), model)
        clips = clip_list(f"{clip},{clip2},{clip3},{clip4}")
        await begin(desk, interaction, AnimateOrder(model_id=found.id, clips=clips), project=project)

    @animate.autocomplete("model")
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_models(desk, interaction, current, Stage.ANIMATE)

    @animate.autocomplete("project")
    async def offer_project(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_places(desk, interaction, current)

    async def offer_clip(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_clips(desk, interaction, current)

    for option in ("clip", "clip2", "clip3", "clip4"):
        animate.autocomplete(option)(offer_clip)
    return animate
