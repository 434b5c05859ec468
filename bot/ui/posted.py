"""Make 3D: models from pictures that somebody posted, where there are several the one that is chosen."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import discord
from discord import ui

from bot.jobs.errors import PictureUnusable
from bot.jobs.orders import GenerateOrder
from bot.ui.anew import begin_new
from bot.ui.desk import Desk, Interaction
from bot.ui.items import CardButton, CardSelect
from bot.ui.pictures import Pictured, Pictures, Posted
from bot.ui.text import Voice, clip, plain

MOST = 10
"""Pictures to choose from: as many as a message can have attached."""
_OPTION_LENGTH = 100
_STILL = frozenset({".png", ".jpg", ".jpeg", ".jfif", ".webp"})
_MOVING = frozenset({".gif", ".apng", ".mp4", ".webm", ".mov"})
_HERE = "here"


class WhichPicture(CardSelect, route="picture"):
    """Under the pictures themselves: what is shown is what is taken, so that nothing has to be remembered."""

    @classmethod
    def offering(cls, voice: Voice, pictures: list[Pictured]) -> "WhichPicture":
        """The pictures by number and name."""
        options = [
            discord.SelectOption(label=_numbered(number, one), value=str(number), emoji="🖼️")
            for number, one in enumerate(pictures, 1)
        ]
        return cls(_HERE, options=options, maximum=1, placeholder=voice.label("panel.picture_hint"))

    async def chosen(self, desk: Desk, interaction: Interaction, values: tuple[str, ...]) -> None:
        """Make a model of it."""
        shown = list(_shown_in(interaction.message))
        number = int(values[0])
        if number > len(shown):
            raise PictureUnusable("unreachable")
        await make(desk, interaction, shown[number - 1])


ITEMS: tuple[type[CardButton | CardSelect], ...] = (WhichPicture,)


async def make_of(desk: Desk, interaction: Interaction, message: discord.Message) -> None:
    """Make a model of a message's picture; where it has several, ask which.

    Raises:
        PictureUnusable: it has none that we can use; the reason says what it has.
        JobError: the model was refused.
    """
    pictures = pictures_of(message, desk.pictures)
    if len(pictures) == 1:
        await make(desk, interaction, pictures[0])
    else:
        view = which_view(desk.voice(interaction), pictures[:MOST])
        await interaction.response.send_message(view=view, ephemeral=True)


async def make(desk: Desk, interaction: Interaction, picture: Pictured) -> None:
    """As ``/generate image:`` would."""
    order = GenerateOrder(picture_count=1)

    async def complete() -> GenerateOrder:
        return replace(order, pictures=await desk.pictures.keep([picture]))

    desk.pictures.accept([picture])
    await begin_new(desk, interaction, order, complete)


def which_view(voice: Voice, pictures: list[Pictured]) -> ui.LayoutView:
    """The pictures, and a list of them to choose from."""
    box = ui.Container[ui.LayoutView](ui.TextDisplay(voice.say("panel.picture")))
    for number, one in enumerate(pictures, 1):  # many are called image.png: a number says which is which
        words = f"**{number}** · {plain(clip(one.filename, _OPTION_LENGTH))}"
        box.add_item(ui.Section(words, accessory=ui.Thumbnail(one.url, description=_numbered(number, one))))
    box.add_item(ui.ActionRow(WhichPicture.offering(voice, pictures)))
    return ui.LayoutView(timeout=None).add_item(box)


def pictures_of(message: discord.Message, pictures: Pictures) -> list[Pictured]:
    """The still pictures of a message and of what it forwards, in order, each once.

    Raises:
        PictureUnusable: there is none; ``moving`` where there is one that moves, else ``none_there``.
    """
    posted = {urlsplit(one.url).path: one for one in _posted(message, pictures)}
    still = [one for one in posted.values() if _ending(one) not in _MOVING]
    if not still:
        raise PictureUnusable("moving" if posted else "none_there")
    return still


def _posted(message: discord.Message, pictures: Pictures) -> Iterator[Pictured]:
    parts: tuple[discord.Message | discord.MessageSnapshot, ...] = (message, *message.message_snapshots)
    for part in parts:
        yield from (one for one in part.attachments if _is_picture(one))
        for embed in part.embeds:
            for media in (embed.image, embed.thumbnail):
                known = [url for url in (media.url, media.proxy_url) if url and pictures.reaches(url)]
                yield from (Posted(url=url, filename=_name(url)) for url in known[:1])


def _is_picture(attachment: discord.Attachment) -> bool:
    """What Discord thinks of it; a look inside comes later."""
    kind = attachment.content_type or ""
    return kind.startswith(("image/", "video/")) or (not kind and _ending(attachment) in _STILL | _MOVING)


def _shown_in(message: discord.Message | None) -> Iterator[Pictured]:
    boxes = [one for one in (message.components if message else ()) if isinstance(one, discord.Container)]
    for part in (part for box in boxes for part in box.children):
        if isinstance(part, discord.SectionComponent) and isinstance(
            part.accessory, discord.ThumbnailComponent
        ):
            yield Posted(url=part.accessory.media.url, filename=_name(part.accessory.media.url))


def _numbered(number: int, picture: Pictured) -> str:
    return clip(f"{number} · {picture.filename}", _OPTION_LENGTH)


def _ending(picture: Pictured) -> str:
    return PurePosixPath(picture.filename.lower()).suffix


def _name(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name or "picture"
