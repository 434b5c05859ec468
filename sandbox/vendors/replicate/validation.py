"""Bodies held against JSON schemas, in the words of the library that the vendor uses for it.

Only what schemas of models use: types, ranges, lengths, lists of values, ``$ref`` and ``allOf``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

Schema = Mapping[str, Any]
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "number": (int, float),
    "integer": (int,),
    "array": (list,),
    "object": (dict,),
}
BOUNDS = {
    "minimum": ("number_gte", "Must be greater than or equal to {}"),
    "maximum": ("number_lte", "Must be less than or equal to {}"),
    "maxLength": ("string_lte", "String length must be less than or equal to {}"),
    "minItems": ("array_min_items", "Array must have at least {} items"),
    "maxItems": ("array_max_items", "Array must have at most {} items"),
}
"""Keyword, name of the complaint, and what is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that is wrong; ``field`` is empty for the body itself."""

    type: str
    field: str
    description: str

    def __str__(self) -> str:
        return f"{self.field}: {self.description}" if self.field else self.description

    def shown(self) -> dict[str, str]:
        """As JSON."""
        return asdict(self)


def complaints(schema: Schema, value: Any, *, field: str = "", parts: Schema) -> Iterator[Complaint]:
    """All that is wrong with a value; ``parts`` are the schemas that this one refers to."""
    schema = _whole(schema, parts)
    expected = schema.get("type")
    if expected is not None and not _is(expected, value):
        yield _wrong("invalid_type", field, f"Invalid type. Expected: {expected}, given: {_name(value)}")
        return
    yield from _of_the_value(schema, value, field)
    if isinstance(value, dict):
        yield from _of_the_members(schema, value, field, parts)
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from complaints(schema["items"], item, field=f"{field}.{index}", parts=parts)


def _of_the_value(schema: Schema, value: Any, field: str) -> Iterator[Complaint]:
    if "enum" in schema and value not in schema["enum"]:
        allowed = ", ".join(f'"{one}"' if isinstance(one, str) else str(one) for one in schema["enum"])
        yield _wrong("enum", field, f"{field} must be one of the following: {allowed}")
    if schema.get("format") == "uri" and not _is_uri(value):
        yield _wrong("format", field, "Does not match format 'uri'")
    for keyword, (name, words) in BOUNDS.items():
        if keyword in schema and not _within(keyword, value, schema[keyword]):
            yield _wrong(name, field, words.format(schema[keyword]))


def _of_the_members(
    schema: Schema, value: Mapping[str, Any], field: str, parts: Schema
) -> Iterator[Complaint]:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield _wrong("required", field, f"{name} is required")
    for name, member in value.items():
        if name in known:
            inside = f"{field}.{name}" if field else name
            yield from complaints(known[name], member, field=inside, parts=parts)
        elif schema.get("additionalProperties") is False:
            words = f"Additional property {name} is not allowed"
            yield _wrong("additional_property_not_allowed", field, words)


def _within(keyword: str, value: Any, bound: float) -> bool:
    size = value if keyword in {"minimum", "maximum"} else len(value)
    return bool(size >= bound if keyword.startswith("min") else size <= bound)


def _whole(schema: Schema, parts: Schema) -> Schema:
    """With what it refers to."""
    whole = dict(schema)
    for part in [schema, *schema.get("allOf", ())]:
        if "$ref" in part:
            whole = {**parts[part["$ref"].rpartition("/")[2]], **whole}
    return whole


def _is(expected: str, value: Any) -> bool:
    if isinstance(value, bool):
        return expected == "boolean"
    if expected == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, TYPES[expected])


def _name(value: Any) -> str:
    return "null" if value is None else next(name for name in ("integer", *TYPES) if _is(name, value))


def _is_uri(text: str) -> bool:
    try:
        return bool(urlsplit(text).scheme)
    except ValueError:
        return False


def _wrong(kind: str, field: str, description: str) -> Complaint:
    return Complaint(type=kind, field=field, description=description)
