"""What every store can do: a table's columns are a record's fields, in both directions."""

from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import Executable, RowMapping, Select, Table, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

Record = TypeVar("Record")


class Reader(Generic[Record]):
    """One table, read and added to as records of one class."""

    _table: ClassVar[Table]
    _record: type[Record]

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, row_id: str) -> Record | None:
        """The one with this id."""
        return await self._one(self._table.select().where(self._table.c.id == row_id))

    async def _add(self, *records: Record) -> None:
        await self._connection.execute(insert(self._table), [self._to_row(record) for record in records])

    async def _one(self, query: Executable) -> Record | None:
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else self._from_row(row)

    async def _all(self, query: Executable) -> list[Record]:
        return [self._from_row(row) for row in (await self._connection.execute(query)).mappings()]

    async def _number(self, query: Select[Any]) -> int:
        return int((await self._connection.execute(query)).scalar() or 0)

    def _to_row(self, record: Record) -> dict[str, Any]:
        return {column.name: getattr(record, column.name) for column in self._table.columns}

    def _from_row(self, row: RowMapping) -> Record:
        return self._record(**{column.name: row[column.name] for column in self._table.columns})


class Store(Reader[Record]):
    """One table whose rows may change."""

    async def insert(self, record: Record) -> None:
        """Add one. Where something unique is there already, the transaction raises ``DatabaseConflict``."""
        await self._add(record)

    async def _change(self, row_id: str, **values: object) -> None:
        await self._connection.execute(update(self._table).where(self._table.c.id == row_id).values(**values))
