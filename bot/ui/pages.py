"""Turning through pages of models: the lists' buttons and filters, each an address of what is to be shown."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.jobs.browsing import Look, Place
from bot.jobs.views import EntryView, ListView
from bot.ui.answering import asker
from bot.ui.desk import Desk, Interaction
from bot.ui.items import CardButton, CardSelect
from bot.ui.listing import (
    PAGE,
    beside,
    files_of,
    nothing_of,
    page_view,
    pictured,
    pictures,
    title_of,
    words_of,
)
from bot.ui.looks import look_parts, place_part, read_look, read_place
from bot.ui.model_panel import send_panel
from bot.ui.panels import URL_LENGTH
from bot.ui.text import Voice, clip
from storage.lists import INBOX, Standing
from storage.models import Project

_OPTIONS = 25
_OPTION_LENGTH = 100
_ANY, _INBOX, _RIGGED = "any", "inbox", "rigged"


class Open(CardButton, route="open"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Show all there is about it and to do with it, in private."""
        await send_panel(desk, interaction, self.targets[0])


class Like(CardButton, route="like", sign="⭐"):
    """Targets: the model's label, and the list that it is shown in."""

    @classmethod
    def of(cls, voice: Voice, entry: EntryView, look: Look) -> "Like":
        """With how many it has."""
        button = cls(entry.model.label, *look_parts(look), label=voice.write(entry.stars, ""))
        if entry.starred:
            button.item.style = discord.ButtonStyle.primary
        return button

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Give a star or take it back. The page keeps its order: nothing moves under one's finger."""
        label, *parts = self.targets
        who, look = asker(interaction), read_look(parts)
        model = await desk.shelf.find_model(who, label)
        await desk.keeping.star(who, model.id)
        shown = list(_addresses(interaction, Like.route))
        page = ListView(
            entries=await desk.browsing.these(who, look, [one[0] for one in shown]),
            newer=any(_addresses(interaction, Newer.route)),
            older=any(_addresses(interaction, Older.route)),
        )
        await _show(desk, interaction, look, page)


class _Turn(CardButton, route="page"):
    """Targets: the place beside which the page is, and the list."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Show that page instead."""
        place, *parts = self.targets
        await _turn(desk, interaction, read_look(parts), read_place(place))


class Older(_Turn, route="next", sign="▶️"):
    """The page after this one."""


class Newer(_Turn, route="previous", sign="◀️"):
    """The page before this one."""


class HowFar(CardSelect, route="how_far"):
    """Target: the list; cuts it down to how far models are."""

    @classmethod
    def offering(cls, voice: Voice, look: Look) -> "HowFar":
        """What there is to choose, with what is chosen."""
        now = _RIGGED if look.rigged else look.standing.value if look.standing else _ANY
        options = [
            discord.SelectOption(label=voice.label(f"filter.{value}"), value=value, default=value == now)
            for value in (_ANY, *Standing, _RIGGED)
        ]
        return cls(*look_parts(look), options=options, maximum=1)

    async def chosen(self, desk: Desk, interaction: Interaction, values: tuple[str, ...]) -> None:
        """Show the first page of that."""
        standing = Standing(values[0]) if values[0] in set(Standing) else None
        rigged = True if values[0] == _RIGGED else None
        await _turn(desk, interaction, replace(read_look(self.targets), standing=standing, rigged=rigged))


class WhichProject(CardSelect, route="which"):
    """Target: the list; cuts it down to a project."""

    @classmethod
    def offering(cls, voice: Voice, look: Look, projects: Sequence[Project]) -> "WhichProject":
        """The first of the member's projects, with what is chosen."""
        known = {_ANY: voice.label("filter.any_project"), _INBOX: voice.label("filter.inbox")}
        known |= {one.id: one.name for one in projects if one.id == look.project_id}
        known |= {one.id: one.name for one in projects[: _OPTIONS - len(known)]}
        now = _ANY if look.project_id is None else look.project_id or _INBOX
        options = [
            discord.SelectOption(label=clip(name, _OPTION_LENGTH), value=value, default=value == now)
            for value, name in known.items()
        ]
        return cls(*look_parts(look), options=options, maximum=1)

    async def chosen(self, desk: Desk, interaction: Interaction, values: tuple[str, ...]) -> None:
        """Show the first page of that."""
        project = {_ANY: None, _INBOX: INBOX}.get(values[0], values[0])
        await _turn(desk, interaction, replace(read_look(self.targets), project_id=project))


class Along(CardButton, route="along", sign="📦"):
    """Target: the list, which may be of a project."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Give the personal addresses, in private."""
        voice, look = desk.voice(interaction), read_look(self.targets)
        address = await desk.passes.address(asker(interaction))
        view = ui.LayoutView(timeout=None)
        if address is None:
            view.add_item(ui.TextDisplay(voice.say("along.no_site")))
        else:
            view.add_item(ui.TextDisplay(voice.say("along.told")))
            view.add_item(ui.ActionRow(*_ways(voice, look, address)))
        await interaction.response.send_message(view=view, ephemeral=True)


ITEMS: tuple[type[CardButton | CardSelect], ...] = (
    Open,
    Like,
    Older,
    Newer,
    HowFar,
    WhichProject,
    Along,
)
"""What a page may hold."""


async def open_page(desk: Desk, interaction: Interaction, look: Look) -> None:
    """The first page of a list, in private."""
    page = await desk.browsing.page(asker(interaction), look, limit=PAGE)
    await _show(desk, interaction, look, page, fresh=True)


async def _turn(desk: Desk, interaction: Interaction, look: Look, place: Place | None = None) -> None:
    page = await desk.browsing.page(asker(interaction), look, place, limit=PAGE)
    await _show(desk, interaction, look, page)


async def _show(
    desk: Desk, interaction: Interaction, look: Look, page: ListView, *, fresh: bool = False
) -> None:
    voice = desk.voice(interaction)
    attached = await pictures(desk, page.entries, interaction.filesize_limit)
    rows = [
        (
            pictured(voice, entry, words_of(voice, entry), attached),
            ui.ActionRow[Any](Open.to(voice, entry.model.id), Like.of(voice, entry, look)),
        )
        for entry in page.entries
    ]
    below = [ui.ActionRow[Any](*items) for items in await _below(desk, interaction, look, page)]
    view = page_view(title_of(voice, look), nothing_of(voice, look), rows, *below)
    if fresh:
        await interaction.response.send_message(view=view, files=files_of(attached), ephemeral=True)
    else:
        await interaction.response.edit_message(view=view, attachments=files_of(attached))


async def _below(
    desk: Desk, interaction: Interaction, look: Look, page: ListView
) -> list[list[CardButton | CardSelect]]:
    """Filters, and the buttons that turn the page; nothing to filter where there is nothing at all."""
    voice, parts = desk.voice(interaction), look_parts(look)
    turns: list[CardButton | CardSelect] = []
    if page.newer and page.entries:
        turns.append(Newer.to(voice, place_part(beside(page.entries, back=True)), *parts))
    if page.older and page.entries:
        turns.append(Older.to(voice, place_part(beside(page.entries, back=False)), *parts))
    if look.gallery or look.person is not None or not (page.entries or look != Look()):
        return [turns] if turns else []
    projects = await desk.keeping.projects(asker(interaction))
    rows: list[list[CardButton | CardSelect]] = [[HowFar.offering(voice, look)]]
    if projects:
        rows.append([WhichProject.offering(voice, look, projects)])
    return [*rows, [*turns, Along.to(voice, *parts)]]


def _ways(voice: Voice, look: Look, address: str) -> Iterator[ui.Item[Any]]:
    """To the page on the site, and to the archives."""
    archive = f"{address}/maquette.zip"
    ways = {"along.page": address, "along.all": archive}
    if look.project_id is not None:
        ways["along.project"] = f"{archive}?project={look.project_id}"
    for key, url in ways.items():
        if len(url) <= URL_LENGTH:
            yield ui.Button(label=voice.label(key), url=url)


def _addresses(interaction: Interaction, route: str) -> Iterator[list[str]]:
    """The targets of all buttons of this kind on the message that was clicked, in order."""
    message = interaction.message
    for item in ui.LayoutView.from_message(message).walk_children() if message else ():
        kind, _, rest = (getattr(item, "custom_id", None) or "").removeprefix("m:").partition(":")
        if kind == route:
            yield rest.split(":")
