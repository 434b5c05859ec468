"""Every word that a person reads, by key and language.

A sentence holds its facts in braces, with the way to write them after a colon:
``{needed:credits}`` is a number with its unit in the right plural, ``{at:ago}`` a
time that each reader's Discord shows in their own way. Times are milliseconds since
1970 UTC, spans are milliseconds, sizes are bytes. Text facts are put in as they are:
whoever writes for Discord escapes them first (``bot.ui.text``).
"""

import string
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

FALLBACK = "en"
HERE = Path(__file__).parent
"""Where the languages lie."""
_KILO = 1000
_SIZES = ("byte", "kilobyte", "megabyte", "gigabyte")


class Language(string.Formatter):
    """One language: its sentences, and how it writes numbers, spans, sizes and lists."""

    def __init__(
        self, name: str, sentences: Mapping[str, str], units: Mapping[str, Mapping[str, str]]
    ) -> None:
        self.name = name
        self.sentences = sentences
        self.units = units
        self.rules = Locale.parse(name)
        self._written: Mapping[str, Callable[[Any], str]] = {
            "": self._plain,
            "ago": lambda at: f"<t:{at // 1000}:R>",
            "at": lambda at: f"<t:{at // 1000}:f>",
            "duration": self._duration,
            "id": str,
            "list": lambda parts: format_list(list(parts), locale=self.rules),
            "percent": lambda percent: format_percent(percent / 100, locale=self.rules),
            "size": self._size,
        }

    @classmethod
    def read(cls, path: Path) -> Self:
        """The language of one file; the file's name is the language's."""
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        units = tables.pop("unit")
        return cls(path.stem, dict(_flat(tables)), units)

    def format_field(self, value: Any, format_spec: str) -> str:
        """One fact, written as its sentence asks."""
        write = self._written.get(format_spec)
        return write(value) if write else self.counted(value, format_spec)

    def counted(self, number: float, unit: str) -> str:
        """``2 credits``: a number with its unit, in the plural that the language wants for it."""
        forms = self.units[unit]
        form = forms.get(self.rules.plural_form(number), forms["other"])
        return form.format(n=format_decimal(number, locale=self.rules))

    def _plain(self, value: Any) -> str:
        return format_decimal(value, locale=self.rules) if isinstance(value, int) else str(value)

    def _duration(self, milliseconds: int) -> str:
        """The two largest units that matter: ``1 min 12 sec``, ``2 hr 5 min``."""
        seconds = max(1, round(milliseconds / 1000))
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        parts = [("hour", hours), ("minute", minutes), ("second", 0 if hours else seconds)]
        return " ".join(
            format_unit(count, f"duration-{unit}", "short", locale=self.rules)
            for unit, count in parts
            if count
        )

    def _size(self, size: float) -> str:
        power = 0
        while size >= _KILO and power < len(_SIZES) - 1:
            size, power = size / _KILO, power + 1
        return format_unit(
            size,
            f"digital-{_SIZES[power]}",
            "short",
            format="#,##0.#" if power else "#,##0",
            locale=self.rules,
        )


class Catalogue:
    """All languages; a reader whose language is not here gets English."""

    def __init__(self, languages: Iterable[Language]) -> None:
        self._languages = {language.name: language for language in languages}

    @classmethod
    def load(cls, folder: Path = HERE) -> Self:
        """Read every language of a folder, one file each, and warm babel's tables, which it reads late."""
        catalogue = cls(Language.read(path) for path in sorted(folder.glob("*.toml")))
        for language in catalogue.languages.values():
            language.format("{:duration}{:size}{:percent}{:list}{:credits}", 1000, 1, 1, ["a"], 1)
        return catalogue

    @property
    def languages(self) -> Mapping[str, Language]:
        """By name: ``en``, ``es``."""
        return self._languages

    def speaks(self, locale: str) -> bool:
        """Whether a reader with this Discord locale (``es-ES``) gets their own language."""
        return _language_of(locale) in self._languages

    def has(self, key: str) -> bool:
        """Whether there is a sentence of this name."""
        return key in self._languages[FALLBACK].sentences

    def counts(self, unit: str) -> bool:
        """Whether there is a word to count this unit with."""
        return unit in self._languages[FALLBACK].units

    def text(self, key: str, locale: str, **facts: Any) -> str:
        """The sentence with its facts, in the language of a Discord locale.

        Raises:
            KeyError: no such sentence, or one of its facts is missing.
        """
        language = self._language(locale)
        return language.vformat(language.sentences[key], (), facts)

    def write(self, fact: Any, way: str, locale: str) -> str:
        """A fact alone, written as it would be in a sentence: ``size``, ``list``, a unit."""
        return self._language(locale).format_field(fact, way)

    def _language(self, locale: str) -> Language:
        return self._languages.get(_language_of(locale)) or self._languages[FALLBACK]


def _language_of(locale: str) -> str:
    return locale.partition("-")[0].lower()


def _flat(tables: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tables.items():
        if isinstance(value, str):
            yield prefix + name, value
        else:
            yield from _flat(value, f"{prefix}{name}.")
