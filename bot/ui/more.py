"""The panel behind More: what else can be done with a finished model, each with its price."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.jobs.orders import (
    ConvertOrder,
    GenerateOrder,
    OptimiseOrder,
    RemeshOrder,
    RetextureOrder,
)
from bot.jobs.views import MoreView
from bot.ui.answering import asker, begin
from bot.ui.buttons import Delete
from bot.ui.copies import copy_link
from bot.ui.desk import Desk, Interaction
from bot.ui.items import CardButton, CardSelect
from bot.ui.making_forms import Complete, GenerateForm, RemeshForm, RetextureForm
from bot.ui.model_panel import Hide, Publish
from bot.ui.text import Voice, clip
from storage.models import Visibility

_NAME_LENGTH = 60
_LINKS = 10
_ROW = 5
_ANY_WORDS = "any surface"
"""Stands for the words that are typed later, when it is asked whether there could be any."""

Row = ui.ActionRow[Any]


class More(CardButton, route="more", sign="✨"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Show what there is, in private."""
        view = await desk.extras.view(asker(interaction), self.targets[0])
        await interaction.response.send_message(view=more(desk.voice(interaction), view), ephemeral=True)


class Again(CardButton, route="again", sign="🎲"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Open the form that made it, with what was asked for; once more with a new seed."""
        who, model_id = asker(interaction), self.targets[0]
        order = await desk.recipes.order(who, model_id)
        if isinstance(order, RetextureOrder):
            await ask_retexture(desk, interaction, order)
        elif isinstance(order, RemeshOrder):
            await ask_remesh(desk, interaction, order)
        else:
            await _ask_again(desk, interaction, model_id, order)


class Retexture(CardButton, route="retexture", sign="🖌️"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Ask for words, if there could be a surface by them."""
        await ask_retexture(desk, interaction, RetextureOrder(model_id=self.targets[0], words=""))


class Remesh(CardButton, route="remesh", sign="🔻"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Ask how many faces; half of what there is stands there."""
        view = await desk.extras.view(asker(interaction), self.targets[0])
        half = max(view.faces.start, view.faces.stop // 2)
        await ask_remesh(desk, interaction, RemeshOrder(model_id=self.targets[0], faces=half))


class Optimise(CardButton, route="optimise", sign="🪶"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Start it as the command would."""
        await begin(desk, interaction, OptimiseOrder(model_id=self.targets[0]))


class Convert(CardSelect, route="convert"):
    """Target: the model."""

    @classmethod
    def offering(cls, voice: Voice, view: MoreView) -> "Convert":
        """The formats to choose from."""
        options = [
            discord.SelectOption(
                label=_priced(voice, kind.upper(), price),
                value=kind,
                description=voice.label(f"format.{kind}"),
            )
            for kind, price in view.formats.items()
        ]
        return cls(view.model.id, options=options, maximum=1, placeholder=voice.label("more.convert_hint"))

    async def chosen(self, desk: Desk, interaction: Interaction, values: tuple[str, ...]) -> None:
        """Start it as the command would."""
        await begin(desk, interaction, ConvertOrder(model_id=self.targets[0], format=values[0]))


class Reference(CardButton, route="reference", sign="🖼️"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Ask for words to go with the model's picture, and make another model after both."""
        who = asker(interaction)
        model = await desk.shelf.find_model(who, self.targets[0])
        order = GenerateOrder(prompt=model.prompt, picture_count=1, parent_id=model.id)

        async def complete(order: GenerateOrder) -> GenerateOrder:
            return replace(order, pictures=(await desk.recipes.picture_of(who, model.id),))

        title = desk.voice(interaction).label("form.reference", name=model.name)
        await _ask_words(desk, interaction, order, title, complete)


ITEMS: tuple[type[CardButton | CardSelect], ...] = (
    More,
    Again,
    Retexture,
    Remesh,
    Optimise,
    Convert,
    Reference,
)
"""What the panel may hold besides the card's own."""


async def _ask_again(desk: Desk, interaction: Interaction, model_id: str, order: GenerateOrder) -> None:
    who = asker(interaction)

    async def complete(order: GenerateOrder) -> GenerateOrder:
        return replace(order, pictures=await desk.recipes.copies_of_pictures(who, model_id))

    await _ask_words(desk, interaction, order, desk.voice(interaction).label("form.again"), complete)


async def _ask_words(
    desk: Desk, interaction: Interaction, order: GenerateOrder, title: str, complete: Complete
) -> None:
    """Open the form for another model, if there could be one."""
    price = await desk.jobs.check(asker(interaction), order)
    form = GenerateForm(desk, desk.voice(interaction), order, price, title=title, complete=complete)
    await interaction.response.send_modal(form)


async def ask_retexture(desk: Desk, interaction: Interaction, order: RetextureOrder) -> None:
    """Open the form for another surface."""
    price = await desk.jobs.check(asker(interaction), replace(order, words=order.words or _ANY_WORDS))
    await interaction.response.send_modal(RetextureForm(desk, desk.voice(interaction), order, price))


async def ask_remesh(desk: Desk, interaction: Interaction, order: RemeshOrder) -> None:
    """Open the form for a number of faces."""
    who = asker(interaction)
    price = await desk.jobs.check(who, order)
    faces = (await desk.extras.view(who, order.model_id)).faces
    await interaction.response.send_modal(RemeshForm(desk, desk.voice(interaction), order, price, faces))


def more(voice: Voice, view: MoreView) -> ui.LayoutView:
    """The panel."""
    layout = ui.LayoutView(timeout=None)
    title = voice.say("more.title", name=clip(view.model.name, _NAME_LENGTH), label=view.model.label)
    parts: list[ui.Item[Any]] = [ui.TextDisplay(title), *_rows(voice, view)]
    layout.add_item(ui.Container(*parts))
    return layout


def _rows(voice: Voice, view: MoreView) -> Iterator[ui.Item[Any]]:
    if anew := list(_anew(voice, view)):
        yield ui.TextDisplay(voice.say("more.anew"))
        yield Row(*anew)
    if view.lighter or view.formats:
        yield ui.TextDisplay(voice.say("more.beside"))
    if view.formats:
        yield Row(Convert.offering(voice, view))
    if view.lighter:
        yield Row(_to(voice, Optimise, view, 0))
    yield from _copies(voice, view)
    if view.may_act:
        public = view.model.visibility is Visibility.SERVER
        yield ui.Separator()
        yield Row((Hide if public else Publish).to(voice, view.model.id), Delete.to(voice, view.model.id))


def _anew(voice: Voice, view: MoreView) -> Iterator[CardButton]:
    """What makes a new model of this one."""
    prices = ((Retexture, view.retexture), (Remesh, view.remesh), (Reference, view.reference))
    for kind, price in prices:
        if price is not None:
            yield _to(voice, kind, view, price)


def _to(voice: Voice, kind: type[CardButton], view: MoreView, price: int) -> CardButton:
    return kind(view.model.id, label=_priced(voice, voice.label(kind.key), price))


def _priced(voice: Voice, what: str, price: int) -> str:
    return (
        voice.label("more.priced", what=what, price=price) if price else voice.label("more.free", what=what)
    )


def _copies(voice: Voice, view: MoreView) -> Iterator[ui.Item[Any]]:
    """Links to what lies beside the model."""
    links = [link for one in view.copies if (link := copy_link(voice, one))][:_LINKS]
    if links:
        yield ui.TextDisplay(voice.say("more.copies"))
    for start in range(0, len(links), _ROW):
        yield Row(*links[start : start + _ROW])
