"""The books: holding credits for a run, taking them, giving them back.

A reserve is split over what pays for it: the allowance first, then grants, the one
that ends soonest first. Each part is an entry of its own, so that a release gives
every part back to where it came from, at the time it came from; a sum over the last
24 hours is then always right, whatever happened in between.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.jobs.clock import DAY, Ids
from bot.jobs.errors import QuotaExceeded
from bot.jobs.rules import Rules
from storage.database import Transaction
from storage.models import Account, EntryKind, LedgerEntry, StageRun


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantLeft:
    """A grant that is still good, and what is left of it."""

    id: str
    left: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How a member stands in one server at one moment."""

    allowance: int
    used: int
    """Of the allowance, in the last 24 hours."""
    grants: tuple[GrantLeft, ...]
    """The one that ends soonest first."""
    under_caps: int | None
    """What the owner's caps still allow; ``None``: no cap."""
    cap: str
    """Which cap that is: ``member`` or ``bot``."""
    returns: tuple[tuple[int, int], ...]
    """(when, credits) that come back to the allowance, in order."""

    @property
    def granted(self) -> int:
        """Credits of grants that are still good."""
        return sum(grant.left for grant in self.grants)

    @property
    def here(self) -> int:
        """Left under this server's rules alone."""
        return max(0, self.allowance - self.used) + self.granted

    @property
    def left(self) -> int:
        """What can be spent now."""
        return self.here if self.under_caps is None else max(0, min(self.here, self.under_caps))


async def position(
    tx: Transaction, account: Account, guild_id: int | None, rules: Rules, now: int
) -> Position:
    """Read how an account stands."""
    chosen = await tx.quota_changes.latest_set(account.id, guild_id)
    entries = await tx.ledger.window(account.id, guild_id, now - DAY)
    grants = await tx.ledger.grants(account.id, guild_id, now)
    caps = []
    if rules.member_cap is not None:
        caps.append((rules.member_cap - await tx.ledger.used_by_account(account.id, now - DAY), "member"))
    if rules.bot_cap is not None:
        caps.append((rules.bot_cap - await tx.ledger.used_by_all(now - DAY), "bot"))
    under, cap = min(caps, default=(None, ""))
    return Position(
        allowance=chosen.amount if chosen else rules.allowance,
        used=sum(entry.amount for entry in entries),
        grants=tuple(
            GrantLeft(id=grant.id, left=grant.amount - used, expires_at=grant.expires_at or 0)
            for grant, used in sorted(grants, key=lambda pair: pair[0].expires_at or 0)
            if grant.amount > used
        ),
        under_caps=under,
        cap=cap,
        returns=_returns(entries),
    )


def _returns(entries: Sequence[LedgerEntry]) -> tuple[tuple[int, int], ...]:
    """What leaves the window, and when: net amounts by the time they count from."""
    by_time: dict[int, int] = defaultdict(int)
    for entry in entries:
        by_time[entry.effective_at + DAY] += entry.amount
    return tuple((when, amount) for when, amount in sorted(by_time.items()) if amount > 0)


def require(standing: Position, needed: int) -> None:
    """Refuse what the member cannot pay.

    Raises:
        QuotaExceeded: with what is needed, what is left, and when there will be enough.
    """
    if needed <= standing.left:
        return
    if standing.here < needed:
        raise QuotaExceeded(needed, standing.left, _enough_at(standing, needed), "server")
    raise QuotaExceeded(needed, standing.left, None, standing.cap)


def _enough_at(standing: Position, needed: int) -> int | None:
    """When the allowance alone has enough again; ``None``: never by waiting."""
    left = standing.allowance - standing.used
    for when, amount in standing.returns:
        left += amount
        if left >= needed:
            return when
    return None


async def reserve(
    tx: Transaction, runs: Sequence[StageRun], guild_id: int | None, standing: Position, ids: Ids, now: int
) -> None:
    """Hold the price of each run. ``require`` has said yes in this transaction."""
    left: dict[str | None, int] = {None: max(0, standing.allowance - standing.used)}
    left |= {grant.id: grant.left for grant in standing.grants}
    for run in runs:
        missing = run.price
        for grant_id, available in left.items():
            part = min(missing, available)
            if part > 0:
                entry = _entry(run, guild_id, EntryKind.RESERVE, part, grant_id, now, now, ids)
                await tx.ledger.insert(entry)
                left[grant_id] = available - part
                missing -= part


async def settle(tx: Transaction, run: StageRun, guild_id: int | None, ids: Ids, now: int) -> None:
    """The run is done: what was reserved is taken."""
    if run.price:
        await tx.ledger.insert(_entry(run, guild_id, EntryKind.SETTLE, 0, None, now, now, ids))


async def release(tx: Transaction, run: StageRun, ids: Ids, now: int) -> None:
    """The run ended without a result: what is held for it goes back where it came from.

    Where a moderator's reset had already made it count no more, that is taken back with it,
    so that nothing is given twice and no cap goes on counting what nobody spent.
    """
    held: dict[tuple[EntryKind, str | None, int, int | None], int] = defaultdict(int)
    for entry in await tx.ledger.of_run(run.id):
        kind = EntryKind.RESET if entry.kind is EntryKind.RESET else EntryKind.RELEASE
        held[kind, entry.grant_id, entry.effective_at, entry.guild_id] += entry.amount
    for (kind, grant_id, effective_at, guild_id), amount in held.items():
        if amount:
            undone = _entry(run, guild_id, kind, -amount, grant_id, effective_at, now, ids)
            await tx.ledger.insert(undone)


async def reset(tx: Transaction, account: Account, guild_id: int | None, ids: Ids, now: int) -> int:
    """Make what was used of the allowance count no more; gives how much that was.

    One entry for each run's part, at the part's own time: so the reset leaves the
    window together with what it undoes, and a later release of such a run gives nothing twice.
    """
    held: dict[tuple[str | None, int], int] = defaultdict(int)
    for entry in await tx.ledger.window(account.id, guild_id, now - DAY):
        held[entry.run_id, entry.effective_at] += entry.amount
    for (run_id, effective_at), amount in held.items():
        if amount > 0:
            await tx.ledger.insert(
                LedgerEntry(
                    id=ids.new(),
                    key=f"reset:{run_id}:{effective_at}:{now}",
                    account_id=account.id,
                    guild_id=guild_id,
                    kind=EntryKind.RESET,
                    amount=-amount,
                    run_id=run_id,
                    grant_id=None,
                    effective_at=effective_at,
                    expires_at=None,
                    created_at=now,
                )
            )
    return sum(amount for amount in held.values() if amount > 0)


def _entry(
    run: StageRun,
    guild_id: int | None,
    kind: EntryKind,
    amount: int,
    grant_id: str | None,
    effective_at: int,
    now: int,
    ids: Ids,
) -> LedgerEntry:
    return LedgerEntry(
        id=ids.new(),
        key=f"{kind.value}:{run.id}:{grant_id or 'allowance'}",
        account_id=run.account_id,
        guild_id=guild_id,
        kind=kind,
        amount=amount,
        run_id=run.id,
        grant_id=grant_id,
        effective_at=effective_at,
        expires_at=None,
        created_at=now,
    )
