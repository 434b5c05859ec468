"""Telling members that a job of theirs has ended: who wishes it how, and who is still to be told.

What is to be told is written with the end of the job (``bot.jobs.journal``), and struck out
once it was said: no restart forgets it.
"""

from dataclasses import dataclass

from bot.jobs.clock import Clock, Ids
from bot.jobs.orders import Asker
from storage.database import Database, Transaction
from storage.models import Card, Job, Notify

AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One member, and what they are to be told of."""

    job_id: str
    user_id: int
    locale: str
    how: Notify
    """As they wish at this moment."""
    card: Card | None
    """The newest message that shows the job; before others one where the bot may write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifying:
    """Members' choice, and what is still to be said."""

    db: Database
    clock: Clock
    ids: Ids

    async def choose(self, asker: Asker, how: Notify) -> None:
        """Tell this member so from now on."""
        async with self.db.begin() as tx:
            account = await tx.accounts.ensure(asker.user_id, id=self.ids.new(), now=self.clock.now())
            await tx.accounts.set_notify(account.id, how)

    async def waiting(self) -> list[Notice]:
        """Who is still to be told, the longest overdue first."""
        async with self.db.read() as tx:
            return [await self._notice(tx, job) for job in await tx.jobs.to_tell(AT_ONCE)]

    async def told(self, job_id: str) -> None:
        """It was said, or nobody can be told."""
        async with self.db.begin() as tx:
            await tx.jobs.set_notify_due(job_id, None)

    async def _notice(self, tx: Transaction, job: Job) -> Notice:
        account = await tx.accounts.get(job.account_id)
        found = await tx.cards.of_batch(job.batch_id) if job.batch_id else await tx.cards.of_job(job.id)
        cards = sorted(found, key=lambda card: (card.bot_may_edit, card.created_at))
        reachable = account is not None and account.user_id is not None
        return Notice(
            job_id=job.id,
            user_id=job.user_id,
            locale=job.locale,
            how=account.notify if account and reachable else Notify.OFF,
            card=cards[-1] if cards else None,
        )
