"""A plan in a text file, from Discord, as text."""

import discord

from bot.jobs.errors import ListUnusable, PictureUnusable
from bot.ui.pictures import Pictures, fetch

MAX_BYTES = 64_000
"""More than 25 lines of the longest prompts in any script."""


def accept(pictures: Pictures, file: discord.Attachment) -> None:
    """Look at what Discord says of it, before it is fetched; from where pictures are, and from nowhere else.

    Raises:
        ListUnusable.
    """
    if file.size > MAX_BYTES:
        raise ListUnusable("too_large")
    if not pictures.reaches(file.url):
        raise ListUnusable("unreachable")


async def read_list(file: discord.Attachment) -> str:
    """The text in it, which has to be UTF-8.

    Raises:
        ListUnusable.
    """
    try:
        return (await fetch(file.url, MAX_BYTES)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListUnusable("no_text") from error
    except PictureUnusable as error:
        raise ListUnusable("too_large" if error.reason == "too_heavy" else "unreachable") from error
