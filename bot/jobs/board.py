"""What is known of runs at vendors that no row holds: progress, and how long such work takes.

Polling writes nothing; this is where its news go. It is forgotten with the process,
and the first poll after a restart fills it again.
"""

import statistics
from dataclasses import dataclass, field

from bot.jobs.clock import MINUTE
from storage.database import Transaction
from storage.models import Stage

ENOUGH = 3
"""Fewer finished runs than this give no estimate."""
SAMPLE = 20
FRESH = MINUTE
"""How long an estimate is used before the rows are asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The latest about one run."""

    progress: int = 0
    started: bool = False
    checking: bool = False
    """Its answer was lost; we are finding out whether it was accepted."""


@dataclass(slots=True)
class Board:
    """News by run, and estimates by vendor and stage."""

    _news: dict[str, News] = field(default_factory=dict)
    _estimates: dict[tuple[str, Stage], tuple[int, int | None]] = field(default_factory=dict)

    def post(self, run_id: str, news: News) -> bool:
        """Take note; true where a card would look different. Progress never goes backwards."""
        old = self._news.get(run_id, News())
        new = News(
            progress=max(old.progress, min(99, news.progress)),
            started=old.started or news.started,
            checking=news.checking,
        )
        self._news[run_id] = new
        return new != old

    def of(self, run_id: str) -> News | None:
        """The latest, if any."""
        return self._news.get(run_id)

    def drop(self, run_id: str) -> None:
        """The run is over."""
        self._news.pop(run_id, None)

    async def estimate(self, tx: Transaction, provider: str, stage: Stage, now: int) -> int | None:
        """Milliseconds that such a run usually takes: the median of the last 20; ``None`` under 3."""
        asked_at, known = self._estimates.get((provider, stage), (-FRESH, None))
        if now - asked_at < FRESH:
            return known
        durations = await tx.runs.durations(provider, stage, SAMPLE)
        known = int(statistics.median(durations)) if len(durations) >= ENOUGH else None
        self._estimates[provider, stage] = now, known
        return known
