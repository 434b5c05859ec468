"""Stars: who likes which model, and since when."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables
from storage.models import Model


class Stars:
    """A person has one for each model, or none."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, model: Model, account_id: str, *, now: int) -> None:
        """Give one; the first stays as it is."""
        row = {"model_id": model.id, "account_id": account_id, "guild_id": model.guild_id, "created_at": now}
        await self._connection.execute(insert(tables.stars).values(row).on_conflict_do_nothing())

    async def remove(self, model_id: str, account_id: str) -> None:
        """Take it back."""
        columns = tables.stars.c
        mine = (columns.model_id == model_id, columns.account_id == account_id)
        await self._connection.execute(delete(tables.stars).where(*mine))

    async def count(self, model_ids: Collection[str], *, since: int = 0) -> Mapping[str, int]:
        """How many each of these models got since then, where it got any."""
        columns = tables.stars.c
        query = select(columns.model_id, func.count()).where(columns.model_id.in_(model_ids))
        query = query.where(columns.created_at >= since)
        rows = await self._connection.execute(query.group_by(columns.model_id))
        return {row[0]: row[1] for row in rows}

    async def given(self, account_id: str, model_ids: Collection[str]) -> frozenset[str]:
        """Which of these models have this person's."""
        columns = tables.stars.c
        mine = (columns.account_id == account_id, columns.model_id.in_(model_ids))
        return frozenset((await self._connection.execute(select(columns.model_id).where(*mine))).scalars())
