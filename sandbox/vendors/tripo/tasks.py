"""Tasks, from acceptance to their end.

Nothing runs in the background: a task's state follows from the time, and is worked
out when somebody looks. That is also when credits are taken or given back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sandbox.clock import Clock
from sandbox.vendors.faults import Fault
from sandbox.vendors.making import Make
from sandbox.vendors.pace import Pace
from sandbox.vendors.tripo.accounts import Account, Key
from sandbox.vendors.tripo.prices import POOLS, QUEUED_SHARE, SECONDS, pool, price
from sandbox.vendors.tripo.refusals import Refusal, no_such_task

MODELS = frozenset(
    {
        *("text_to_model", "image_to_model", "multiview_to_model", "import_model"),
        *("texture_model", "mesh_segmentation", "mesh_completion", "highpoly_to_lowpoly", "mesh_uv"),
    }
)
"""Types of task that have a model without a skeleton."""

LATE = {
    "late_moderated": ("failed", 2008, "The result violates the content policy."),
    "late_expired": ("failed", 2018, "The task waited too long in the queue."),
    "late_cancelled": ("cancelled", None, ""),
}


@dataclass(slots=True, kw_only=True)
class Task:
    """One piece of work that was accepted and, if it succeeds, paid for."""

    task_id: str
    type: str
    key: Key
    input: Mapping[str, Any]
    make: Make
    credits: Decimal
    pool: str
    begun: float
    """In the pace's time, as is ``length``."""
    length: float
    created_at: int
    listed_at: int = 0
    """When the account's usage shows it, at the earliest."""
    fault: Fault | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    """What later tasks want to know of this one: the rig's model and skeleton."""
    status: str = "queued"
    completed_at: int | None = None
    error: tuple[int, str] | None = None

    @property
    def live(self) -> bool:
        """Not ended yet."""
        return self.completed_at is None

    @property
    def charged(self) -> Decimal:
        """What was taken for it."""
        return self.credits if self.status == "success" else Decimal(0)

    def share(self, now: float) -> float:
        """How much of it is done, from 0 to 1."""
        if not self.live:
            return 1.0
        endless = self.has_fault("never_finishes") or self.has_fault("unknown_status")
        return min((now - self.begun) / self.length, 0.99 if endless else 1.0)

    def has_fault(self, name: str) -> bool:
        """Whether this was asked to go wrong with it."""
        return self.fault is not None and self.fault.name == name


class TaskBook:
    """Every task that was ever accepted."""

    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace
        self._tasks: dict[str, Task] = {}
        self._live: dict[str, Task] = {}
        self.pools = dict(POOLS)
        self.ended: Callable[[Task], None] = lambda _task: None
        """Told of every task that has just come to its end."""

    def accept(
        self, kind: str, key: Key, body: Mapping[str, Any], make: Make, *, facts: dict[str, Any]
    ) -> Task:
        """Take a task on; 429 / 2000 where its pool is full, 403 / 2010 where it cannot be paid."""
        place, cost = pool(kind, body), price(kind, body)
        self._room(place, key.account)
        key.account.freeze(cost)
        task = Task(
            task_id=str(uuid4()),
            type=kind,
            key=key,
            input=body,
            make=make,
            credits=cost,
            pool=place,
            begun=self._pace.now(),
            length=SECONDS[kind] * 1000,
            created_at=self._clock.now(),
            facts=facts,
        )
        self._tasks[task.task_id] = self._live[task.task_id] = task
        return task

    def _room(self, place: str, account: Account) -> None:
        busy = sum(1 for task in self._live.values() if task.pool == place and task.key.account is account)
        if busy >= self.pools[place]:
            raise Refusal(429, 2000, "You have exceeded the limit of generation.", retry_after=2)

    def advance(self) -> None:
        """Bring every live task to where it is by now, and settle those that ended."""
        now = self._pace.now()
        for task in list(self._live.values()):
            share = task.share(now)
            if share >= 1.0:
                self._end(task)
            elif share >= QUEUED_SHARE:
                task.status = "running"

    def _end(self, task: Task) -> None:
        task.completed_at = self._pace.when(task.begun + task.length)
        name = task.fault.name if task.fault else ""
        if name == "late_failed" and task.fault:
            task.status, task.error = "failed", (task.fault.code or 1000, "The task failed.")
        elif name in LATE:
            task.status, code, message = LATE[name]
            task.error = None if code is None else (code, message)
        else:
            task.status = "success"
        settle = task.key.account.settle if task.status == "success" else task.key.account.release
        settle(task.credits)
        del self._live[task.task_id]
        self.ended(task)

    def progress(self, task: Task) -> int:
        """0 to 100."""
        share = task.share(self._pace.now())
        percent = round(100 * max(0.0, (share - QUEUED_SHARE) / (1 - QUEUED_SHARE)))
        return 100 - percent if task.has_fault("goes_backwards") and task.live else percent

    def get(self, key: Key, task_id: str) -> Task:
        """A task of this very key; 404 / 2001 for any other."""
        task = self._tasks.get(task_id)
        if task is None or task.key is not key or task.has_fault("forgotten"):
            raise no_such_task()
        return task

    def any(self, task_id: str) -> Task:
        """A task of any key, for a signed link; 404 / 2001."""
        if task_id not in self._tasks:
            raise no_such_task()
        return self._tasks[task_id]

    def all(self) -> list[Task]:
        """Every task, the newest first."""
        return list(reversed(self._tasks.values()))


def is_uuid(text: str) -> bool:
    """Whether a text has the form of a task id."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def iso(milliseconds: int) -> str:
    """A time as the vendor writes it: ISO-8601 in UTC, to the second."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
