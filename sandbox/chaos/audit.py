"""The audit: what the sandbox's own books, the database and the store say when all is quiet.

Nobody asks the bot. Everything wrong is a line with its kind; no line, nothing wrong.
"""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from sandbox.chaos.ledgers import opened
from sandbox.discord.nouns import Message, MessageFlag
from sandbox.discord.world import World, created

A_DAY = 24 * 60 * 60 * 1000
BEFORE_A_KILL = 5000
"""Milliseconds before a kill in which an answered command may have had no job yet."""
PROGRESS = "▰"


class Wrong(StrEnum):
    """What may not be."""

    LOST = "lost"
    """A job that never ends, or a paid task or finished file that nobody has."""
    PAID_TWICE = "paid_twice"
    OVERCHARGED = "overcharged"
    """The ledger's sum is not what was delivered, or somebody is over the quota."""
    ORPHAN = "orphans"
    FROZEN = "frozen"
    INTRUDER = "intruders"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong."""

    wrong: Wrong
    detail: str


class Bookkeeper(Protocol):
    """A vendor, by its books."""

    async def books(self) -> list[dict[str, Any]]:
        """Every task that was accepted, with what was taken for it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Reads everything once."""

    world: World
    """Discord's own."""
    vendors: Mapping[str, Bookkeeper]
    """By name."""
    folder: Path
    """The bot's data."""
    allowance: int
    killed_at: Sequence[int]
    """When the bot was killed (ms)."""

    async def findings(self) -> list[Finding]:
        """All that is wrong."""
        with opened(self.folder) as books:
            found = [*_jobs(books), *_ledger(books), *_quotas(books, self.allowance)]
            found += [*self._files(books), *self._messages(books), *_owners(books)]
            for vendor, stand in self.vendors.items():
                found += _tasks(books, vendor, await stand.books())
        return found

    def _files(self, books: sqlite3.Connection) -> Iterator[Finding]:
        """Rows and objects fit, and every byte is there."""
        store = self.folder / "files"
        objects = {str(path.relative_to(store)) for path in store.rglob("*") if path.is_file()}
        rows = {row["key"]: row for row in books.execute("SELECT key, size, sha256 FROM artifacts")}
        for key in objects - rows.keys():
            yield Finding(wrong=Wrong.ORPHAN, detail=f"nothing knows the object {key}")
        for key, row in rows.items():
            data = (store / key).read_bytes() if key in objects else b""
            if (len(data), hashlib.sha256(data).hexdigest()) != (row["size"], row["sha256"]):
                yield Finding(wrong=Wrong.LOST, detail=f"the object {key} is not whole")

    def _messages(self, books: sqlite3.Connection) -> Iterator[Finding]:
        """Every message that showed a job shows its end."""
        known = {row["interaction_id"] for row in books.execute("SELECT interaction_id FROM jobs")}
        behind = {
            row["message_id"]
            for row in books.execute(
                "SELECT message_id FROM cards JOIN jobs ON jobs.id = cards.job_id"
                " WHERE NOT cards.gone AND rendered_version < version"
            )
        }
        for channel in list(self.world.channels):
            for message in self.world.messages(channel):
                if message.id in behind or (message.seen_by is None and PROGRESS in str(message.components)):
                    yield Finding(wrong=Wrong.FROZEN, detail=f"message {message.id} is behind")
                elif message.flags & MessageFlag.LOADING and not self._excused(message, known):
                    yield Finding(wrong=Wrong.FROZEN, detail=f"message {message.id} thinks for ever")

    def _excused(self, message: Message, known: set[int]) -> bool:
        """Killed between the answer and the first commit: the one exception.

        Discord may take an answer that was under way when its sender died, so what counts is
        when it was asked.
        """
        asked = message.origin.interaction_id if message.origin else 0
        since, until = created(asked), created(message.id) + BEFORE_A_KILL
        return asked not in known and any(since <= kill <= until for kill in self.killed_at)


def _jobs(books: sqlite3.Connection) -> Iterator[Finding]:
    for row in books.execute("SELECT id, state FROM jobs WHERE state = 'live'"):
        yield Finding(wrong=Wrong.LOST, detail=f"job {row['id']} goes on for ever")
    done = (  # a draft's picture is a pleasure, and a model comes without it
        "SELECT id, stage FROM runs WHERE state = 'done'"
        " AND stage IN ('generate', 'rig', 'animate', 'combine') AND id NOT IN"
        " (SELECT run_id FROM artifacts WHERE run_id IS NOT NULL AND kind = 'model')"
    )
    for row in books.execute(done):
        yield Finding(wrong=Wrong.LOST, detail=f"run {row['id']} ({row['stage']}) is done and has no file")


def _ledger(books: sqlite3.Connection) -> Iterator[Finding]:
    """A run that delivered costs its price, any other nothing."""
    sums = (
        "SELECT runs.id, runs.state, runs.price, coalesce(sum(ledger.amount), 0) AS charged"
        " FROM runs LEFT JOIN ledger ON ledger.run_id = runs.id GROUP BY runs.id"
    )
    for row in books.execute(sums):
        due = row["price"] if row["state"] == "done" else 0
        if row["charged"] != due:
            detail = f"run {row['id']} ({row['state']}) was charged {row['charged']} instead of {due}"
            yield Finding(wrong=Wrong.OVERCHARGED, detail=detail)


def _quotas(books: sqlite3.Connection, allowance: int) -> Iterator[Finding]:
    """At no reserve had anybody used more than the allowance; a round is shorter than a day."""
    used: Counter[tuple[str, int]] = Counter()
    for row in books.execute("SELECT account_id, guild_id, kind, amount FROM ledger ORDER BY rowid"):
        purse = row["account_id"], row["guild_id"]
        used[purse] += row["amount"]
        if row["kind"] == "reserve" and used[purse] > allowance:
            detail = f"account {purse[0]} had reserved {used[purse]} of {allowance}"
            yield Finding(wrong=Wrong.OVERCHARGED, detail=detail)


def _owners(books: sqlite3.Connection) -> Iterator[Finding]:
    query = (
        "SELECT jobs.id FROM jobs JOIN models ON models.id = jobs.model_id"
        " WHERE jobs.account_id != models.account_id"
    )
    for row in books.execute(query):
        yield Finding(wrong=Wrong.INTRUDER, detail=f"job {row['id']} works on another's model")


def _tasks(books: sqlite3.Connection, vendor: str, tasks: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Every task that cost something belongs to one run; one run that is unsure stands for one more."""
    runs = list(books.execute("SELECT task_id, state FROM runs WHERE provider = ?", (vendor,)))
    unsure = sum(row["state"] == "unsure" for row in runs)
    theirs = Counter(str(row["task_id"]).rpartition("/")[2] for row in runs)
    costly = Counter(str(one["task_id"]).rpartition("/")[2] for one in tasks if _cost_something(one))
    for task in list((costly - theirs).elements())[unsure:]:
        yield Finding(wrong=Wrong.PAID_TWICE, detail=f"{vendor} was paid for task {task}, which no run has")


def _cost_something(task: dict[str, Any]) -> bool:
    """Money, or work of the owner's own machine."""
    return bool(task["credits"]) or str(task["status"]).lower() in {"success", "succeeded", "completed"}
