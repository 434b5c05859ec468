"""A member's own models on the site, behind an address that is good for an hour: pictures, and archives.

It shows what only its member may see, so nothing of it is kept by anybody on the way, and it
has no script. What it links to are the models' own lasting addresses.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

from aiohttp import hdrs, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.jobs.browsing import Place
from bot.jobs.views import ListView
from bot.locales.catalogue import Catalogue
from bot.web.viewer import Viewer
from bot.web.viewing import preferred
from storage.errors import StorageError
from storage.lists import INBOX

_ADDRESS = "/mine/{token:[A-Za-z0-9._-]{32,200}}"
PAGE = 24
_POLICY = (
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "img-src 'self'",
    "style-src 'self'",
)


class Browsing(Protocol):
    """Reads pages of models."""

    async def of_account(self, account_id: str, place: Place | None, *, limit: int) -> ListView | None:
        """One page; ``None`` without such an account."""
        ...


class Exporting(Protocol):
    """Makes archives."""

    def archive(
        self, account_id: str, project_id: str | None = None, batch_id: str | None = None
    ) -> AsyncIterator[bytes]:
        """A zip, in pieces."""
        ...


class Passes(Protocol):
    """Knows personal addresses."""

    def read(self, token: str) -> str | None:
        """The account that a pass is for, while it is good."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """The pages."""

    browsing: Browsing
    exporting: Exporting
    passes: Passes
    catalogue: Catalogue
    viewer: Viewer
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
        return [web.get(_ADDRESS, self.page), web.get(f"{_ADDRESS}/maquette.zip", self.archive)]

    async def page(self, request: web.Request) -> web.Response:
        """One page of pictures; ``after`` and ``before`` are labels of models beside it."""
        account_id = self._account(request)
        place = _place(request)
        shown = await self.browsing.of_account(account_id, place, limit=PAGE) if account_id else None
        if shown is None:
            return self._html(request, "over.html", {}, status=HTTPStatus.NOT_FOUND)
        return self._html(request, "mine.html", {"shown": shown, "token": request.match_info["token"]})

    async def archive(self, request: web.Request) -> web.StreamResponse:
        """All files in a zip, sent while it is made; ``project`` or ``batch`` for those of one."""
        account_id = self._account(request)
        if account_id is None:
            raise web.HTTPNotFound
        wanted = request.query.get("project")
        answer = web.StreamResponse(
            headers={
                "Content-Type": "application/zip",
                "Content-Disposition": 'attachment; filename="maquette.zip"',
                "Cache-Control": "private, no-store",
            }
        )
        await answer.prepare(request)
        if request.method == hdrs.METH_HEAD:
            return answer
        try:
            project = INBOX if wanted == "inbox" else wanted
            async for piece in self.exporting.archive(account_id, project, request.query.get("batch")):
                await answer.write(piece)
        except StorageError:
            if request.transport:
                request.transport.abort()  # a clean end would look like a whole archive
            raise
        return answer

    def _account(self, request: web.Request) -> str | None:
        return self.passes.read(request.match_info["token"])

    def _html(
        self,
        request: web.Request,
        template: str,
        facts: dict[str, Any],
        *,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> web.Response:
        language = preferred(request.headers.get("Accept-Language", ""), self.catalogue)

        def say(key: str, **facts: Any) -> str:
            return self.catalogue.text(key, language, **facts)

        text = self._templates.get_template(template).render(
            **facts, say=say, language=language, styles=f"..{self.viewer.address}"
        )
        headers = {
            "Content-Security-Policy": "; ".join(_POLICY),
            "Content-Language": language,
            "Cache-Control": "private, no-store",
            "Vary": "Accept-Language",
        }
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def _place(request: web.Request) -> Place | None:
    for name, back in (("after", False), ("before", True)):
        if label := request.query.get(name):
            return Place(label=label, back=back)
    return None
