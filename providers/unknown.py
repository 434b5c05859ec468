"""How often in a row a task was in a state that we do not know.

Vendors add states, and Tripo's SDK even has one named ``unknown``. Some patience is right,
because a task may come out of it again and is paid for if it does.
"""

from collections import OrderedDict

TOLERATED = 10  # looks; at a poll every few seconds, about half a minute
REMEMBERED = 1_000  # tasks


class UnknownStates:
    """Counts in memory, for a bounded number of tasks."""

    def __init__(self) -> None:
        self._looks: OrderedDict[str, int] = OrderedDict()

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
