"""What comes over the wire, read in the same way for every vendor."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from sandbox.vendors.refusals import Refusal

Kind = TypeVar("Kind", bound=BaseModel)


class NoObject(Refusal):
    """The body is no JSON object: 415 for its type, 400 for the rest."""


class Misshapen(Refusal):
    """A field is missing or wrong: 400 with the first such; all of them are in ``__cause__``."""


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object in a request; ``NoObject`` where there is none."""
    if request.content_type != "application/json":
        raise NoObject(415, "The content type must be application/json.")
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NoObject(400, "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise NoObject(400, "The body is not an object.")
    return body


def parsed(kind: type[Kind], body: Mapping[str, Any]) -> Kind:
    """The body as a record; ``Misshapen`` with the first thing that is wrong."""
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Misshapen(400, f"{place}: {first['msg']}".strip(": ")) from error


def origin(request: web.Request) -> str:
    """Where the vendor is, as this client knows it."""
    return f"{request.scheme}://{request.host}"
