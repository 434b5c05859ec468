"""Components of a message: what may stand where, how long, how many.

`read` takes a body's ``components`` and gives back the same tree, cleaned and numbered, held to what goes for
a message as a whole: at most 40 components, 4000 characters of text, every custom id only once.
"""

from collections.abc import Collection

from sandbox.discord import controls
from sandbox.discord.controls import BUTTON, SELECTS
from sandbox.discord.forms import Field
from sandbox.discord.layout import Layout, Reader, component, number, url, walk
from sandbox.discord.refusals import Json

ROW = 1
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17

_IN_CONTAINER = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR})
_TOP = _IN_CONTAINER | {CONTAINER}
_MOST_COMPONENTS = 40
_MOST_TEXT = 4_000
_PREFIX = "attachment://"


def read(form: Field, *, v2: bool) -> Layout:
    """Read a message's components; every fault is noted in the form."""
    layout = Layout()
    allowed, most = (_TOP, _MOST_COMPONENTS) if v2 else (frozenset({ROW}), 5)
    for item in form.items(0, most):
        layout.components.append(component(item, layout, allowed, _READERS))
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
    number(layout.components, layout.ids)
    return layout


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


def _children(form: Field, layout: Layout, allowed: Collection[int], low: int, high: int) -> list[Json]:
    return [component(item, layout, allowed, _READERS) for item in form["components"].items(low, high)]


def _row(form: Field, layout: Layout) -> Json:
    children = _children(form, layout, {BUTTON, *SELECTS}, 1, 5)
    if len(children) > 1 and any(child["type"] in SELECTS for child in children):
        form["components"].wrong(
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width"
        )
    return {"components": children}


def _section(form: Field, layout: Layout) -> Json:
    children = _children(form, layout, {TEXT}, 1, 3)
    accessory: Json = {}
    if form["accessory"].required():
        accessory = component(form["accessory"], layout, {BUTTON, THUMBNAIL}, _READERS)
    return {"components": children, "accessory": accessory}


def _text(form: Field, layout: Layout) -> Json:
    content = form["content"].text(1, _MOST_TEXT)
    layout.text += len(content)
    return {"content": content}


def _described(form: Field) -> Json:
    description = form["description"].text(0, 1024) if form["description"].given else None
    return {"description": description, "spoiler": form["spoiler"].truth()}


def _media(form: Field, schemes: tuple[str, ...]) -> Json:
    return {"url": url(form.record()["url"], 2048, schemes)}


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


_READERS: dict[int, Reader] = {
    ROW: _row,
    SECTION: _section,
    TEXT: _text,
    THUMBNAIL: _thumbnail,
    GALLERY: _gallery,
    FILE: _file,
    SEPARATOR: _separator,
    CONTAINER: _container,
} | controls.READERS
