"""Keys, credit and limits.

An account has prepaid dollars; all its keys see all its predictions. Nothing is set aside: a
prediction is charged when it ends, so that the last one may leave the account in debt.
"""

import base64
import math
import secrets
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.clock import Clock
from sandbox.vendors import accounts
from sandbox.vendors.replicate.refusals import Throttled, not_found, unauthenticated
from sandbox.vendors.replicate.ways import Ways

KEY = "r8_SandboxKeyForAnyoneToUse0000000000000"
MINUTE = 60_000
LOW_PER_MINUTE = 6


@dataclass(slots=True, kw_only=True)
class Limit:
    """So many calls a minute, of which so many at once: when it would be full again, if nobody called."""

    full_at: float = 0.0

    def wait(self, now: int, *, per_minute: int, burst: int) -> int:
        """Milliseconds until the next call is in order; 0 for at once."""
        return max(0, round(self.full_at - (burst - 1) * MINUTE / per_minute - now))

    def count(self, now: int, *, per_minute: int) -> None:
        """One call more."""
        self.full_at = max(self.full_at, now) + MINUTE / per_minute

    def headers(self, now: int, *, per_minute: int, burst: int) -> dict[str, str]:
        """What is left, and in how many seconds all of it is back."""
        owed = max(0.0, self.full_at - now)
        left = max(0, math.floor(burst - owed * per_minute / MINUTE + 1e-6))
        return {"ratelimit-remaining": str(left), "ratelimit-reset": str(math.ceil(owed / 1000))}


def new_secret() -> str:
    """What webhooks are signed with."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"


@dataclass(slots=True, kw_only=True)
class Account:
    """Who pays, in US dollars; its name is the owner's name in addresses."""

    name: str
    balance: Decimal
    webhook_secret: str = field(default_factory=new_secret)
    limits: dict[str, Limit] = field(default_factory=lambda: {"create": Limit(), "read": Limit()})


Key = accounts.Key[Account]


class Keyring(accounts.Keyring[Account]):
    """All keys there are, and how often their accounts may call."""

    def __init__(self, clock: Clock, ways: Ways) -> None:
        super().__init__(lambda name, amount: Account(name=name, balance=amount), usual=100)
        self._clock = clock
        self._ways = ways

    def owner(self, name: str) -> Account:
        """An account by the name it has in addresses; 404 for none."""
        if name not in self._accounts:
            raise not_found()
        return self._accounts[name]

    def open(self, authorization: str) -> Key:
        """The key in an ``Authorization`` header, after either word for it; 401 where it is none of ours."""
        scheme, _, secret = authorization.partition(" ")
        key = self.good(secret)
        if scheme not in {"Bearer", "Token"} or key is None:
            raise unauthenticated()
        return key

    def count(self, account: Account, limit: str) -> dict[str, str]:
        """Count a call against ``create`` or ``read``; its headers, or 429 where that was one too many."""
        now, ways, used = self._clock.now(), self._ways, account.limits[limit]
        poor = limit == "create" and account.balance < ways.low_credit
        most = ways.creates_per_minute if limit == "create" else ways.reads_per_minute
        per_minute, burst = (LOW_PER_MINUTE, 1) if poor else (most, most)
        if wait := used.wait(now, per_minute=per_minute, burst=burst):
            refusal = Throttled(
                math.ceil(wait / 1000),
                low_credit=poor,
                form=ways.throttling,
                header=ways.retry_after_header,
            )
            refusal.headers |= used.headers(now, per_minute=per_minute, burst=burst)
            raise refusal
        used.count(now, per_minute=per_minute)
        return used.headers(now, per_minute=per_minute, burst=burst)
