"""Vendors in trouble: which, behind which key, since when, and when to look again.

Three failures within three minutes open a circuit, and so does a single word of the vendor
that the account is empty or the key no good. While it is open nothing new is sent there;
what the vendor already works on is looked at as before. A look that goes well closes it.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import structlog

from bot.jobs.clock import HOUR, MINUTE, SECOND
from providers.base import Balance
from providers.errors import AnswerLost, ContractChanged, OutOfCredit, Unauthorised, Unavailable

log = structlog.get_logger()

TOO_OFTEN = 3
WITHIN = 3 * MINUTE
FIRST_LOOK = 30 * SECOND
LONGEST = 5 * MINUTE
REFILLED = 10 * MINUTE
"""How long an account that told it was empty, and tells no balance, is left alone."""
HELD_BACK = HOUR
"""After this long, what waits takes its chance, and fails where the trouble goes on."""

Key = tuple[str, str]
"""Vendor and credential."""


class Trouble(StrEnum):
    """What is wrong with a vendor behind a key."""

    DOWN = "down"
    EMPTY = "empty"
    """The account has no credit left."""
    REFUSED = "refused"
    """The key is not accepted."""


@dataclass(slots=True, kw_only=True)
class Open:
    """An open circuit."""

    trouble: Trouble
    since: int
    look_at: int
    pause: int = FIRST_LOOK


@dataclass(slots=True, kw_only=True)
class Circuits:
    """In memory alone: after a restart the first failures tell again."""

    now: Callable[[], int]
    opened: Callable[[str, str, Trouble], None] = lambda _provider, _credential, _trouble: None
    """Told once for each trouble that begins."""
    _open: dict[Key, Open] = field(default_factory=dict)
    _failures: dict[Key, deque[int]] = field(default_factory=dict)

    def trouble(self, provider: str, credential: str) -> Trouble | None:
        """What is wrong there at present, if anything."""
        found = self._open.get((provider, credential))
        return found.trouble if found else None

    def holds_back(self, provider: str, credential: str) -> bool:
        """Whether what is queued for there waits."""
        found = self._open.get((provider, credential))
        return found is not None and self.now() - found.since < HELD_BACK

    def went_well(self, provider: str, credential: str) -> None:
        """It took a request, or a look there went well."""
        self._failures.pop((provider, credential), None)
        if self._open.pop((provider, credential), None):
            log.info("vendor_well", provider=provider, credential=credential)

    def failed(self, provider: str, credential: str) -> None:
        """It could not be reached, or made no sense."""
        times = self._failures.setdefault((provider, credential), deque(maxlen=TOO_OFTEN))
        times.append(self.now())
        if len(times) == TOO_OFTEN and times[-1] - times[0] <= WITHIN:
            self.open(provider, credential, Trouble.DOWN)

    def note(self, provider: str, credential: str, error: Exception) -> None:
        """What an error says of the vendor itself; most say nothing."""
        if isinstance(error, OutOfCredit):
            self.open(provider, credential, Trouble.EMPTY)
        elif isinstance(error, Unauthorised):
            self.open(provider, credential, Trouble.REFUSED)
        elif isinstance(error, Unavailable | AnswerLost | ContractChanged):
            self.failed(provider, credential)

    def open(self, provider: str, credential: str, trouble: Trouble) -> None:
        """Send nothing new there for now."""
        before = self._open.get((provider, credential))
        now = self.now()
        if before is None or before.trouble is not trouble:
            self._open[provider, credential] = Open(trouble=trouble, since=now, look_at=now + FIRST_LOOK)
            log.error("vendor_trouble", provider=provider, credential=credential, trouble=trouble.value)
            self.opened(provider, credential, trouble)

    def due(self) -> list[Key]:
        """Where to look now; the next look is twice as far away, at most five minutes."""
        now = self.now()
        due = [key for key, one in self._open.items() if one.look_at <= now]
        for key in due:
            one = self._open[key]
            one.pause = min(2 * one.pause, LONGEST)
            one.look_at = now + one.pause
        return due

    def looked(self, provider: str, credential: str, balance: Balance | None) -> None:
        """A look got this answer; where no balance is told, an empty account is left alone a while."""
        found = self._open.get((provider, credential))
        if found is None or (balance is not None and balance.available <= 0):
            return
        silent = found.trouble is Trouble.EMPTY and balance is None
        if not silent or self.now() - found.since >= REFILLED:
            self.went_well(provider, credential)

    def next_look(self) -> int | None:
        """When the next look is due (ms)."""
        return min((one.look_at for one in self._open.values()), default=None)
