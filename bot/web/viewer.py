"""The scripts of the 3D view: npm packages where they are installed, and our own few lines beside them.

All of them lie under one address that changes with any of them, so that a browser may keep
them for ever. Each is packed once, when it is first asked for.
"""

import asyncio
import base64
import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Self

from aiohttp import web

NODE_MODULES = Path(__file__).parents[2] / "node_modules"
"""Where ``npm ci`` puts packages, and the image has them."""
PACKAGED = (
    "@google/model-viewer/dist/model-viewer.min.js",
    "three/examples/jsm/libs/draco/gltf/draco_wasm_wrapper.js",
    "three/examples/jsm/libs/draco/gltf/draco_decoder.wasm",
)
"""What the view needs of npm packages; models packed with meshopt are opened by the first of them."""
_PAGE = Path(__file__).parent / "page"
_OWN = ("view.css", "mine.css", "view.js", "decoders.js", "ready.js", "icon.svg")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(slots=True)
class _Script:
    data: bytes
    content_type: str
    _packed: bytes | None = None

    async def packed(self) -> bytes:
        """The same in gzip."""
        if self._packed is None:
            self._packed = await asyncio.to_thread(gzip.compress, self.data, mtime=0)
        return self._packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The scripts that are here."""

    scripts: Mapping[str, _Script]
    """By the last part of their address."""
    tag: str
    """Differs with the content of any of them."""
    styles: tuple[str, ...]
    """Those that scripts put into the page by themselves, as a content security policy names them."""
    complete: bool
    """Whether all that the view needs is installed."""

    @classmethod
    def read(cls, node_modules: Path = NODE_MODULES) -> Self:
        """Read what is installed; some milliseconds of disk."""
        packaged = [] if missing(node_modules) else [node_modules / path for path in PACKAGED]
        found = {path.name: path.read_bytes() for path in [*packaged, *(_PAGE / name for name in _OWN)]}
        return cls(
            scripts={name: _Script(data, _TYPES[Path(name).suffix]) for name, data in found.items()},
            tag=hashlib.sha256(b"".join(found.values())).hexdigest()[:16],
            styles=tuple(_hash(style) for data in found.values() for style in _STYLE.findall(data)),
            complete=bool(packaged),
        )

    @property
    def address(self) -> str:
        """Under which the scripts are, on this site."""
        return f"/viewer/{self.tag}"

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [web.get("/viewer/{tag}/{name}", self.script)]

    async def script(self, request: web.Request) -> web.Response:
        """One script, packed where the browser takes that."""
        script = self.scripts.get(request.match_info["name"])
        if script is None or request.match_info["tag"] != self.tag:
            raise web.HTTPNotFound
        headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding", "Content-Type": script.content_type}
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=script.data, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return web.Response(status=HTTPStatus.OK, body=await script.packed(), headers=headers)


def _hash(style: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode()}'"


def missing(node_modules: Path = NODE_MODULES) -> list[str]:
    """What the view needs and is not installed."""
    return [path for path in PACKAGED if not (node_modules / path).is_file()]
