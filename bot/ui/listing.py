"""A page of models as Discord shows it: pictures with a few words, what to open, where to turn.

At most five models make at most forty components, which is all that a message may have.
"""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.jobs.browsing import Look, Place
from bot.jobs.views import EntryView
from bot.ui.desk import Desk
from bot.ui.messenger import Attachment
from bot.ui.result import REQUEST_LIMIT
from bot.ui.text import Voice, clip
from storage.errors import StorageError
from storage.models import Artifact, Visibility

PAGE = 5
PICTURE_BYTES = 2 * 1024 * 1024
"""Largest picture that is attached; only where the site has no address for it."""
_NAME_LENGTH = 60
_PROMPT_LENGTH = 110
_TAGS_LENGTH = 80


async def pictures(desk: Desk, entries: Sequence[EntryView], limit: int) -> list[Attachment]:
    """The pictures that have to be attached, each under ``limit`` bytes, less those that cannot be read."""
    found = []
    for entry in entries:
        if entry.still and not entry.picture and entry.still.size <= min(limit, PICTURE_BYTES):
            try:
                data = await desk.shelf.read_file(entry.still, min(limit, REQUEST_LIMIT))
            except StorageError:
                continue
            found.append(Attachment(name=_attached(entry, entry.still), data=data))
    return found


def page_view(
    title: str, nothing: str, rows: Sequence[tuple[ui.Item[Any], ui.Item[Any]]], *below: ui.Item[Any]
) -> ui.LayoutView:
    """``rows``: each model with its buttons; ``below``: filters and what turns the page."""
    view = ui.LayoutView(timeout=None)
    container = ui.Container[ui.LayoutView](ui.TextDisplay(title))
    for shown, buttons in rows:
        container.add_item(shown).add_item(buttons)
    if not rows:
        container.add_item(ui.TextDisplay(nothing))
    for item in below:
        container.add_item(item)
    return view.add_item(container)


def pictured(voice: Voice, entry: EntryView, words: str, attached: Sequence[Attachment]) -> ui.Item[Any]:
    """Words beside a model's picture, or alone where there is none."""
    text: ui.TextDisplay[ui.LayoutView] = ui.TextDisplay(words)
    name = _attached(entry, entry.still) if entry.still else ""
    url = entry.picture or (f"attachment://{name}" if any(one.name == name for one in attached) else None)
    if url is None:
        return text
    about = voice.label("card.picture_of", name=entry.model.name)
    return ui.Section(text, accessory=ui.Thumbnail(url, description=clip(about, 256)))


def words_of(voice: Voice, entry: EntryView) -> str:
    """What a list says of a model."""
    model = entry.model
    facts = [voice.label(f"state.{entry.listed.state}"), voice.say("list.made", created=model.created_at)]
    if entry.listed.clips:
        facts.append(voice.write(len(entry.listed.clips), "clips"))
    if entry.owns and model.guild_id is not None and model.visibility is Visibility.PRIVATE:
        facts.append(voice.label("list.private"))
    lines = [voice.say("list.name", name=clip(model.name, _NAME_LENGTH), label=model.label)]
    if model.prompt and model.prompt != model.name:
        lines.append(voice.say("list.prompt", prompt=clip(model.prompt, _PROMPT_LENGTH)))
    lines.append("-# " + " · ".join(facts))
    sorted_by = [voice.say("list.project", name=entry.project.name)] if entry.project else []
    if entry.tags:
        sorted_by.append(voice.say("list.tags", tags=clip(", ".join(entry.tags), _TAGS_LENGTH)))
    if sorted_by:
        lines.append("-# " + " · ".join(sorted_by))
    return "\n".join(lines)


def title_of(voice: Voice, look: Look) -> str:
    """What a list is of."""
    if look.gallery:
        title = voice.say("list.gallery")
    elif look.person is not None:
        title = voice.say("list.person", user=look.person)
    else:
        title = voice.say("list.title")
    return f"{title}\n-# {voice.say('list.search', text=look.text)}" if look.text else title


def nothing_of(voice: Voice, look: Look) -> str:
    """Why a list is empty."""
    if look.text or look.standing or look.rigged is not None or look.project_id is not None:
        return voice.say("list.none_such")
    if look.gallery:
        return voice.say("list.none_public")
    return voice.say("list.none_of_them" if look.person is not None else "list.none")


def beside(entries: Sequence[EntryView], *, back: bool) -> Place:
    """Where the next page begins, or, ``back``, where the one before ends."""
    edge = entries[0] if back else entries[-1]
    return Place(label=edge.model.label, stars=edge.week, back=back)


def files_of(attached: Sequence[Attachment]) -> list[discord.File]:
    """As discord.py sends them."""
    return [one.as_file() for one in attached]


def _attached(entry: EntryView, still: Artifact) -> str:
    return f"{entry.model.label}.{still.name.rpartition('.')[2] or 'png'}"
