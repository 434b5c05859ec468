"""Cards: the Discord messages that show jobs. An interaction's token is sealed while it lies here."""

from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, select

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

    async def behind(self, limit: int) -> list[str]:
        """Ids of jobs to redraw: every live one, and up to ``limit`` ended ones with an outdated card."""
        jobs = tables.jobs
        live = select(jobs.c.id).where(jobs.c.state == JobState.LIVE).order_by(jobs.c.id)
        stale = (
            select(jobs.c.id)
            .join(self._table, self._table.c.job_id == jobs.c.id)
            .where(jobs.c.state != JobState.LIVE)
            .where(~self._table.c.gone, self._table.c.rendered_version < jobs.c.version)
            .distinct()
            .order_by(jobs.c.id.desc())
            .limit(limit)
        )
        found = [await self._connection.execute(query) for query in (live, stale)]
        return [row.id for rows in found for row in rows]

    def _sealed(self, token: str | None) -> str | None:
        return None if token is None else self._secrets.seal(token)

    def _to_row(self, record: Card) -> dict[str, Any]:
        return {**super()._to_row(record), "token": self._sealed(record.token)}

    def _from_row(self, row: RowMapping) -> Card:
        sealed = super()._from_row(row)
        return replace(sealed, token=None if sealed.token is None else self._secrets.open(sealed.token))
