"""Buttons and selects: what one can press and choose from."""

from collections.abc import Sequence

from sandbox.discord import layout as tree
from sandbox.discord.forms import Field
from sandbox.discord.layout import Layout, Reader
from sandbox.discord.refusals import Json, Refused

BUTTON, STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 2, 3, 5, 6, 7, 8
SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
_LINK, _PREMIUM = 5, 6
_DEFAULTS = {
    USER_SELECT: ("user",),
    ROLE_SELECT: ("role",),
    MENTIONABLE_SELECT: ("user", "role"),
    CHANNEL_SELECT: ("channel",),
}


def button(form: Field, layout: Layout) -> Json:
    """A button: of a command, of a link, or of something to buy."""
    style = form["style"].one_of(range(1, 7))
    face: Json = {"style": style}
    if form["disabled"].truth():
        face["disabled"] = True
    if form["label"].given:
        face["label"] = form["label"].text(0, 80)
    if form["emoji"].given:
        face["emoji"] = _emoji(form["emoji"])
    if style == _PREMIUM:
        return face | {"sku_id": str(form["sku_id"].snowflake())}
    if not face.get("label") and "emoji" not in face:
        form.wrong("BUTTON_COMPONENT_INVALID_LABEL_EMOJI", "A button needs a label or an emoji")
    if style == _LINK:
        if form["custom_id"].given:
            form.wrong("BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "A custom id and url cannot both be specified")
        return face | {"url": tree.url(form["url"], 512, ("http", "https", "discord"))}
    if form["url"].given:
        form["url"].wrong("BUTTON_COMPONENT_INVALID_URL", "Only a link button has a url")
    return face | {"custom_id": tree.custom_id(form, layout)}


def _emoji(form: Field) -> Json:
    emoji: Json = {"name": form.record()["name"].text(0, 100, default="")}
    if form["id"].given:
        emoji["id"] = str(form["id"].snowflake())
        emoji["animated"] = form["animated"].truth()
    return emoji


def _select(form: Field, layout: Layout) -> Json:
    select: Json = {
        "custom_id": tree.custom_id(form, layout),
        "min_values": form["min_values"].integer(0, 25, default=1),
        "max_values": form["max_values"].integer(1, 25, default=1),
    }
    if select["min_values"] > select["max_values"]:
        form["min_values"].wrong("NUMBER_TYPE_MAX", "min_values cannot exceed max_values")
    if form["placeholder"].given:
        select["placeholder"] = form["placeholder"].text(0, 150)
    if form["disabled"].truth():
        select["disabled"] = True
    return select


def _select_of(kind: int) -> Reader:
    """A select of things that Discord itself lists: people, roles, channels."""

    def read(form: Field, layout: Layout) -> Json:
        select = _select(form, layout)
        if form["default_values"].given:
            select["default_values"] = _defaults(form["default_values"], kind, select)
        if kind == CHANNEL_SELECT and form["channel_types"].given:
            select["channel_types"] = [item.integer(0, 16) for item in form["channel_types"].items(0, 17)]
        return select

    return read


def _defaults(form: Field, kind: int, select: Json) -> list[Json]:
    chosen: list[Json] = []
    for item in form.items(0, 25):
        number = item.record()["id"].snowflake()
        if item["type"].value not in _DEFAULTS[kind]:
            item["type"].wrong("BASE_TYPE_CHOICES", f"Value must be one of {_DEFAULTS[kind]}.")
        chosen.append({"id": str(number), "type": item["type"].value})
    if chosen and not select["min_values"] <= len(chosen) <= select["max_values"]:
        form.wrong("COMPONENT_DEFAULT_VALUES_LENGTH", "There are too few or too many default values")
    return chosen


def check_choice(select: Json, values: Sequence[str]) -> None:
    """Refuse what the select would not let a person choose."""
    if not select["min_values"] <= len(values) <= select["max_values"] or len(set(values)) < len(values):
        raise Refused(0, "That is not a possible choice", status=400)
    for value in values:
        if select["type"] != STRING_SELECT and not value.isdecimal():
            raise Refused(0, f"{value} is no id", status=400)
        if select["type"] == STRING_SELECT and all(one["value"] != value for one in select["options"]):
            raise Refused(0, f"There is no choice {value}", status=400)


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


READERS: dict[int, Reader] = {
    BUTTON: button,
    STRING_SELECT: _string_select,
} | {kind: _select_of(kind) for kind in SELECTS - {STRING_SELECT}}
