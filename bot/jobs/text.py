"""What members type, made plain: prompts, lists of clips, names of files."""

import difflib
import re
import unicodedata
from collections.abc import Sequence

from bot.jobs.errors import PromptTooLong, PromptTooShort, UnknownClip
from bot.jobs.rules import PROMPT_MAX, PROMPT_MIN

NAME_LENGTH = 48

_MENTION = re.compile(r"<(?:@[!&]?\d+|#\d+|/[^<>:]+:\d+|t:-?\d+(?::\w)?|id:\w+)>")
"""People, roles, channels, commands and times, as Discord writes them: ids that a vendor need not have."""
_EMOJI = re.compile(r"<a?:(\w+):\d+>")


def clean(text: str) -> str:
    """Without control characters and mentions, emojis by their names, and with single spaces."""
    words = _EMOJI.sub(r" \1 ", _MENTION.sub(" ", text))
    kept = "".join(sign if not unicodedata.category(sign).startswith("C") else " " for sign in words)
    return " ".join(kept.split())


def prompt(text: str) -> str:
    """A prompt as sent; empty stays empty.

    Raises:
        PromptTooShort: fewer than 3 characters, or none of them means anything.
        PromptTooLong: more than 500 characters.
    """
    cleaned = clean(text)
    if text and (len(cleaned) < PROMPT_MIN or not any(map(_means_something, cleaned))):
        raise PromptTooShort(PROMPT_MIN)
    if len(cleaned) > PROMPT_MAX:
        raise PromptTooLong(PROMPT_MAX, len(cleaned))
    return cleaned


def _means_something(sign: str) -> bool:
    """Letters, digits and pictograms do; punctuation alone, such as Discord's markdown, does not."""
    category = unicodedata.category(sign)
    return category[0] in "LN" or category == "So"


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
