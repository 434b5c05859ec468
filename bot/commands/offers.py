"""What is offered while a member types. Nothing in here raises: Discord has no way to show it."""

from collections.abc import Sequence

from discord import app_commands

from bot.jobs.choosing import AUTO, Wish
from bot.jobs.clock import SECOND
from bot.jobs.keeping import PROJECT_MAX
from bot.jobs.text import clip_list
from bot.jobs.views import VendorOffer
from bot.ui.answering import asker
from bot.ui.desk import Desk, Interaction
from bot.ui.text import Voice, clip
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


async def offer_vendors(desk: Desk, interaction: Interaction, typed: str, wish: Wish) -> list[Choice]:
    """Vendors that can do what is typed so far, each with its price and how long it usually takes."""
    offers = await desk.shelf.suggest_vendors(asker(interaction), typed, wish)
    voice = desk.voice(interaction)
    return [Choice(name=clip(_told(voice, one), _LENGTH), value=one.name) for one in offers[:OFFERS]]


def _told(voice: Voice, offer: VendorOffer) -> str:
    if offer.trouble:
        return voice.label("vendor.offer_trouble", title=offer.title)
    key = f"vendor.offer{'_auto' if offer.name == AUTO else ''}{'_own' if offer.own_key else ''}"
    return voice.label(key, title=offer.title, price=offer.price, time=offer.seconds * SECOND)


async def offer_clip_list(desk: Desk, interaction: Interaction, typed: str) -> list[Choice]:
    """Endings for a list with commas: what stands before the last comma stays."""
    before, comma, last = typed.rpartition(",")
    chosen = clip_list(before)
    vendor = getattr(interaction.namespace, "provider", None)
    clips = await desk.shelf.suggest_clips(asker(interaction), None, last.strip(), vendor=vendor)
    if not comma:
        return _choices(clips)
    return _choices([", ".join([*chosen, name]) for name in clips if name not in chosen])


async def offer_projects(desk: Desk, interaction: Interaction, typed: str) -> list[Choice]:
    """The asker's projects that fit what was typed."""
    projects = await desk.keeping.projects(asker(interaction), typed)
    return [Choice(name=one.name, value=one.name) for one in projects[:OFFERS]]


async def offer_places(desk: Desk, interaction: Interaction, typed: str) -> list[Choice]:
    """The same, and what was typed as a new one."""
    found = await offer_projects(desk, interaction, typed)
    name = typed.strip()[:PROJECT_MAX]
    if name and all(one.name.casefold() != name.casefold() for one in found):
        new = desk.voice(interaction).label("entry.new_named", name=name)
        found = [Choice(name=clip(new, _LENGTH), value=name), *found[: OFFERS - 1]]
    return found


def _choices(values: Sequence[str]) -> list[Choice]:
    return [Choice(name=value, value=value) for value in values if len(value) <= _LENGTH][:OFFERS]
