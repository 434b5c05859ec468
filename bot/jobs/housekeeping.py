"""What is thrown away by and by: rows that nothing will ever be done with again.

Interaction tokens that have expired, plans that nobody started within a day, and the
addresses of messages that are gone, out of reach, or say already that their model was
deleted. All else stays: see docs/operations.md.
"""

from dataclasses import dataclass

import structlog

from bot.jobs.clock import DAY, HOUR, SECOND, Clock
from storage.database import Database
from storage.errors import DatabaseError

log = structlog.get_logger()

EVERY = HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekeeping:
    """Tidies up once an hour."""

    db: Database
    clock: Clock

    async def run(self) -> None:
        """Until cancelled. A database that fails is tried again an hour later."""
        while True:
            try:
                await self.tidy()
            except DatabaseError as error:
                log.warning("not_tidied", reason=type(error).__name__)
            await self.clock.sleep(EVERY / SECOND)

    async def tidy(self) -> None:
        """Once."""
        async with self.db.begin() as tx:
            tokens = await tx.cards.forget_tokens(self.clock.now())
            cards = await tx.cards.remove_useless()
            await tx.sheets.forget(self.clock.now() - DAY)
        if tokens or cards:
            log.info("tidied", tokens=tokens, cards=cards)
