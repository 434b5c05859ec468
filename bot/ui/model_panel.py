"""One model in private: what is known of it, and what its owner, or anybody, may do with it."""

from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot.jobs.views import EntryView
from bot.ui.answering import address, asker
from bot.ui.buttons import Delete
from bot.ui.desk import Desk, Interaction
from bot.ui.items import CardButton, CardSelect
from bot.ui.keeping_forms import ProjectForm, RenameForm, TagsForm
from bot.ui.listing import files_of, pictured, pictures
from bot.ui.messenger import Attachment
from bot.ui.panels import URL_LENGTH
from bot.ui.text import Voice, clip
from storage.models import Project, Visibility

_OPTIONS = 25
_OPTION_LENGTH = 100
_PROMPT_LENGTH = 500
_INBOX, _NEW = "inbox", "new"


class Star(CardButton, route="star", sign="⭐"):
    """Target: the model."""

    @classmethod
    def of(cls, voice: Voice, entry: EntryView) -> "Star":
        """With how many it has, and what a click does."""
        key = "button.unstar" if entry.starred else "button.star"
        button = cls(entry.model.id, label=voice.label(key, count=entry.stars))
        if entry.starred:
            button.item.style = ButtonStyle.primary
        return button

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Give it, or take it back."""
        await desk.keeping.star(asker(interaction), self.targets[0])
        await edit_panel(desk, interaction, self.targets[0])


class Card(CardButton, route="card", sign="🪪"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """A live card of it, for the asker alone."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        answer = await interaction.original_response()
        where = address(interaction, answer.id, private=True)
        await desk.jobs.show(asker(interaction), self.targets[0], where)


class Rename(CardButton, route="rename", sign="✏️"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Ask how."""
        entry = await desk.browsing.one(asker(interaction), self.targets[0])
        await interaction.response.send_modal(RenameForm(desk, desk.voice(interaction), entry, edit_panel))


class Tags(CardButton, route="tags", sign="🏷️"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """Ask which."""
        entry = await desk.browsing.one(asker(interaction), self.targets[0])
        await interaction.response.send_modal(TagsForm(desk, desk.voice(interaction), entry, edit_panel))


class Hide(CardButton, route="hide", sign="🔒"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """For its owner's eyes alone from now on."""
        await desk.keeping.hide(asker(interaction), self.targets[0])
        await edit_panel(desk, interaction, self.targets[0])


class Publish(CardButton, route="publish", sign="👥"):
    """Target: the model."""

    async def pressed(self, desk: Desk, interaction: Interaction) -> None:
        """For everybody in its server."""
        await desk.keeping.publish(asker(interaction), self.targets[0])
        await edit_panel(desk, interaction, self.targets[0])


class Move(CardSelect, route="move"):
    """Target: the model."""

    @classmethod
    def offering(cls, voice: Voice, entry: EntryView, projects: Sequence[Project]) -> "Move":
        """The inbox, the member's projects as far as they fit, and a new one."""
        here = entry.project.id if entry.project else _INBOX
        names = {_INBOX: voice.label("filter.inbox")}
        names |= {one.id: one.name for one in projects if one.id == here}
        names |= {one.id: one.name for one in projects[: _OPTIONS - len(names) - 1]}
        names |= {_NEW: voice.label("entry.new_project")}
        options = [
            discord.SelectOption(label=clip(name, _OPTION_LENGTH), value=value, default=value == here)
            for value, name in names.items()
        ]
        return cls(entry.model.id, options=options, maximum=1, placeholder=voice.label("entry.move_hint"))

    async def chosen(self, desk: Desk, interaction: Interaction, values: tuple[str, ...]) -> None:
        """Move it; a new project is asked for its name."""
        who, model_id = asker(interaction), self.targets[0]
        if values[0] == _NEW:
            form = ProjectForm(desk, desk.voice(interaction), model_id, edit_panel)
            await interaction.response.send_modal(form)
            return
        names = {one.id: one.name for one in await desk.keeping.projects(who)}
        await desk.keeping.move(who, model_id, names.get(values[0], ""))
        await edit_panel(desk, interaction, model_id)


ITEMS: tuple[type[CardButton | CardSelect], ...] = (Star, Card, Rename, Tags, Hide, Publish, Move)
"""What the panel may hold besides ``Delete``."""


async def send_panel(desk: Desk, interaction: Interaction, model_id: str) -> None:
    """A new private message about a model."""
    view, files = await _panel(desk, interaction, model_id)
    await interaction.response.send_message(view=view, files=files_of(files), ephemeral=True)


async def edit_panel(desk: Desk, interaction: Interaction, model_id: str) -> None:
    """The same message as it is now; its reader may have taken the model away from themselves."""
    view, files = await _panel(desk, interaction, model_id)
    await interaction.response.edit_message(view=view, attachments=files_of(files))


async def _panel(
    desk: Desk, interaction: Interaction, model_id: str
) -> tuple[ui.LayoutView, list[Attachment]]:
    voice, who = desk.voice(interaction), asker(interaction)
    entry = await desk.browsing.one(who, model_id)
    attached = await pictures(desk, [entry], interaction.filesize_limit)
    container = ui.Container[ui.LayoutView](pictured(voice, entry, _words(voice, entry), attached))
    container.add_item(ui.ActionRow(*_for_all(voice, entry)))
    if entry.may_act:
        container.add_item(ui.ActionRow(*_for_some(voice, entry)))
    if entry.owns:
        projects = await desk.keeping.projects(who)
        container.add_item(ui.ActionRow(Move.offering(voice, entry, projects)))
    return ui.LayoutView(timeout=None).add_item(container), attached


def _for_all(voice: Voice, entry: EntryView) -> Iterator[ui.Item[Any]]:
    yield Star.of(voice, entry)
    yield Card.to(voice, entry.model.id)
    links = (("button.view", "🧊", entry.page), ("button.download", "⬇️", entry.listed.url))
    for key, sign, url in links:
        if url and len(url) <= URL_LENGTH:
            yield ui.Button(label=voice.label(key), emoji=sign, url=url)


def _for_some(voice: Voice, entry: EntryView) -> Iterator[ui.Item[Any]]:
    model = entry.model
    yield Rename.to(voice, model.id)
    yield Tags.to(voice, model.id)
    if model.guild_id is not None:
        hidden = model.visibility is Visibility.PRIVATE
        yield Publish.to(voice, model.id) if hidden else Hide.to(voice, model.id)
    delete = Delete.to(voice, model.id)
    delete.item.style = ButtonStyle.danger
    yield delete


def _words(voice: Voice, entry: EntryView) -> str:
    model = entry.model
    lines = [voice.say("entry.title", name=model.name, label=model.label)]
    if model.prompt and model.prompt != model.name:
        lines.append(voice.say("list.prompt", prompt=clip(model.prompt, _PROMPT_LENGTH)))
    state = voice.label(f"state.{entry.listed.state}")
    lines.append(f"{state} · {voice.say('list.made', created=model.created_at)}")
    if entry.listed.clips:
        lines.append(voice.say("card.clips", clips=list(entry.listed.clips[:8])))
    lines.append(voice.say(f"entry.{_seen_by(entry)}"))
    if entry.owns:
        name = entry.project.name if entry.project else voice.label("filter.inbox")
        lines.append(voice.say("list.project", name=name))
    if entry.tags:
        lines.append(voice.say("list.tags", tags=", ".join(entry.tags)))
    return "\n".join(lines)


def _seen_by(entry: EntryView) -> str:
    if entry.model.guild_id is None:
        return "alone"
    return "public" if entry.model.visibility is Visibility.SERVER else "private"
