"""What a member may make, and what moderators do about it."""

from dataclasses import dataclass

from bot.jobs import ledger
from bot.jobs.clock import HOUR, Clock, Ids
from bot.jobs.errors import AmountOutOfRange, NotYours
from bot.jobs.orders import Asker
from bot.jobs.rules import Rules
from bot.jobs.views import QuotaReport, QuotaView
from storage.database import Database, Transaction
from storage.models import Account, EntryKind, LedgerEntry, QuotaAction, QuotaChange

ALLOWANCE_MAX = 10_000
GRANT_HOURS = 24
CHANGES_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """Reading and changing quotas; a change holds from the next request on."""

    db: Database
    clock: Clock
    ids: Ids
    rules: Rules

    async def view(self, user_id: int, guild_id: int | None) -> QuotaView:
        """What a member has in this server, and when more comes back."""
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(user_id)
            return await self._view(tx, account or _stranger(user_id), guild_id)

    async def report(self, asker: Asker, user_id: int) -> QuotaReport:
        """A member's quota with the latest changes to it.

        Raises:
            NotYours: the asker is no moderator here.
        """
        _require_moderator(asker)
        async with self.db.read() as tx:
            account = await tx.accounts.by_user(user_id) or _stranger(user_id)
            changes = await tx.quota_changes.of_account(account.id, asker.guild_id, CHANGES_SHOWN)
            return QuotaReport(quota=await self._view(tx, account, asker.guild_id), changes=tuple(changes))

    async def set(self, asker: Asker, user_id: int, amount: int, reason: str | None) -> QuotaChange:
        """Give a member another allowance, until it is set anew.

        Raises:
            NotYours: the asker is no moderator here.
            AmountOutOfRange: not 0 to 10,000.
        """
        _require_moderator(asker)
        _require_amount(0, amount)
        async with self.db.begin() as tx:
            account, before = await self._account(tx, asker, user_id)
            return await self._record(
                tx, asker, account, QuotaAction.SET, amount, before.allowance, amount, reason
            )

    async def grant(
        self, asker: Asker, user_id: int, amount: int, reason: str | None, *, hours: int = GRANT_HOURS
    ) -> QuotaChange:
        """Give a member extra credits, good for ``hours``.

        Raises:
            NotYours: the asker is no moderator here.
            AmountOutOfRange: not 1 to 10,000.
        """
        _require_moderator(asker)
        _require_amount(1, amount)
        async with self.db.begin() as tx:
            account, before = await self._account(tx, asker, user_id)
            now = self.clock.now()
            entry_id = self.ids.new()
            await tx.ledger.insert(
                LedgerEntry(
                    id=entry_id,
                    key=f"grant:{entry_id}",
                    account_id=account.id,
                    guild_id=asker.guild_id,
                    kind=EntryKind.GRANT,
                    amount=amount,
                    run_id=None,
                    grant_id=None,
                    effective_at=now,
                    expires_at=now + hours * HOUR,
                    created_at=now,
                )
            )
            return await self._record_left(tx, asker, account, QuotaAction.GRANT, amount, before.left, reason)

    async def reset(self, asker: Asker, user_id: int, reason: str | None) -> QuotaChange:
        """Give a member the whole allowance again.

        Raises:
            NotYours: the asker is no moderator here.
        """
        _require_moderator(asker)
        async with self.db.begin() as tx:
            account, before = await self._account(tx, asker, user_id)
            undone = await ledger.reset(tx, account, asker.guild_id, self.ids, self.clock.now())
            return await self._record_left(tx, asker, account, QuotaAction.RESET, undone, before.left, reason)

    async def _account(self, tx: Transaction, asker: Asker, user_id: int) -> tuple[Account, ledger.Position]:
        now = self.clock.now()
        account = await tx.accounts.ensure(user_id, id=self.ids.new(), now=now)
        return account, await ledger.position(tx, account, asker.guild_id, self.rules, now)

    async def _view(self, tx: Transaction, account: Account, guild_id: int | None) -> QuotaView:
        standing = await ledger.position(tx, account, guild_id, self.rules, self.clock.now())
        return QuotaView(
            allowance=standing.allowance,
            used=max(0, standing.used),
            granted=standing.granted,
            left=standing.left,
            returns=standing.returns,
            prices=self.rules.prices,
        )

    async def _record_left(
        self,
        tx: Transaction,
        asker: Asker,
        account: Account,
        action: QuotaAction,
        amount: int,
        before: int,
        reason: str | None,
    ) -> QuotaChange:
        after = await ledger.position(tx, account, asker.guild_id, self.rules, self.clock.now())
        return await self._record(tx, asker, account, action, amount, before, after.left, reason)

    async def _record(
        self,
        tx: Transaction,
        asker: Asker,
        account: Account,
        action: QuotaAction,
        amount: int,
        before: int,
        after: int,
        reason: str | None,
    ) -> QuotaChange:
        change = QuotaChange(
            id=self.ids.new(),
            account_id=account.id,
            guild_id=asker.guild_id,
            action=action,
            actor_id=asker.user_id,
            amount=amount,
            before=before,
            after=after,
            reason=reason,
            created_at=self.clock.now(),
        )
        await tx.quota_changes.insert(change)
        return change


def _stranger(user_id: int) -> Account:
    """Somebody who never asked for anything: reads like anybody with empty books."""
    return Account(id="", user_id=user_id, created_at=0)


def _require_moderator(asker: Asker) -> None:
    if not asker.moderator or asker.guild_id is None:
        raise NotYours


def _require_amount(low: int, amount: int) -> None:
    if not low <= amount <= ALLOWANCE_MAX:
        raise AmountOutOfRange(low, ALLOWANCE_MAX)
