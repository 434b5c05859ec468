"""Stage runs: the engine's work. A write that comes too late changes nothing, by its epoch."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, Subquery, and_, func, or_, select, update

from storage import tables
from storage.models import RUN_AT_VENDOR, RUN_ENDED, QueuedRun, RunState, Stage, StageRun
from storage.stores.store import Reader


class Runs(Reader[StageRun]):
    """A run changes by ``save`` and ``claim`` alone."""

    _table = tables.runs
    _record = StageRun

    async def insert_many(self, runs: Sequence[StageRun]) -> None:
        """Add the runs of a plan."""
        await self._add(*runs)

    async def of_job(self, job_id: str) -> list[StageRun]:
        """In the order of the plan."""
        query = self._table.select().where(self._table.c.job_id == job_id)
        return await self._all(query.order_by(self._table.c.position))

    async def of_batch(self, batch_id: str) -> list[StageRun]:
        """Those of all jobs of a batch, each plan in its order."""
        jobs = tables.jobs.c
        query = self._table.select().join(tables.jobs, jobs.id == self._table.c.job_id)
        query = query.where(jobs.batch_id == batch_id)
        return await self._all(query.order_by(self._table.c.job_id, self._table.c.position))

    async def of_model(self, model_id: str) -> list[StageRun]:
        """Everything ever done to a model, oldest first."""
        columns = self._table.c
        query = self._table.select().where(columns.model_id == model_id)
        return await self._all(query.order_by(columns.created_at, columns.job_id, columns.position))

    async def save(
        self,
        run_id: str,
        *,
        epoch: int,
        changes: Mapping[str, object],
        expect: Collection[RunState] | None = None,
    ) -> bool:
        """Set these fields; ``False``, nothing done: claimed anew since, or not in a state of ``expect``."""
        columns = self._table.c
        query = update(self._table).where(columns.id == run_id, columns.epoch == epoch)
        if expect is not None:
            query = query.where(columns.state.in_(expect))
        return (await self._connection.execute(query.values(**changes))).rowcount == 1

    async def claim(self, run_id: str, *, owner: str, now: int) -> StageRun | None:
        """Take a queued run whose time has come; ``None`` where it is no longer one."""
        columns = self._table.c
        which = and_(columns.id == run_id, columns.state == RunState.QUEUED, self._not_later(now))
        return await self._one(self._claiming(which, owner=owner))

    async def claim_live(self, owner: str) -> list[StageRun]:
        """Take over all that is at a vendor, oldest first; for a start after a crash or a stop."""
        runs = await self._all(self._claiming(self._table.c.state.in_(RUN_AT_VENDOR), owner=owner))
        return sorted(runs, key=lambda run: (run.queued_at or run.created_at, run.id))

    async def unowned(self) -> list[StageRun]:
        """What is at a vendor and held by nobody: an owner adopted it by the command line."""
        columns = self._table.c
        query = self._table.select().where(columns.state.in_(RUN_AT_VENDOR), columns.owner.is_(None))
        return await self._all(query.order_by(columns.created_at, columns.id))

    async def take(self, run_id: str, *, owner: str) -> StageRun | None:
        """Hold an unowned run; ``None`` where it is no longer one."""
        columns = self._table.c
        which = and_(columns.id == run_id, columns.state.in_(RUN_AT_VENDOR), columns.owner.is_(None))
        return await self._one(self._claiming(which, owner=owner))

    async def queued(self, per_account: int, now: int) -> list[QueuedRun]:
        """The first few of each member that could start at ``now``, in the order they were queued."""
        columns = self._table.c
        order = (columns.queued_at, columns.position, columns.id)
        rank = func.row_number().over(partition_by=columns.account_id, order_by=order).label("rank")
        shown = [columns[one.name] for one in fields(QueuedRun)]
        ranked = select(*shown, columns.position, rank).where(*self._startable(now)).subquery()
        query = select(*(ranked.c[one.name] for one in shown)).where(ranked.c.rank <= per_account)
        rows = await self._connection.execute(query.order_by(*(ranked.c[one.name] for one in order)))
        return [QueuedRun(**row) for row in rows.mappings()]

    async def lines(self, now: int) -> list[tuple[str, str, Stage]]:
        """Provider, credential and stage of all that could start at ``now``, each once."""
        columns = self._table.c
        query = select(columns.provider, columns.credential, columns.stage).distinct()
        found = await self._connection.execute(query.where(*self._startable(now)))
        return [(provider, credential, stage) for provider, credential, stage in found]

    async def count_queued(self) -> int:
        """How many wait for their turn, over all members."""
        return await self._number(self._count().where(self._table.c.state == RunState.QUEUED))

    async def any_submitting(self, provider: str, credential: str) -> bool:
        """Whether a request under this key may or may not have arrived."""
        columns = self._table.c
        which = (columns.provider == provider, columns.credential == credential)
        return await self._number(self._count().where(columns.state == RunState.SUBMITTING, *which)) > 0

    async def places(self, job_id: str, per_account: int, now: int) -> dict[str, int]:
        """The place of each of a job's queued runs among those for the same vendor and key, from 1.

        In the order of ``bot.jobs.admission``: who has the fewest under way, counting those
        that come before, and of equals who was queued first; the first few of each member.
        """
        line = self._in_line(now)
        turn = (line.c.turn + func.coalesce(line.c.under_way, 0), line.c.queued_at, line.c.id)
        of_key = (line.c.provider, line.c.credential)
        place = func.row_number().over(partition_by=of_key, order_by=turn).label("place")
        placed = select(line.c.id, line.c.job_id, place).where(line.c.turn <= per_account).subquery()
        query = select(placed.c.id, placed.c.place).where(placed.c.job_id == job_id)
        return {row.id: row.place for row in await self._connection.execute(query)}

    def _in_line(self, now: int) -> Subquery:
        """What could start, with its member's runs at vendors, and which of that member's own it is."""
        columns = self._table.c
        at_vendor = (
            select(columns.account_id, func.count().label("under_way"))
            .where(columns.state.in_(RUN_AT_VENDOR))
            .group_by(columns.account_id)
            .subquery()
        )
        order = (columns.queued_at, columns.id)
        turn = func.row_number().over(partition_by=columns.account_id, order_by=order).label("turn")
        shown = (columns.id, columns.job_id, columns.provider, columns.credential, columns.queued_at)
        return (
            select(*shown, at_vendor.c.under_way, turn)
            .outerjoin(at_vendor, at_vendor.c.account_id == columns.account_id)
            .where(*self._startable(now))
            .subquery()
        )

    async def due(self, now: int, limit: int) -> list[StageRun]:
        """Ended runs that are to be looked at once more by ``now``, the most overdue first."""
        columns = self._table.c
        query = self._table.select().where(columns.state.in_(RUN_ENDED), columns.due_at <= now)
        return await self._all(query.order_by(columns.due_at, columns.id).limit(limit))

    async def next_due(self, now: int) -> int | None:
        """The next time after ``now`` at which a queued or an ended run is to be looked at (ms)."""
        columns = self._table.c
        waiting = (columns.state.in_(RUN_ENDED | {RunState.QUEUED}), columns.due_at > now)
        found: int | None = await self._connection.scalar(select(func.min(columns.due_at)).where(*waiting))
        return found

    async def durations(self, provider: str, stage: Stage, limit: int = 20) -> list[int]:
        """Milliseconds from acceptance to the end of the latest that were done, the latest first."""
        columns = self._table.c
        query = (
            select(columns.finished_at - columns.accepted_at)
            .where(columns.provider == provider, columns.stage == stage, columns.state == RunState.DONE)
            .where(columns.accepted_at.is_not(None), columns.finished_at.is_not(None))
            .order_by(columns.finished_at.desc())
            .limit(limit)
        )
        return list((await self._connection.execute(query)).scalars())

    async def known_task_ids(self, provider: str, credential: str, since: int) -> set[str]:
        """Tasks accepted since then that have their run already; not to be adopted by another."""
        columns = self._table.c
        query = select(columns.task_id).where(
            columns.provider == provider,
            columns.credential == credential,
            columns.accepted_at >= since,
            columns.task_id.is_not(None),
        )
        return set((await self._connection.execute(query)).scalars())

    async def unsure(self) -> list[StageRun]:
        """What an owner may have to adopt or close, oldest first."""
        query = self._table.select().where(self._table.c.state == RunState.UNSURE)
        return await self._all(query.order_by(self._table.c.created_at, self._table.c.id))

    def _startable(self, now: int) -> tuple[ColumnElement[bool], ...]:
        return self._table.c.state == RunState.QUEUED, self._not_later(now)

    def _not_later(self, now: int) -> ColumnElement[bool]:
        return or_(self._table.c.due_at.is_(None), self._table.c.due_at <= now)

    def _claiming(self, which: ColumnElement[bool], *, owner: str) -> Executable:
        claimed = {"owner": owner, "epoch": self._table.c.epoch + 1}
        return update(self._table).where(which).values(**claimed).returning(*self._table.columns)

    def _count(self) -> Select[Any]:
        return select(func.count()).select_from(self._table)
