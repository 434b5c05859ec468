from providers.meshy.clips import ACTIONS, AT_ONCE, WITH_EVERY_RIG


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
