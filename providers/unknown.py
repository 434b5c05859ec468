"""How often in a row a task was in a state that we do not know.

Vendors add states, and Tripo's SDK even has one named ``unknown``. Some patience is right,
because a task may come out of it again and is paid for if it does.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from providers.base import Failed, Outcome, Running

TOLERATED = 10  # looks; at a poll every few seconds, about half a minute
REMEMBERED = 1_000  # tasks


class UnknownStates:
    """Counts in memory, for a bounded number of tasks."""

    def __init__(self) -> None:
        self._looks: OrderedDict[str, int] = OrderedDict()

    def judged(self, task_id: str, known: Outcome | None, *, answer: Mapping[str, Any]) -> Outcome:
        """The outcome, where it is known; else a task under way, until that is patience no more.

        ``answer`` is what is kept of a task that stays in a state which nobody knows.
        """
        if known is not None:
            self.forget(task_id)
            return known
        if self.tolerates(task_id):
            return Running(progress=0)
        return Failed(code="contract_changed", answer=answer)

    def tolerates(self, task_id: str) -> bool:
        """Whether one more look at this task in an unknown state is still patience."""
        looks = self._looks.pop(task_id, 0) + 1
        self._looks[task_id] = looks
        if len(self._looks) > REMEMBERED:
            self._looks.popitem(last=False)
        return looks <= TOLERATED

    def forget(self, task_id: str) -> None:
        """The task is in a state that we know."""
        self._looks.pop(task_id, None)
