"""Keys, credits and limits.

Credits are whole numbers. They are taken when a task is accepted and given back when it
fails or is deleted before it has begun. All keys of an account share its credits, its
tasks and its limits.
"""

from collections import deque
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.vendors.meshy.refusals import bad
from sandbox.vendors.refusals import Refusal

SECOND = 1000
KEY = "msy_sandbox_key_for_anyone_to_use_000000"
TEST_KEY = "msy_dummy_api_key_for_test_mode_12345678"
"""Said to be good for everybody and to cost nothing; whether it still is, sources disagree."""


@dataclass(slots=True, kw_only=True)
class Account:
    """Who pays, and when it called within the last second."""

    name: str
    balance: int
    recent: deque[int] = field(default_factory=deque)

    def take(self, amount: int) -> None:
        """Pay for a task; 402 where there is not enough."""
        if amount > self.balance:
            raise Refusal(402, "Insufficient funds")
        self.balance -= amount

    def give_back(self, amount: int) -> None:
        """The task came to nothing."""
        self.balance += amount


@dataclass(slots=True, kw_only=True)
class Key:
    """One API key."""

    secret: str
    account: Account
    revoked: bool = False


class Keyring:
    """All keys there are, and how often their accounts may call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._accounts: dict[str, Account] = {}
        self.limits = {"requests": 20, "tasks": 10}
        """Requests a second, and tasks that wait or run at once, of one account: those of the plan "Pro"."""
        self.says_when = True
        """Whether a refusal by rate carries ``Retry-After``; sources disagree."""

    def add(self, secret: str, *, account: str = "main", amount: int = 1000) -> Key:
        """Make a key known; a new account starts with so many credits."""
        owner = self._accounts.setdefault(account, Account(name=account, balance=amount))
        self._keys[secret] = Key(secret=secret, account=owner)
        return self._keys[secret]

    def account(self, name: str) -> Account:
        """An account by name; 400 for none."""
        if name not in self._accounts:
            raise bad(f"no account is called {name!r}")
        return self._accounts[name]

    def revoke(self, secret: str) -> None:
        """The key stops working. 400 for none."""
        if secret not in self._keys:
            raise bad("no such key")
        self._keys[secret].revoked = True

    def open(self, authorization: str) -> Key:
        """The key in an ``Authorization`` header; 401 where it is none of ours."""
        secret = authorization.removeprefix("Bearer ")
        key = self._keys.get(secret)
        if secret == authorization or key is None or key.revoked:
            raise Refusal(401, "Invalid API key")
        return key

    def count(self, account: Account) -> None:
        """Count a request; 429 where it was one too many."""
        now = self._clock.now()
        while account.recent and account.recent[0] <= now - SECOND:
            account.recent.popleft()
        if len(account.recent) >= self.limits["requests"]:
            raise self.too_often()
        account.recent.append(now)

    def too_often(self) -> Refusal:
        """429 by rate; the other 429, for a full queue, never says when."""
        return Refusal(429, "RateLimitExceeded", retry_after=1 if self.says_when else None)
