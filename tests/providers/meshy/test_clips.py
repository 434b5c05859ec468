from typing import Any

import pytest

from providers.errors import ContractChanged
from providers.meshy.clips import ACTIONS, AT_ONCE, WITH_EVERY_RIG, renumbered


def test_every_clip_has_a_number_of_its_own() -> None:
    assert len(set(ACTIONS.values())) == len(ACTIONS) == 183
    assert all(0 <= number <= 696 for number in ACTIONS.values())


def test_the_best_known_come_first_and_are_named_as_everywhere() -> None:
    assert list(ACTIONS)[:6] == ["idle", "walk", "run", "jump", "dance_01", "wave_goodbye_01"]
    assert set(WITH_EVERY_RIG) <= set(ACTIONS)


def test_their_names_are_spelled_our_way() -> None:
    spelled = {"back_left_run": 5, "be_hit_fly_up": 7, "run_fast": 16, "omg_groove": 79, "pop_dance_lsa2": 80}

    assert spelled.items() <= ACTIONS.items()
    assert all(name == name.lower() and " " not in name for name in ACTIONS)


def test_clips_that_show_something_else_than_they_say_are_not_offered() -> None:
    assert not {39, 46, 463} & set(ACTIONS.values())


def test_what_goes_at_once_is_what_meshy_takes() -> None:
    assert AT_ONCE == 10


# Held against Meshy's own list


def row(number: int, name: str) -> dict[str, Any]:
    return {"action_id": number, "name": name, "category": "DailyActions"}


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_number_that_means_something_else_is_told(wrapped: bool) -> None:  # noqa: FBT001
    rows = [row(30, "Casual Walk"), row(14, "Run_02"), row(466, "Somersault"), row(39, "New_Name")]

    said = renumbered({"result": rows} if wrapped else rows)

    assert said == ["the clip jump (number 466) is called Somersault at Meshy now"]


def test_a_list_that_lacks_some_says_nothing_of_them() -> None:
    assert renumbered([]) == []


@pytest.mark.parametrize("data", [None, "x", {}, [{"id": 1}], {"result": None}])
def test_a_list_of_another_shape_is_a_changed_contract(data: Any) -> None:
    with pytest.raises(ContractChanged):
        renumbered(data)
