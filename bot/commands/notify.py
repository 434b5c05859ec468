"""``/notify``: whether, and how, the bot tells a member that something of theirs is done."""

from typing import Any

from discord import app_commands

from bot.commands.words import word
from bot.ui.answering import asker, tell
from bot.ui.desk import Desk, Interaction
from storage.models import Notify


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="notify", description=word(desk.catalogue, "command.notify"))
    @app_commands.describe(how=word(desk.catalogue, "option.notify"))
    @app_commands.choices(
        how=[
            app_commands.Choice(name=word(desk.catalogue, f"notify.choice.{how}"), value=how.value)
            for how in Notify
        ]
    )
    async def notify(interaction: Interaction, how: str) -> None:
        await desk.notifying.choose(asker(interaction), Notify(how))
        await tell(interaction, desk.voice(interaction).say(f"notify.chosen.{how}"))

    return notify
