"""Batches: several jobs asked for at once; and sheets, the texts that become batches."""

from sqlalchemy import delete

from storage import tables
from storage.batches import Batch, Sheet
from storage.stores.store import Store


class Batches(Store[Batch]):
    """``interaction_id`` is unique: one click makes one batch."""

    _table = tables.batches
    _record = Batch

    async def by_interaction(self, interaction_id: int) -> Batch | None:
        """The one that this click made."""
        return await self._one(self._table.select().where(self._table.c.interaction_id == interaction_id))


class Sheets(Store[Sheet]):
    """What is written for batches that nobody has started yet."""

    _table = tables.sheets
    _record = Sheet

    async def take(self, sheet_id: str) -> bool:
        """Remove it; ``False`` where somebody was quicker."""
        query = delete(self._table).where(self._table.c.id == sheet_id)
        return (await self._connection.execute(query)).rowcount == 1

    async def forget(self, before: int) -> int:
        """Remove those written earlier than that; how many that were."""
        query = delete(self._table).where(self._table.c.created_at < before)
        return int((await self._connection.execute(query)).rowcount)
