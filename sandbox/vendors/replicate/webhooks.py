"""The vendor calls back about a prediction: when it starts, prints, has an output, and ends.

The body is what a read would give, and does not say which event it is of. Signed as in
Standard Webhooks: HMAC-SHA256 over ``<id>.<timestamp>.<body>`` with the account's secret. Only the last
call is tried again, for about a minute. Nobody beyond this machine is called.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping

from yarl import URL

from sandbox.clock import Clock
from sandbox.vendors.faults import WEBHOOKS, Faults
from sandbox.vendors.fetching import LOOPBACK
from sandbox.vendors.replicate.accounts import new_secret
from sandbox.vendors.replicate.book import Book
from sandbox.vendors.replicate.predictions import Hook, Prediction
from sandbox.vendors.replicate.views import Views
from sandbox.vendors.replicate.wire import dumped
from sandbox.vendors.webhooks import OLD, Deliveries, Letter

ONCE = (0.0,)
AGAIN = (0.0, 2.0, 6.0, 18.0, 34.0)
"""Seconds before each try to tell of an end: a minute in all."""
LOOK = 0.2
BETWEEN_LOGS = 500
"""Milliseconds."""


class Webhooks:
    """Calls those who asked for it with a prediction."""

    def __init__(self, clock: Clock, book: Book, faults: Faults, views: Views) -> None:
        self._clock = clock
        self._book = book
        self._faults = faults
        self._views = views
        self._printed: dict[str, tuple[int, str]] = {}
        """When a prediction's log was last told, and how much of it."""
        self._deliveries = Deliveries(clock, look=LOOK)
        book.happened = self._happened

    def follow(self, one: Prediction) -> None:
        """Look after a prediction until it ends, if somebody wants to be called."""
        if one.order.hook is not None:
            self._deliveries.watch(self._look)

    async def aclose(self) -> None:
        """Call nobody any more."""
        await self._deliveries.aclose()

    def _look(self) -> None:
        self._book.advance()
        if not any(one.order.hook for one in self._book.live()):
            self._deliveries.unwatch()

    def _happened(self, one: Prediction, event: str) -> None:
        hook = one.order.hook
        if hook is None or event not in hook.events or URL(hook.url).host not in LOOPBACK:
            return
        if event == "logs" and not self._has_news(one):
            return
        if event == "completed":
            self._printed.pop(one.id, None)
        body = dumped(self._views.shown(one, one.order.base)).encode()
        self._deliveries.background.begin(self._tell(one, hook, event, body))

    def _has_news(self, one: Prediction) -> bool:
        """Whether its log has grown, and was not told of just now."""
        now, log = self._clock.now(), self._views.logs(one)
        at, told = self._printed.get(one.id, (now - BETWEEN_LOGS, ""))
        if log == told or now - at < BETWEEN_LOGS:
            return False
        self._printed[one.id] = (now, log)
        return True

    async def _tell(self, one: Prediction, hook: Hook, event: str, body: bytes) -> None:
        async with hook.turn:
            pauses = AGAIN if event == "completed" else ONCE
            letter = self._letter(one, body)
            await self._deliveries.deliver(hook.url, letter, self._fault(one, event), pauses=pauses)

    def _fault(self, one: Prediction, event: str) -> str:
        if event == "start" and one.has_fault("start_after_completed"):
            return "webhook_after_the_next"
        if event != "completed":
            return ""
        prompt = str(one.order.input.get("prompt", ""))
        fault = self._faults.asked(WEBHOOKS, prompt, kind=one.order.model)
        return fault.name if fault else ""

    def _letter(self, one: Prediction, body: bytes) -> Letter:
        name = f"msg_{secrets.token_urlsafe(20)}"

        def letter(fault: str) -> tuple[bytes, Mapping[str, str]]:
            at = self._clock.now() // 1000 - (OLD if fault == "webhook_old" else 0)
            secret = new_secret() if fault == "webhook_forged" else one.account.webhook_secret
            return body, {
                "Content-Type": "application/json",
                "webhook-id": name,
                "webhook-timestamp": str(at),
                "webhook-signature": f"v1,{signature(secret, name, at, body)}",
            }

        return letter


def signature(secret: str, name: str, at: int, body: bytes) -> str:
    """What proves that a call is the vendor's; the key is what follows ``whsec_``, decoded."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.digest(key, f"{name}.{at}.".encode() + body, "sha256")).decode()
