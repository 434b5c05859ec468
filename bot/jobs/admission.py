"""Who is next: fair turns between members, within what members and vendors may hold at once.

Pure: the queue and what is under way give an order.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from storage.models import StageRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in one of a vendor's pools, under one key."""

    provider: str
    credential: str
    pool: str
    size: int


def in_turn(queued: Sequence[StageRun], running: Mapping[str, int]) -> list[StageRun]:
    """The queue in the order in which it is served; ``running`` counts each member's runs under way.

    Round-robin: a run's turn is how many of its member's are before it, those under
    way included; within a turn, first come first served. So nobody waits for a
    member's second while having none.
    """
    ahead = Counter(running)
    turns: list[tuple[int, int, str, StageRun]] = []
    for run in sorted(queued, key=lambda run: (run.queued_at or 0, run.id)):
        turns.append((ahead[run.account_id], run.queued_at or 0, run.id, run))
        ahead[run.account_id] += 1
    return [run for *_, run in sorted(turns, key=lambda turn: turn[:3])]


def admit(
    queued: Sequence[StageRun],
    running: Sequence[StageRun],
    *,
    per_member: int,
    slot: Callable[[StageRun], Slot | None],
) -> list[StageRun]:
    """Those who may start now. ``slot`` says which place a run would take; ``None``: it needs none."""
    members = Counter(run.account_id for run in running)
    taken = Counter(slot(run) for run in running)
    admitted = []
    for run in in_turn(queued, Counter(members)):
        place = slot(run)
        if members[run.account_id] >= per_member or (place and taken[place] >= place.size):
            continue
        members[run.account_id] += 1
        taken[place] += 1
        admitted.append(run)
    return admitted
