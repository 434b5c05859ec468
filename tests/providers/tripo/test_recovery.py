from datetime import timedelta
from typing import Any

import pytest

from providers.base import Absent, CannotTell, Found, GenerateRequest, TaskHandle
from providers.errors import ContractChanged
from providers.tripo.recovery import (
    PAGE,
    UsageRow,
    candidates,
    lists_unfinished,
    moment,
    reaches_back,
    rows_of,
    verdict,
)
from providers.tripo.requests import submission

SINCE = moment(1_800_000_000_000)
SENT = submission(GenerateRequest(prompt="an owl"), model="v3.1-20260211", seed=77)
OURS = {"input": {"model_seed": 77}}
OTHER = {"input": {"model_seed": 78}}


def row(
    task_id: str = "t", *, minutes: float | None = 0, type_: str = "text_to_model", status: str = "success"
) -> UsageRow:
    made = None if minutes is None else SINCE + timedelta(minutes=minutes)
    return UsageRow(task_id=task_id, type=type_, status=status, created_at=made)


# Reading the list

ROW = {
    "task_id": "t",
    "type": "animate_rig",
    "status": "running",
    "created_at": "2026-11-20T10:00:00Z",
    "new": 1,
}


@pytest.mark.parametrize("data", [[ROW], {"items": [ROW]}])
def test_the_list_comes_bare_or_wrapped(data: Any) -> None:
    rows = rows_of(data)

    assert [(row.task_id, row.type, row.status) for row in rows] == [("t", "animate_rig", "running")]


@pytest.mark.parametrize("data", [None, {}, {"items": None}, "x", [{"type": "no id"}]])
def test_something_that_is_no_list_is_a_changed_contract(data: Any) -> None:
    with pytest.raises(ContractChanged):
        rows_of(data)


def test_a_time_without_a_zone_is_utc() -> None:
    rows = rows_of([{**ROW, "created_at": "2026-11-20T10:00:00"}, ROW])

    assert rows[0].moment == rows[1].moment


# Has enough been read?


def test_the_last_page_ends_the_reading() -> None:
    assert reaches_back([], SINCE)
    assert reaches_back([row()] * (PAGE - 1), SINCE)


def test_a_full_page_that_is_older_ends_it_where_the_list_runs_from_new_to_old() -> None:
    assert reaches_back([row(minutes=-1 - number) for number in range(PAGE)], SINCE)


@pytest.mark.parametrize(
    "page",
    [
        [row(minutes=-PAGE + number) for number in range(PAGE)],  # from old to new
        [row(minutes=-5)] * PAGE,  # no order to be seen
        [row(minutes=1 - number) for number in range(PAGE)],  # partly younger
        [row(minutes=None), *(row(minutes=-number) for number in range(1, PAGE))],
    ],
)
def test_another_full_page_does_not(page: list[UsageRow]) -> None:
    assert not reaches_back(page, SINCE)


# Whose is it?


def test_candidates_are_new_of_the_right_kind_and_of_the_right_time() -> None:
    rows = [
        row("ours"),
        row("known"),
        row("old", minutes=-1),
        row("rig", type_="animate_rig"),
        row("no type", type_=""),
        row("no time", minutes=None),
    ]

    assert candidates(rows, SENT, since=SINCE, known={"known"}) == ["ours", "no type", "no time"]


@pytest.mark.parametrize("complete", [True, False])
def test_a_task_with_our_mark_is_found_whatever_else_is_there(complete: bool) -> None:  # noqa: FBT001
    found = verdict(SENT, {"a": OTHER, "b": OURS, "c": ContractChanged("tripo")}, complete=complete)

    assert found == Found(handle=TaskHandle(task_id="b"))


def test_absent_needs_a_complete_list_of_others() -> None:
    assert verdict(SENT, {"a": OTHER}, complete=True) == Absent()
    assert verdict(SENT, {}, complete=True) == Absent()
    assert verdict(SENT, {"a": OTHER}, complete=False) == CannotTell()


@pytest.mark.parametrize("unreadable", [ContractChanged("tripo"), None, {}, {"input": None}, {"input": {}}])
def test_a_task_that_cannot_be_read_may_be_ours(unreadable: Any) -> None:
    assert verdict(SENT, {"a": unreadable}, complete=True) == CannotTell()


def test_two_that_look_like_ours_are_one_too_many() -> None:
    assert verdict(SENT, {"a": OURS, "b": OURS}, complete=True) == CannotTell()


def test_a_list_that_shows_a_running_task_shows_all_of_them() -> None:
    assert lists_unfinished([row(), row(status="running")])
    assert not lists_unfinished([row(), row(status="failed"), row(status="")])
