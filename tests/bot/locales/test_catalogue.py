import string
from itertools import chain
from typing import Any

import pytest
from babel import Locale

from bot.locales.catalogue import Catalogue

CATALOGUE = Catalogue.load()
LANGUAGES = sorted(CATALOGUE.languages)
ENGLISH = CATALOGUE.languages["en"]


def facts_of(sentence: str) -> list[tuple[str, str | None]]:
    return sorted((name, spec) for _, name, spec, _ in string.Formatter().parse(sentence) if name is not None)


def test_there_are_english_and_spanish() -> None:
    assert {"en", "es"} <= set(LANGUAGES)


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_language_has_every_sentence_and_no_other(name: str) -> None:
    assert set(CATALOGUE.languages[name].sentences) == set(ENGLISH.sentences)


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_sentence_tells_the_same_facts_in_the_same_way(name: str) -> None:
    sentences = CATALOGUE.languages[name].sentences
    different = [key for key, text in ENGLISH.sentences.items() if facts_of(text) != facts_of(sentences[key])]
    assert different == []


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_unit_has_each_plural_that_its_language_knows(name: str) -> None:
    language = CATALOGUE.languages[name]
    wanted = set(Locale.parse(name).plural_form.tags) | {"other"}
    assert set(language.units) == set(ENGLISH.units)
    assert {unit: set(forms) for unit, forms in language.units.items()} == dict.fromkeys(
        language.units, wanted
    )


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_way_of_writing_that_a_sentence_asks_for_exists(name: str) -> None:
    language = CATALOGUE.languages[name]
    ways = {spec for text in language.sentences.values() for _, spec in facts_of(text)}
    samples = {"list": ["a"]}
    assert all(language.format_field(samples.get(way, 1), way) for way in ways)


@pytest.mark.parametrize("name", LANGUAGES)
def test_no_two_sentences_of_one_table_are_the_same_by_accident(name: str) -> None:
    sentences = CATALOGUE.languages[name].sentences
    refusals = [text for key, text in sentences.items() if key.startswith(("refusal.", "failure."))]
    assert len(refusals) == len(set(refusals))


@pytest.mark.parametrize("name", LANGUAGES)
def test_answers_stay_short(name: str) -> None:
    sentences = CATALOGUE.languages[name].sentences
    longest = max(map(len, chain(sentences.values())))
    assert longest <= 320


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-US", "At most 4 movements at once. Nothing was charged; do the rest afterwards."),
        ("es-ES", "Como mucho 4 movimientos a la vez. No se cobró nada; pide el resto después."),
        ("es-419", "Como mucho 4 movimientos a la vez. No se cobró nada; pide el resto después."),
        ("ja", "At most 4 movements at once. Nothing was charged; do the rest afterwards."),
    ],
)
def test_a_reader_gets_their_language_or_english(locale: str, text: str) -> None:
    assert CATALOGUE.text("refusal.too_many_clips", locale, maximum=4) == text


@pytest.mark.parametrize(
    ("locale", "fact", "way", "text"),
    [
        ("en", 1, "credits", "1 credit"),
        ("en", 1234, "triangles", "1,234 triangles"),
        ("es", 1, "credits", "1 crédito"),
        ("es", 1_000_000, "credits", "1.000.000 de créditos"),
        ("es", 12345, "triangles", "12.345 triángulos"),
        ("en", 72_000, "duration", "1 min 12 sec"),
        ("en", 400, "duration", "1 sec"),
        ("en", 7_512_000, "duration", "2 hr 5 min"),
        ("es", 60_000, "duration", "1 min"),
        ("en", 999, "size", "999 byte"),
        ("en", 3_240_000, "size", "3.2 MB"),
        ("es", 3_240_000, "size", "3,2 MB"),
        ("en", 42, "percent", "42%"),
        ("es", ["walk", "run"], "list", "walk y run"),
        ("en", ["walk", "idle", "run"], "list", "walk, idle, and run"),
        ("en", 1_700_000_000_999, "ago", "<t:1700000000:R>"),
        ("en", 1_234_567, "id", "1234567"),
    ],
)
def test_facts_are_written_as_the_language_does(locale: str, fact: Any, way: str, text: str) -> None:
    assert CATALOGUE.write(fact, way, locale) == text


def test_a_missing_fact_is_an_error_and_not_a_hole() -> None:
    with pytest.raises(KeyError, match="maximum"):
        CATALOGUE.text("refusal.too_many_clips", "en")


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        CATALOGUE.text("refusal.nonsense", "en")
