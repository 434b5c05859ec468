"""Components of a message: what may stand where, how long, how many.

`read` takes a body's ``components`` and gives back the same tree, cleaned and numbered, held to what goes for
a message as a whole: at most 40 components, 4000 characters of text, every custom id only once.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord.forms import Field
from sandbox.discord.refusals import Json

ROW, BUTTON, STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 1, 2, 3, 5, 6, 7, 8
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17

SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
_IN_CONTAINER = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR})
_TOP = _IN_CONTAINER | {CONTAINER}
_MOST_COMPONENTS = 40
_MOST_TEXT = 4_000
_LINK, _PREMIUM = 5, 6
_PREFIX = "attachment://"


@dataclass(slots=True)
class Layout:
    """A tree of components that was read, and what was counted on the way."""

    components: list[Json] = field(default_factory=list)
    count: int = 0
    text: int = 0
    custom_ids: set[str] = field(default_factory=set)
    ids: set[int] = field(default_factory=set)


def read(form: Field, *, v2: bool) -> Layout:
    """Read a message's components; every fault is noted in the form."""
    layout = Layout()
    allowed, most = (_TOP, _MOST_COMPONENTS) if v2 else (frozenset({ROW}), 5)
    for item in form.items(0, most):
        layout.components.append(_component(item, layout, allowed))
    if layout.count > _MOST_COMPONENTS:
        form.wrong(
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components cannot exceed {_MOST_COMPONENTS}",
        )
    if layout.text > _MOST_TEXT:
        form.wrong(
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Components displayable text size exceeds maximum size of {_MOST_TEXT}",
        )
    _number(layout.components, layout.ids)
    return layout


def walk(components: Collection[Json]) -> list[Json]:
    """All components of a tree, nested ones too, in the order they are shown."""
    found: list[Json] = []
    for component in components:
        found.append(component)
        found += walk(component.get("components", ()))
        if "accessory" in component:
            found += walk([component["accessory"]])
    return found


def media(component: Json) -> list[Json]:
    """The media of one component, as the objects that hold a ``url``."""
    if component["type"] == THUMBNAIL:
        return [component["media"]]
    if component["type"] == GALLERY:
        return [item["media"] for item in component["items"]]
    return [component["file"]] if component["type"] == FILE else []


def attached_names(components: Collection[Json]) -> set[str]:
    """The file names that a tree refers to with ``attachment://``."""
    urls = [item["url"] for component in walk(components) for item in media(component)]
    return {url.removeprefix(_PREFIX) for url in urls if url.startswith(_PREFIX)}


def text_of(components: Collection[Json]) -> str:
    """What a tree says in words, for mentions."""
    return "\n".join(component["content"] for component in walk(components) if component["type"] == TEXT)


def _component(form: Field, layout: Layout, allowed: Collection[int]) -> Json:
    kind = form.record()["type"].one_of(allowed)
    layout.count += 1
    component: Json = {"type": kind}
    number = form["id"].integer(0, 2**31 - 1, default=0)
    if number:
        if number in layout.ids:
            form["id"].wrong("COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        layout.ids.add(number)
        component["id"] = number
    if kind:
        component |= _READERS[kind](form, layout)
    return component


def _children(form: Field, layout: Layout, allowed: Collection[int], low: int, high: int) -> list[Json]:
    return [_component(item, layout, allowed) for item in form["components"].items(low, high)]


def _row(form: Field, layout: Layout) -> Json:
    children = _children(form, layout, {BUTTON, *SELECTS}, 1, 5)
    if len(children) > 1 and any(child["type"] in SELECTS for child in children):
        form["components"].wrong(
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width"
        )
    return {"components": children}


def _custom_id(form: Field, layout: Layout) -> str:
    custom_id = form["custom_id"].text(1, 100)
    if custom_id and custom_id in layout.custom_ids:
        form["custom_id"].wrong("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    layout.custom_ids.add(custom_id)
    return custom_id


def _button(form: Field, layout: Layout) -> Json:
    style = form["style"].one_of(range(1, 7))
    button: Json = {"style": style}
    if form["disabled"].truth():
        button["disabled"] = True
    if form["label"].given:
        button["label"] = form["label"].text(0, 80)
    if form["emoji"].given:
        button["emoji"] = _emoji(form["emoji"])
    if style == _PREMIUM:
        return button | {"sku_id": str(form["sku_id"].snowflake())}
    if not button.get("label") and "emoji" not in button:
        form.wrong("BUTTON_COMPONENT_INVALID_LABEL_EMOJI", "A button needs a label or an emoji")
    if style == _LINK:
        if form["custom_id"].given:
            form.wrong("BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "A custom id and url cannot both be specified")
        return button | {"url": _url(form["url"], 512, ("http", "https", "discord"))}
    if form["url"].given:
        form["url"].wrong("BUTTON_COMPONENT_INVALID_URL", "Only a link button has a url")
    return button | {"custom_id": _custom_id(form, layout)}


def _emoji(form: Field) -> Json:
    emoji: Json = {"name": form.record()["name"].text(0, 100, default="")}
    if form["id"].given:
        emoji["id"] = str(form["id"].snowflake())
        emoji["animated"] = form["animated"].truth()
    return emoji


def _select(form: Field, layout: Layout) -> Json:
    select: Json = {
        "custom_id": _custom_id(form, layout),
        "min_values": form["min_values"].integer(0, 25, default=1),
        "max_values": form["max_values"].integer(1, 25, default=1),
    }
    if select["min_values"] > select["max_values"]:
        form["min_values"].wrong("NUMBER_TYPE_MAX", "min_values cannot exceed max_values")
    if form["placeholder"].given:
        select["placeholder"] = form["placeholder"].text(0, 150)
    if form["disabled"].truth():
        select["disabled"] = True
    for key in ("default_values", "channel_types"):
        if form[key].given:
            select[key] = [item.value for item in form[key].items(0, 25)]
    return select


def _string_select(form: Field, layout: Layout) -> Json:
    options = [_choice(item) for item in form["options"].items(1, 25)]
    values = [option["value"] for option in options]
    for item in form["options"].items(1, 25):
        if values.count(item["value"].value) > 1:
            item["value"].wrong("SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The value has already been used")
    select = _select(form, layout)
    if select["max_values"] > len(options) > 0:
        form["max_values"].wrong(
            "NUMBER_TYPE_MAX", f"int value should be less than or equal to {len(options)}."
        )
    return select | {"options": options}


def _choice(form: Field) -> Json:
    option: Json = {"label": form.record()["label"].text(1, 100), "value": form["value"].text(1, 100)}
    if form["description"].given:
        option["description"] = form["description"].text(0, 100)
    if form["emoji"].given:
        option["emoji"] = _emoji(form["emoji"])
    if form["default"].truth():
        option["default"] = True
    return option


def _section(form: Field, layout: Layout) -> Json:
    children = _children(form, layout, {TEXT}, 1, 3)
    accessory: Json = {}
    if form["accessory"].required():
        accessory = _component(form["accessory"], layout, {BUTTON, THUMBNAIL})
    return {"components": children, "accessory": accessory}


def _text(form: Field, layout: Layout) -> Json:
    content = form["content"].text(1, _MOST_TEXT)
    layout.text += len(content)
    return {"content": content}


def _described(form: Field) -> Json:
    description = form["description"].text(0, 1024) if form["description"].given else None
    return {"description": description, "spoiler": form["spoiler"].truth()}


def _media(form: Field, schemes: tuple[str, ...]) -> Json:
    return {"url": _url(form.record()["url"], 2048, schemes)}


def _thumbnail(form: Field, _layout: Layout) -> Json:
    return {"media": _media(form["media"], ("http", "https", "attachment"))} | _described(form)


def _gallery(form: Field, _layout: Layout) -> Json:
    schemes = ("http", "https", "attachment")
    items = [
        {"media": _media(item.record()["media"], schemes)} | _described(item)
        for item in form["items"].items(1, 10)
    ]
    return {"items": items}


def _file(form: Field, _layout: Layout) -> Json:
    return {"file": _media(form["file"], ("attachment",)), "spoiler": form["spoiler"].truth()}


def _separator(form: Field, _layout: Layout) -> Json:
    return {
        "divider": form["divider"].truth(default=True),
        "spacing": form["spacing"].one_of({1, 2}, default=1),
    }


def _container(form: Field, layout: Layout) -> Json:
    accent = form["accent_color"].integer(0, 0xFFFFFF) if form["accent_color"].given else None
    children = _children(form, layout, _IN_CONTAINER, 1, _MOST_COMPONENTS)
    return {"accent_color": accent, "spoiler": form["spoiler"].truth(), "components": children}


def _url(form: Field, longest: int, schemes: tuple[str, ...]) -> str:
    url = form.text(1, longest)
    scheme, mark, rest = url.partition("://")
    if url and (scheme not in schemes or not mark or not rest):
        form.wrong(
            "URL_TYPE_INVALID_SCHEME", f'Scheme "{scheme}" is not supported. Scheme must be one of {schemes}.'
        )
    return url


def _number(components: list[Json], taken: set[int]) -> None:
    """Give each component without an id the next free one, as Discord does."""
    following = 1
    for component in walk(components):
        if "id" in component or not component:
            continue
        while following in taken:
            following += 1
        taken.add(following)
        component["id"] = following


_READERS: dict[int, Callable[[Field, Layout], dict[str, Any]]] = {
    ROW: _row,
    BUTTON: _button,
    STRING_SELECT: _string_select,
    USER_SELECT: _select,
    ROLE_SELECT: _select,
    MENTIONABLE_SELECT: _select,
    CHANNEL_SELECT: _select,
    SECTION: _section,
    TEXT: _text,
    THUMBNAIL: _thumbnail,
    GALLERY: _gallery,
    FILE: _file,
    SEPARATOR: _separator,
    CONTAINER: _container,
}
