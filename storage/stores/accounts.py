"""Accounts: members as the ledger knows them."""

from storage import tables
from storage.models import Account, Notify
from storage.stores.store import Store


class Accounts(Store[Account]):
    """Found by Discord's id, made when first needed."""

    _table = tables.accounts
    _record = Account

    async def by_user(self, user_id: int) -> Account | None:
        """The account of this Discord user, if there is one yet."""
        return await self._one(self._table.select().where(self._table.c.user_id == user_id))

    async def ensure(self, user_id: int, *, id: str, now: int) -> Account:  # noqa: A002 -- the field's own name
        """The account of this Discord user; a new one with this ``id`` where there is none."""
        found = await self.by_user(user_id)
        if found:
            return found
        account = Account(id=id, user_id=user_id, created_at=now)
        await self.insert(account)
        return account

    async def set_notify(self, account_id: str, notify: Notify) -> None:
        """How this member wishes to be told from now on."""
        await self._change(account_id, notify=notify)
