"""Which servers the bot has introduced itself to: each once, however often it comes back."""

from dataclasses import dataclass

from bot.jobs.clock import HOUR, Clock
from storage.database import Database

FRESH = HOUR
"""A server that the bot came into longer ago than this is not new, whatever Discord calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Greetings:
    """Remembers."""

    db: Database
    clock: Clock

    async def begin(self, guild_id: int, joined_at: int) -> bool:
        """Whether to greet a server now; asked again, it says no.

        It is written down before anything is said: a greeting that is lost is better than two.
        """
        now = self.clock.now()
        if now - joined_at > FRESH:
            return False
        async with self.db.begin() as tx:
            return await tx.greetings.note(guild_id, now=now)
