"""What members type, made plain: prompts, lists of clips, names of files."""

import difflib
import re
import unicodedata
from collections.abc import Sequence

from bot.jobs.errors import PromptTooLong, PromptTooShort, UnknownClip
from bot.jobs.rules import PROMPT_MAX, PROMPT_MIN

NAME_LENGTH = 48


def clean(text: str) -> str:
    """Without control characters, and with single spaces."""
    kept = "".join(sign if not unicodedata.category(sign).startswith("C") else " " for sign in text)
    return " ".join(kept.split())


def prompt(text: str) -> str:
    """A prompt as sent; empty stays empty.

    Raises:
        PromptTooShort: fewer than 3 characters that are letters, digits or other visible signs.
        PromptTooLong: more than 500 characters.
    """
    cleaned = clean(text)
    if text and len(cleaned) < PROMPT_MIN:
        raise PromptTooShort(PROMPT_MIN)
    if len(cleaned) > PROMPT_MAX:
        raise PromptTooLong(PROMPT_MAX, len(cleaned))
    return cleaned


def name_of(text: str) -> str:
    """What to call a model made from these words: their beginning, cut between words."""
    if len(text) <= NAME_LENGTH:
        return text
    return text[: NAME_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",.;: ") + "…"


def file_name(name: str, *marks: str) -> str:
    """``brass-owl-walk`` from a model's name and what the file is."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", " ".join([plain, *marks]).lower())
    return "-".join(words)[:80].strip("-") or "model"


def clip_list(text: str) -> tuple[str, ...]:
    """``walk, idle`` as names, each once, in order."""
    names = (part.strip().lower().replace(" ", "_") for part in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def known_clips(wanted: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The clips as the rig names them.

    Raises:
        UnknownClip: for the first that the rig cannot play, with the names most like it.
    """
    for clip in wanted:
        if clip not in known:
            raise UnknownClip(clip, tuple(difflib.get_close_matches(clip, known, 3, 0.4)))
    return tuple(dict.fromkeys(wanted))
