"""Keys, credits and limits.

An account has credits and pools; its keys each have a request rate and see only the
tasks they created. Credits are frozen when a task is accepted, taken when it succeeds
and given back when it does not.
"""

from collections import defaultdict, deque
from dataclasses import dataclass
from decimal import Decimal

from sandbox.clock import Clock
from sandbox.vendors import accounts
from sandbox.vendors.tripo.refusals import Refusal

MINUTE = 60_000
KEY = "tsk_sandbox_key_for_anyone_to_use_000000000000"


@dataclass(slots=True, kw_only=True)
class Account:
    """Who pays. ``balance`` is what is free to use, ``frozen`` is set aside for tasks under way."""

    name: str
    balance: Decimal
    frozen: Decimal = Decimal(0)

    def freeze(self, amount: Decimal) -> None:
        """Set aside for a task; 403 / 2010 where there is not enough."""
        if amount > self.balance:
            raise Refusal(403, 2010, "You don't have enough credit to create this task.")
        self.balance -= amount
        self.frozen += amount

    def settle(self, amount: Decimal) -> None:
        """The task succeeded: what was set aside is gone."""
        self.frozen -= amount

    def release(self, amount: Decimal) -> None:
        """The task did not succeed: what was set aside is free again."""
        self.frozen -= amount
        self.balance += amount


Key = accounts.Key[Account]


class Keyring(accounts.Keyring[Account]):
    """All keys there are, and how often they were used of late."""

    def __init__(self, clock: Clock, *, unauthorised_code: int = 2) -> None:
        super().__init__(lambda name, amount: Account(name=name, balance=amount), usual=3000)
        self._clock = clock
        self._recent: defaultdict[tuple[str, str], deque[int]] = defaultdict(deque)
        """Times of a key's requests in the last minute, by its secret and the limit they fall under."""
        self.unauthorised_code = unauthorised_code
        """Sources disagree which code goes with a 401: 2, or 1002 as in v2."""
        self.limits = {"create": 200, "upload": 10}
        """Requests a minute and key."""

    def open(self, authorization: str) -> Key:
        """The key in an ``Authorization`` header; 401 where it is none of ours."""
        secret = authorization.removeprefix("Bearer ")
        key = self.good(secret)
        if secret == authorization or not secret.startswith("tsk_") or key is None:
            raise Refusal(401, self.unauthorised_code, "Authentication required.")
        return key

    def count(self, key: Key, limit: str) -> dict[str, str]:
        """Count a request against a limit; its headers, or 429 / 1007 where that was one too many."""
        now, most = self._clock.now(), self.limits[limit]
        recent = self._recent[key.secret, limit]
        while recent and recent[0] <= now - MINUTE:
            recent.popleft()
        reset = (recent[0] if recent else now) + MINUTE
        headers = {"X-RateLimit-Limit": str(most), "X-RateLimit-Reset": str(-(-reset // 1000))}
        if len(recent) >= most:
            wait = max(1, -(-(reset - now) // 1000))
            refusal = Refusal(429, 1007, "Too many requests.", retry_after=wait)
            refusal.headers |= headers | {"X-RateLimit-Remaining": "0"}
            raise refusal
        recent.append(now)
        return headers | {"X-RateLimit-Remaining": str(most - len(recent))}
