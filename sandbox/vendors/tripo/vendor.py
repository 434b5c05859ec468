"""The vendor behind its routes: accounts, tasks, files and faults, all in memory."""

import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.clock import Clock
from sandbox.vendors.background import Background
from sandbox.vendors.faults import Faults
from sandbox.vendors.links import Links
from sandbox.vendors.pace import Pace
from sandbox.vendors.tripo.accounts import KEY, Keyring
from sandbox.vendors.tripo.faults import NAMES
from sandbox.vendors.tripo.inputs import Inputs
from sandbox.vendors.tripo.operations import Operations
from sandbox.vendors.tripo.results import Results
from sandbox.vendors.tripo.tasks import Task, TaskBook, iso
from sandbox.vendors.tripo.uploads import Uploads
from sandbox.vendors.tripo.webhooks import Webhooks


@dataclass(slots=True, kw_only=True)
class Ways:
    """Where sources disagree about the vendor, which of them is played."""

    usage_shape: str = "array"
    """``array``: the rows themselves; ``items``: an object that holds them."""
    usage_shows_unfinished: bool = True


class Vendor:
    """One vendor with its accounts, tasks and files."""

    def __init__(
        self, clock: Clock, *, key: str = KEY, balance: Decimal = Decimal(3000), speed: float = 1.0
    ) -> None:
        self.clock = clock
        self.pace = Pace(clock, speed)
        self.keys = Keyring(clock)
        self.keys.add(key, amount=balance)
        self.tasks = TaskBook(clock, self.pace)
        self.uploads = Uploads()
        self.results = Results(Links(clock, secrets.token_bytes(32), seconds=300.0))
        self.operations = Operations(Inputs(self.uploads, self.tasks), self.results)
        self.faults = Faults(NAMES)
        self.background = Background()
        self.ways = Ways()
        self.webhooks = Webhooks(clock, self.tasks, self.faults)

    async def shown(self, task: Task, base: str) -> dict[str, Any]:
        """A task as its reader sees it; ``base`` is where links are to lead."""
        data: dict[str, Any] = {
            "task_id": task.task_id,
            "type": task.type,
            "status": "unknown" if task.has_fault("unknown_status") else task.status,
            "progress": self.tasks.progress(task),
            "input": dict(task.input),
            "credits_consumed": float(task.charged),
            "created_at": iso(task.created_at),
        }
        if task.completed_at is not None:
            data["completed_at"] = iso(task.completed_at)
        if task.error is not None:
            data["error_code"], data["error_message"] = task.error
        if task.status == "success":
            data["output"] = await self.results.output(task, base)
        return data
