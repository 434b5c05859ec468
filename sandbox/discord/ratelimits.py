"""Rate limits: a bucket per route and major parameter, fifty a second for the bot, and their headers.

Interaction endpoints stand outside the global limit; follow-ups and edits by token share a bucket per token.
Discord does not publish the numbers of single routes; these are what clients see.
"""

import hashlib
import math
import time
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.discord.refusals import Json


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds."""

    requests: int
    seconds: float


GLOBAL = Limit(50, 1)
ORDINARY = Limit(10, 1)
WRITES = Limit(5, 5)
WEBHOOK = Limit(5, 2)


@dataclass(slots=True)
class _Window:
    """A window that is over when the sandbox's clock says so or the real one: clients wait in real time."""

    limit: Limit
    began: float = -math.inf
    really_began: float = -math.inf
    used: int = 0

    def left(self, now: float) -> float:
        """Seconds until it is over; none or less if it is."""
        really = self.really_began - time.monotonic()
        return min(self.began - now, really) + self.limit.seconds

    def use(self, now: float) -> bool:
        """Take one request, if there is one left; a window that is over begins anew."""
        if self.left(now) <= 0:
            self.began, self.really_began, self.used = now, time.monotonic(), 0
        if self.used >= self.limit.requests:
            return False
        self.used += 1
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a bucket says to a request: how it stands now, and whether to wait (seconds)."""

    headers: dict[str, str]
    retry_after: float | None = None
    scope: str = "user"

    def body(self) -> Json:
        """The body of a 429."""
        return limited_body(self.retry_after or 0.0, everywhere=self.scope == "global")


def limited_body(retry_after: float, *, everywhere: bool) -> Json:
    """What Discord says with a 429."""
    return {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere}


class RateLimits:
    """Counts requests in fixed windows."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}
        self._global = _Window(GLOBAL)

    def take(self, route: str, major: str, limit: Limit, *, counts_globally: bool) -> Pass:
        """Count a request to a route and its channel, server or token."""
        now = self._clock.now() / 1_000
        if counts_globally and not self._global.use(now):
            wait = _rounded(self._global.left(now))
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            return Pass(headers=headers, retry_after=wait, scope="global")
        self._forget_over(now)
        window = self._windows.setdefault((route, major), _Window(limit))
        free = window.use(now)
        wait = _rounded(window.left(now))
        headers = _headers(route, window, now, wait)
        if free:
            return Pass(headers=headers)
        return Pass(headers=headers | {"X-RateLimit-Scope": "user"}, retry_after=wait)

    def _forget_over(self, now: float) -> None:
        if len(self._windows) > 1_000:
            self._windows = {key: window for key, window in self._windows.items() if window.left(now) > 0}


def _headers(route: str, window: _Window, now: float, wait: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(window.limit.requests),
        "X-RateLimit-Remaining": str(window.limit.requests - window.used),
        "X-RateLimit-Reset": f"{now + wait:.3f}",
        "X-RateLimit-Reset-After": f"{wait:.3f}",
        "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
    }


def _rounded(seconds: float) -> float:
    """Milliseconds as Discord writes them, and never so few that waiting for them would be too short."""
    return math.ceil(seconds * 1_000) / 1_000
