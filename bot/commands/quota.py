"""``/quota``: what is left, what things cost, when more comes back."""

from typing import Any

from discord import app_commands

from bot.commands.words import word
from bot.jobs.views import QuotaView
from bot.ui.answering import tell
from bot.ui.desk import Desk, Interaction
from bot.ui.text import Voice

_RETURNS = 8


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="quota", description=word(desk.catalogue, "command.quota"))
    async def quota(interaction: Interaction) -> None:
        voice = desk.voice(interaction)
        view = await desk.quotas.view(interaction.user.id, interaction.guild_id)
        await tell(interaction, "\n".join([voice.say("quota.title"), *lines(voice, view)]))

    return quota


def lines(voice: Voice, view: QuotaView) -> list[str]:
    """A quota as a member reads it."""
    told = [
        voice.say("quota.left", left=view.left),
        voice.say("quota.used", used=view.used, allowance=view.allowance),
    ]
    if view.granted:
        told.append(voice.say("quota.granted", granted=view.granted))
    told.append(voice.say("quota.prices", **view.prices))
    told += [f"- {voice.say('quota.returns', at=at, credits=back)}" for at, back in view.returns[:_RETURNS]]
    return told
