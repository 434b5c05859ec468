"""What a member should have, worked out from memory alone: the ledger is held against it."""

from dataclasses import dataclass, field

from bot.jobs.clock import DAY


@dataclass(slots=True, kw_only=True)
class Gift:
    """A grant, as it was given."""

    guild_id: int
    amount: int
    expires_at: int


@dataclass(slots=True, kw_only=True, eq=False)
class Spent:
    """What one run holds or took, and what paid for it."""

    guild_id: int
    at: int
    allowance: int
    gifts: list[tuple[Gift, int]]
    open: bool = True
    undone: bool = False
    """A reset made its part of the allowance count no more."""


@dataclass(slots=True, kw_only=True)
class Memory:
    """Everything that happened, and plain sums over it."""

    allowance: int
    cap: int
    now: int
    spent: list[Spent] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    chosen: dict[int, int] = field(default_factory=dict)
    """Allowances that moderators set, by server."""

    def allowed(self, guild_id: int) -> int:
        """The allowance in a server."""
        return self.chosen.get(guild_id, self.allowance)

    def used(self, guild_id: int, at: int | None = None) -> int:
        """Of the allowance in a server, in the day before ``at``."""
        since = (self.now if at is None else at) - DAY
        here = [one for one in self.spent if one.guild_id == guild_id and one.at > since]
        return sum(one.allowance for one in here if not one.undone)

    def good(self, guild_id: int) -> list[Gift]:
        """Gifts that still hold, the one that ends soonest first."""
        here = [gift for gift in self.gifts if gift.guild_id == guild_id and gift.expires_at > self.now]
        return sorted(here, key=lambda gift: gift.expires_at)

    def left_of(self, gift: Gift) -> int:
        """What of a gift was not spent."""
        return gift.amount - sum(part for one in self.spent for paid, part in one.gifts if paid is gift)

    def granted(self, guild_id: int) -> int:
        """What of all good gifts was not spent."""
        return sum(map(self.left_of, self.good(guild_id)))

    def under_cap(self) -> int:
        """What the owner's cap over all servers leaves; gifts and resets do not lift it."""
        return self.cap - self.today()

    def today(self) -> int:
        """What the last day really took or holds."""
        today = [one for one in self.spent if one.at > self.now - DAY]
        return sum(one.allowance + sum(part for _, part in one.gifts) for one in today)

    def left(self, guild_id: int) -> int:
        """What can be spent now."""
        here = max(0, self.allowed(guild_id) - self.used(guild_id)) + self.granted(guild_id)
        return max(0, min(here, self.under_cap()))

    def spend(self, guild_id: int, price: int) -> Spent:
        """The allowance pays first, then gifts."""
        missing = price - (part := min(price, max(0, self.allowed(guild_id) - self.used(guild_id))))
        paid = []
        for gift in self.good(guild_id):
            if missing and (share := min(missing, self.left_of(gift))):
                paid.append((gift, share))
                missing -= share
        self.spent.append(Spent(guild_id=guild_id, at=self.now, allowance=part, gifts=paid))
        return self.spent[-1]

    def undo(self, guild_id: int) -> int:
        """A reset; gives what it undid."""
        before = self.used(guild_id)
        for one in self.spent:
            if one.guild_id == guild_id and one.at > self.now - DAY:
                one.undone = True
        return before
