"""``/key``: members' own keys at vendors. Everything that is said about them is private."""

from typing import Any

from discord import app_commands

from bot.commands.words import word
from bot.jobs.errors import NoKeysThere
from bot.jobs.keys import KeyView
from bot.ui.answering import asker, tell
from bot.ui.desk import Desk, Interaction
from bot.ui.key_form import KeyForm
from bot.ui.text import Voice


def group(desk: Desk) -> app_commands.Group:
    """The commands, at work at this desk."""
    key = app_commands.Group(name="key", description=word(desk.catalogue, "command.key"))
    for make in (_set, _show, _remove):
        key.add_command(make(desk))
    return key


def _set(desk: Desk) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="set", description=word(desk.catalogue, "command.key_set"))
    @app_commands.describe(provider=word(desk.catalogue, "option.key_provider"))
    @app_commands.choices(provider=_vendors(desk))
    async def set_(interaction: Interaction, provider: str) -> None:
        if provider not in desk.keys.titles():
            raise NoKeysThere(provider)
        await interaction.response.send_modal(KeyForm(desk, desk.voice(interaction), provider))

    return set_


def _show(desk: Desk) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="show", description=word(desk.catalogue, "command.key_show"))
    async def show(interaction: Interaction) -> None:
        voice = desk.voice(interaction)
        keys = await desk.keys.show(asker(interaction))
        lines = [_line(voice, key) for key in keys] or [voice.say("key.none")]
        await tell(interaction, "\n".join([voice.say("key.title"), *lines]))

    return show


def _remove(desk: Desk) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="remove", description=word(desk.catalogue, "command.key_remove"))
    @app_commands.describe(provider=word(desk.catalogue, "option.key_provider"))
    @app_commands.choices(provider=_vendors(desk))
    async def remove(interaction: Interaction, provider: str) -> None:
        await desk.keys.remove(asker(interaction), provider)
        vendor = desk.keys.titles().get(provider, provider)
        await tell(interaction, desk.voice(interaction).say("key.removed", vendor=vendor))

    return remove


def _vendors(desk: Desk) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=title, value=name) for name, title in desk.keys.titles().items()]


def _line(voice: Voice, key: KeyView) -> str:
    told = voice.say("key.line" if key.works else "key.line_broken", vendor=key.title, since=key.since)
    return f"- {told}"
