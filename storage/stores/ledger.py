"""The ledger: who used how many credits, as lines that are appended and never changed.

A balance is a sum over lines; there is no counter that could disagree with them.
``guild_id`` ``None`` is direct messages, a server of its own.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from storage import tables
from storage.models import EntryKind, LedgerEntry
from storage.stores.store import Reader

SPENDING = (EntryKind.RESERVE, EntryKind.RELEASE)
"""What sums up to credits really spent or held; a moderator's reset is no part of that."""
_PARTS = tables.ledger.alias()
"""The same lines as what a grant paid for. Made once: making it costs more than asking it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCharges:
    """What a job costs its member, in credits."""

    settled: int
    """Of runs that are done."""
    reserved: int
    """Held for runs that may still come to nothing."""


class Ledger(Reader[LedgerEntry]):
    """Appends and sums. The database itself refuses to change or remove a line."""

    _table = tables.ledger
    _record = LedgerEntry

    async def insert(self, entry: LedgerEntry) -> bool:
        """Append a line; ``False`` and nothing done where its key was written before."""
        written = select(self._table.c.id).where(self._table.c.key == entry.key)
        if (await self._connection.execute(written)).first():
            return False
        await self._add(entry)
        return True

    async def of_run(self, run_id: str) -> list[LedgerEntry]:
        """All lines about one run, oldest first."""
        query = self._table.select().where(self._table.c.run_id == run_id)
        return await self._all(query.order_by(self._table.c.created_at, self._table.c.id))

    async def window(self, account_id: str, guild_id: int | None, since: int) -> list[LedgerEntry]:
        """What counts against a member's allowance in a server after ``since``, oldest first."""
        columns = self._table.c
        query = self._table.select().where(
            self._belongs(account_id, guild_id),
            columns.kind.in_((*SPENDING, EntryKind.RESET)),
            columns.grant_id.is_(None),
            columns.effective_at > since,
        )
        return await self._all(query.order_by(columns.effective_at, columns.id))

    async def grants(self, account_id: str, guild_id: int | None, now: int) -> list[tuple[LedgerEntry, int]]:
        """A member's grants good at ``now``, each with what is used of it; the first to expire first."""
        columns, part = self._table.c, _PARTS
        used = select(func.coalesce(func.sum(part.c.amount), 0)).where(part.c.grant_id == columns.id)
        query = select(self._table, used.scalar_subquery().label("used")).where(
            self._belongs(account_id, guild_id),
            columns.kind == EntryKind.GRANT,
            or_(columns.expires_at.is_(None), columns.expires_at > now),
        )
        order = (columns.expires_at.is_(None), columns.expires_at, columns.id)
        found = await self._connection.execute(query.order_by(*order))
        return [(self._from_row(row), row["used"]) for row in found.mappings()]

    async def used_by_account(self, account_id: str, since: int) -> int:
        """Credits a member spent or holds over all servers, from allowance and grants alike."""
        return await self._number(self._spent(since).where(self._table.c.account_id == account_id))

    async def used_by_all(self, since: int) -> int:
        """Credits that all members together spent or hold."""
        return await self._number(self._spent(since))

    async def of_job(self, job_id: str) -> JobCharges:
        """What a job has cost so far, and what it holds."""
        columns, runs = self._table.c, tables.runs
        done = func.max(case((columns.kind == EntryKind.SETTLE, 1), else_=0)).label("done")
        per_run = (
            select(func.sum(columns.amount).label("credits"), done)
            .join(runs, runs.c.id == columns.run_id)
            .where(runs.c.job_id == job_id, columns.kind.in_((*SPENDING, EntryKind.SETTLE)))
            .group_by(columns.run_id)
        )
        found = (await self._connection.execute(per_run)).all()
        return JobCharges(
            settled=sum(row.credits for row in found if row.done),
            reserved=sum(row.credits for row in found if not row.done),
        )

    def _belongs(self, account_id: str, guild_id: int | None) -> ColumnElement[bool]:
        columns = self._table.c
        return and_(columns.account_id == account_id, columns.guild_id.is_not_distinct_from(guild_id))

    def _spent(self, since: int) -> Select[Any]:
        columns = self._table.c
        return select(func.sum(columns.amount)).where(
            columns.kind.in_(SPENDING), columns.effective_at > since
        )
