"""The vendor calls back: signed, again where nobody answered, and badly where that was asked for.

The signature is HMAC-SHA256 over ``<t>.<body>`` with the whole secret, ``whsec_`` included.
How often the vendor tries again, and after which pauses, is not known; here it is three times.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import aiohttp

from sandbox.clock import Clock
from sandbox.vendors.tripo.accounts import Account
from sandbox.vendors.tripo.faults import WEBHOOKS, Faults, in_prompt
from sandbox.vendors.tripo.tasks import Task, TaskBook, iso

PAUSES = (0.0, 5.0, 30.0)
"""Seconds before each try."""
LOOK = 1.0
"""How often to see whether a task has ended."""
OLD = 600
"""Seconds that an old timestamp lies back: twice of what a receiver may accept."""
PATIENCE = aiohttp.ClientTimeout(total=5)

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
        self._subscription: Subscription | None = None
        self._shown: Shown | None = None
        self._held: list[dict[str, Any]] = []
        self._low: set[str] = set()
        self._at_work: set[asyncio.Task[None]] = set()
        tasks.ended = self._ended

    def subscribe(self, subscription: Subscription | None, shown: Shown) -> None:
        """Call there from now on, or nobody; ``shown`` makes of a task what goes over the wire."""
        watching = self._subscription is not None
        self._subscription, self._shown = subscription, shown
        if subscription and not watching:
            self._begin(self._watch())

    async def aclose(self) -> None:
        """Call nobody any more."""
        self._subscription = None
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    async def _watch(self) -> None:
        """Tasks end when somebody looks."""
        while self._subscription is not None:
            await self._clock.sleep(LOOK)
            self._tasks.advance()

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    def _ended(self, task: Task) -> None:
        if self._subscription is not None and self._shown is not None:
            self._begin(self._tell(task, self._subscription, self._shown))

    async def _tell(self, task: Task, to: Subscription, shown: Shown) -> None:
        kind = "task.completed" if task.status == "success" else "task.failed"
        event = self._event(f"{task.task_id}:{kind}", kind, await shown(task))
        prompt = str(task.input.get("prompt", ""))
        fault = self._faults.take(WEBHOOKS, kind=task.type) or in_prompt(prompt, WEBHOOKS)
        name = fault.name if fault else ""
        if name == "webhook_after_the_next":
            self._held.append(event)
        else:
            await self._deliver(event, to, name)
            for late in [self._held.pop() for _ in range(len(self._held))]:
                await self._deliver(late, to)
        await self._tell_of(task.key.account, to)

    async def _tell_of(self, account: Account, to: Subscription) -> None:
        """Once each time that an account becomes poor."""
        if account.balance >= to.low_balance:
            self._low.discard(account.name)
        elif account.name not in self._low:
            self._low.add(account.name)
            data = {"balance": float(account.balance), "threshold": float(to.low_balance)}
            await self._deliver(self._event(f"{uuid4()}:balance.low", "balance.low", data), to)

    def _event(self, name: str, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        return {"id": name, "type": kind, "created_at": iso(self._clock.now()), "data": data}

    async def _deliver(self, event: dict[str, Any], to: Subscription, fault: str = "") -> None:
        """Until it is taken, or given up; the same delivery twice where that was asked for."""
        delivery = str(uuid4())
        for _ in range(2 if fault == "webhook_twice" else 1):
            for pause in PAUSES:
                if pause:
                    await self._clock.sleep(pause)
                if await self._post(event, delivery, to, fault):
                    break

    async def _post(self, event: dict[str, Any], delivery: str, to: Subscription, fault: str) -> bool:
        body = json.dumps(event).encode()
        at = self._clock.now() // 1000 - (OLD if fault == "webhook_old" else 0)
        secret = "whsec_of_somebody_else" if fault == "webhook_forged" else to.secret
        headers = {
            "Content-Type": "application/json",
            "Tripo-Webhook-Id": event["id"],
            "Tripo-Webhook-Delivery": delivery,
            "Tripo-Webhook-Event": event["type"],
            "Tripo-Webhook-Signature": f"t={at},v1={signature(secret, at, body)}",
        }
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE) as http,
                http.post(to.url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                return answer.status // 100 == 2
        except (aiohttp.ClientError, TimeoutError):
            return False


def signature(secret: str, at: int, body: bytes) -> str:
    """What proves that a call is the vendor's, and when it was made (seconds since 1970)."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
