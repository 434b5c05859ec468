"""Application commands as a bot may write them: names, lengths, order of options, 8000 characters in all."""

import re
import unicodedata
from collections.abc import Callable

from sandbox.discord.forms import Field
from sandbox.discord.refusals import Json

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUB_COMMAND, SUB_COMMAND_GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER_OPTION, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)

LOCALES = frozenset(
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]
)
LARGEST = 2**53 - 1
_MOST_CHARACTERS = 8_000
_ALLOWED_SIGNS = re.compile(
    r"[-_'\u0900-\u097f\u0e00-\u0e7f]"
)  # beside letters and numbers: Devanagari and Thai


def read(form: Field) -> Json:
    """Read a command; every fault is noted in the form. Ids and versions are not its business."""
    kind = form.record()["type"].one_of({CHAT_INPUT, USER, MESSAGE}, default=CHAT_INPUT)
    command: Json = {"type": kind, "nsfw": form["nsfw"].truth()}
    command |= _named(form, menu=kind != CHAT_INPUT)
    command |= _availability(form)
    if kind == CHAT_INPUT:
        command["options"] = _options(form["options"], nested=0)
    elif form["options"].given and form["options"].value:
        form["options"].wrong(
            "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS", "Context menu commands cannot have options"
        )
    if _length(command) > _MOST_CHARACTERS:
        form.wrong("APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({_MOST_CHARACTERS})")
    return command


def is_name(name: str) -> bool:
    """Whether a slash command or an option may be called this."""
    if not 1 <= len(name) <= 32 or name != name.lower():
        return False
    return all(unicodedata.category(sign)[0] in "LN" or _ALLOWED_SIGNS.match(sign) for sign in name)


def _named(form: Field, *, menu: bool) -> Json:
    """Name and description with localizations; context menus are freer in names and not described."""
    check = _menu_name if menu else _name
    named: Json = {
        "name": check(form["name"]),
        "name_localizations": _localized(form["name_localizations"], check),
    }
    if menu:
        if form["description"].given and form["description"].value:
            form["description"].wrong(
                "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
                "Context menu commands cannot have description",
            )
        return named | {"description": "", "description_localizations": None}
    return named | {
        "description": _description(form["description"]),
        "description_localizations": _localized(form["description_localizations"], _description),
    }


def _name(form: Field) -> str:
    name = form.text(1, 32)
    if name and not is_name(name):
        form.wrong("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    return name


def _menu_name(form: Field) -> str:
    return form.text(1, 32)


def _description(form: Field) -> str:
    return form.text(1, 100)


def _localized(form: Field, check: Callable[[Field], str]) -> Json | None:
    if not form.given:
        return None
    if not isinstance(form.record().value, dict):
        return None
    for locale in form.value:
        if locale not in LOCALES:
            form[locale].wrong("ENUM_TYPE_COERCE", f'Value "{locale}" is not a valid enum value.')
    return {locale: check(form[locale]) for locale in form.value if form[locale].given} or None


def _availability(form: Field) -> Json:
    permissions = None
    if form["default_member_permissions"].given:
        permissions = str(form["default_member_permissions"].snowflake())
    contexts = _numbers(form["contexts"], {0, 1, 2})
    return {
        "default_member_permissions": permissions,
        "dm_permission": form["dm_permission"].truth(default=contexts is None or 1 in contexts),
        "contexts": contexts,
        "integration_types": _numbers(form["integration_types"], {0, 1}) or [0],
    }


def _numbers(form: Field, allowed: set[int]) -> list[int] | None:
    if not form.given:
        return None
    return sorted({item.one_of(allowed) for item in form.items(1, len(allowed))})


def _options(form: Field, *, nested: int) -> list[Json]:
    """Options of a command (nested 0), of a group (1) or of a sub-command (2)."""
    options = [_option(item, nested=nested) for item in form.items(0, 25)]
    names = [option["name"] for option in options]
    if len(set(names)) < len(names):
        form.wrong("APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option names must be unique")
    required = [option.get("required", False) for option in options]
    if required != sorted(required, reverse=True):
        form.wrong(
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
            "Required options must be placed before non-required options",
        )
    branches = [option["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP) for option in options]
    if any(branches) and not all(branches):
        form.wrong(
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
        )
    return options


def _option(form: Field, *, nested: int) -> Json:
    allowed = {0: range(1, 12), 1: range(1, 2), 2: range(3, 12)}[nested]
    kind = form.record()["type"].one_of(allowed)
    option: Json = {"type": kind} | _named(form, menu=False)
    if kind in (SUB_COMMAND, SUB_COMMAND_GROUP):
        option["options"] = _options(form["options"], nested=2 if kind == SUB_COMMAND else 1)
        return option
    option["required"] = form["required"].truth()
    if kind in (STRING, INTEGER, NUMBER):
        option |= _bounds(form, kind) | _suggestions(form, kind)
    if kind == CHANNEL and form["channel_types"].given:
        option["channel_types"] = [item.integer(0, 16) for item in form["channel_types"].items(0, 17)]
    return option


def _bounds(form: Field, kind: int) -> Json:
    bounds: Json = {}
    if kind == STRING:
        for key, low in (("min_length", 0), ("max_length", 1)):
            if form[key].given:
                bounds[key] = form[key].integer(low, 6000)
    else:
        for key in ("min_value", "max_value"):
            if form[key].given:
                bounds[key] = number(form[key], kind)
    return bounds


def _suggestions(form: Field, kind: int) -> Json:
    if form["autocomplete"].truth():
        if form["choices"].given and form["choices"].value:
            form["autocomplete"].wrong(
                "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID",
                "Autocomplete cannot go together with choices",
            )
        return {"autocomplete": True}
    return {"choices": read_choices(form["choices"], kind)} if form["choices"].given else {}


def read_choices(form: Field, kind: int) -> list[Json]:
    """Choices of an option, or an answer to an autocomplete: at most 25, names up to 100 characters."""
    choices = []
    for item in form.items(0, 25):
        choice: Json = {"name": item.record()["name"].text(1, 100), "value": _value(item["value"], kind)}
        choice["name_localizations"] = _localized(item["name_localizations"], _description)
        choices.append(choice)
    return choices


def _value(form: Field, kind: int) -> str | float:
    return form.text(1, 100) if kind == STRING else number(form, kind)


def number(form: Field, kind: int) -> float:
    """A number as an option of this type takes it: whole or not, within what a double holds exactly."""
    if kind == INTEGER:
        return form.integer(-LARGEST, LARGEST)
    if not form.required() or isinstance(form.value, bool) or not isinstance(form.value, int | float):
        form.wrong("NUMBER_TYPE_COERCE", f'Value "{form.value}" is not float.')
        return 0.0
    return form.value


def _length(command: Json) -> int:
    """Characters of names, descriptions and values, the longest localization counted alone."""
    total = sum(_longest(command, key) for key in ("name", "description"))
    total += sum(_length(option) for option in command.get("options") or ())
    for choice in command.get("choices") or ():
        total += _longest(choice, "name") + len(str(choice["value"]))
    return total


def _longest(thing: Json, key: str) -> int:
    localized = thing.get(f"{key}_localizations") or {}
    return max(len(text) for text in (thing.get(key) or "", *localized.values()))
