"""Tasks, from acceptance to their end, and for three days after.

Nothing runs in the background: a task's state follows from the time, and is worked
out when somebody looks. That is also when credits are given back.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sandbox.clock import Clock
from sandbox.vendors.faults import Fault
from sandbox.vendors.meshy.accounts import Key, Keyring
from sandbox.vendors.meshy.faults import CLAIMS, ENDS
from sandbox.vendors.meshy.plan import Plan
from sandbox.vendors.meshy.prices import QUEUED_SHARE
from sandbox.vendors.meshy.refusals import bad, no_such_task
from sandbox.vendors.pace import Pace
from sandbox.vendors.refusals import Refusal

RETENTION = 72 * 3_600_000
"""Milliseconds after its end until a task and its files are gone."""
GIVEN_BACK = frozenset({"FAILED", "CANCELED"})
ENDED = GIVEN_BACK | {"SUCCEEDED"}
MOST_BEFORE_THE_END = 99
"""Percent, at which tasks stay for a while."""


@dataclass(slots=True, kw_only=True)
class Task:
    """One piece of work that was accepted and paid for."""

    task_id: str
    plan: Plan
    key: Key
    begun: float
    """In the pace's time."""
    created_at: int
    fault: Fault | None = None
    listed_at: int = 0
    """When lists show it, at the earliest."""
    status: str = "PENDING"
    started_at: int = 0
    finished_at: int = 0
    deleted: bool = False
    error: Mapping[str, str] | None = None

    @property
    def length(self) -> float:
        """Milliseconds of work."""
        return self.plan.seconds * 1000

    @property
    def live(self) -> bool:
        """Not ended yet."""
        return self.status not in ENDED

    @property
    def charged(self) -> int:
        """What was taken for it, and not given back."""
        return 0 if self.status in GIVEN_BACK else self.plan.cost

    @property
    def claims(self) -> frozenset[str]:
        """What its model is treated as; see ``faults.CLAIMS``."""
        own = self.fault.name if self.fault else ""
        return self.plan.claims | (CLAIMS.keys() & {own})

    def share(self, now: float) -> float:
        """How much of it is done, from 0 to 1."""
        endless = self.has_fault("never_finishes") or self.has_fault("unknown_status")
        return min((now - self.begun) / self.length, 0.99 if endless else 1.0)

    def has_fault(self, name: str) -> bool:
        """Whether this was asked to go wrong with it."""
        return self.fault is not None and self.fault.name == name


class TaskBook:
    """Every task that was ever accepted."""

    def __init__(self, clock: Clock, pace: Pace, keys: Keyring) -> None:
        self._clock = clock
        self._pace = pace
        self._keys = keys
        self._tasks: dict[str, Task] = {}
        self._live: dict[str, Task] = {}
        self.changed: Callable[[Task], None] = lambda _task: None
        """Told of every task whose status has just changed."""

    def accept(self, plan: Plan, key: Key) -> Task:
        """Take a task on; 402 where it cannot be paid, 429 where the account's queue is full."""
        account = key.account
        account.take(plan.cost)
        if sum(task.key.account is account for task in self._live.values()) >= self._keys.limits["tasks"]:
            account.give_back(plan.cost)
            raise Refusal(429, "NoMoreConcurrentTasks")
        now = self._clock.now()
        task = Task(task_id=_new_id(now), plan=plan, key=key, begun=self._pace.now(), created_at=now)
        self._tasks[task.task_id] = self._live[task.task_id] = task
        return task

    def advance(self) -> None:
        """Bring every live task to where it is by now, one status after the other."""
        now = self._pace.now()
        for task in list(self._live.values()):
            share = task.share(now)
            if share >= QUEUED_SHARE and task.status == "PENDING":
                task.status = "IN_PROGRESS"
                task.started_at = self._pace.when(task.begun + task.length * QUEUED_SHARE)
                self.changed(task)
            if share >= 1.0:
                self._end(task, self._pace.when(task.begun + task.length))

    def _end(self, task: Task, at: int) -> None:
        task.finished_at = at
        name = task.fault.name if task.fault else ""
        task.error = ENDS.get(name)
        task.status = "FAILED" if name in ENDS else "CANCELED" if name == "late_cancelled" else "SUCCEEDED"
        self._close(task)

    def delete(self, task: Task) -> None:
        """Forget a task; what has not begun is paid back. 409 for one that is at work."""
        if task.status == "IN_PROGRESS":
            raise Refusal(409, "The task is in progress and cannot be deleted.")
        task.deleted = True
        if task.live:
            task.status, task.finished_at = "CANCELED", self._clock.now()
            self._close(task)

    def _close(self, task: Task) -> None:
        if task.status in GIVEN_BACK:
            task.key.account.give_back(task.plan.cost)
        del self._live[task.task_id]
        self.changed(task)

    def progress(self, task: Task) -> int:
        """0 to 100: nothing while it waits, and slow at the end."""
        if task.status in {"PENDING", "SUCCEEDED"}:
            return 100 if task.status == "SUCCEEDED" else 0
        share = (task.share(self._pace.now()) - QUEUED_SHARE) / (1 - QUEUED_SHARE)
        percent = min(MOST_BEFORE_THE_END, round(115 * max(0.0, share)))
        return MOST_BEFORE_THE_END - percent if task.has_fault("goes_backwards") else percent

    def ahead(self, task: Task) -> int:
        """How many others wait before it."""
        if task.status != "PENDING":
            return 0
        waiting = [other.task_id for other in self._live.values() if other.status == "PENDING"]
        return waiting.index(task.task_id)

    def get(self, key: Key, task_id: str, *, resource: str | None = None) -> Task:
        """A task of this account; 400 where that is no id, 404 for any other task or another resource's."""
        if not _is_id(task_id):
            raise bad("Invalid ID")
        task = self._tasks.get(task_id)
        if task is None or task.key.account is not key.account or not self._there(task):
            raise no_such_task()
        if resource not in {None, task.plan.resource}:
            raise no_such_task()
        return task

    def any(self, task_id: str) -> Task:
        """A task of any account, for a signed link; 404."""
        task = self._tasks.get(task_id)
        if task is None or not self._there(task):
            raise no_such_task()
        return task

    def of(self, key: Key, resource: str) -> list[Task]:
        """What a list shows of an account's tasks, the oldest first."""
        return [
            task
            for task in self._tasks.values()
            if task.key.account is key.account
            and task.plan.resource == resource
            and self._there(task)
            and task.listed_at <= self._clock.now()
        ]

    def all(self) -> list[Task]:
        """Every task, the oldest first, whatever became of it."""
        return list(self._tasks.values())

    def _there(self, task: Task) -> bool:
        expired = not task.live and task.finished_at + RETENTION < self._clock.now()
        return not (task.deleted or expired or task.has_fault("forgotten"))


def _new_id(now: int) -> str:
    """A UUID of version 7: its first 48 bits are the time in milliseconds."""
    chance = secrets.randbits(74)
    return str(UUID(int=now << 80 | 7 << 76 | (chance >> 62) << 64 | 2 << 62 | chance & (1 << 62) - 1))


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
