"""Keys, credits and limits.

Credits are whole numbers. They are taken when a task is accepted and given back when it
fails or is deleted before it has begun. All keys of an account share its credits, its
tasks and its limits.
"""

from collections import deque
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.vendors import accounts
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


Key = accounts.Key[Account]


class Keyring(accounts.Keyring[Account]):
    """All keys there are, and how often their accounts may call."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(lambda name, amount: Account(name=name, balance=int(amount)), usual=1000)
        self._clock = clock
        self.limits = {"requests": 20, "tasks": 10}
        """Requests a second, and tasks that wait or run at once, of one account: those of the plan "Pro"."""
        self.says_when = True
        """Whether a refusal by rate carries ``Retry-After``; sources disagree."""

    def open(self, authorization: str) -> Key:
        """The key in an ``Authorization`` header; 401 where it is none of ours."""
        secret = authorization.removeprefix("Bearer ")
        key = self.good(secret)
        if secret == authorization or key is None:
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
