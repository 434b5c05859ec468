"""Every sentence that the code asks for is there, every one that is there is asked for, and labels fit."""

import ast
import json
import re
import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from discord import Locale

import bot
import providers
import storage
from bot.commands.words import CatalogueTranslator, word
from bot.locales.catalogue import HERE, Catalogue, Language
from bot.ui.replies import REFUSALS, TROUBLES

CATALOGUE = Catalogue.load()
ENGLISH = CATALOGUE.languages["en"]
TABLES = frozenset(key.partition(".")[0] for key in ENGLISH.sentences)
KEY = re.compile(r"[a-z_]+(?:\.[a-z_0-9]+)+")
FILE = re.compile(r".*\.(py|toml|html|css|js|zip|json)")
SHORT = 40
"""Characters; what is longer names nothing."""


# Which there are --------------------------------------------------------------


@cache
def strings(package: Any) -> tuple[frozenset[str], frozenset[str]]:
    """All that a package's code says: as it is, and as patterns where it puts words together."""
    plain, patterns = set(), set()
    for path in Path(package.__file__).parent.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        joined = [node for node in nodes if isinstance(node, ast.JoinedStr)]
        parts = {id(part) for node in joined for part in node.values}
        patterns |= {"".join(map(_part, node.values)) for node in joined}
        whole = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in parts]
        plain |= {node.value for node in whole if isinstance(node.value, str)}
    return frozenset(plain), frozenset(patterns)


def _part(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else "{}"


def templates() -> list[re.Pattern[str]]:
    """Keys that are put together, with a hole for each part that is known only then."""
    _, patterns = strings(bot)
    made = [one for one in patterns if one.partition(r"\.")[0] in TABLES and "{}" in one]
    errors = [re.escape(one) for one in (*REFUSALS.values(), *TROUBLES.values())]
    made += [re.sub(r"\\\{\w+\\\}", "{}", one) for one in errors]
    return [re.compile(one.replace("{}", "([a-z_0-9.]*)")) for one in made]


def asked_for() -> set[str]:
    """Keys that the code, or a page, names in full."""
    plain, _ = strings(bot)
    pages = "\n".join(path.read_text() for path in Path(bot.__file__).parent.glob("web/page/*.html"))
    quoted = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_0-9]+)+)["']""", pages))
    return {one for one in plain | quoted if KEY.fullmatch(one) and one.partition(".")[0] in TABLES}


def test_every_sentence_that_is_asked_for_is_there() -> None:
    keys = set(ENGLISH.sentences)
    assert {key for key in asked_for() - keys if not FILE.fullmatch(key)} == set()
    assert [one.pattern for one in templates() if not any(map(one.fullmatch, keys))] == []


def test_every_sentence_that_is_there_is_asked_for() -> None:
    """What fills a hole has to be said somewhere: the name of an option, a state, a reason."""
    strings_said = {
        one for package in (bot, providers, storage) for one in frozenset().union(*strings(package))
    }
    said = {word for one in strings_said if len(one) < SHORT for word in re.split(r"[^a-z0-9]+", one)}
    rest = set(ENGLISH.sentences) - asked_for()
    unused = {
        key
        for key in rest
        if not key.startswith("shape.")  # vendors name those
        and not any(_fills(template, key, said) for template in templates())
    }
    assert unused == set()


def _fills(template: re.Pattern[str], key: str, said: set[str]) -> bool:
    found = template.fullmatch(key)
    return found is not None and {word for part in found.groups() for word in re.split(r"[._]", part)} <= said


# Whether they fit -------------------------------------------------------------

LIMITS: Mapping[str, int] = {
    r"command\..*|option\..*": 100,
    r"style\..*|vendor\.offer.*|filter\..*|notify\.choice\..*|entry\.new_.*": 100,
    r"format\..*|more\.(priced|free)": 100,
    r"menu\..*": 32,
    r"button\..*": 80,
    r"example\.\w+\.label": 45,
    r"example\.\w+\.prompt": 500,
    r".*_hint": 100,
    r"form\.(?!costs|.*_hint).*": 45,
    r"key\.(form|field)": 45,
    r"form\.costs": 100,
    r"card\.picture_of": 256,
}
"""Discord's, for what it shows in a place of its own: choices, menus, buttons, forms."""


def fitted(language: Language, key: str) -> str:
    """A sentence with large numbers, and nothing for what a person typed, which is cut to what is left."""
    text, facts = language.sentences[key], dict[str, Any]()
    for _, name, spec, _ in string.Formatter().parse(text):
        if name is not None:
            facts[name] = {"": "", "list": []}.get(spec or "", 10**6)
    return language.vformat(text, (), facts)


@pytest.mark.parametrize("name", sorted(CATALOGUE.languages))
def test_what_discord_shows_in_a_place_of_its_own_fits_there(name: str) -> None:
    language = CATALOGUE.languages[name]
    assert too_long(language) == []


def too_long(language: Language) -> list[str]:
    return [
        key
        for pattern, limit in LIMITS.items()
        for key in language.sentences
        if re.fullmatch(pattern, key) and not 0 < len(fitted(language, key)) <= limit
    ]


# Another language ---------------------------------------------------------------


def polish() -> Language:
    """English backwards, with the plurals of Polish."""
    units = {
        unit: {form: f"{{n}} {unit} ({form})" for form in ("one", "few", "many", "other")}
        for unit in ENGLISH.units
    }
    return Language("pl", {key: backwards(text) for key, text in ENGLISH.sentences.items()}, units)


def backwards(text: str) -> str:
    """The words in another order, the facts as they were."""
    return " ".join(reversed(re.split(r" (?![^{]*\})", text)))


def written(language: Language) -> str:
    """As a file."""
    tables: dict[str, list[str]] = {}
    for key, text in language.sentences.items():
        table, _, name = key.rpartition(".")
        tables.setdefault(table, []).append(f"{name} = {json.dumps(text, ensure_ascii=False)}")
    tables["unit"] = [f"{unit} = {{ {_forms(forms)} }}" for unit, forms in language.units.items()]
    return "\n".join(f"[{table}]\n" + "\n".join(lines) + "\n" for table, lines in tables.items())


def _forms(forms: Mapping[str, str]) -> str:
    return ", ".join(f"{form} = {json.dumps(text, ensure_ascii=False)}" for form, text in forms.items())


@pytest.fixture
def three(tmp_path: Path) -> Catalogue:
    """The languages of the bot, and one file more."""
    for path in HERE.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "pl.toml").write_text(written(polish()), encoding="utf-8")
    return Catalogue.load(tmp_path)


async def test_a_third_language_is_one_file(three: Catalogue) -> None:
    said = three.text("refusal.too_many_clips", "pl", maximum=3)
    hint = word(three, "command.generate")
    translated = await CatalogueTranslator(three).translate(hint, Locale.polish, None)  # type: ignore[arg-type] # unused

    assert "3 clips (few)" in said
    assert translated == backwards(ENGLISH.sentences["command.generate"])
    assert three.text("refusal.too_many_clips", "es-ES", maximum=3) == CATALOGUE.text(
        "refusal.too_many_clips", "es", maximum=3
    )
