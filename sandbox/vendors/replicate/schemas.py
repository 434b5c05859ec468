"""What models say of themselves: an OpenAPI document with ``Input`` and ``Output``, as Cog writes it.

Enums are schemas of their own, which a field refers to by ``allOf``; fields carry their
order. So whoever reads a schema has to resolve references, as with the vendor's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Field = Mapping[str, Any]


def text(description: str, **more: Any) -> Field:
    """Words."""
    return {"type": "string", "description": description, **more}


def link(description: str) -> Field:
    """A file, by link or as a data URI."""
    return {"type": "string", "format": "uri", "description": description}


def links(description: str, **more: Any) -> Field:
    """Several of them."""
    return {
        "type": "array",
        "items": {"type": "string", "format": "uri"},
        "description": description,
        **more,
    }


def flag(description: str, *, default: bool) -> Field:
    """Yes or no."""
    return {"type": "boolean", "default": default, "description": description}


def whole(description: str, default: int | None, least: int | None = None, most: int | None = None) -> Field:
    """A whole number within bounds."""
    return _bounded("integer", description, default, least, most)


def real(description: str, default: float, least: float | None = None, most: float | None = None) -> Field:
    """A number within bounds."""
    return _bounded("number", description, default, least, most)


def one_of(description: str, values: Sequence[str | int], default: str | int) -> Field:
    """One of a few values."""
    return {"enum": list(values), "default": default, "description": description}


def _bounded(
    kind: str, description: str, default: float | None, least: float | None, most: float | None
) -> Field:
    found = {"type": kind, "default": default, "minimum": least, "maximum": most, "description": description}
    return {name: value for name, value in found.items() if value is not None}


def document(fields: Mapping[str, Field], required: Sequence[str], output: Field) -> dict[str, Any]:
    """The OpenAPI document of a model with these inputs."""
    enums, properties = {}, {}
    for order, (name, field) in enumerate(fields.items()):
        shown = dict(field) | {"x-order": order}
        if "enum" in field:
            kind = "integer" if isinstance(field["enum"][0], int) else "string"
            enums[name] = {"enum": shown.pop("enum"), "type": kind, "title": name}
            shown["allOf"] = [{"$ref": f"#/components/schemas/{name}"}]
        else:
            shown["title"] = name.replace("_", " ").title()
        properties[name] = shown
    inputs: dict[str, Any] = {"type": "object", "title": "Input", "properties": properties}
    if required:
        inputs["required"] = list(required)
    parts = {"Input": inputs, "Output": {"title": "Output", **output}, **enums}
    return {
        "openapi": "3.0.2",
        "info": {"title": "Cog", "version": "0.1.0"},
        "paths": {},
        "components": {"schemas": parts},
    }


def defaults(fields: Mapping[str, Field]) -> dict[str, Any]:
    """What a model takes for what it was not told."""
    return {name: field.get("default") for name, field in fields.items()}


def members(names: Sequence[str]) -> Field:
    """An output that is an object of links, each of which may be missing."""
    found: dict[str, Any] = {name: {"type": "string", "format": "uri", "title": name} for name in names}
    return {"type": "object", "properties": found}


LINK: Field = {"type": "string", "format": "uri"}
LINKS: Field = {"type": "array", "items": {"type": "string", "format": "uri"}}
