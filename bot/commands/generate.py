"""``/generate``: a model from words or pictures."""

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot.commands.offers import offer_clip_list, offer_places, offer_vendors
from bot.commands.words import word
from bot.jobs.choosing import Wish
from bot.jobs.orders import GenerateOrder
from bot.jobs.text import clip_list
from bot.ui.anew import begin_new
from bot.ui.desk import Desk, Interaction

POLYCOUNT = app_commands.Range[int, 1, 2_000_000]
"""What makes sense at all; the vendor's own range is the core's to check."""
SEED = app_commands.Range[int, 0, 2**31 - 1]


def command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """The command, at work at this desk."""

    @app_commands.command(name="generate", description=word(desk.catalogue, "command.generate"))
    @app_commands.describe(**{name: word(desk.catalogue, f"option.{name}") for name in _OPTIONS})
    @app_commands.choices(style=styles(desk))
    async def generate(
        interaction: Interaction,
        prompt: str = "",
        image: discord.Attachment | None = None,
        image2: discord.Attachment | None = None,
        image3: discord.Attachment | None = None,
        image4: discord.Attachment | None = None,
        style: str | None = None,
        rig: bool = False,  # noqa: FBT001, FBT002 # an option of the command, given by name
        animate: str = "",
        polycount: POLYCOUNT | None = None,
        negative_prompt: str = "",
        seed: SEED | None = None,
        provider: str = "",
        project: str = "",
    ) -> None:
        sides = (image, image2, image3, image4)
        order = GenerateOrder(
            prompt=prompt,
            negative_prompt=negative_prompt,
            picture_count=sum(side is not None for side in sides),
            style=style,
            polycount=polycount,
            seed=seed,
            rig=rig,
            clips=clip_list(animate),
            provider=provider or None,
        )

        async def complete() -> GenerateOrder:
            return replace(order, pictures=await desk.pictures.keep(sides)) if any(sides) else order

        desk.pictures.accept(sides)
        await begin_new(desk, interaction, order, complete, project=project)

    @generate.autocomplete("animate")
    async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_clip_list(desk, interaction, current)

    @generate.autocomplete("provider")
    async def offer_provider(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        typed = interaction.namespace
        wish = Wish(
            generate=True,
            pictures=sum(side in typed for side in ("image", "image2", "image3", "image4")),
            rig=bool(getattr(typed, "rig", None) or getattr(typed, "animate", None)),
            clips=clip_list(getattr(typed, "animate", None) or ""),
            negative=bool(getattr(typed, "negative_prompt", None)),
        )
        return await offer_vendors(desk, interaction, current, wish)

    @generate.autocomplete("project")
    async def offer_project(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_places(desk, interaction, current)

    return generate


_OPTIONS = (
    "prompt",
    "image",
    "image2",
    "image3",
    "image4",
    "style",
    "rig",
    "animate",
    "polycount",
    "negative_prompt",
    "seed",
    "provider",
    "project",
)


def styles(desk: Desk) -> list[app_commands.Choice[str]]:
    """Those that some vendor takes, to choose from."""
    return [
        app_commands.Choice(
            name=word(desk.catalogue, f"style.{style}") if desk.catalogue.has(f"style.{style}") else style,
            value=style,
        )
        for style in desk.shelf.styles()
    ]
