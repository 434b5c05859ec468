"""What the process holds and what the bot keeps, at one moment."""

import asyncio
import ctypes
import gc
import sqlite3
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.parts import DATABASE_FILE
from tests.stories.house import House

OURS = frozenset({"bot", "providers", "storage", "discord"})
"""Packages whose things in memory are the bot's and nobody else's here."""
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The figures of one evening."""

    memory: int
    """Resident bytes of the process, the world around the bot included."""
    things: int
    """Objects of the bot's own classes, and of its Discord library's."""
    handles: int
    tasks: int
    threads: int
    database: int
    wal: int
    """Bytes of the file beside the database, into which changes go first."""
    rows: Mapping[str, int]

    def __str__(self) -> str:
        held = f"rss={self.memory / MEGABYTE:.1f}MB things={self.things} handles={self.handles}"
        beside = f"tasks={self.tasks} threads={self.threads}"
        kept = f"db={self.database / MEGABYTE:.2f}MB wal={self.wal / MEGABYTE:.2f}MB"
        return " ".join((held, beside, kept, *(f"{table}={count}" for table, count in self.rows.items())))


def read(house: House) -> Reading:
    """Look at everything now."""
    gc.collect()
    _give_back()
    path = house.settings.data_dir / DATABASE_FILE
    wal = path.with_name(f"{path.name}-wal")
    return Reading(
        memory=_resident(),
        things=sum(str(type(one).__module__).partition(".")[0] in OURS for one in gc.get_objects()),
        handles=len(list(Path("/proc/self/fd").iterdir())),
        tasks=len(asyncio.all_tasks()),
        threads=threading.active_count(),
        database=path.stat().st_size,
        wal=wal.stat().st_size if wal.exists() else 0,
        rows=_rows(path),
    )


def _give_back() -> None:
    """What the C library keeps for later goes back to the system: models are made in here in many threads."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's alone
    if trim:
        trim(0)


def _resident() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


def _rows(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in sorted(names)}  # noqa: S608
