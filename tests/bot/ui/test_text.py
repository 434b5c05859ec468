import pytest

from bot.locales.catalogue import Catalogue
from bot.ui.text import Voice, clip, plain

VOICE = Voice(catalogue=Catalogue.load(), locale="en")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a brass owl", "a brass owl"),
        ("@everyone", "@\u200beveryone"),
        ("<@42> <#5> <t:1:R>", r"\<@" + "\u200b" + r"42\> \<\#5\> \<t\:1\:R\>"),
        ("**bold** _it_ ~~no~~ ||s||", r"\*\*bold\*\* \_it\_ \~\~no\~\~ \|\|s\|\|"),
        ("[x](https://evil.example)", r"\[x\]\(https\://evil.example\)"),
        ("- item", r"\- item"),
        ("1. first", r"1\. first"),
        ("low-poly 1.5 m", "low-poly 1.5 m"),
        ("two\nlines\t here", "two lines here"),
        ("right\u202eleft", "right left"),
        ("back\\slash", "back\\\\slash"),
        ("búho 🦉", "búho 🦉"),
    ],
)
def test_what_was_typed_shows_as_it_was_typed(typed: str, sent: str) -> None:
    assert plain(typed) == sent


@pytest.mark.parametrize(
    ("text", "clipped"), [("owl", "owl"), ("a brass owl", "a bra…"), ("four  five", "four…")]
)
def test_long_text_is_cut_with_a_sign(text: str, clipped: str) -> None:
    assert clip(text, 6) == clipped


def test_text_in_a_sentence_is_escaped_also_within_lists() -> None:
    sentence = VOICE.say("refusal.unknown_clip_near", clip="*x*", nearest=("wave_1", "@here"))
    assert r"\*x\*" in sentence
    assert r"wave\_1 and @" + "\u200bhere" in sentence


def test_text_on_a_button_is_not_escaped() -> None:
    assert VOICE.label("button.retry_one", what="wave_1") == "Retry: wave_1"


def test_a_style_without_words_of_its_own_keeps_its_name() -> None:
    assert (VOICE.style("low_poly"), VOICE.style("voxel")) == ("Low poly", "voxel")
