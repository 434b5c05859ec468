"""The page behind a model's lasting address: look at it from all sides, read about it, take it along.

It asks nobody but this site for anything, holds no script or style of its own (its security
policy forbids them), and works without scripts as far as a picture and downloads go.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from aiohttp import hdrs, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.jobs.views import PageView
from bot.locales.catalogue import FALLBACK, Catalogue
from bot.web.viewer import Viewer
from storage.errors import StorageError
from storage.models import Artifact

LINK_ID = "{link_id:[A-Za-z0-9_-]{16,64}}"
SIDES = tuple(
    f"{height}{side}" for height in ("", "upper-", "lower-") for side in ("front", "right", "back", "left")
)
"""Where the camera may stand, by the viewer's names; it tells those who listen instead of looking."""
_POLICY = (
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",  # decoders are WebAssembly
    "img-src 'self' blob:",
    "connect-src 'self' blob:",  # textures come out of the model's own bytes
    "worker-src blob:",
)
_KEPT = "private, max-age=86400, immutable"
_ASKED_AGAIN = "private, no-cache"
_LANGUAGE = re.compile(r"([a-z]{2,8})[\w-]*\s*(?:;\s*q=([01](?:\.\d{0,3})?))?", re.IGNORECASE)
_HEADER_LENGTH = 200


class Library(Protocol):
    """Finds what there is to look at."""

    async def page(self, link_id: str) -> PageView | None:
        """What is behind an address; ``None`` where that is not, or no longer, good."""
        ...

    def open(self, artifact: Artifact) -> AbstractAsyncContextManager[Any]:
        """A context in which a file's bytes can be read in order, once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """``public_url`` is where others reach this site; without one a link to it does not unfold in a chat."""

    library: Library
    viewer: Viewer
    catalogue: Catalogue
    public_url: str | None = None
    _templates: Environment = field(
        default_factory=lambda: Environment(
            loader=FileSystemLoader(Path(__file__).parent / "page"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
    )

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            web.get(f"/m/{LINK_ID}/view", self.page),
            web.get(f"/m/{LINK_ID}/view/picture", self.picture),
            web.get(f"/m/{LINK_ID}/view/{{file_id}}/{{name}}", self.file),
            *self.viewer.routes(),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The page itself; where there is nothing, a page that says why that may be."""
        shown = await self._shown(request)
        if shown is None:
            return self._html(request, "nothing.html", {}, status=HTTPStatus.NOT_FOUND)
        return self._html(request, "view.html", {"shown": shown})

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """The model's picture as it is now, at an address that stays."""
        shown = await self._shown(request)
        if shown is None or shown.unfolded is None:
            raise web.HTTPNotFound
        return await self._send(request, shown.unfolded, keep=_ASKED_AGAIN)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes, for the page to show; they never change under this address."""
        shown = await self._shown(request)
        wanted = request.match_info["file_id"]
        found = next((one for one in shown.showable if one.id == wanted), None) if shown else None
        if found is None:
            raise web.HTTPNotFound
        return await self._send(request, found, keep=_KEPT)

    async def _shown(self, request: web.Request) -> PageView | None:
        return await self.library.page(request.match_info["link_id"])

    async def _send(self, request: web.Request, artifact: Artifact, *, keep: str) -> web.StreamResponse:
        headers = {
            "Content-Type": artifact.content_type,
            "Cache-Control": keep,
            "ETag": f'"{artifact.sha256}"',
        }
        if any(tag.value == artifact.sha256 for tag in request.if_none_match or ()):
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        answer = web.StreamResponse(headers=headers | {"Content-Length": str(artifact.size)})
        if request.method == hdrs.METH_HEAD:
            return answer
        answer.force_close()  # so that one who gets too little does not wait for more
        last = b""
        try:
            async with self.library.open(artifact) as stream:
                await answer.prepare(request)
                async for piece in stream:
                    await answer.write(last)
                    last = piece
            await answer.write_eof(last)  # only now: who has all of it may be gone before the file is closed
        except StorageError:
            if answer.prepared and request.transport:
                request.transport.abort()  # an error now would look like part of the file
            raise
        return answer

    def _html(
        self,
        request: web.Request,
        template: str,
        facts: Mapping[str, Any],
        *,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> web.Response:
        language = preferred(request.headers.get("Accept-Language", ""), self.catalogue)
        words = _Words(catalogue=self.catalogue, language=language)
        text = self._templates.get_template(template).render(
            **facts,
            words=words,
            viewer=self.viewer,
            scripts=f"../..{self.viewer.address}",
            site=self.public_url,
        )
        policy = "; ".join([*_POLICY, " ".join(["style-src 'self'", *self.viewer.styles])])
        return web.Response(
            text=text,
            status=status,
            content_type="text/html",
            headers={
                "Content-Security-Policy": policy,
                "Content-Language": language,
                "Cache-Control": _ASKED_AGAIN,
                "Vary": "Accept-Language",
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What the page says, in its reader's language; escaped by the template, not here."""

    catalogue: Catalogue
    language: str

    def say(self, key: str, **facts: Any) -> str:
        return self.catalogue.text(key, self.language, **facts)

    def size(self, artifact: Artifact) -> str:
        return self.catalogue.write(artifact.size, "size", self.language)

    def facts(self, shown: PageView) -> Iterator[tuple[str, str]]:
        """Pairs of a heading and what is to be said there."""
        told = shown.file.facts
        for unit in ("triangles", "joints"):
            if told.get(unit):
                yield self.say(f"page.{unit}"), self.catalogue.write(told[unit], unit, self.language)
        if clips := list(told.get("clips", ())):
            yield self.say("page.clips"), self.catalogue.write(clips, "list", self.language)
        yield self.say("page.size"), self.size(shown.file)
        yield self.say("page.maker"), shown.vendor
        if shown.prompt:
            yield self.say("page.prompt"), shown.prompt

    def summary(self, shown: PageView) -> str:
        """One line for whoever sees the link before the page."""
        return " · ".join(value for _, value in self.facts(shown))

    def spoken(self) -> str:
        """What the viewer tells those who listen, in the form in which it wants to have it."""
        told = {side: self.say(f"page.seen.{side.replace('-', '_')}") for side in SIDES}
        return json.dumps({**told, "interaction-prompt": self.say("page.how_to_turn")}, ensure_ascii=False)

    @staticmethod
    def path(name: str) -> str:
        """A file's name as part of an address."""
        return quote(name, safe="")


def preferred(header: str, catalogue: Catalogue) -> str:
    """The language of ``Accept-Language`` that a reader wants most and that there is; else English."""
    wishes: list[tuple[float, str]] = [
        (float(weight or 1), language.lower())
        for language, weight in _LANGUAGE.findall(header[:_HEADER_LENGTH])
    ]
    wanted = sorted(wishes, key=lambda wish: -wish[0])
    spoken = (language for weight, language in wanted if weight > 0 and catalogue.speaks(language))
    return next(spoken, FALLBACK)
