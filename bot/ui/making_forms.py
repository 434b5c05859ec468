"""Forms that start a job: what is typed into them is made, or it is told why not."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.jobs.errors import PolycountOutOfRange
from bot.jobs.orders import GenerateOrder, RemeshOrder, RetextureOrder
from bot.jobs.rules import PROMPT_MAX
from bot.ui.anew import begin_new
from bot.ui.answering import begin
from bot.ui.desk import Desk, Interaction
from bot.ui.forms import Form
from bot.ui.text import Voice

_DIGITS = 9

Complete = Callable[[GenerateOrder], Awaitable[GenerateOrder]]
"""Adds to an order what takes longer than Discord waits: its pictures."""


class RetextureForm(Form):
    """Asks for another surface, in words."""

    def __init__(self, desk: Desk, voice: Voice, order: RetextureOrder, price: int) -> None:
        super().__init__(desk, voice, voice.label("form.retexture"))
        self._order = order
        self._words = _words(order.words)
        self.add("form.words", self._words, voice.label("form.costs", price=price))

    async def on_submit(self, interaction: Interaction) -> None:
        """Start it."""
        await begin(self._desk, interaction, replace(self._order, words=self._words.value))


class RemeshForm(Form):
    """Asks for a number of faces between the ends of ``faces``."""

    def __init__(self, desk: Desk, voice: Voice, order: RemeshOrder, price: int, faces: range) -> None:
        super().__init__(desk, voice, voice.label("form.remesh"))
        self._order = order
        self._faces = faces
        self._number = ui.TextInput[Any](default=str(order.faces), max_length=_DIGITS + 3)
        hint = voice.label("form.faces_hint", low=faces.start, high=faces.stop - 1, price=price)
        self.add("form.faces", self._number, hint)

    async def on_submit(self, interaction: Interaction) -> None:
        """Start it.

        Raises:
            PolycountOutOfRange: also for what is no number.
        """
        digits = "".join(sign for sign in self._number.value if sign not in " .,'_")
        if not digits.isdecimal() or len(digits) > _DIGITS:
            raise PolycountOutOfRange(self._faces.start, self._faces.stop - 1)
        await begin(self._desk, interaction, replace(self._order, faces=int(digits)))


class GenerateForm(Form):
    """Asks for the words of another model; what was given before stands there already."""

    def __init__(
        self, desk: Desk, voice: Voice, order: GenerateOrder, price: int, *, title: str, complete: Complete
    ) -> None:
        super().__init__(desk, voice, title)
        self._order = order
        self._complete = complete
        self._prompt = _words(order.prompt, required=not order.picture_count)
        self._negative = _words(order.negative_prompt, required=False) if order.negative_prompt else None
        self._style = self._styles(order.style) if order.style else None
        self.add("form.prompt", self._prompt, voice.label("form.costs", price=price))
        if self._negative:
            self.add("form.negative", self._negative)
        if self._style:
            self.add("form.style", self._style)

    def _styles(self, chosen: str) -> ui.Select[Any]:
        names = dict.fromkeys((chosen, *self._desk.shelf.styles()))
        return ui.Select(
            options=[
                discord.SelectOption(label=self._voice.style(name), value=name, default=name == chosen)
                for name in names
            ][:25]
        )

    async def on_submit(self, interaction: Interaction) -> None:
        """Start it."""
        order = replace(
            self._order,
            prompt=self._prompt.value,
            negative_prompt=self._negative.value if self._negative else "",
            style=self._style.values[0] if self._style and self._style.values else self._order.style,
        )

        async def complete() -> GenerateOrder:
            return await self._complete(order) if order.picture_count else order

        if order == self._order:  # just the same was asked for by the button itself
            await begin(self._desk, interaction, order, complete)
        else:
            await begin_new(self._desk, interaction, order, complete)


def _words(given: str, *, required: bool = True) -> ui.TextInput[Any]:
    return ui.TextInput(
        style=discord.TextStyle.paragraph, default=given or None, required=required, max_length=PROMPT_MAX
    )
