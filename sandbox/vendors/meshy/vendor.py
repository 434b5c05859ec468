"""The vendor behind its routes: accounts, tasks, files and faults, all in memory."""

import secrets
from collections.abc import Mapping
from typing import Any

from sandbox.clock import Clock
from sandbox.vendors.background import Background
from sandbox.vendors.faults import Faults
from sandbox.vendors.links import Links
from sandbox.vendors.meshy.accounts import KEY, Keyring
from sandbox.vendors.meshy.acting import Acting
from sandbox.vendors.meshy.faults import CALLS, NAMES
from sandbox.vendors.meshy.generation import Generation
from sandbox.vendors.meshy.inputs import Inputs
from sandbox.vendors.meshy.plan import Operation
from sandbox.vendors.meshy.results import Results
from sandbox.vendors.meshy.studio import Studio
from sandbox.vendors.meshy.tasks import RETENTION, Task, TaskBook
from sandbox.vendors.meshy.ways import Ways
from sandbox.vendors.meshy.webhooks import Webhooks
from sandbox.vendors.meshy.workshop import Workshop
from sandbox.vendors.pace import Pace

DAY = 24 * 3600.0
WITHOUT_EXPIRY = frozenset({"text-to-3d"})
"""Resources whose tasks do not say when they will be gone, though they will."""
WITH_RESULT = frozenset({"rigging", "animations"})


class Vendor:
    """One vendor with its accounts, tasks and files."""

    def __init__(self, clock: Clock, *, key: str = KEY, balance: int = 1000, speed: float = 1.0) -> None:
        self.clock = clock
        self.pace = Pace(clock, speed)
        self.ways = Ways()
        self.keys = Keyring(clock)
        self.keys.add(key, amount=balance)
        self.tasks = TaskBook(clock, self.pace, self.keys)
        self.results = Results(Links(clock, secrets.token_bytes(32), seconds=DAY))
        self.faults = Faults(NAMES, calls=CALLS)
        self.background = Background()
        self.webhooks = Webhooks(clock, self.tasks, self.faults)
        inputs = Inputs(self.tasks, self.results)
        self.operations: Mapping[str, Operation] = {
            **Generation(inputs, self.ways).by_resource,
            **Workshop(inputs, self.ways).by_resource,
            **Acting(inputs).by_resource,
            **Studio(inputs, self.ways).by_resource,
        }

    def shown(self, task: Task, base: str) -> dict[str, Any]:
        """A task as its reader sees it, times in milliseconds, 0 not yet; links lead to ``base``."""
        plan = task.plan
        shown: dict[str, Any] = {
            "id": task.task_id,
            "type": self.ways.animation_type if plan.type == "animate" else plan.type,
            "status": "PROCESSING" if task.has_fault("unknown_status") else task.status,
            "progress": self.tasks.progress(task),
            **plan.echo,
            "created_at": task.created_at,
            "started_at": task.started_at,
            "finished_at": task.finished_at,
            "preceding_tasks": self.tasks.ahead(task),
            "consumed_credits": task.charged,
            "task_error": task.error or {"message": ""},
        }
        if plan.resource not in WITHOUT_EXPIRY:
            shown["expires_at"] = task.finished_at and task.finished_at + RETENTION
        if plan.resource in WITH_RESULT:
            shown["result"] = None
        if task.status == "SUCCEEDED":
            shown |= self.results.output(task, base)
        return shown
