"""Fair turns, for any queue."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.admission import Slot, admit
from storage.models import StageRun
from tests.storage.nouns import RUN

PER_MEMBER = 2
MEMBERS = st.sampled_from(["ada", "ben", "carmen", "mona"])
QUEUES = st.lists(st.tuples(MEMBERS, st.integers(0, 5)), max_size=14)
RUNNING = st.lists(MEMBERS, max_size=6)
SIZES = st.integers(0, 6)


def queue(asked: Sequence[tuple[str, int]]) -> list[StageRun]:
    return [
        replace(RUN, id=f"q{number:02}", account_id=member, queued_at=at)
        for number, (member, at) in enumerate(asked)
    ]


def under_way(members: Sequence[str]) -> list[StageRun]:
    return [replace(RUN, id=f"r{number}", account_id=member) for number, member in enumerate(members)]


def one_pool(size: int) -> Slot:
    return Slot(provider="tripo", credential="owner", pool="all", size=size)


@given(QUEUES, RUNNING, SIZES)
def test_nobody_waits_while_another_is_given_more_than_one_turn_beyond(
    asked: list[tuple[str, int]], running: list[str], size: int
) -> None:
    waiting = queue(asked)
    admitted = admit(waiting, under_way(running), per_member=PER_MEMBER, slot=lambda _: one_pool(size))

    has = Counter(running) + Counter(run.account_id for run in admitted)
    left_out = {run.account_id for run in waiting if run not in admitted}
    for member in left_out:
        if has[member] < PER_MEMBER:
            assert all(has[run.account_id] <= has[member] + 1 for run in admitted)


@given(QUEUES, RUNNING, SIZES)
def test_no_limit_is_passed_and_no_place_is_left_empty(
    asked: list[tuple[str, int]], running: list[str], size: int
) -> None:
    waiting = queue(asked)
    admitted = admit(waiting, under_way(running), per_member=PER_MEMBER, slot=lambda _: one_pool(size))

    has = Counter(running) + Counter(run.account_id for run in admitted)
    assert all(has[run.account_id] <= PER_MEMBER for run in admitted)
    assert not admitted or len(running) + len(admitted) <= size
    full = len(running) + len(admitted) >= size
    assert all(full or has[run.account_id] >= PER_MEMBER for run in waiting if run not in admitted)


@given(QUEUES, RUNNING, SIZES)
def test_a_member_is_served_in_the_order_of_asking(
    asked: list[tuple[str, int]], running: list[str], size: int
) -> None:
    waiting = queue(asked)
    admitted = admit(waiting, under_way(running), per_member=PER_MEMBER, slot=lambda _: one_pool(size))

    for member in {run.account_id for run in waiting}:
        mine = sorted(
            (run for run in waiting if run.account_id == member), key=lambda run: (run.queued_at, run.id)
        )
        served = [run for run in mine if run in admitted]
        assert served == mine[: len(served)]


def test_a_full_pool_does_not_keep_what_goes_elsewhere() -> None:
    models, clips = queue([("ada", 1), ("ben", 2)])
    pools = {models.id: one_pool(0), clips.id: None}

    assert admit([models, clips], [], per_member=PER_MEMBER, slot=lambda run: pools[run.id]) == [clips]


def test_who_has_none_comes_before_anothers_second_also_with_what_is_not_their_first() -> None:
    stuck, bens, adas = queue([("ada", 1), ("ben", 2), ("ada", 3)])
    pools = {stuck.id: one_pool(0), bens.id: one_pool(2), adas.id: one_pool(2)}
    running = under_way(["ben"])
    pools[running[0].id] = one_pool(2)

    served = admit([stuck, bens, adas], running, per_member=PER_MEMBER, slot=lambda run: pools[run.id])

    assert served == [adas]
