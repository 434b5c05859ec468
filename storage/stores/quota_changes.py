"""Quota changes: what moderators did, with who, when, why. Rows are never changed."""

from typing import Any

from sqlalchemy import Select

from storage import tables
from storage.models import QuotaAction, QuotaChange
from storage.stores.store import Reader


class QuotaChanges(Reader[QuotaChange]):
    """By member and server; ``guild_id`` ``None`` is direct messages, a server of its own."""

    _table = tables.quota_changes
    _record = QuotaChange

    async def insert(self, change: QuotaChange) -> None:
        """Record what was done."""
        await self._add(change)

    async def latest_set(self, account_id: str, guild_id: int | None) -> QuotaChange | None:
        """What set the member's allowance last, if anything did."""
        query = self._newest(account_id, guild_id).where(self._table.c.action == QuotaAction.SET)
        return await self._one(query.limit(1))

    async def of_account(self, account_id: str, guild_id: int | None, limit: int) -> list[QuotaChange]:
        """The latest first."""
        return await self._all(self._newest(account_id, guild_id).limit(limit))

    def _newest(self, account_id: str, guild_id: int | None) -> Select[Any]:
        columns = self._table.c
        query = self._table.select().where(
            columns.account_id == account_id, columns.guild_id.is_not_distinct_from(guild_id)
        )
        return query.order_by(columns.created_at.desc(), columns.id.desc())
