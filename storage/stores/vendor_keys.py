"""Members' own keys at vendors: sealed while they lie here, emptied when their last run has ended."""

from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import tables
from storage.models import RUN_ENDED, VendorKey
from storage.secrets import SecretBox
from storage.stores.store import Store


class VendorKeys(Store[VendorKey]):
    """``get`` finds removed ones too: their runs go on with them."""

    _table = tables.vendor_keys
    _record = VendorKey

    def __init__(self, connection: AsyncConnection, secrets: SecretBox) -> None:
        super().__init__(connection)
        self._secrets = secrets

    async def of_account(self, account_id: str) -> list[VendorKey]:
        """Those that were not removed, by vendor; also such as the vendor refused."""
        columns = self._table.c
        query = self._table.select().where(columns.account_id == account_id, columns.removed_at.is_(None))
        return await self._all(query.order_by(columns.provider, columns.created_at))

    async def remove(self, key_id: str, now: int) -> None:
        """For nothing new from now on."""
        await self._change(key_id, removed_at=now)

    async def refuse(self, key_id: str, now: int) -> None:
        """The vendor no longer takes it."""
        await self._change(key_id, refused_at=now)

    async def forget_unused(self) -> None:
        """Empty the secrets of removed keys that no run needs any more."""
        runs = tables.runs
        needed = select(runs.c.credential).where(runs.c.state.not_in(RUN_ENDED))
        unused = self._table.c.removed_at.is_not(None) & self._table.c.id.not_in(needed)
        await self._connection.execute(update(self._table).where(unused).values(secret=""))

    def _to_row(self, record: VendorKey) -> dict[str, Any]:
        return {**super()._to_row(record), "secret": self._secrets.seal(record.secret)}

    def _from_row(self, row: RowMapping) -> VendorKey:
        sealed = super()._from_row(row)
        opened = self._secrets.open(sealed.secret) if sealed.secret else None
        return replace(sealed, secret=opened or "")
