"""The vendor calls back about every change of a task's status.

What it sends is the task itself, as a read would give it at that moment. Nothing is signed,
so nobody should believe it: ``webhook_forged`` says that a task failed which did not.
How often the vendor tries again is not documented; here it is three times.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.clock import Clock
from sandbox.vendors.faults import Faults
from sandbox.vendors.meshy.faults import ENDS, WEBHOOKS
from sandbox.vendors.meshy.tasks import Task, TaskBook
from sandbox.vendors.webhooks import Deliveries, Letter

Shown = Callable[[Task], dict[str, Any]]
HEADERS = {"Content-Type": "application/json"}


class Webhooks:
    """Calls whoever was named; nobody, at first."""

    def __init__(self, clock: Clock, tasks: TaskBook, faults: Faults) -> None:
        self._tasks = tasks
        self._faults = faults
        self._deliveries = Deliveries(clock)
        self._url = ""
        self._shown: Shown | None = None
        tasks.changed = self._changed

    def subscribe(self, url: str, shown: Shown) -> None:
        """Call there from now on, or nobody; ``shown`` makes of a task what goes over the wire."""
        self._url, self._shown = url, shown
        if url:
            self._deliveries.watch(self._tasks.advance)
        else:
            self._deliveries.unwatch()

    async def aclose(self) -> None:
        """Call nobody any more."""
        self._url = ""
        await self._deliveries.aclose()

    def _changed(self, task: Task) -> None:
        if not self._url or self._shown is None:
            return
        prompt = str(task.plan.echo.get("prompt", ""))
        fault = self._faults.asked(WEBHOOKS, prompt, kind=task.plan.type)
        letter = _letter(self._shown(task))
        self._deliveries.background.begin(
            self._deliveries.deliver(self._url, letter, fault.name if fault else "")
        )


def _letter(shown: dict[str, Any]) -> Letter:
    def letter(fault: str) -> tuple[bytes, Mapping[str, str]]:
        if fault == "webhook_forged":
            untrue = {"status": "FAILED", "consumed_credits": 0, "task_error": ENDS["late_failed"]}
            return json.dumps(shown | untrue).encode(), HEADERS
        return json.dumps(shown).encode(), HEADERS

    return letter
