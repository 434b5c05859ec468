"""Finding a task whose id we never learnt.

Meshy has no idempotency key and no search, and only what is made of words echoes what was
asked. What there is: a list per kind of task, from new to old. That a task there is ours
follows from what we know ourselves: one submit at a time is under way behind a key, and
every other task of ours is known by its id. A task that is neither known nor of another time
must then be the one we look for, unless somebody else uses the account at the same moment.
Pure; ``client`` does the reading.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any
from unicodedata import normalize

from pydantic import BaseModel

from providers.base import Absent, CannotTell, Found, Search, TaskHandle
from providers.meshy.requests import Submission
from providers.meshy.resources import NAME, task_id
from providers.shapes import shaped

SECOND = 1_000
MINUTE = 60 * SECOND
KEPT = 72 * 60 * MINUTE
"""Meshy deletes what it made three days after."""

PAGE = 50  # the most rows of one reading in the older of two documents; the newer says 100
CLOCKS_DIFFER = 5 * MINUTE
"""The most that we believe of our clock and Meshy's: older tasks are surely not ours."""
LIST_LAGS = 5 * MINUTE
"""After this long a task is in the list: more than a call takes, and a list that is cached."""
JUST_BEFORE = 30 * SECOND
JUST_AFTER = 3 * MINUTE
"""A task that echoes nothing is adopted when it was made this close to our submit."""


class Row(BaseModel):
    """A task in a list."""

    id: str
    type: str | None = None
    prompt: str | None = None
    text_style_prompt: str | None = None
    created_at: int | None = None

    @property
    def words(self) -> str | None:
        """What it repeats of its request, under either name."""
        return self.prompt or self.text_style_prompt


class Page(BaseModel):
    """A page of a list, which comes bare."""

    rows: list[Row]


def rows_of(data: Any) -> list[Row]:
    """One page of a list. Raises ``ContractChanged``."""
    return shaped(NAME, Page, {"rows": data}).rows


def reaches_back(page: Sequence[Row], since: int) -> bool:
    """Whether no later page can hold a task made after ``since``.

    True of an empty page, and of one that ends before ``since`` in a list that visibly runs
    from new to old. A short page proves nothing: how many rows one may have is not certain.
    """
    made = [row.created_at for row in page]
    times = [moment for moment in made if moment is not None]
    if not page:
        return True
    in_order = len(times) == len(made) and times == sorted(times, reverse=True)
    return in_order and times[0] > times[-1] and times[-1] < since


def verdict(
    sent: Submission, rows: Sequence[Row], *, since: int, known: Collection[str], complete: bool
) -> Search:
    """What the list says about a submit of ``since`` (milliseconds).

    ``complete``: the list is known to hold every task that was accepted.
    """
    named = {task_id(sent.resource, row.id): row for row in rows}
    possible = {
        ours: row for ours, row in named.items() if ours not in known and _may_be_ours(sent, row, since)
    }
    if not possible:
        return Absent() if complete else CannotTell()
    [(ours, row), *others] = possible.items()
    if others or not _is_surely_ours(sent, row, since):
        return CannotTell()
    return Found(handle=TaskHandle(task_id=ours, expires_at=(row.created_at or since) + KEPT))


def _may_be_ours(sent: Submission, row: Row, since: int) -> bool:
    too_old = row.created_at is not None and row.created_at < since - CLOCKS_DIFFER
    other_kind = sent.twin is not None and row.type == sent.twin
    return not too_old and not other_kind and _says_the_same(sent, row) is not False


def _is_surely_ours(sent: Submission, row: Row, since: int) -> bool:
    if _says_the_same(sent, row):
        return True
    made = row.created_at
    return made is not None and since - JUST_BEFORE <= made <= since + JUST_AFTER


def _says_the_same(sent: Submission, row: Row) -> bool | None:
    """Whether the echo is what we sent; ``None`` where there is none."""
    if sent.prompt is None or not row.words:
        return None
    return _words(sent.prompt) == _words(row.words)


def _words(text: str) -> list[str]:
    """The words alone: spaces, case, signs and odd characters may come back differently."""
    return re.findall(r"\w+", normalize("NFKC", text).casefold())
