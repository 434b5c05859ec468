"""Keys, credits and limits.

An account has credits and pools; its keys each have a request rate and see only the
tasks they created. Credits are frozen when a task is accepted, taken when it succeeds
and given back when it does not.
"""

from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.clock import Clock
from sandbox.vendors.tripo.refusals import Refusal, bad

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


@dataclass(slots=True, kw_only=True)
class Key:
    """One API key with the times of its recent requests, by the limit they fall under."""

    secret: str
    account: Account
    revoked: bool = False
    recent: dict[str, deque[int]] = field(default_factory=dict)


class Keyring:
    """All keys there are."""

    def __init__(self, clock: Clock, *, unauthorised_code: int = 2) -> None:
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._accounts: dict[str, Account] = {}
        self.unauthorised_code = unauthorised_code
        """Sources disagree which code goes with a 401: 2, or 1002 as in v2."""
        self.limits = {"create": 200, "upload": 10}
        """Requests a minute and key."""

    def add(self, secret: str, *, account: str = "main", amount: Decimal = Decimal(3000)) -> Key:
        """Make a key known; a new account starts with so many credits."""
        owner = self._accounts.setdefault(account, Account(name=account, balance=amount))
        self._keys[secret] = Key(secret=secret, account=owner)
        return self._keys[secret]

    def account(self, name: str) -> Account:
        """An account by name; 400 / 1004 for none."""
        if name not in self._accounts:
            raise bad(f"no account is called {name!r}")
        return self._accounts[name]

    def revoke(self, secret: str) -> None:
        """The key stops working; what it froze still settles. 400 / 1004 for none."""
        if secret not in self._keys:
            raise bad("no such key")
        self._keys[secret].revoked = True

    def open(self, authorization: str) -> Key:
        """The key in an ``Authorization`` header; 401 where it is none of ours."""
        secret = authorization.removeprefix("Bearer ")
        key = self._keys.get(secret)
        if secret == authorization or not secret.startswith("tsk_") or key is None or key.revoked:
            raise Refusal(401, self.unauthorised_code, "Authentication required.")
        return key

    def count(self, key: Key, limit: str) -> dict[str, str]:
        """Count a request against a limit; its headers, or 429 / 1007 where that was one too many."""
        now, most = self._clock.now(), self.limits[limit]
        recent = key.recent.setdefault(limit, deque())
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
