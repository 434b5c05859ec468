"""Members' own keys at vendors: sealed while they lie here, emptied when their last run has ended."""

from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, exists, update

from storage import tables
from storage.models import RUN_ENDED, VendorKey
from storage.stores.sealed import SealedStore


class VendorKeys(SealedStore[VendorKey]):
    """``get`` finds removed ones too: their runs go on with them."""

    _table = tables.vendor_keys
    _record = VendorKey
    _sealed_column = "secret"

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
        columns, runs = self._table.c, tables.runs.c
        needed = exists().where(
            runs.provider == columns.provider,  # leads the index that ends with the credential
            runs.credential == columns.id,
            runs.state.not_in(RUN_ENDED),
        )
        unused = (columns.removed_at.is_not(None), columns.secret != "", ~needed)
        await self._connection.execute(update(self._table).where(*unused).values(secret=""))

    def _to_row(self, record: VendorKey) -> dict[str, Any]:
        return {**super()._to_row(record), "secret": self._secrets.seal(record.secret)}

    def _from_row(self, row: RowMapping) -> VendorKey:
        sealed = super()._from_row(row)
        opened = self._secrets.open(sealed.secret) if sealed.secret else None
        return replace(sealed, secret=opened or "")
