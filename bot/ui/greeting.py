"""The first word in a server that the bot has just come into."""

import aiohttp
import discord
import structlog

from bot.jobs.clock import SECOND
from bot.ui.desk import Desk
from bot.ui.guide import greeting_view
from bot.ui.text import Voice
from storage.errors import StorageError

log = structlog.get_logger(__name__)


async def greet(desk: Desk, guild: discord.Guild) -> None:
    """Introduce the bot once where it may write; where it may not, say nothing. Never raises."""
    where, joined = _where(guild), guild.me.joined_at
    if where is None or joined is None:
        return
    try:
        if await desk.greetings.begin(guild.id, int(joined.timestamp() * SECOND)):
            voice = Voice(catalogue=desk.catalogue, locale=str(guild.preferred_locale))
            await where.send(view=greeting_view(desk, voice))
    except (discord.HTTPException, aiohttp.ClientError, OSError, StorageError) as error:
        log.warning("not_greeted", guild=guild.id, reason=type(error).__name__)


def _where(guild: discord.Guild) -> discord.TextChannel | None:
    """Where the server's own news come, or the first channel that the bot may write in."""
    first = [guild.system_channel] if guild.system_channel else []
    for channel in (*first, *guild.text_channels):
        allowed = channel.permissions_for(guild.me)
        if allowed.view_channel and allowed.send_messages:
            return channel
    return None
