"""The routes of files that clients hand over."""

import json
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.vendors.replicate import lists
from sandbox.vendors.replicate.book import new_id
from sandbox.vendors.replicate.refusals import Refusal
from sandbox.vendors.replicate.uploads import LIMIT, Upload
from sandbox.vendors.replicate.vendor import Vendor
from sandbox.vendors.replicate.wire import OPENED, answer
from sandbox.vendors.wire import origin

LONGEST_NAME = 255
"""Bytes."""


class Files:
    """Handlers of uploads."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            web.post("/v1/files", self.upload),
            web.get("/v1/files", self.several),
            web.get("/v1/files/{file_id}", self.one),
            web.delete("/v1/files/{file_id}", self.remove),
            web.get("/v1/files/{file_id}/download", self.download),
        ]

    async def upload(self, request: web.Request) -> web.Response:
        """A file as the form field ``content``; ``filename``, ``type`` and ``metadata`` beside it."""
        if request.content_type != "multipart/form-data":
            raise Refusal(415, "The content type must be multipart/form-data.")
        try:
            upload = self._vendor.uploads.add(await self._read(request))
        except ValueError as error:  # aiohttp's, for a form that is none
            raise Refusal(400, "The form cannot be read.") from error
        return answer(upload.shown(origin(request)), 201)

    async def _read(self, request: web.Request) -> Upload:
        content: tuple[bytes, str, str] | None = None
        said: dict[str, str] = {}
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            data = await _whole(part)
            if part.name == "content":
                kind = part.headers.get("Content-Type", "application/octet-stream")
                content = data, part.filename or "file", kind
            else:
                said[part.name or ""] = data.decode(errors="replace")
        if content is None:
            raise Refusal(400, "Missing content")
        data, name, kind = content
        return Upload(
            id=new_id(),
            account=request[OPENED].account,
            name=_name(said.get("filename", name)),
            content_type=said.get("type", kind),
            data=data,
            created_at=self._vendor.clock.now(),
            metadata=_metadata(said.get("metadata", "{}")),
        )

    async def several(self, request: web.Request) -> web.Response:
        """This account's, the newest first."""
        found, base = self._vendor.uploads.all(request[OPENED].account), origin(request)
        page = lists.page(request, found, key=lambda one: one.id, show=lambda one: one.shown(base))
        return answer(page)

    async def one(self, request: web.Request) -> web.Response:
        """What is known of a file; not the file."""
        upload = self._vendor.uploads.get(request[OPENED].account, request.match_info["file_id"])
        return answer(upload.shown(origin(request)))

    async def remove(self, request: web.Request) -> web.Response:
        """A file goes."""
        self._vendor.uploads.remove(request[OPENED].account, request.match_info["file_id"])
        return web.Response(status=204)

    async def download(self, request: web.Request) -> web.Response:
        """The file itself, for whoever has a signed link."""
        query = {name: request.query.get(name, "") for name in ("owner", "expiry", "signature")}
        upload = self._vendor.uploads.public(request.match_info["file_id"], **query)
        return web.Response(body=upload.data, headers={"Content-Type": upload.content_type})


async def _whole(part: BodyPartReader) -> bytes:
    """All of it, or just enough to see that it is too large."""
    data = bytearray()
    while len(data) <= LIMIT and (chunk := await part.read_chunk()):
        data += chunk
    return bytes(data)


def _name(name: str) -> str:
    if not name or len(name.encode()) > LONGEST_NAME:
        raise Refusal(400, f"filename must have 1 to {LONGEST_NAME} bytes")
    return name


def _metadata(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Refusal(400, "metadata must be JSON") from error
    if not isinstance(found, dict):
        raise Refusal(400, "metadata must be an object")
    return found
