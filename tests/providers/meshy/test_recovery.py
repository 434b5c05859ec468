from typing import Any

import pytest

from providers.base import (
    Absent,
    CannotTell,
    DraftRequest,
    Found,
    RetextureRequest,
    RigRequest,
    TaskHandle,
    TaskRef,
)
from providers.errors import ContractChanged
from providers.meshy.recovery import KEPT, MINUTE, PAGE, SECOND, Row, reaches_back, rows_of, verdict
from providers.meshy.requests import submission

SINCE = 1_800_000_000_000
OWL = submission(DraftRequest(prompt="A brass owl, shiny!"), model="latest")
RUST = submission(
    RetextureRequest(source=TaskRef(task_id="text-to-3d/1"), prompt="Rusty iron"), model="latest"
)
RIG = submission(RigRequest(source=TaskRef(task_id="text-to-3d/1")), model="latest")


def row(id_: str = "t", after: int | None = 0, *, prompt: str | None = None, type_: str | None = None) -> Row:
    made = None if after is None else SINCE + after
    return Row(id=id_, type=type_, prompt=prompt, created_at=made)


def found(task_id: str, after: int = 0) -> Found:
    return Found(handle=TaskHandle(task_id=task_id, expires_at=SINCE + after + KEPT))


def look(sent: Any, *rows: Row, known: tuple[str, ...] = (), complete: bool = True) -> Any:
    return verdict(sent, rows, since=SINCE, known=known, complete=complete)


# Reading the list


def test_the_list_comes_bare_and_may_lack_what_we_look_for() -> None:
    rows = rows_of([{"id": "a", "created_at": 1, "status": "PENDING", "new": {}}, {"id": "b"}])

    assert [(row.id, row.created_at, row.prompt) for row in rows] == [("a", 1, None), ("b", None, None)]


@pytest.mark.parametrize("data", [None, {}, {"result": []}, "x", [{"status": "no id"}]])
def test_something_that_is_no_list_is_a_changed_contract(data: Any) -> None:
    with pytest.raises(ContractChanged):
        rows_of(data)


# Has enough been read?


def test_an_empty_page_ends_the_reading_and_a_short_one_does_not() -> None:
    assert reaches_back([], SINCE)
    assert not reaches_back([row()] * (PAGE - 1), SINCE)


def test_a_page_that_ends_before_our_submit_ends_it_in_a_list_from_new_to_old() -> None:
    assert reaches_back([row(after=5), row(after=1), row(after=-1)], SINCE)


@pytest.mark.parametrize(
    "page",
    [
        [row(after=-2), row(after=-1)],  # from old to new
        [row(after=-5), row(after=-5)],  # no order to be seen
        [row(after=-1), row(after=-3), row(after=-2)],  # in no order
        [row(after=2), row(after=1)],  # younger than our submit
        [row(after=1), row(after=None), row(after=-1)],
    ],
)
def test_another_page_does_not(page: list[Row]) -> None:
    assert not reaches_back(page, SINCE)


# Whose is it?


@pytest.mark.parametrize("echo", ["A brass owl, shiny!", "a  brass owl shiny", " A BRASS OWL, SHINY ?"])
def test_a_preview_with_our_words_is_ours_however_late_it_was_made(echo: str) -> None:
    late = row("ours", 10 * MINUTE, prompt=echo, type_="text-to-3d-preview")

    assert look(OWL, late, complete=False) == found("text-to-3d/ours", 10 * MINUTE)


@pytest.mark.parametrize(
    "other",
    [
        row("other", prompt="a brass crab"),
        row("other", -6 * MINUTE, prompt="A brass owl, shiny!"),
        row("other", type_="text-to-3d-refine", prompt="A brass owl, shiny!"),
        row("known", prompt="A brass owl, shiny!"),
    ],
)
def test_a_task_of_other_words_times_or_kinds_is_not_ours(other: Row) -> None:
    assert look(OWL, other, known=("text-to-3d/known",)) == Absent()
    assert look(OWL, other, row("ours", prompt=OWL.prompt), known=("text-to-3d/known",)) == found(
        "text-to-3d/ours"
    )


def test_absent_needs_a_complete_list() -> None:
    assert look(RIG) == Absent()
    assert look(RIG, complete=False) == CannotTell()


@pytest.mark.parametrize("after", [-30 * SECOND, 0, 3 * MINUTE])
def test_a_task_that_echoes_nothing_is_ours_by_its_time_alone(after: int) -> None:
    assert look(RIG, row("ours", after), complete=False) == found("rigging/ours", after)


@pytest.mark.parametrize("after", [-31 * SECOND, 3 * MINUTE + 1, None])
def test_a_task_that_may_be_ours_or_not_leaves_it_open(after: int | None) -> None:
    assert look(RIG, row("whose", after)) == CannotTell()


@pytest.mark.parametrize("sent", [OWL, RIG])
def test_two_that_may_be_ours_are_one_too_many(sent: Any) -> None:
    assert look(sent, row("a", prompt=OWL.prompt), row("b", prompt=OWL.prompt)) == CannotTell()


def test_a_task_that_moved_to_the_next_page_while_we_read_is_one_task() -> None:
    assert look(RIG, row("ours"), row("ours")) == found("rigging/ours")


@pytest.mark.parametrize("prompt", [None, ""])
def test_a_preview_that_echoes_no_words_is_judged_by_its_time(prompt: str | None) -> None:
    assert look(OWL, row("ours", prompt=prompt)) == found("text-to-3d/ours")
    assert look(OWL, row("whose", 4 * MINUTE, prompt=prompt)) == CannotTell()


def test_a_new_surface_echoes_its_words_under_another_name() -> None:
    ours = Row(id="ours", text_style_prompt="rusty iron", created_at=SINCE + 10 * MINUTE)
    other = Row(id="other", prompt="", text_style_prompt="moss", created_at=SINCE)

    assert look(RUST, other, ours) == found("retexture/ours", 10 * MINUTE)


def test_a_known_task_of_another_kind_does_not_hide_ours() -> None:
    assert look(RIG, row("1"), known=("text-to-3d/1",)) == found("rigging/1")
