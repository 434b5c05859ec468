"""Buttons and selects that survive a restart: each is an address, and is made anew for every click.

discord.py only logs what goes wrong in a dynamic item, so both kinds share one way
of being clicked, which answers and reports like a command. Nothing is looked up
before the click is ours: rights and state are the core's to check, each time.
"""

import re
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import discord
from discord import ButtonStyle, ui

from bot.ui.answering import report
from bot.ui.desk import Desk, Interaction, desk_of
from bot.ui.text import Voice, clip

LABEL_LENGTH = 80
CUSTOM_ID_LENGTH = 100
_TARGETS = r"[0-9A-Za-z]+(?::[0-9A-Za-z]+)*"
_NEVER = r"(?!)"


def address_of(route: str, targets: Sequence[str]) -> str:
    """``m:rig:01J...``: which button, and on what."""
    return ":".join(("m", route, *targets))


class CardButton(ui.DynamicItem[ui.Button[Any]], template=_NEVER):
    """A button that does something; a subclass has a route and says what ``pressed`` does."""

    route: ClassVar[str]
    key: ClassVar[str]
    style: ClassVar[ButtonStyle]
    sign: ClassVar[str | None]

    def __init_subclass__(
        cls, *, route: str, style: ButtonStyle = ButtonStyle.secondary, sign: str | None = None
    ) -> None:
        """Take the route as the address's pattern, and the label's key from the route."""
        super().__init_subclass__(template=rf"m:{route}:(?P<targets>{_TARGETS})")
        cls.route, cls.key, cls.style, cls.sign = route, f"button.{route}", style, sign

    def __init__(self, *targets: str, label: str | None) -> None:
        super().__init__(
            ui.Button(
                style=self.style,
                label=clip(label, LABEL_LENGTH) if label else None,
                emoji=self.sign,
                custom_id=address_of(self.route, targets),
            )
        )
        self.targets = targets

    @classmethod
    def to(cls, voice: Voice, *targets: str) -> Self:
        """The button for these targets, in the reader's language."""
        return cls(*targets, label=voice.label(cls.key))

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was clicked, from its address alone."""
        return cls(*match["targets"].split(":"), label=getattr(item, "label", None))

    async def callback(self, interaction: Interaction) -> None:
        """Do it, and answer whatever happens."""
        desk = desk_of(interaction)
        try:
            await self.pressed(desk, interaction)
        except Exception as error:  # noqa: BLE001 # the responder's border: every error gets an answer
            await report(desk.catalogue, interaction, error)

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """What the button does."""
        raise NotImplementedError


class CardSelect(ui.DynamicItem[ui.Select[Any]], template=_NEVER):
    """A list to choose from; a subclass has a route and says what ``chosen`` does."""

    route: ClassVar[str]

    def __init_subclass__(cls, *, route: str) -> None:
        """Take the route as the address's pattern."""
        super().__init_subclass__(template=rf"m:{route}:(?P<targets>{_TARGETS})")
        cls.route = route

    def __init__(
        self, *targets: str, options: list[discord.SelectOption], maximum: int, placeholder: str | None = None
    ) -> None:
        super().__init__(
            ui.Select(
                custom_id=address_of(self.route, targets),
                options=options,
                max_values=min(maximum, len(options)),
                placeholder=placeholder,
            )
        )
        self.targets = targets

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The select that was used, with the options that its message shows."""
        assert isinstance(item, ui.Select)  # noqa: S101 # the route belongs to selects alone
        return cls(*match["targets"].split(":"), options=item.options, maximum=item.max_values)

    async def callback(self, interaction: Interaction) -> None:
        """Do it, and answer whatever happens."""
        desk = desk_of(interaction)
        try:
            await self.chosen(desk, interaction, tuple(self.item.values))
        except Exception as error:  # noqa: BLE001 # the responder's border: every error gets an answer
            await report(desk.catalogue, interaction, error)

    async def chosen(self, desk: Desk, interaction: Interaction, values: tuple[str, ...]) -> None:
        """What the choice does."""
        raise NotImplementedError
