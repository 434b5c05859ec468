"""Finding a task whose id we never learnt.

Tripo has no idempotency key and no search. What there is: the account's list of tasks,
and an echo of each task's request. A number of ours in the request makes the echo
unmistakable. Pure; ``client`` does the reading.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from providers.base import Absent, CannotTell, Found, Search, TaskHandle
from providers.shapes import shaped
from providers.tripo.envelope import NAME
from providers.tripo.requests import Submission, is_ours
from providers.tripo.tasks import FINAL

PAGE = 200  # the most rows that one reading of the list gives
CLOCKS_DIFFER = timedelta(minutes=5)
"""The most that we believe of our clock and Tripo's."""
LIST_LAGS = timedelta(minutes=15)
"""After this long a task is in the list even if the list shows finished ones only."""


class UsageRow(BaseModel):
    """A line in the account's list of tasks."""

    task_id: str
    type: str = ""
    status: str = ""
    created_at: datetime | None = None

    @property
    def moment(self) -> datetime | None:
        """When it was created; Tripo's times are UTC also where they do not say so."""
        made = self.created_at
        return made.replace(tzinfo=UTC) if made and made.tzinfo is None else made


class UsagePage(BaseModel):
    """A page of the list."""

    items: list[UsageRow]


def moment(milliseconds: int) -> datetime:
    """A time of ours as one that compares with Tripo's."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def rows_of(data: Any) -> list[UsageRow]:
    """One page of the list, which comes bare or wrapped. Raises ``ContractChanged``."""
    items = data.get("items") if isinstance(data, Mapping) else data
    return shaped(NAME, UsagePage, {"items": items}).items


def reaches_back(page: Sequence[UsageRow], since: datetime) -> bool:
    """Whether no later page can hold a task made after ``since``.

    True of the last page, and of one that lies wholly before ``since`` in a list that
    visibly runs from new to old: the order is not documented.
    """
    if len(page) < PAGE:
        return True
    made = [row.moment for row in page]
    if any(when is None or when >= since for when in made):
        return False
    return made[0] > made[-1]  # type: ignore[operator] # none is None by now


def candidates(
    rows: Sequence[UsageRow], sent: Submission, *, since: datetime, known: Collection[str]
) -> list[str]:
    """Ids of tasks that could be ours."""
    return [
        row.task_id
        for row in rows
        if row.task_id not in known
        and row.type in {sent.type, ""}
        and (row.moment is None or row.moment >= since)
    ]


def verdict(sent: Submission, found: Mapping[str, Any], *, complete: bool) -> Search:
    """What the candidates, as read, say about our submit; an unreadable one may be it.

    ``complete``: the list is known to hold every task that was accepted.
    """
    answers = {task_id: is_ours(sent, _echo(task)) for task_id, task in found.items()}
    ours = [task_id for task_id, answer in answers.items() if answer]
    if len(ours) == 1:
        return Found(handle=TaskHandle(task_id=ours[0]))
    nobody = all(answer is False for answer in answers.values())
    return Absent() if complete and nobody else CannotTell()


def _echo(task: Any) -> Mapping[str, Any]:
    echo = task.get("input") if isinstance(task, Mapping) else None
    return echo if isinstance(echo, Mapping) else {}


def lists_unfinished(rows: Sequence[UsageRow]) -> bool:
    """Whether the list shows tasks that still run; if not, ours may be missing only because it does."""
    return any(row.status and row.status not in FINAL for row in rows)
