"""Stays connected to Discord.

discord.py comes back by itself after most mishaps. Two it does not survive: an event that it
cannot parse ends the client, and so does a network that is down at the start. Here both
cost a pause and a new session; REST, and with it cards and jobs, works on meanwhile.
"""

from collections.abc import Awaitable, Callable

import discord
import structlog

from bot.client import MaquetteClient
from bot.jobs.clock import MINUTE, Clock

log = structlog.get_logger()

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
"""Seconds. Discord resets the token of a bot that begins over 1,000 sessions a day; this is below 300."""
STEADY = 10 * MINUTE
"""A connection that held this long was good: the next pause is the first again."""

_FINAL = (discord.LoginFailure, discord.PrivilegedIntentsRequired)


async def stay_connected(client: MaquetteClient, token: str, clock: Clock) -> None:
    """Log in and listen until the client is closed.

    Raises:
        discord.LoginFailure: Discord does not know the token.
        discord.PrivilegedIntentsRequired, discord.ConnectionClosed: Discord will not have us as we are.
    """
    await _persist(lambda: client.log_in(token), client, clock)
    await _persist(client.listen, client, clock)


async def _persist(attempt: Callable[[], Awaitable[None]], client: MaquetteClient, clock: Clock) -> None:
    """Try until it comes to its own end, with longer and longer pauses."""
    pause = FIRST_PAUSE
    while True:
        began = clock.now()
        try:
            return await attempt()
        except Exception as error:
            if client.is_closed() or isinstance(error, _FINAL):
                raise
            if clock.now() - began >= STEADY:
                pause = FIRST_PAUSE
            log.exception("discord_lost", again_in=f"{pause:g}s")
        await clock.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
