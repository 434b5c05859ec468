"""Who pays a vendor, and with which keys, as far as that is the same for all of them.

What an account is charged, how often its keys may be used and how a wrong one is refused is
the vendor's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, Protocol, TypeVar

from sandbox.vendors.refusals import Refusal


class Account(Protocol):
    """Who pays."""

    name: str
    balance: Any
    """What is left, in the vendor's unit and type of number."""


Owner = TypeVar("Owner", bound=Account)


@dataclass(slots=True, kw_only=True)
class Key(Generic[Owner]):
    """One API key."""

    secret: str
    account: Owner
    revoked: bool = False


class Keyring(Generic[Owner]):
    """All keys there are; several may be of one account.

    ``new`` makes an account of its name and what it starts with, which is ``usual`` unless said.
    """

    def __init__(self, new: Callable[[str, Decimal], Owner], *, usual: int) -> None:
        self._new = new
        self._usual = usual
        self._keys: dict[str, Key[Owner]] = {}
        self._accounts: dict[str, Owner] = {}

    def add(self, secret: str, *, account: str = "main", amount: Decimal | int | None = None) -> Key[Owner]:
        """Make a key known; a new account starts with so much."""
        if account not in self._accounts:
            self._accounts[account] = self._new(account, Decimal(self._usual if amount is None else amount))
        self._keys[secret] = Key(secret=secret, account=self._accounts[account])
        return self._keys[secret]

    def account(self, name: str) -> Owner:
        """An account by name; 400 for none."""
        if name not in self._accounts:
            raise Refusal(400, f"no account is called {name!r}")
        return self._accounts[name]

    def revoke(self, secret: str) -> None:
        """The key stops working; what it asked for goes on. 400 for none."""
        if secret not in self._keys:
            raise Refusal(400, "no such key")
        self._keys[secret].revoked = True

    def good(self, secret: str) -> Key[Owner] | None:
        """The key with this secret, unless there is none or it stopped working."""
        key = self._keys.get(secret)
        return None if key is None or key.revoked else key
