"""What follows from each way in which a step can end."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.jobs.clock import HOUR, SECOND
from bot.jobs.failures import Failure
from bot.jobs.machine import (
    ARROWS,
    MAX_ATTEMPTS,
    Advance,
    Fail,
    IllegalMove,
    Money,
    Retry,
    Wait,
    back_off,
    decide,
    job_state,
    money_of,
)
from storage.models import RUN_ENDED, JobState, RunState, StageRun
from tests.storage.nouns import RUN

NOW = 1_790_000_000_000
PAIRS = [(a, b) for a in RunState for b in RunState]
DONE, FAILED, SKIPPED, CANCELLED, UNSURE, PLANNED, WAITING = (
    RunState.DONE,
    RunState.FAILED,
    RunState.SKIPPED,
    RunState.CANCELLED,
    RunState.UNSURE,
    RunState.PLANNED,
    RunState.WAITING,
)


def a_run(state: RunState, **fields: object) -> StageRun:
    return replace(RUN, state=state, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("here", "there"), [pair for pair in PAIRS if pair[1] in ARROWS.get(pair[0], ())])
def test_an_arrow_can_be_gone(here: RunState, there: RunState) -> None:
    change = decide(a_run(here), Advance(to=there, fields={"task_id": "t"}), NOW)

    assert (change.fields["state"], change.fields["task_id"]) == (there, "t")
    assert change.visible
    assert change.fields["due_at"] is None


@pytest.mark.parametrize(
    ("here", "there"), [pair for pair in PAIRS if pair[1] not in ARROWS.get(pair[0], ())]
)
def test_a_move_without_an_arrow_is_a_mistake(here: RunState, there: RunState) -> None:
    with pytest.raises(IllegalMove):
        decide(a_run(here), Advance(to=there), NOW)


def test_every_state_can_be_reached_and_only_ends_cannot_be_left() -> None:
    reached, new = {PLANNED}, {PLANNED}
    while new:
        new = {there for here in new for there in ARROWS.get(here, ())} - reached
        reached |= new

    assert reached == set(RunState)
    assert set(RunState) - set(ARROWS) == RUN_ENDED - {UNSURE}


@pytest.mark.parametrize("state", RunState)
def test_what_ends_is_paid_when_done_and_given_back_otherwise(state: RunState) -> None:
    expected = Money.SETTLE if state is DONE else Money.RELEASE if state in RUN_ENDED else None
    assert money_of(state) is expected


@pytest.mark.parametrize(
    ("here", "there"), [(RunState.COLLECTING, DONE), (WAITING, FAILED), (PLANNED, SKIPPED)]
)
def test_the_end_has_a_time(here: RunState, there: RunState) -> None:
    assert decide(a_run(here), Advance(to=there), NOW).fields["finished_at"] == NOW


def test_waiting_is_no_attempt_and_changes_nothing_to_be_seen() -> None:
    change = decide(a_run(RunState.SUBMITTING, attempt=3), Wait(until=NOW + 5), NOW)

    assert (dict(change.fields), change.money, change.visible) == ({"due_at": NOW + 5}, None, False)


def test_waiting_can_give_the_place_at_the_vendor_back() -> None:
    wait = Wait(until=NOW + 5, back_to=RunState.QUEUED, fields={"params": {}})
    change = decide(a_run(RunState.SUBMITTING), wait, NOW)

    assert change.fields == {"due_at": NOW + 5, "params": {}, "state": RunState.QUEUED}
    assert change.money is None


def test_a_retry_counts_and_comes_later_each_time() -> None:
    retry = Retry(failure=Failure.VENDOR_DOWN)
    changes = [decide(a_run(RunState.COLLECTING, attempt=n), retry, NOW) for n in range(MAX_ATTEMPTS - 1)]

    assert [change.fields["attempt"] for change in changes] == [1, 2, 3, 4, 5]
    pauses = [(change.fields["due_at"] - NOW) // SECOND for change in changes]
    assert pauses == [5, 10, 20, 40, 80]
    assert all("state" not in change.fields for change in changes)


def test_no_pause_is_over_two_minutes() -> None:
    assert back_off(30) == 120 * SECOND


def test_the_last_retry_ends_as_its_failure_and_gives_the_price_back() -> None:
    retry = Retry(failure=Failure.DOWNLOAD, data={"tries": 6})
    change = decide(a_run(RunState.COLLECTING, attempt=MAX_ATTEMPTS - 1), retry, NOW)

    assert (change.fields["state"], change.fields["failure"]) == (FAILED, "download")
    assert change.fields["failure_data"] == {"tries": 6}
    assert change.money is Money.RELEASE


def test_a_failure_is_kept_as_a_code_with_its_facts() -> None:
    change = decide(a_run(WAITING), Fail(failure=Failure.NOT_RIGGABLE, data={"rig_type": "avian"}), NOW)

    assert (change.fields["failure"], change.fields["failure_data"]) == (
        "not_riggable",
        {"rig_type": "avian"},
    )
    assert (change.fields["due_at"], change.fields["finished_at"]) == (None, NOW)


def test_what_the_vendor_may_still_finish_is_looked_at_once_more() -> None:
    change = decide(a_run(WAITING), Fail(failure=Failure.DEADLINE, look_again=True), NOW)

    assert change.fields["due_at"] == NOW + HOUR


def test_what_was_perhaps_accepted_is_unsure_and_not_failed() -> None:
    change = decide(a_run(RunState.SUBMITTING), Fail(failure=Failure.UNSURE), NOW)

    assert (change.fields["state"], change.money) == (UNSURE, Money.RELEASE)


@pytest.mark.parametrize(
    ("states", "cancel_asked", "expected"),
    [
        ([DONE, WAITING], False, JobState.LIVE),
        ([FAILED, PLANNED], False, JobState.LIVE),
        ([DONE, DONE], False, JobState.DONE),
        ([DONE, DONE], True, JobState.DONE),
        ([DONE, FAILED], False, JobState.PARTIAL),
        ([DONE, CANCELLED], True, JobState.PARTIAL),
        ([FAILED, SKIPPED], False, JobState.FAILED),
        ([UNSURE, SKIPPED], False, JobState.FAILED),
        ([CANCELLED, CANCELLED], True, JobState.CANCELLED),
        ([CANCELLED, SKIPPED], True, JobState.CANCELLED),
        ([FAILED, CANCELLED], True, JobState.FAILED),
    ],
)
def test_a_job_stands_as_its_runs_do(
    states: Sequence[RunState], *, cancel_asked: bool, expected: JobState
) -> None:
    assert job_state([a_run(state) for state in states], cancel_asked=cancel_asked) is expected


def test_helpers_do_not_count_for_how_a_job_ended() -> None:
    runs = [a_run(DONE), a_run(FAILED, shown=False)]

    assert job_state(runs, cancel_asked=False) is JobState.DONE
