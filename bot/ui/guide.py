"""What the bot can do, with examples that can be clicked; and the card that says so to a new server."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from discord import ButtonStyle, ui

from bot.jobs.browsing import Look
from bot.jobs.orders import GenerateOrder
from bot.jobs.views import QuotaView
from bot.ui.answering import asker
from bot.ui.desk import Desk, Interaction
from bot.ui.items import CardButton, CardSelect
from bot.ui.making_forms import GenerateForm
from bot.ui.pages import open_page
from bot.ui.text import Voice

COLOUR = 0x5865F2
EXAMPLES: Mapping[str, tuple[str, GenerateOrder]] = MappingProxyType(
    {
        "owl": ("🦉", GenerateOrder()),
        "knight": ("🛡️", GenerateOrder(rig=True, clips=("walk",))),
        "chest": ("📦", GenerateOrder(polycount=5000)),
    }
)
"""Their signs, and what is asked for besides the words, which are in the catalogue."""
_HERE = "here"
"""A button's address needs something to point to."""


class Help(CardButton, route="help", style=ButtonStyle.primary, sign="💡"):
    """Shows what there is, to whoever presses it alone."""

    @classmethod
    def here(cls, voice: Voice) -> "Help":
        """The button."""
        return cls.to(voice, _HERE)

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Answer as the command would."""
        await show_help(desk, interaction)


class Example(CardButton, route="example"):
    """Target: one of ``EXAMPLES``."""

    @classmethod
    def of(cls, voice: Voice, name: str) -> "Example":
        """The button, with what it would make."""
        button = cls(name, label=voice.label(f"example.{name}.label"))
        button.item.emoji = EXAMPLES[name][0]
        return button

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Open the form with its words in it, if there could be such a model."""
        name = self.targets[0]
        voice = desk.voice(interaction)
        order = replace(EXAMPLES[name][1], prompt=voice.label(f"example.{name}.prompt"))
        price = await desk.jobs.check(asker(interaction), order)
        form = GenerateForm(
            desk, voice, order, price, title=voice.label(f"example.{name}.label"), complete=_as_it_is
        )
        await interaction.response.send_modal(form)


class Mine(CardButton, route="mine", sign="🗂️"):
    """Shows the presser's models."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Answer as ``/models`` would."""
        await open_page(desk, interaction, Look())


ITEMS: tuple[type[CardButton | CardSelect], ...] = (Help, Example, Mine)


async def show_help(desk: Desk, interaction: Interaction) -> None:
    """Answer in private."""
    quota = await desk.quotas.view(interaction.user.id, interaction.guild_id)
    view = help_view(desk, desk.voice(interaction), quota)
    await interaction.response.send_message(view=view, ephemeral=True)


def help_view(desk: Desk, voice: Voice, quota: QuotaView) -> ui.LayoutView:
    """The message: what it is, what the reader has, examples, commands."""
    return _laid_out(
        ui.TextDisplay(f"{voice.say('help.title')}\n{voice.say('help.what')}"),
        ui.TextDisplay("\n".join(_credits(voice, quota))),
        ui.Separator(),
        ui.TextDisplay(voice.say("help.try")),
        ui.ActionRow(*(Example.of(voice, name) for name in EXAMPLES)),
        ui.Separator(),
        ui.TextDisplay("\n".join(f"- {line}" for line in _commands(desk, voice))),
        ui.ActionRow(Mine.to(voice, _HERE)),
    )


def greeting_view(desk: Desk, voice: Voice) -> ui.LayoutView:
    """The first card in a new server, for who looks after it."""
    rules, name = desk.quotas.rules, desk.mentions.of
    credits_told = voice.label(
        "greeting.credits",
        allowance=rules.allowance,
        price=rules.generate,
        set=name("admin quota set"),
        grant=name("admin quota grant"),
        show=name("admin quota show"),
    )
    members = voice.label(
        "greeting.members",
        generate=name("generate"),
        rig=name("rig"),
        animate=name("animate"),
        quota=name("quota"),
    )
    return _laid_out(
        ui.TextDisplay(f"{voice.say('greeting.title')}\n{voice.say('help.what')}"),
        ui.Separator(),
        ui.TextDisplay(members),
        ui.TextDisplay(credits_told),
        ui.TextDisplay(voice.say("greeting.privacy")),
        ui.ActionRow(Help.here(voice)),
    )


def _laid_out(*parts: ui.Item[Any]) -> ui.LayoutView:
    layout = ui.LayoutView(timeout=None)
    return layout.add_item(ui.Container(*parts, accent_colour=COLOUR))


def _credits(voice: Voice, quota: QuotaView) -> Iterator[str]:
    yield voice.say("quota.left", left=quota.left)
    if quota.returns:
        at, back = quota.returns[0]
        yield f"-# {voice.say('quota.returns', at=at, credits=back)}"


def _commands(desk: Desk, voice: Voice) -> Iterator[str]:
    name = desk.mentions.of
    yield voice.label("help.make", generate=name("generate"))
    yield voice.label("help.menu", menu=voice.label("menu.make_3d"))
    yield voice.label("help.build", rig=name("rig"), animate=name("animate"), retexture=name("retexture"))
    yield voice.label("help.look", models=name("models"), gallery=name("gallery"))
    yield voice.label("help.know", quota=name("quota"), notify=name("notify"))


async def _as_it_is(order: GenerateOrder) -> GenerateOrder:
    return order
