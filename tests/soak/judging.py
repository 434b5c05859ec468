"""What must not grow, and what must not be left.

Of the rows that are there for good (models, jobs, runs, the ledger) docs/operations.md tells.
"""

import sqlite3
import statistics
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from bot.jobs.housekeeping import EVERY
from bot.parts import DATABASE_FILE
from tests.soak.reading import MEGABYTE, Reading

LEAST_DAYS = 8
"""Fewer say nothing about growth: the first quarter warms up, the rest is compared by its ends."""
TOLERATED: Mapping[str, tuple[Callable[[Reading], float], float]] = {
    "memory (MB)": (lambda one: one.memory / MEGABYTE, 20),
    "things": (lambda one: one.things, 500),
    "handles": (lambda one: one.handles, 3),
    "tasks": (lambda one: one.tasks, 3),
    "threads": (lambda one: one.threads, 2),
}
"""By how much the last days may have more than the first ones."""
LARGEST_WAL = 8 * MEGABYTE
"""SQLite empties it into the database at 4 MB; twice of that says that it cannot."""
LEFT_OVER = {
    "tokens of interactions that died": "SELECT count(*) FROM cards WHERE token IS NOT NULL"
    " AND token_expires_at + :patience < :now",
    "cards out of reach": "SELECT count(*) FROM cards JOIN jobs ON jobs.id = job_id WHERE state <> 'live'"
    " AND ended_at + 2 * :patience < :now AND (gone OR (NOT bot_may_edit AND token IS NULL))",
    "cards of deleted models": "SELECT count(*) FROM cards JOIN jobs ON jobs.id = job_id"
    " JOIN models ON models.id = model_id WHERE deleted_at + 2 * :patience < :now",
    "files of deleted models": "SELECT count(*) FROM artifacts JOIN models ON models.id = model_id"
    " WHERE deleted_at IS NOT NULL",
    "secrets of removed keys": "SELECT count(*) FROM vendor_keys"
    " WHERE removed_at IS NOT NULL AND secret <> ''",
    "runs of jobs that ended": "SELECT count(*) FROM runs JOIN jobs ON jobs.id = job_id"
    " WHERE jobs.state <> 'live' AND runs.state NOT IN ('done', 'failed', 'cancelled', 'skipped', 'unsure')",
}
"""Rows that nothing will be done with; looked for when nothing is under way."""


def left_over(folder: Path, now: int) -> list[str]:
    """Rows and files that should be gone."""
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as db:
        told = {"now": now, "patience": EVERY}
        found = {what: db.execute(query, told).fetchone()[0] for what, query in LEFT_OVER.items()}
        keys = {key for (key,) in db.execute("SELECT key FROM artifacts")}
    stored = {
        str(one.relative_to(folder / "files")) for one in (folder / "files").rglob("*") if one.is_file()
    }
    found |= {"objects without a row": len(stored - keys), "rows without an object": len(keys - stored)}
    found["files in passing"] = sum(one.is_file() for one in (folder / "scratch").rglob("*"))
    return [f"{count} {what}" for what, count in found.items() if count]


def grown(readings: Sequence[Reading]) -> list[str]:
    """What the last days have more of than the first ones after the warm-up."""
    complaints = [f"the wal grew to {one.wal} bytes" for one in readings if one.wal > LARGEST_WAL][:1]
    if len(readings) < LEAST_DAYS:
        return complaints
    quarter = len(readings) // 4
    first, last = readings[quarter : 2 * quarter], readings[-quarter:]
    for what, (figure, tolerated) in TOLERATED.items():
        before, after = (statistics.median(map(figure, days)) for days in (first, last))
        if after - before > tolerated:
            complaints.append(f"{what} grew from {before:g} to {after:g}")
    return complaints
