"""Tags: words that a model's owner hangs on it."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables
from storage.stores.words import renew_words


class Tags:
    """A model has each word once."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, model_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """The tags of each of these models that has any, by name."""
        columns = tables.tags.c
        query = select(columns.model_id, columns.name).where(columns.model_id.in_(model_ids))
        found: dict[str, list[str]] = {}
        for model_id, name in await self._connection.execute(query.order_by(columns.name)):
            found.setdefault(model_id, []).append(name)
        return found

    async def set(self, model_id: str, names: Collection[str]) -> None:
        """These from now on, and no others."""
        await self._connection.execute(delete(tables.tags).where(tables.tags.c.model_id == model_id))
        if names:
            rows = [{"model_id": model_id, "name": name} for name in dict.fromkeys(names)]
            await self._connection.execute(insert(tables.tags), rows)
        await renew_words(self._connection, model_id)
