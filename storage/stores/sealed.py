"""Stores with a column that is sealed while it lies here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.secrets import SecretBox
from storage.stores.store import Record, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed text as it lies there, and whose it is."""

    row_id: str
    text: str


class SealedStore(Store[Record]):
    """What changes the key needs to see: the sealed texts themselves."""

    _sealed_column: ClassVar[str]

    def __init__(self, connection: AsyncConnection, secrets: SecretBox) -> None:
        super().__init__(connection)
        self._secrets = secrets

    async def sealed_after(self, row_id: str, limit: int) -> Sequence[Sealed]:
        """The next ones in the order of ids (``""``: from the first); empty ones are left out."""
        row, text = self._table.c.id, self._table.c[self._sealed_column]
        query = select(row, text).where(row > row_id, text.is_not(None), text != "")
        found = await self._connection.execute(query.order_by(row).limit(limit))
        return [Sealed(row_id=one, text=sealed) for one, sealed in found]

    async def put_sealed(self, texts: Mapping[str, str]) -> None:
        """Put other sealed texts in their place, by row id."""
        if texts:
            query = update(self._table).where(self._table.c.id == bindparam("row"))
            change = query.values({self._sealed_column: bindparam("text")})
            rows = [{"row": row_id, "text": text} for row_id, text in texts.items()]
            await self._connection.execute(change, rows)
