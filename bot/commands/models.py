"""``/models``: the asker's own, in pages of pictures; and Models on a person: what may be seen of theirs."""

from typing import Any

import discord
from discord import app_commands

from bot.commands.offers import offer_projects
from bot.commands.words import word
from bot.jobs.browsing import Look
from bot.jobs.keeping import NOWHERE
from bot.ui.answering import asker
from bot.ui.desk import Desk, Interaction
from bot.ui.looks import TEXT_BYTES, cut
from bot.ui.pages import open_page
from storage.lists import Standing

TEXT = app_commands.Range[str, 0, TEXT_BYTES]


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The asker's own."""

    @app_commands.command(name="models", description=word(desk.catalogue, "command.models"))
    @app_commands.describe(
        text=word(desk.catalogue, "option.text"),
        project=word(desk.catalogue, "option.project_look"),
        state=word(desk.catalogue, "option.state"),
        rigged=word(desk.catalogue, "option.rigged"),
    )
    @app_commands.choices(state=_states(desk))
    async def models(
        interaction: Interaction,
        text: TEXT = "",
        project: str = "",
        state: str = "",
        rigged: bool | None = None,  # noqa: FBT001 # an option of the command, given by name
    ) -> None:
        found = await desk.keeping.find_project(asker(interaction), project) if project else None
        standing = Standing(state) if state in set(Standing) else None
        look = Look(project_id=found, standing=standing, rigged=rigged, text=cut(text.strip()))
        await open_page(desk, interaction, look)

    @models.autocomplete("project")
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        inbox = app_commands.Choice(name=desk.voice(interaction).label("filter.inbox"), value=NOWHERE)
        return [inbox, *await offer_projects(desk, interaction, current)][:25]

    return models


def menu(desk: Desk) -> app_commands.ContextMenu:
    """On a person: what the asker may see of theirs."""

    async def models_of(interaction: Interaction, person: discord.User) -> None:
        own = person.id == interaction.user.id
        await open_page(desk, interaction, Look(person=None if own else person.id))

    return app_commands.ContextMenu(name=word(desk.catalogue, "menu.models"), callback=models_of)


def _states(desk: Desk) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=word(desk.catalogue, f"filter.{one}"), value=one.value) for one in Standing
    ]
