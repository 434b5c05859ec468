"""Cards: the Discord messages that show jobs. An interaction's token is sealed while it lies here."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Delete, RowMapping, Update, and_, case, delete, func, or_, select, update

from storage import tables
from storage.models import Card, JobState
from storage.stores.sealed import SealedStore


class Cards(SealedStore[Card]):
    """``get`` and ``by_message`` find cards that are gone too."""

    _table = tables.cards
    _record = Card
    _sealed_column = "token"

    async def of_job(self, job_id: str) -> list[Card]:
        """All messages that show a job and can still be reached."""
        query = self._table.select().where(self._table.c.job_id == job_id, ~self._table.c.gone)
        return await self._all(query.order_by(self._table.c.created_at, self._table.c.id))

    async def of_batch(self, batch_id: str) -> list[Card]:
        """All messages that show a batch and can still be reached."""
        query = self._table.select().where(self._table.c.batch_id == batch_id, ~self._table.c.gone)
        return await self._all(query.order_by(self._table.c.created_at, self._table.c.id))

    async def by_message(self, message_id: int) -> Card | None:
        """What this message shows; the latest, where it showed several jobs."""
        query = self._table.select().where(self._table.c.message_id == message_id)
        return await self._one(query.order_by(self._table.c.created_at.desc(), self._table.c.id.desc()))

    async def set_rendered(self, card_id: str, version: int, files: str) -> None:
        """What the message shows since its last edit."""
        await self._change(card_id, rendered_version=version, files=files)

    async def set_token(self, card_id: str, token: str | None, expires_at: int) -> None:
        """A fresh token from a click on the message."""
        await self._change(card_id, token=self._sealed(token), token_expires_at=expires_at)

    async def mark_gone(self, card_id: str) -> None:
        """It is not tried again; its token has no further use and is dropped."""
        await self._change(card_id, gone=True, token=None)

    async def forget_tokens(self, now: int) -> int:
        """Empty tokens that have expired; how many that were."""
        columns = self._table.c
        expired = (columns.token.is_not(None), columns.token_expires_at <= now)
        return await self._affected(update(self._table).where(*expired).values(token=None))

    async def remove_useless(self) -> int:
        """Remove cards of ended jobs that will never be drawn again; how many that were.

        Nobody can reach them, or they already say that their model was deleted.
        """
        columns, jobs, models = self._table.c, tables.jobs.c, tables.models.c
        job = select(jobs.id).where(jobs.id == columns.job_id)
        said = job.join(tables.models, models.id == jobs.model_id).where(
            models.deleted_at.is_not(None), columns.rendered_version >= jobs.version
        )
        unreachable = and_(~columns.bot_may_edit, columns.token.is_(None))
        useless = or_(columns.gone, unreachable, said.exists())
        ended = job.where(jobs.state != JobState.LIVE).exists()
        of_batch = select(jobs.id).where(jobs.batch_id == columns.batch_id, jobs.state == JobState.LIVE)
        over = and_(columns.batch_id.is_not(None), ~of_batch.exists())
        return await self._affected(delete(self._table).where(useless, or_(ended, over)))

    async def behind(self, limit: int) -> list[str]:
        """Ids of jobs to look at: those with an outdated card, of ended ones up to ``limit``.

        Also every live one with a card that only its token edits: it has to offer a fresh one in time.
        """
        jobs, columns = tables.jobs.c, self._table.c
        shown = select(jobs.id).join(self._table, columns.job_id == jobs.id).where(~columns.gone).distinct()
        outdated = columns.rendered_version < jobs.version
        live = shown.where(jobs.state == JobState.LIVE, or_(outdated, ~columns.bot_may_edit))
        ended = shown.where(jobs.state != JobState.LIVE, outdated)
        queries = (live.order_by(jobs.id), ended.order_by(jobs.id.desc()).limit(limit))
        found = [await self._connection.execute(query) for query in queries]
        return [row.id for rows in found for row in rows]

    async def batches_behind(self, limit: int) -> list[str]:
        """Ids of batches to look at, as ``behind`` says of jobs, of all together up to ``limit``.

        What a batch's card shows is as new as its jobs are together.
        """
        jobs, columns = tables.jobs.c, self._table.c
        live = func.max(case((jobs.state == JobState.LIVE, 1), else_=0)) == 1
        outdated = columns.rendered_version < func.sum(jobs.version)
        query = (
            select(columns.batch_id)
            .join(tables.jobs, jobs.batch_id == columns.batch_id)
            .where(~columns.gone)
            .group_by(columns.id)
            .having(or_(outdated, and_(live, ~columns.bot_may_edit)))
            .order_by(columns.created_at.desc())
            .limit(limit)
        )
        return list(dict.fromkeys((await self._connection.execute(query)).scalars()))

    async def _affected(self, change: Update | Delete) -> int:
        return int((await self._connection.execute(change)).rowcount)

    def _sealed(self, token: str | None) -> str | None:
        return None if token is None else self._secrets.seal(token)

    def _to_row(self, record: Card) -> dict[str, Any]:
        return {**super()._to_row(record), "token": self._sealed(record.token)}

    def _from_row(self, row: RowMapping) -> Card:
        sealed = super()._from_row(row)
        return replace(sealed, token=None if sealed.token is None else self._secrets.open(sealed.token))
