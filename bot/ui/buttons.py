"""What can be clicked on a card, in a confirmation and in a list."""

import discord
from discord import ButtonStyle

from bot.jobs.errors import NotRigged
from bot.jobs.orders import AnimateOrder, RetryOrder, RigOrder
from bot.jobs.rules import MAX_CLIPS
from bot.ui.answering import address, asker, begin
from bot.ui.desk import Desk, Interaction
from bot.ui.items import CardButton, CardSelect
from bot.ui.panels import panel
from bot.ui.text import Voice, clip
from storage.models import Stage

_OPTION_LENGTH = 100


class Rig(CardButton, route="rig", style=ButtonStyle.primary, sign="🦴"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Start a rig as the command would."""
        await begin(desk, interaction, RigOrder(model_id=self.targets[0]))


class Animate(CardButton, route="animate", style=ButtonStyle.primary, sign="🏃"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Ask which clips, in private."""
        who, model_id = asker(interaction), self.targets[0]
        clips = await desk.shelf.suggest_clips(who, model_id, "")
        if not clips:
            raise NotRigged
        quota = await desk.quotas.view(who.user_id, who.guild_id)
        voice = desk.voice(interaction)
        question = voice.say("panel.clips", maximum=MAX_CLIPS, price=quota.prices[Stage.ANIMATE])
        await interaction.response.send_message(
            view=panel(question, Clips.offering(voice, model_id, clips)), ephemeral=True
        )


class Clips(CardSelect, route="clips"):
    """Target: the model."""

    @classmethod
    def offering(cls, voice: Voice, model_id: str, clips: list[str]) -> "Clips":
        """The clips to choose from, at most 25."""
        options = [discord.SelectOption(label=clip(name, _OPTION_LENGTH), value=name) for name in clips[:25]]
        return cls(model_id, options=options, maximum=MAX_CLIPS, placeholder=voice.label("panel.clips_hint"))

    async def chosen(self, desk: Desk, interaction: Interaction, values: tuple[str, ...]) -> None:
        """Start the clips as the command would."""
        await begin(desk, interaction, AnimateOrder(model_id=self.targets[0], clips=values))


class Retry(CardButton, route="retry", style=ButtonStyle.primary, sign="🔁"):
    """Target: the run that failed."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Run the failed stage again, and what waited for it."""
        await begin(desk, interaction, RetryOrder(run_id=self.targets[0]))


class Cancel(CardButton, route="cancel", style=ButtonStyle.danger, sign="⏹️"):
    """Target: the job."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Say what would come back, and ask."""
        await ask_to_cancel(desk, interaction, self.targets[0])


class CancelNow(CardButton, route="cancel_now", style=ButtonStyle.danger):
    """Target: the job."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Stop it."""
        await desk.jobs.cancel(asker(interaction), self.targets[0])
        await _settle(desk, interaction, "panel.cancelled")


class Delete(CardButton, route="delete", sign="🗑️"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Ask, if the answer could be yes."""
        model = await desk.jobs.deletable(asker(interaction), self.targets[0])
        voice = desk.voice(interaction)
        question = voice.say("panel.delete", name=model.name, label=model.label)
        await interaction.response.send_message(
            view=panel(question, DeleteNow.to(voice, model.id)), ephemeral=True
        )


class DeleteNow(CardButton, route="delete_now", style=ButtonStyle.danger):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Delete the model and its files."""
        await desk.jobs.delete(asker(interaction), self.targets[0])
        await _settle(desk, interaction, "panel.deleted")


class Refresh(CardButton, route="refresh", sign="🔄"):
    """Target: the job."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Give the card this click's token, and have it drawn."""
        await interaction.response.defer()
        message = interaction.message
        if message is not None:
            where = address(interaction, message.id, private=message.flags.ephemeral)
            await desk.jobs.refresh(asker(interaction), self.targets[0], where)


ITEMS: tuple[type[CardButton | CardSelect], ...] = (
    Rig,
    Animate,
    Clips,
    Retry,
    Cancel,
    CancelNow,
    Delete,
    DeleteNow,
    Refresh,
)
"""All that a message of ours may hold; the client listens for them from its start."""


async def ask_to_cancel(desk: Desk, interaction: Interaction, job_id: str) -> None:
    """Say in private what stopping would give back and what not, with the button that does it."""
    terms = await desk.jobs.cancel_terms(asker(interaction), job_id)
    voice = desk.voice(interaction)
    key = "panel.cancel_partly" if terms.charged else "panel.cancel_free"
    facts = {"returned": terms.returned, "charged": terms.charged}
    await interaction.response.send_message(
        view=panel(voice.say(key, **facts), CancelNow.to(voice, terms.job_id)), ephemeral=True
    )


async def _settle(desk: Desk, interaction: Interaction, key: str) -> None:
    """Put the outcome where the question was."""
    await interaction.response.edit_message(view=panel(desk.voice(interaction).say(key)))
