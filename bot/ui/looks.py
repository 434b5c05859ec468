"""What a list shows, written into the addresses of its buttons, where it outlives a restart.

An address has 100 characters. A search is cut to what is left of them; it then finds no less.
"""

from base64 import b32decode, b32encode
from binascii import Error
from collections.abc import Sequence

from bot.jobs.browsing import Look, Place
from storage.lists import INBOX, Standing

TEXT_BYTES = 26
"""Of a search, in UTF-8."""
_ANY, _INBOX = "0", "1"
_STANDINGS = (None, *Standing)
_RIGGED = (None, True, False)
_DIGITS = 6


def cut(text: str) -> str:
    """As much of a search as fits."""
    return text.encode()[:TEXT_BYTES].decode(errors="ignore")


def look_parts(look: Look) -> tuple[str, ...]:
    """Four parts of an address: whose, project, how far, which words."""
    whose = "g" if look.gallery else f"p{look.person}" if look.person is not None else "m"
    project = _ANY if look.project_id is None else look.project_id or _INBOX
    state = f"{_STANDINGS.index(look.standing)}{_RIGGED.index(look.rigged)}"
    words = b32encode(cut(look.text).encode()).decode().rstrip("=")
    return whose, project, state, words or _ANY


def read_look(parts: Sequence[str]) -> Look:
    """What ``look_parts`` wrote; of anything else as much as makes sense, since rights are not in it."""
    whose, project, state, words = (*parts, _ANY, _ANY, _ANY, _ANY)[:4]
    standing, rigged = (int(sign) if sign.isdecimal() else 0 for sign in f"{state}00"[:2])
    person = whose[1:] if whose.startswith("p") else ""
    return Look(
        gallery=whose == "g",
        person=int(person) if person.isdecimal() else None,
        project_id=None if project == _ANY else INBOX if project == _INBOX else project,
        standing=_STANDINGS[standing % len(_STANDINGS)],
        rigged=_RIGGED[rigged % len(_RIGGED)],
        text=_words(words),
    )


def place_part(place: Place) -> str:
    """One part of an address: the direction, the neighbour's stars, its label."""
    return f"{'b' if place.back else 'f'}{place.stars}x{place.label}"


def read_place(part: str) -> Place:
    """What ``place_part`` wrote; anything else is a place that is not there."""
    stars, _, label = part[1:].partition("x")
    known = stars.isdecimal() and len(stars) <= _DIGITS
    return Place(label=label, stars=int(stars) if known else 0, back=part.startswith("b"))


def _words(part: str) -> str:
    if part == _ANY:
        return ""
    try:
        return b32decode(part + "=" * (-len(part) % 8)).decode()
    except (Error, UnicodeDecodeError):
        return ""
