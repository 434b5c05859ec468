"""How the control API reads requests and words its answers."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from aiohttp import BodyPartReader, web
from pydantic import ValidationError

from sandbox.discord.control.forms import Form
from sandbox.discord.nouns import MIB
from sandbox.discord.refusals import Refused

NOTHING = object()
"""What an act gives back when there is nothing to say: 204."""

_UPLOAD_LIMIT = 100 * MIB
_AnyForm = TypeVar("_AnyForm", bound=Form)
_Act = Callable[[web.Request], Awaitable[Any]]


def route(method: str, path: str, act: _Act) -> web.RouteDef:
    """A route that answers with what its act gives, or with why it was refused."""

    async def handle(request: web.Request) -> web.Response:
        try:
            result = await act(request)
        except Refused as refused:
            return web.json_response(refused.body(), status=refused.status)
        except ValidationError as error:
            words = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            return web.json_response({"message": words, "code": 0}, status=400)
        return web.Response(status=204) if result is NOTHING else web.json_response(result)

    return web.route(method, f"/sandbox/{path}", handle)


async def read(request: web.Request, form: type[_AnyForm]) -> _AnyForm:
    """A JSON body. Its type is demanded because another site's page could send any other unasked."""
    if request.content_type != "application/json":
        raise Refused(0, "Send application/json", status=400)
    try:
        return form.model_validate(await request.json())
    except json.JSONDecodeError as error:
        raise Refused(0, "That is no JSON", status=400) from error


async def read_file(request: web.Request) -> tuple[str, bytes]:
    """The part ``file`` of a form: its name and what is in it."""
    if request.content_type != "multipart/form-data":
        raise Refused(0, "Send a form with one part, file", status=400)
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "file":
            return part.filename or "file", await _content(part)
    raise Refused(0, "There is no part called file", status=400)


def number(values: Mapping[str, str], name: str) -> int:
    """A number in the path or the query."""
    value = values.get(name, "")
    if not value.isdecimal():
        raise Refused(0, f"{name} has to be a number", status=400)
    return int(value)


async def _content(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        content += chunk
        if len(content) > _UPLOAD_LIMIT:
            raise Refused(40005)
    return bytes(content)
