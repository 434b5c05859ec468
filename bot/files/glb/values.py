"""Reading values out of JSON that nobody vouches for. Everything raises ``BrokenGlb``."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.files.errors import BrokenGlb, Rule

Json = Mapping[str, Any]

LONGEST_LIST = 65_536
"""Nodes, accessors, images...: more than this of one kind no viewer takes."""


def mapping(parent: Json, name: str) -> Json:
    """A property that is an object; an empty one where there is none."""
    value = parent.get(name, {})
    if not isinstance(value, dict):
        raise BrokenGlb(Rule.SHAPE, f"{name} is no object")
    return value


def items(parent: Json, name: str) -> list[Json]:
    """A property that is a list of objects; an empty one where there is none."""
    values = sequence(parent, name)
    if not all(isinstance(value, dict) for value in values):
        raise BrokenGlb(Rule.SHAPE, f"{name} holds something else than objects")
    return values


def sequence(parent: Json, name: str) -> list[Any]:
    """A property that is a list; an empty one where there is none."""
    values = parent.get(name, [])
    if not isinstance(values, list):
        raise BrokenGlb(Rule.SHAPE, f"{name} is no list")
    if len(values) > LONGEST_LIST:
        raise BrokenGlb(Rule.JSON_TOO_LARGE, f"{len(values)} {name}")
    return values


def texts(parent: Json, name: str) -> list[str]:
    """A property that is a list of strings."""
    values = sequence(parent, name)
    if not all(isinstance(value, str) for value in values):
        raise BrokenGlb(Rule.SHAPE, f"{name} holds something else than text")
    return values


def label(thing: Json) -> str:
    """What a thing is called; empty where it has no name."""
    value = thing.get("name", "")
    if not isinstance(value, str):
        raise BrokenGlb(Rule.SHAPE, "a name is no text")
    return value


def whole(parent: Json, name: str, default: int | None = None, *, minimum: int = 0) -> int:
    """A property that is a whole number of at least ``minimum``."""
    value = parent.get(name, default)
    if type(value) is not int or value < minimum:  # a bool is an int to isinstance
        raise BrokenGlb(Rule.SHAPE, f"{name} is no number of {minimum} or more")
    return value


def pointer(parent: Json, name: str, targets: Sequence[object]) -> int | None:
    """A property that is an index into ``targets``; ``None`` where there is none."""
    if name not in parent:
        return None
    return within(parent[name], targets, name)


def needed(parent: Json, name: str, targets: Sequence[object]) -> int:
    """A property that has to be an index into ``targets``."""
    return within(parent.get(name), targets, name)


def pointers(parent: Json, name: str, targets: Sequence[object]) -> list[int]:
    """A property that is a list of indices into ``targets``."""
    return [within(value, targets, name) for value in sequence(parent, name)]


def within(value: object, targets: Sequence[object], name: str) -> int:
    """The value, if it is an index into ``targets``."""
    if type(value) is not int or not 0 <= value < len(targets):
        raise BrokenGlb(Rule.SHAPE, f"{name} points to nothing")
    return value
