"""The routes for files: hand one over, look at one."""

import mimetypes
import posixpath
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from sandbox.vendors.comfyui.disk import FOLDERS, SUFFIX, Disk, Outside, Place, placed
from sandbox.vendors.comfyui.refusals import crash
from sandbox.vendors.comfyui.vendor import Vendor
from sandbox.vendors.comfyui.wire import twice

TYPES = {".glb": "model/gltf-binary", ".webp": "image/webp"}
"""Where not every system's table knows them."""


class Files:
    """Handlers of what lies on the disk."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return twice([web.post("/upload/image", self.upload), web.get("/view", self.view)])

    async def upload(self, request: web.Request) -> web.Response:
        """Any file; it gets another name where that is taken by another file."""
        form = await request.post()
        image, folder = form.get("image"), str(form.get("type", "input"))
        if not isinstance(image, FileField) or not image.filename:
            return web.Response(status=400)
        if folder not in FOLDERS:
            raise crash()
        subfolder, data = str(form.get("subfolder", "")), image.file.read()
        try:
            place = placed(folder, subfolder, image.filename)
        except Outside:
            return web.Response(status=400)
        if form.get("overwrite") not in {"true", "1"}:
            place = await _free(self._vendor.disk, place, data)
        self._vendor.disk.add(place, data)
        told = {"name": posixpath.basename(place.path), "subfolder": subfolder, "type": folder}
        return web.json_response(told)

    async def view(self, request: web.Request) -> web.Response:
        """A file's bytes."""
        place = _asked(request.query)
        if isinstance(place, int):
            return web.Response(status=place)
        stored = self._vendor.disk.find(place)
        if stored is None:
            return web.Response(status=404)
        data = await self._vendor.disk.read(stored)
        name = posixpath.basename(place.path)
        guessed = TYPES.get(posixpath.splitext(name)[1]) or mimetypes.guess_type(name)[0]
        headers = {"Content-Disposition": f'filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return web.Response(body=data, content_type=guessed or "application/octet-stream", headers=headers)


async def _free(disk: Disk, place: Place, data: bytes) -> Place:
    """Its own place, or the next free one beside it; where the same bytes lie, that one."""
    start, extension = posixpath.splitext(place.path)
    count = 0
    while (there := disk.find(place)) is not None and await disk.read(there) != data:
        count += 1
        place = Place(folder=place.folder, path=f"{start} ({count}){extension}")
    return place


def _asked(query: Any) -> Place | int:
    """The file that a query means, or the status that it is answered with."""
    found = SUFFIX.match(query.get("filename", ""))
    name = found["name"] if found else query.get("filename", "")
    folder = found["folder"] if found else query.get("type", "output")
    if "filename" not in query:
        return 404
    if not name or name.startswith("/") or ".." in name or folder not in FOLDERS:
        return 400
    try:
        return placed(folder, query.get("subfolder", ""), posixpath.basename(name))
    except Outside:
        return 403
