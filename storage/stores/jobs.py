"""Jobs: what people asked for."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select, update

from storage import tables
from storage.models import Job, JobState
from storage.stores.store import Store


class Jobs(Store[Job]):
    """``interaction_id`` is unique: one click makes one job."""

    _table = tables.jobs
    _record = Job

    async def by_interaction(self, interaction_id: int) -> Job | None:
        """The one that this command or click made."""
        return await self._one(self._table.select().where(self._table.c.interaction_id == interaction_id))

    async def of_model(self, model_id: str) -> list[Job]:
        """All that was ever asked of a model, newest first."""
        return await self._all(self._newest_of(model_id))

    async def latest_of_model(self, model_id: str) -> Job | None:
        """What was asked last."""
        return await self._one(self._newest_of(model_id).limit(1))

    async def of_batch(self, batch_id: str) -> list[Job]:
        """All that a batch asked for, in its order; then what was tried again."""
        query = self._table.select().where(self._table.c.batch_id == batch_id)
        return await self._all(query.order_by(self._table.c.created_at, self._table.c.id))

    async def live_of_model(self, model_id: str) -> Job | None:
        """What is under way on a model."""
        return await self._one(self._newest_of(model_id).where(self._table.c.state == JobState.LIVE).limit(1))

    async def live_of_account(self, account_id: str) -> list[Job]:
        """What a member has under way or waiting, oldest first."""
        query = self._table.select().where(
            self._table.c.account_id == account_id, self._table.c.state == JobState.LIVE
        )
        return await self._all(query.order_by(self._table.c.created_at, self._table.c.id))

    async def latest_of_account(self, account_id: str) -> Job | None:
        """What a member asked for last."""
        columns = self._table.c
        query = self._table.select().where(columns.account_id == account_id)
        return await self._one(query.order_by(columns.created_at.desc(), columns.id.desc()).limit(1))

    async def set_state(self, job_id: str, state: JobState, ended_at: int | None = None) -> None:
        """How it stands now; ``ended_at`` is ``None`` while it is live."""
        await self._change(job_id, state=state, ended_at=ended_at)

    async def ask_cancel(self, job_id: str, now: int) -> None:
        """Leave word for the engine that this is to stop; the first time asked is kept."""
        column = self._table.c.cancel_asked_at
        query = update(self._table).where(self._table.c.id == job_id, column.is_(None))
        await self._connection.execute(query.values(cancel_asked_at=now))

    async def asked_to_cancel(self, job_ids: Collection[str]) -> set[str]:
        """Those of these jobs that are to stop."""
        columns = self._table.c
        query = select(columns.id).where(columns.id.in_(job_ids), columns.cancel_asked_at.is_not(None))
        return set((await self._connection.execute(query)).scalars())

    async def bump(self, job_id: str) -> int:
        """Say that its cards are behind; answers the new version."""
        version = self._table.c.version
        query = update(self._table).where(self._table.c.id == job_id)
        raised = query.values(version=version + 1).returning(version)
        return int((await self._connection.execute(raised)).scalar_one())

    async def set_notify_due(self, job_id: str, due_at: int | None) -> None:
        """Its member is to be told that it ended; ``None``: there is nothing more to tell."""
        await self._change(job_id, notify_due_at=due_at)

    async def to_tell(self, limit: int) -> list[Job]:
        """Those whose members are still to be told, the longest overdue first."""
        column = self._table.c.notify_due_at
        query = self._table.select().where(column.is_not(None)).order_by(column, self._table.c.id)
        return await self._all(query.limit(limit))

    def _newest_of(self, model_id: str) -> Select[Any]:
        query = self._table.select().where(self._table.c.model_id == model_id)
        return query.order_by(self._table.c.created_at.desc(), self._table.c.id.desc())
