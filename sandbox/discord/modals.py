"""Forms that a bot opens before a person: what may stand in one, and what comes back when it is sent.

`read` takes the data of a modal callback; `Sheet.data` makes the data of the interaction that sending it
begins.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.discord import controls, layout
from sandbox.discord.controls import SELECTS, STRING_SELECT
from sandbox.discord.forms import Field
from sandbox.discord.layout import Layout, Reader
from sandbox.discord.options import Resolver
from sandbox.discord.refusals import Json, Refused

ROW, TEXT_INPUT, TEXT, LABEL = 1, 4, 10, 18
FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
_LABELLED = frozenset({TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX})
_LONGEST = 4_000


def read(form: Field) -> Json:
    """Read a modal; every fault is noted in the form."""
    tree = Layout()
    modal: Json = {"custom_id": form.record()["custom_id"].text(1, 100), "title": form["title"].text(1, 45)}
    modal["components"] = [
        layout.component(item, tree, {ROW, TEXT, LABEL}, _READERS) for item in form["components"].items(1, 5)
    ]
    layout.number(modal["components"], tree.ids)
    return modal


def fields(modal: Json) -> list[Json]:
    """What can be filled in, in its order."""
    return [one for one in layout.walk(modal["components"]) if "custom_id" in one]


class Sheet:
    """A modal being filled in by one person. ``values`` are by custom id, of the kind each field takes."""

    def __init__(self, modal: Json, values: Mapping[str, Any], resolver: Resolver, user_id: int) -> None:
        known = {one["custom_id"] for one in fields(modal)}
        for custom_id in values:
            if custom_id not in known:
                raise _refuse(f"There is no field {custom_id}")
        self._modal = modal
        self._values = values
        self._resolver = resolver
        self._user_id = user_id

    def data(self) -> Json:
        """What the bot is told.

        Raises:
            Refused: 400 for a value that is missing or that the field would not take.
        """
        sent: Json = {"custom_id": self._modal["custom_id"]}
        sent["components"] = [self._part(one) for one in self._modal["components"]]
        if self._resolver.resolved:
            sent["resolved"] = self._resolver.resolved
        return sent

    def _part(self, component: Json) -> Json:
        part: Json = {"type": component["type"], "id": component["id"]}
        if component["type"] == LABEL:
            return part | {"component": self._part(component["component"])}
        if component["type"] == ROW:
            return part | {"components": [self._part(one) for one in component["components"]]}
        if component["type"] == TEXT:
            return part
        return part | {"custom_id": component["custom_id"]} | self._filled(component)

    def _filled(self, component: Json) -> Json:
        kind, value = component["type"], self._values.get(component["custom_id"])
        if kind in _SINGLE:
            return {"value": _SINGLE[kind](component, value)}
        several = {FILE_UPLOAD: self._files, CHECKBOX_GROUP: _several}
        return {"values": several.get(kind, self._selected)(component, value)}

    def _files(self, component: Json, value: Any) -> list[str]:
        ids = _list(component, value)
        for one in ids:
            if not one.isdecimal():
                raise _refuse(f"{one} is no upload")
            self._resolver.attachment(int(one))
        return ids

    def _selected(self, component: Json, value: Any) -> list[str]:
        if value is None:
            value = _preset(component)
        if not value and not component["required"]:
            return []
        values = _list(component, value)
        controls.check_choice(component, values)
        self._resolver.chosen(component, values, self._user_id)
        return values


def _preset(component: Json) -> list[str]:
    if component["type"] == STRING_SELECT:
        return [one["value"] for one in component["options"] if one.get("default")]
    return [one["id"] for one in component.get("default_values", ())]


def _text(component: Json, value: Any) -> str:
    text = component.get("value", "") if value is None else value
    name, low = component["custom_id"], max(component.get("min_length", 0), 1)
    high = component.get("max_length", _LONGEST)
    if not isinstance(text, str):
        raise _refuse(f"{name} is text")
    if not text and not component["required"]:
        return ""
    if not low <= len(text) <= high:
        raise _refuse(f"{name} has to be {low} to {high} characters long")
    return text


def _truth(component: Json, value: Any) -> bool:
    if value is None:
        return bool(component.get("default"))
    if not isinstance(value, bool):
        raise _refuse(f"{component['custom_id']} is true or false")
    return value


def _one(component: Json, value: Any) -> str | None:
    if value is None:
        value = next((one["value"] for one in component["options"] if one.get("default")), None)
    if value is None and not component["required"]:
        return None
    if all(one["value"] != value for one in component["options"]):
        raise _refuse(f"{component['custom_id']} has to be one of its options")
    return str(value)


_SINGLE: dict[int, Callable[[Json, Any], Any]] = {TEXT_INPUT: _text, CHECKBOX: _truth, RADIO_GROUP: _one}


def _several(component: Json, value: Any) -> list[str]:
    if value is None:
        value = [one["value"] for one in component["options"] if one.get("default")]
    values = _list(component, value)
    if any(all(one["value"] != chosen for one in component["options"]) for chosen in values):
        raise _refuse(f"{component['custom_id']} has to be among its options")
    return values


def _list(component: Json, value: Any) -> list[str]:
    """A list of different texts, as many as the field takes."""
    values = [] if value is None else value
    name, low, high = component["custom_id"], component["min_values"], component["max_values"]
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise _refuse(f"{name} is a list")
    if not values and not component["required"]:
        return []
    if not low <= len(values) <= high or len(set(values)) < len(values):
        raise _refuse(f"{name} takes {low} to {high} different values")
    return [str(one) for one in values]


def _refuse(words: str) -> Refused:
    return Refused(0, words, status=400)


def _row(form: Field, tree: Layout) -> Json:
    """The old way: a row around one text input, which has its own label."""
    children = [
        layout.component(item, tree, {TEXT_INPUT}, _READERS) for item in form["components"].items(1, 1)
    ]
    for child, item in zip(children, form["components"].items(1, 1), strict=True):
        child["label"] = item["label"].text(1, 45)
    return {"components": children}


def _label(form: Field, tree: Layout) -> Json:
    label: Json = {"label": form["label"].text(1, 45)}
    if form["description"].given:
        label["description"] = form["description"].text(0, 100)
    if form["component"].required():
        label["component"] = layout.component(form["component"], tree, _LABELLED, _READERS)
    return label


def _free_text(form: Field, _tree: Layout) -> Json:
    return {"content": form["content"].text(1, _LONGEST)}


def _text_input(form: Field, tree: Layout) -> Json:
    field: Json = _field(form, tree) | {"style": form["style"].one_of({1, 2})}
    for key, low in (("min_length", 0), ("max_length", 1)):
        if form[key].given:
            field[key] = form[key].integer(low, _LONGEST)
    if field.get("min_length", 0) > field.get("max_length", _LONGEST):
        form["min_length"].wrong("NUMBER_TYPE_MAX", "min_length cannot exceed max_length")
    for key, longest in (("placeholder", 100), ("value", _LONGEST)):
        if form[key].given:
            field[key] = form[key].text(0, longest)
    return field


def _field(form: Field, tree: Layout) -> Json:
    return {"custom_id": layout.custom_id(form, tree), "required": form["required"].truth(default=True)}


def _counted(form: Field, tree: Layout, most: int, default: int) -> Json:
    """A field that takes several values. One that takes none as well cannot be required."""
    field = _field(form, tree)
    field["min_values"] = form["min_values"].integer(0, most, default=1 if field["required"] else 0)
    field["max_values"] = form["max_values"].integer(1, most, default=default)
    if field["min_values"] > field["max_values"]:
        form["min_values"].wrong("NUMBER_TYPE_MAX", "min_values cannot exceed max_values")
    if field["required"] and field["min_values"] == 0:
        form["required"].wrong("COMPONENT_REQUIRED_INVALID", "required has to be false if min_values is 0")
    return field


def _file_upload(form: Field, tree: Layout) -> Json:
    return _counted(form, tree, 10, 1)


def _radio_group(form: Field, tree: Layout) -> Json:
    options = _options(form["options"], 2)
    if sum(option["default"] for option in options) > 1:
        form["options"].wrong("COMPONENT_TOO_MANY_DEFAULTS", "Only one option can be the default")
    return _field(form, tree) | {"options": options}


def _checkbox_group(form: Field, tree: Layout) -> Json:
    options = _options(form["options"], 1)
    return _counted(form, tree, 10, max(1, min(len(options), 10))) | {"options": options}


def _options(form: Field, fewest: int) -> list[Json]:
    options: list[Json] = []
    for item in form.items(fewest, 10):
        option: Json = {"label": item.record()["label"].text(1, 100), "value": item["value"].text(1, 100)}
        if item["description"].given:
            option["description"] = item["description"].text(0, 100)
        if option["value"] in [one["value"] for one in options]:
            item["value"].wrong("COMPONENT_OPTION_VALUE_DUPLICATED", "The value has already been used")
        options.append(option | {"default": item["default"].truth()})
    return options


def _checkbox(form: Field, tree: Layout) -> Json:
    return {"custom_id": layout.custom_id(form, tree), "default": form["default"].truth()}


def _in_form(reader: Reader) -> Callable[[Field, Layout], Json]:
    """A select as it is in a form: never disabled, and required unless it says otherwise."""

    def read_select(form: Field, tree: Layout) -> Json:
        if form["disabled"].truth():
            form["disabled"].wrong("COMPONENT_DISABLED_INVALID", "A select in a modal cannot be disabled")
        return reader(form, tree) | {"required": form["required"].truth(default=True)}

    return read_select


_READERS: dict[int, Reader] = {
    ROW: _row,
    TEXT_INPUT: _text_input,
    TEXT: _free_text,
    LABEL: _label,
    FILE_UPLOAD: _file_upload,
    RADIO_GROUP: _radio_group,
    CHECKBOX_GROUP: _checkbox_group,
    CHECKBOX: _checkbox,
} | {kind: _in_form(controls.READERS[kind]) for kind in SELECTS}
