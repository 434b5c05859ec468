"""Who is next: fair turns between members, within what members and vendors may hold at once.

Pure: the queue and what is under way give an order.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from storage.models import QueuedRun, StageRun

InLine = QueuedRun | StageRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in one of a vendor's pools, under one key."""

    provider: str
    credential: str
    pool: str
    size: int


def admit(
    queued: Sequence[InLine],
    running: Sequence[InLine],
    *,
    per_member: int,
    slot: Callable[[InLine], Slot | None],
) -> list[InLine]:
    """Those who may start now. ``slot`` says which place a run would take; ``None``: it needs none."""
    members = Counter(run.account_id for run in running)
    taken = Counter(slot(run) for run in running)

    def starts(run: InLine) -> bool:
        place = slot(run)
        if members[run.account_id] >= per_member or (place and taken[place] >= place.size):
            return False
        taken[place] += 1
        return True

    return _served(queued, members, starts)


def _served(
    queued: Sequence[InLine], under_way: Counter[str], starts: Callable[[InLine], bool]
) -> list[InLine]:
    """Those who start, in order; ``under_way`` counts them too.

    Round-robin: next is who has the fewest under way, and of equals who came first. So
    nobody waits for a member's second while having none, also where their own first
    cannot start: what does not start is no turn.
    """
    lines: dict[str, deque[InLine]] = defaultdict(deque)
    for run in sorted(queued, key=_arrival):
        lines[run.account_id].append(run)
    heads = [(under_way[member], *_arrival(line[0]), member) for member, line in lines.items()]
    heapify(heads)
    served = []
    while heads:
        *_, member = heappop(heads)
        line = lines[member]
        run = line.popleft()
        if starts(run):
            under_way[member] += 1
            served.append(run)
        if line:
            heappush(heads, (under_way[member], *_arrival(line[0]), member))
    return served


def _arrival(run: InLine) -> tuple[int, str]:
    return run.queued_at or 0, run.id
