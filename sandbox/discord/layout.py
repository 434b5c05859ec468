"""What all trees of components have in common, in messages and in forms: numbers, custom ids, links."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord.forms import Field
from sandbox.discord.refusals import Json


@dataclass(slots=True)
class Layout:
    """A tree of components that was read, and what was counted on the way."""

    components: list[Json] = field(default_factory=list)
    count: int = 0
    text: int = 0
    custom_ids: set[str] = field(default_factory=set)
    ids: set[int] = field(default_factory=set)


Reader = Callable[[Field, Layout], dict[str, Any]]


def component(form: Field, layout: Layout, allowed: Collection[int], readers: Mapping[int, Reader]) -> Json:
    """One component of an allowed kind, read by its reader."""
    kind = form.record()["type"].one_of(allowed)
    layout.count += 1
    read: Json = {"type": kind}
    number = form["id"].integer(0, 2**31 - 1, default=0)
    if number:
        if number in layout.ids:
            form["id"].wrong("COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        layout.ids.add(number)
        read["id"] = number
    if kind:
        read |= readers[kind](form, layout)
    return read


def custom_id(form: Field, layout: Layout) -> str:
    """A custom id, which has to be the only one of its name."""
    given = form["custom_id"].text(1, 100)
    if given and given in layout.custom_ids:
        form["custom_id"].wrong("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    layout.custom_ids.add(given)
    return given


def url(form: Field, longest: int, schemes: tuple[str, ...]) -> str:
    """A link of one of these schemes."""
    given = form.text(1, longest)
    scheme, mark, rest = given.partition("://")
    if given and (scheme not in schemes or not mark or not rest):
        form.wrong(
            "URL_TYPE_INVALID_SCHEME", f'Scheme "{scheme}" is not supported. Scheme must be one of {schemes}.'
        )
    return given


def walk(components: Collection[Json]) -> list[Json]:
    """All components of a tree, nested ones too, in the order they are shown."""
    found: list[Json] = []
    for one in components:
        found.append(one)
        found += walk(one.get("components", ()))
        found += walk([one[key] for key in ("accessory", "component") if key in one])
    return found


def number(components: list[Json], taken: set[int]) -> None:
    """Give each component without an id the next free one, as Discord does."""
    following = 1
    for one in walk(components):
        if "id" in one or not one:
            continue
        while following in taken:
            following += 1
        taken.add(following)
        one["id"] = following
