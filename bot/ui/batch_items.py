"""What can be clicked on a batch's card, and on the questions that follow."""

import discord
from discord import ButtonStyle, ui

from bot.jobs.batch_views import BatchView, PartView
from bot.ui.answering import address, asker
from bot.ui.desk import Desk, Interaction
from bot.ui.items import CardButton, CardSelect
from bot.ui.model_panel import send_panel
from bot.ui.panels import URL_LENGTH, panel
from bot.ui.text import Voice, clip

_OPTION_LENGTH = 100
_NAME_LENGTH = 80


class CancelRest(CardButton, route="cancel_rest", style=ButtonStyle.danger, sign="⏹️"):
    """Target: the batch."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Say what would come back, and ask."""
        await ask_to_cancel_rest(desk, interaction, self.targets[0])


class CancelRestNow(CardButton, route="cancel_rest_now", style=ButtonStyle.danger):
    """Target: the batch."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Stop what has not begun."""
        await desk.batches.cancel(asker(interaction), self.targets[0])
        await _settle(desk, interaction, "panel.cancelled")


class RetryFailed(CardButton, route="retry_failed", style=ButtonStyle.primary, sign="🔁"):
    """Target: the batch."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Try again whatever may go better; the card shows it."""
        count = await desk.batches.retry(asker(interaction), self.targets[0], interaction.id)
        said = desk.voice(interaction).say("batch.retried", count=count)
        await interaction.response.send_message(said, ephemeral=True)


class Zip(CardButton, route="zip", sign="📦"):
    """Target: the batch."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Give the personal address of an archive of all its models, in private."""
        who, voice = asker(interaction), desk.voice(interaction)
        view = await desk.batches.owned(who, self.targets[0])
        own = await desk.passes.address(who)
        archive = f"{own}/maquette.zip?batch={view.batch.id}"
        if own is None or len(archive) > URL_LENGTH:
            shown = panel(voice.say("along.no_site"))
        else:
            link = ui.Button[ui.LayoutView](label=voice.label("batch.archive"), url=archive, emoji="📦")
            shown = panel(voice.say("along.told"), link)
        await interaction.response.send_message(view=shown, ephemeral=True)


class RefreshBatch(CardButton, route="refresh_batch", sign="🔄"):
    """Target: the batch."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Give the card this click's token, and have it drawn."""
        await interaction.response.defer()
        message = interaction.message
        if message is not None:
            where = address(interaction, message.id, private=message.flags.ephemeral)
            await desk.batches.refresh(asker(interaction), self.targets[0], where)


class OpenOne(CardSelect, route="open_one"):
    """Target: the batch; the choice is a model of it."""

    @classmethod
    def offering(cls, voice: Voice, view: BatchView) -> "OpenOne":
        """What is made."""
        hint = voice.label("batch.open_hint")
        return cls(view.batch.id, options=_options(view, by_label=False), maximum=1, placeholder=hint)

    async def chosen(self, desk: Desk, interaction: Interaction, values: tuple[str, ...]) -> None:
        """Show all there is about it and to do with it, in private."""
        await send_panel(desk, interaction, values[0])


class Keep(CardSelect, route="keep"):
    """Target: the batch; the choice are the variations that stay."""

    @classmethod
    def offering(cls, voice: Voice, view: BatchView) -> "Keep":
        """What there is to keep."""
        options = _options(view, by_label=True)
        hint = voice.label("batch.keep_hint")
        return cls(view.batch.id, options=options, maximum=len(options), placeholder=hint)

    async def chosen(self, desk: Desk, interaction: Interaction, values: tuple[str, ...]) -> None:
        """Say what would go, and ask."""
        voice = desk.voice(interaction)
        view = await desk.batches.owned(asker(interaction), self.targets[0])
        there = [(str(n), part.model.label) for n, part in enumerate(view.parts, 1) if not part.gone]
        gone = [number for number, label in there if label not in values]
        if not gone:
            await interaction.response.send_message(voice.say("batch.all_stay"), ephemeral=True)
            return
        kept = [number for number, label in there if label in values]
        question = voice.say("batch.keep", kept=kept, gone=gone)
        button = KeepNow.to(voice, self.targets[0], *values)
        await interaction.response.send_message(view=panel(question, button), ephemeral=True)


class KeepNow(CardButton, route="keep_now", style=ButtonStyle.danger):
    """Targets: the batch, and the labels of what stays."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Delete the others, with their files."""
        batch_id, *labels = self.targets
        who = asker(interaction)
        view = await desk.batches.owned(who, batch_id)
        kept = [part.model.id for part in view.parts if part.model.label in labels]
        await desk.batches.keep(who, batch_id, kept)
        await _settle(desk, interaction, "batch.kept")


ITEMS: tuple[type[CardButton | CardSelect], ...] = (
    CancelRest,
    CancelRestNow,
    RetryFailed,
    Zip,
    RefreshBatch,
    OpenOne,
    Keep,
    KeepNow,
)
"""What a batch's card and its questions may hold."""


async def ask_to_cancel_rest(desk: Desk, interaction: Interaction, batch_id: str) -> None:
    """Say in private what stopping all of it would give back, with the button that does it."""
    terms = await desk.batches.cancel_terms(asker(interaction), batch_id)
    voice = desk.voice(interaction)
    key = "batch.cancel_partly" if terms.charged else "batch.cancel_free"
    question = voice.say(key, returned=terms.returned, charged=terms.charged)
    await interaction.response.send_message(
        view=panel(question, CancelRestNow.to(voice, batch_id)), ephemeral=True
    )


def _options(view: BatchView, *, by_label: bool) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=clip(f"{number}. {clip(part.model.name, _NAME_LENGTH)}", _OPTION_LENGTH),
            value=part.model.label if by_label else part.model.id,
            description=f"#{part.model.label}",
        )
        for number, part in enumerate(view.parts, 1)
        if _there(part)
    ]


def _there(part: PartView) -> bool:
    return not part.live and part.file is not None and not part.gone


async def _settle(desk: Desk, interaction: Interaction, key: str) -> None:
    """Put the outcome where the question was."""
    await interaction.response.edit_message(view=panel(desk.voice(interaction).say(key)))
