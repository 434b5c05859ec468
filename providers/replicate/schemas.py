"""Whether the models at Replicate still are what our records say.

Every model describes itself by an OpenAPI schema. Those of official models change at any time;
a published version never does, but it can be taken away. Pure; ``client`` does the reading.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from providers.replicate.models import Record


def path(record: Record) -> str:
    """Where a model describes itself."""
    return f"/models/{record.name}" + (f"/versions/{record.version}" if record.version else "")


def drift(record: Record, described: Any) -> list[str]:
    """What no longer fits, in words for the owner; ``described`` is what stands at ``path``."""
    version = described if record.version else _at(described, "latest_version")
    schemas = _at(version, "openapi_schema", "components", "schemas")
    if not _at(schemas, "Input", "properties"):
        return [f"{record.name} does not say what it takes, so nothing could be compared"]
    said = [*_standing(record, described), *_input(record, schemas), *_output(record, schemas)]
    return [f"{record.name} {one}" for one in said]


def _standing(record: Record, described: Any) -> Iterator[str]:
    if record.version is None and _at(described, "is_official") is False:
        yield "is not official any more, and cannot be run by its name"


def _input(record: Record, schemas: Any) -> Iterator[str]:
    fields = _at(schemas, "Input", "properties")
    ours = [record.prompt, record.picture, record.mesh, record.seed, record.polycount, *record.fixed]
    for name in filter(None, ours):
        if name not in fields:
            yield f"has no field {name} any more"
    for name in _at(schemas, "Input", "required") or ():
        if name not in _always(record):
            yield f"now requires {name}"
    for name, value in record.fixed.items():
        choices = _choices(fields.get(name), schemas)
        if choices and value not in choices:
            yield f"does not take {value!r} as {name} any more"
    yield from _faces(record, _at(fields, record.polycount))


def _always(record: Record) -> set[str | None]:
    """Fields that every one of our requests has."""
    either = {record.prompt, record.picture} if record.prompt and record.picture else set()
    optional = either if record.either else either - {record.prompt}
    return {record.prompt, record.picture, record.mesh, record.seed, *record.fixed} - optional


def _choices(described: Any, schemas: Any) -> list[Any]:
    """The values that a field takes; a list of them stands in a schema of its own."""
    parts = [described, *(_at(described, "allOf") or ())]
    named = [str(_at(part, "$ref") or "").rpartition("/")[2] for part in parts]
    found = [_at(part, "enum") for part in (*parts, *(_at(schemas, name) for name in named))]
    return [value for values in found if isinstance(values, list) for value in values]


def _faces(record: Record, described: Any) -> Iterator[str]:
    least, most = _at(described, "minimum"), _at(described, "maximum")
    too_low = least is not None and least > record.faces.start
    if too_low or (most is not None and most < record.faces.stop - 1):
        yield f"now takes {least} to {most} faces"


def _output(record: Record, schemas: Any) -> Iterator[str]:
    kind = _at(schemas, "Output", "type")
    if kind and kind != record.output:
        yield f"now gives {kind} where it gave {record.output}"


def _at(data: Any, *keys: str | None) -> Any:
    """What lies there in JSON data; ``None`` where nothing does."""
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data
