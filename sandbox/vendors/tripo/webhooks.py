"""The vendor calls back about tasks that end and accounts that become poor.

The signature is HMAC-SHA256 over ``<t>.<body>`` with the whole secret, ``whsec_`` included.
"""

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sandbox.clock import Clock
from sandbox.vendors.faults import WEBHOOKS, Faults
from sandbox.vendors.tripo.accounts import Account
from sandbox.vendors.tripo.tasks import Task, TaskBook, iso
from sandbox.vendors.webhooks import OLD, Deliveries, Letter

Shown = Callable[[Task], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who is called, and what about besides tasks."""

    url: str
    secret: str
    low_balance: Decimal = Decimal(0)
    """``balance.low`` is sent when an account falls below it."""


class Webhooks:
    """Calls whoever subscribed about every task that ends; nobody, at first."""

    def __init__(self, clock: Clock, tasks: TaskBook, faults: Faults) -> None:
        self._clock = clock
        self._tasks = tasks
        self._faults = faults
        self._deliveries = Deliveries(clock)
        self._subscription: Subscription | None = None
        self._shown: Shown | None = None
        self._low: set[str] = set()
        tasks.ended = self._ended

    def subscribe(self, subscription: Subscription | None, shown: Shown) -> None:
        """Call there from now on, or nobody; ``shown`` makes of a task what goes over the wire."""
        self._subscription, self._shown = subscription, shown
        if subscription:
            self._deliveries.watch(self._tasks.advance)
        else:
            self._deliveries.unwatch()

    async def aclose(self) -> None:
        """Call nobody any more."""
        self._subscription = None
        await self._deliveries.aclose()

    def _ended(self, task: Task) -> None:
        if self._subscription is not None and self._shown is not None:
            self._deliveries.background.begin(self._tell(task, self._subscription, self._shown))

    async def _tell(self, task: Task, to: Subscription, shown: Shown) -> None:
        kind = "task.completed" if task.status == "success" else "task.failed"
        letter = self._letter(f"{task.task_id}:{kind}", kind, await shown(task), to.secret)
        prompt = str(task.input.get("prompt", ""))
        fault = self._faults.asked(WEBHOOKS, prompt, kind=task.type)
        await self._deliveries.deliver(to.url, letter, fault.name if fault else "")
        await self._tell_of(task.key.account, to)

    async def _tell_of(self, account: Account, to: Subscription) -> None:
        """Once each time that an account becomes poor."""
        if account.balance >= to.low_balance:
            self._low.discard(account.name)
        elif account.name not in self._low:
            self._low.add(account.name)
            data = {"balance": float(account.balance), "threshold": float(to.low_balance)}
            letter = self._letter(f"{uuid4()}:balance.low", "balance.low", data, to.secret)
            await self._deliveries.deliver(to.url, letter)

    def _letter(self, name: str, kind: str, data: dict[str, Any], secret: str) -> Letter:
        event = {"id": name, "type": kind, "created_at": iso(self._clock.now()), "data": data}
        body, delivery = json.dumps(event).encode(), str(uuid4())

        def letter(fault: str) -> tuple[bytes, Mapping[str, str]]:
            at = self._clock.now() // 1000 - (OLD if fault == "webhook_old" else 0)
            signer = "whsec_of_somebody_else" if fault == "webhook_forged" else secret
            return body, {
                "Content-Type": "application/json",
                "Tripo-Webhook-Id": name,
                "Tripo-Webhook-Delivery": delivery,
                "Tripo-Webhook-Event": kind,
                "Tripo-Webhook-Signature": f"t={at},v1={signature(signer, at, body)}",
            }

        return letter


def signature(secret: str, at: int, body: bytes) -> str:
    """What proves that a call is the vendor's, and when it was made (seconds since 1970)."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
