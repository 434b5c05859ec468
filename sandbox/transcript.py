"""A chat as plain lines: what a person would read and could press."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from sandbox.discord import components, controls, layout

PRIVATE, THINKING = 64, 128

_TIME = re.compile(r"<t:\d+(:\w)?>")


def lines(message: Mapping[str, Any], people: Mapping[str, str]) -> list[str]:
    """A message as lines; ``people`` gives names for mentions."""
    flags = message["flags"]
    if flags & THINKING:
        return ["(thinking…)"]
    text = [message["content"]] if message["content"] else []
    text += [line for component in message["components"] for line in _lines(component)]
    shown = [_readable(line, people) for block in text for line in block.splitlines()]
    return ["(only you can see this)", *shown] if flags & PRIVATE else shown


def button(message: Mapping[str, Any], label: str) -> str | None:
    """The custom id of the button with this label that can be pressed."""
    for component in layout.walk(message["components"]):
        if component.get("label") == label and not component.get("disabled"):
            return str(component["custom_id"])
    return None


def menu(message: Mapping[str, Any]) -> str | None:
    """The custom id of a message's select."""
    for component in layout.walk(message["components"]):
        if component["type"] in controls.SELECTS:
            return str(component["custom_id"])
    return None


def links(message: Mapping[str, Any]) -> list[str]:
    """Where its link buttons lead."""
    return [str(one["url"]) for one in layout.walk(message["components"]) if one.get("url")]


def _lines(component: Mapping[str, Any]) -> Iterator[str]:
    kind = component["type"]
    if kind == components.TEXT:
        yield component["content"]
    elif kind == components.GALLERY:
        yield from (f"🖼  {_name(item['media']['url'])}" for item in component["items"])
    elif kind == components.FILE:
        yield f"📎 {_name(component['file']['url'])}"
    elif kind == components.ROW:
        yield "  ".join(map(_control, component["components"]))
    else:
        inner = [*component.get("components", ()), *filter(None, [component.get("accessory")])]
        for part in inner:
            yield from _lines(part)


def _control(control: Mapping[str, Any]) -> str:
    if control["type"] in controls.SELECTS:
        return f"[ {control.get('placeholder') or 'choose'} ▾ ]"
    return f"[{control.get('label') or control.get('emoji', {}).get('name', '')}]"


def _name(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).name


def _readable(line: str, people: Mapping[str, str]) -> str:
    named = re.sub(r"<@!?(\d+)>", lambda found: "@" + people.get(found[1], found[1]), line)
    return _TIME.sub("(a time)", named).replace("**", "").removeprefix("### ").removeprefix("-# ")
