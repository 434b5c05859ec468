"""Variations: the request that made a model, several times anew, on one card to choose from."""

from contextlib import suppress
from dataclasses import replace

import discord

from bot.jobs.errors import AskedBefore, NoSuchModel
from bot.jobs.orders import GenerateOrder
from bot.ui.answering import asker, open_card
from bot.ui.desk import Desk, Interaction
from bot.ui.items import CardButton, CardSelect
from bot.ui.panels import panel
from bot.ui.text import Voice, clip

MOST = 4
_NAME_LENGTH = 60


class Variations(CardButton, route="variations", sign="🎭"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Ask how many, in private, if there could be any."""
        who, voice = asker(interaction), desk.voice(interaction)
        model = await desk.shelf.find_model(who, self.targets[0])
        price = await desk.jobs.check(who, await _order(desk, interaction, model.id))
        question = voice.say("batch.how_many", name=clip(model.name, _NAME_LENGTH), label=model.label)
        shown = panel(question, HowMany.offering(voice, model.id, price))
        await interaction.response.send_message(view=shown, ephemeral=True)


class HowMany(CardSelect, route="how_many"):
    """Target: the model."""

    @classmethod
    def offering(cls, voice: Voice, model_id: str, price: int) -> "HowMany":
        """One to four, each with what it comes to."""
        options = [
            discord.SelectOption(
                label=voice.label("batch.so_many", count=count, price=count * price), value=str(count)
            )
            for count in range(1, MOST + 1)
        ]
        return cls(model_id, options=options, maximum=1, placeholder=voice.label("batch.how_many_hint"))

    async def chosen(self, desk: Desk, interaction: Interaction, values: tuple[str, ...]) -> None:
        """Have them made, on a card for everybody to see."""
        who, model_id = asker(interaction), self.targets[0]
        order, orders = await _order(desk, interaction, model_id), list[GenerateOrder]()
        try:
            async with open_card(interaction) as where:
                for _ in range(int(values[0])):
                    pictures = await desk.recipes.copies_of_pictures(who, model_id)
                    orders.append(replace(order, pictures=pictures))
                with suppress(AskedBefore):
                    await desk.batches.start(who, orders, where, model_id=model_id)
        except Exception:
            for one in orders:
                await desk.jobs.discard_pictures(one.pictures)
            raise


ITEMS: tuple[type[CardButton | CardSelect], ...] = (Variations, HowMany)
"""On a finished card, and in the question that follows."""


async def _order(desk: Desk, interaction: Interaction, model_id: str) -> GenerateOrder:
    """The same words and pictures, for a shape of its own: what is chosen can be rigged afterwards.

    Raises:
        NoSuchModel: also where no words or pictures made it.
    """
    order = await desk.recipes.order(asker(interaction), model_id)
    if not isinstance(order, GenerateOrder):
        raise NoSuchModel
    return replace(order, rig=False, clips=(), parent_id=model_id)
