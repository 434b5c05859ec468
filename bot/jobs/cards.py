"""Which messages show which job or batch, and how far each has come."""

from dataclasses import dataclass

from storage.database import Database
from storage.models import Card

BEHIND_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The messages that show something and are still there."""

    cards: tuple[Card, ...]
    batch_id: str | None = None
    """Of a job, what it was asked for together with: that looks different with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """What the presenter remembers across restarts."""

    db: Database

    async def about(self, subject: str) -> "About":
        """What shows a job or a batch, by the id of either."""
        async with self.db.read() as tx:
            job = await tx.jobs.get(subject)
            cards = await tx.cards.of_job(subject) if job else await tx.cards.of_batch(subject)
        return About(cards=tuple(cards), batch_id=job.batch_id if job else None)

    async def rendered(self, card_id: str, version: int, files: str) -> None:
        """A message now shows this version of its job, with this set of files."""
        async with self.db.begin() as tx:
            await tx.cards.set_rendered(card_id, version, files)

    async def gone(self, card_id: str) -> None:
        """A message is no more, or out of reach."""
        async with self.db.begin() as tx:
            await tx.cards.mark_gone(card_id)

    async def behind(self) -> list[str]:
        """Jobs and batches whose message does not show their latest version, or is soon out of our reach."""
        async with self.db.read() as tx:
            jobs = await tx.cards.behind(BEHIND_AT_ONCE)
            return [*jobs, *await tx.cards.batches_behind(BEHIND_AT_ONCE)]
