"""The routes on which files come in and go out."""

from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.vendors.tripo.refusals import Refusal, bad
from sandbox.vendors.tripo.tasks import iso
from sandbox.vendors.tripo.uploads import FORMATS, MODEL_LIMIT, admit
from sandbox.vendors.tripo.vendor import Vendor
from sandbox.vendors.tripo.wire import OPENED, success
from sandbox.vendors.wire import origin, read_object

UPLOAD_SECONDS = 1800


class Files:
    """Handlers of uploads and of results."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            web.post("/v3/files", self.upload),
            web.post("/v3/files/presign", self.presign),
            web.post("/v3/files/upload-credentials", self.credentials),
            web.put("/uploads/{token}", self.put),
            web.get("/results/{task_id}/{name}", self.result),
        ]

    async def upload(self, request: web.Request) -> web.Response:
        """A file as the form field ``file``, with a name and a type of its own."""
        headers = self._vendor.keys.count(request[OPENED], "upload")
        if request.content_type != "multipart/form-data":
            raise Refusal(415, 1003, "The content type must be multipart/form-data.")
        part = await (await request.multipart()).next()
        if not isinstance(part, BodyPartReader) or part.name != "file" or not part.filename:
            raise bad("The form must have a file in the field 'file'.")
        data = await _whole(part)
        admit(part.filename, data)
        return success({"file_token": self._vendor.uploads.add(data)}, headers)

    async def presign(self, request: web.Request) -> web.Response:
        """A link to PUT a file to."""
        headers = self._vendor.keys.count(request[OPENED], "upload")
        form = (await read_object(request)).get("format")
        if form not in FORMATS:
            raise bad("format must be one of " + ", ".join(sorted(FORMATS)))
        token, link, _ = self._place(request)
        return success({"presigned_url": link, "file_token": token, "expires_in": UPLOAD_SECONDS}, headers)

    async def credentials(self, request: web.Request) -> web.Response:
        """The same by another name."""
        headers = self._vendor.keys.count(request[OPENED], "upload")
        token, link, expires = self._place(request)
        return success({"file_token": token, "upload_url": link, "expires_at": iso(expires)}, headers)

    def _place(self, request: web.Request) -> tuple[str, str, int]:
        token = self._vendor.uploads.add(None)
        expires = self._vendor.clock.now() + UPLOAD_SECONDS * 1000
        path = self._vendor.results.links.signed(f"/uploads/{token}", seconds=UPLOAD_SECONDS)
        return token, origin(request) + path, expires

    async def put(self, request: web.Request) -> web.Response:
        """The bytes of a file, behind a signed link."""
        self._vendor.results.admit(request.path, request.query)
        data = await _whole(request.content)
        admit("", data)
        self._vendor.uploads.fill(request.match_info["token"], data)
        return web.Response()

    async def result(self, request: web.Request) -> web.Response:
        """A result, behind a signed link."""
        self._vendor.results.admit(request.path, request.query)
        task = self._vendor.tasks.any(request.match_info["task_id"])
        data, kind = await self._vendor.results.download(task, request.match_info["name"])
        return web.Response(body=data, content_type=kind)


async def _whole(stream: Any) -> bytes:
    """All of it, as long as that is not more than any file may have; 400 / 2021."""
    data = bytearray()
    read = stream.read_chunk if isinstance(stream, BodyPartReader) else stream.readany
    while chunk := await read():
        data += chunk
        if len(data) > MODEL_LIMIT:
            raise Refusal(400, 2021, "The file is too large.")
    return bytes(data)
