"""Which messages show which job, and how far each has come."""

from dataclasses import dataclass

from storage.database import Database
from storage.models import Card

BEHIND_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """What the presenter remembers across restarts."""

    db: Database

    async def of_job(self, job_id: str) -> list[Card]:
        """The messages that show a job and are still there."""
        async with self.db.read() as tx:
            return await tx.cards.of_job(job_id)

    async def rendered(self, card_id: str, version: int, files: str) -> None:
        """A message now shows this version of its job, with this set of files."""
        async with self.db.begin() as tx:
            await tx.cards.set_rendered(card_id, version, files)

    async def gone(self, card_id: str) -> None:
        """A message is no more, or out of reach."""
        async with self.db.begin() as tx:
            await tx.cards.mark_gone(card_id)

    async def behind(self) -> list[str]:
        """Jobs with a message that does not show their latest version, or is soon out of our reach."""
        async with self.db.read() as tx:
            return await tx.cards.behind(BEHIND_AT_ONCE)
