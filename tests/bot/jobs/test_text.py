"""What members type, made plain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.errors import PromptTooLong, PromptTooShort, UnknownClip
from bot.jobs.text import NAME_LENGTH, clean, clip_list, file_name, known_clips, name_of, prompt


def test_a_prompt_loses_control_signs_and_spare_spaces() -> None:
    assert prompt("  a\tbrass\u200b \n owl ") == "a brass owl"


def test_a_prompt_loses_mentions_and_keeps_the_names_of_emojis() -> None:
    typed = "an <a:brass:1234> owl for <@12> <@!12> <@&34> in <#56>, </rig:78> it <t:1790000000:R><id:guide>"
    assert prompt(typed) == "an brass owl for in , it"
    assert prompt("<:<:owl:1>:2>") == prompt(prompt("<:<:owl:1>:2>"))


@pytest.mark.parametrize("text", ["3D!", "猫の像", "🦉🦉🦉", "¿qué?"])
def test_letters_digits_and_pictograms_of_any_script_mean_something(text: str) -> None:
    assert prompt(text) == text


def test_no_prompt_stays_none() -> None:
    assert prompt("") == ""


@pytest.mark.parametrize("text", ["ab", " a ", "\u200b\u200b\u200b\u200b", "   ", "***", "<@123> <#4>"])
def test_too_little_to_go_by_is_refused(text: str) -> None:
    with pytest.raises(PromptTooShort) as refusal:
        prompt(text)
    assert refusal.value.minimum == 3


def test_five_hundred_characters_are_the_most() -> None:
    assert len(prompt("a" * 500)) == 500
    with pytest.raises(PromptTooLong) as refusal:
        prompt("a" * 501)
    assert (refusal.value.maximum, refusal.value.length) == (500, 501)


@given(st.text())
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = clean(text)

    assert clean(once) == once
    assert once == once.strip()


def test_a_model_is_named_by_the_beginning_of_its_words() -> None:
    assert name_of("a brass owl") == "a brass owl"
    assert name_of("a very old wooden knight, with a shield, a sword and a feather") == (
        "a very old wooden knight, with a shield, a…"
    )


@given(st.text(min_size=1))
def test_no_name_is_too_long(text: str) -> None:
    assert len(name_of(text)) <= NAME_LENGTH


@pytest.mark.parametrize(
    ("name", "marks", "expected"),
    [
        ("A Brass Owl!", ("walk",), "a-brass-owl-walk"),
        ("búho de latón", (), "buho-de-laton"),
        ("../../etc/passwd", (), "etc-passwd"),
        ("フクロウ", (), "model"),
    ],
)
def test_file_names_are_plain(name: str, marks: tuple[str, ...], expected: str) -> None:
    assert file_name(name, *marks) == expected


@given(st.text())
def test_any_name_makes_a_harmless_file_name(name: str) -> None:
    made = file_name(name)

    assert 0 < len(made) <= 80
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    ("typed", "clips"),
    [
        ("walk, idle", ("walk", "idle")),
        ("Walk,walk , wave goodbye 01,", ("walk", "wave_goodbye_01")),
        (" , ", ()),
    ],
)
def test_a_list_of_clips_is_read_kindly(typed: str, clips: tuple[str, ...]) -> None:
    assert clip_list(typed) == clips


def test_an_unknown_clip_comes_with_those_most_like_it() -> None:
    with pytest.raises(UnknownClip) as refusal:
        known_clips(["run", "wolk"], ["walk", "run", "idle"])
    assert (refusal.value.clip, refusal.value.nearest) == ("wolk", ("walk",))


def test_known_clips_are_taken_once_each() -> None:
    assert known_clips(["run", "walk", "run"], ["walk", "run"]) == ("run", "walk")
