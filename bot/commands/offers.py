"""What is offered while a member types. Nothing in here raises: Discord has no way to show it."""

from collections.abc import Sequence

from discord import app_commands

from bot.jobs.text import clip_list
from bot.ui.answering import asker
from bot.ui.desk import Desk, Interaction
from bot.ui.text import clip
from storage.models import Stage

OFFERS = 25
_LENGTH = 100
_LABEL_ROOM = 10

Choice = app_commands.Choice[str]


async def offer_models(desk: Desk, interaction: Interaction, typed: str, stage: Stage | None) -> list[Choice]:
    """The asker's models that fit what was typed, and where a stage is named, that stage."""
    models = await desk.shelf.suggest_models(asker(interaction), typed, for_stage=stage)
    return [
        Choice(name=f"{clip(one.model.name, _LENGTH - _LABEL_ROOM)} #{one.model.label}", value=one.model.id)
        for one in models[:OFFERS]
    ]


async def offer_clips(desk: Desk, interaction: Interaction, typed: str) -> list[Choice]:
    """Clips that the model named in the same command can play."""
    model = getattr(interaction.namespace, "model", None)
    return _choices(await desk.shelf.suggest_clips(asker(interaction), model, typed))


async def offer_clip_list(desk: Desk, interaction: Interaction, typed: str) -> list[Choice]:
    """Endings for a list with commas: what stands before the last comma stays."""
    before, comma, last = typed.rpartition(",")
    chosen = clip_list(before)
    clips = await desk.shelf.suggest_clips(asker(interaction), None, last.strip())
    if not comma:
        return _choices(clips)
    return _choices([", ".join([*chosen, name]) for name in clips if name not in chosen])


def _choices(values: Sequence[str]) -> list[Choice]:
    return [Choice(name=value, value=value) for value in values if len(value) <= _LENGTH][:OFFERS]
