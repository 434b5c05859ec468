"""Text on its way to Discord: nothing a member typed may ping, link or upset the markdown."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.locales.catalogue import Catalogue

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+")
_MARKUP = re.compile(r"[\\`*_~|<>\[\]()#:]")
_LIST = re.compile(r"^([-+]|\d+(?=\.))")


def clip(text: str, length: int) -> str:
    """At most so many characters, with a sign that something is missing."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def plain(text: str) -> str:
    """The text as one line that shows as it was typed, wherever it stands in a message.

    A zero-width space after ``@`` is Discord's own advice against pings; the rest is
    put behind backslashes, which Discord does not show.
    """
    line = _INVISIBLE.sub(" ", text).strip()
    escaped = _MARKUP.sub(r"\\\g<0>", line).replace("@", "@\u200b")
    return _LIST.sub(lambda sign: f"\\{sign[0]}" if sign[0] in "-+" else f"{sign[0]}\\", escaped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The catalogue in one reader's language."""

    catalogue: Catalogue
    locale: str

    def say(self, key: str, **facts: Any) -> str:
        """A sentence for a message; text among the facts is escaped."""
        return self.catalogue.text(key, self.locale, **{name: _safe(fact) for name, fact in facts.items()})

    def label(self, key: str, **facts: Any) -> str:
        """Words for a button or an option, where Discord shows every sign as it is."""
        return self.catalogue.text(key, self.locale, **facts)

    def style(self, style: str) -> str:
        """A style's name, as its option shows it; a vendor's style that has none stays as it is."""
        key = f"style.{style}"
        return self.label(key) if self.catalogue.has(key) else style

    def write(self, fact: Any, way: str) -> str:
        """A fact alone, as a sentence would have it: ``write(2, "credits")`` is ``2 credits``."""
        return self.catalogue.write(_safe(fact), way, self.locale)


def _safe(fact: Any) -> Any:
    if isinstance(fact, str):
        return plain(fact)
    if isinstance(fact, Collection):
        return [_safe(part) for part in fact]
    return fact
