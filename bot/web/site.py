"""Routes of the site and what they answer."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import quote

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.hooks import LONGEST, Hooks
from bot.web.mine import Mine
from bot.web.viewing import LINK_ID, Viewing
from bot.web.visits import SentFile, Visits
from storage.errors import StorageError
from storage.models import Artifact, ArtifactKind, Model
from storage.objects import LocalStore

log = structlog.get_logger()

Health = Callable[[], Awaitable[Mapping[str, bool]]]
"""Says of each part whether it works: ``database``, ``engine``, ``gateway``."""

_POLICY = "Content-Security-Policy"
_HEADERS = {
    "Server": "Maquette",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    _POLICY: "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Access-Control-Allow-Origin": "*",  # viewers on other pages may load a model whose link they have
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class Library(Protocol):
    """Finds what lies behind an address."""

    async def model_files(self, link_id: str) -> tuple[Model, Sequence[Artifact]] | None:
        """A model and its files, the best first; ``None`` where the address is not, or no longer, good."""
        ...

    async def link(self, artifact: Artifact) -> str | None:
        """A fresh signed link to a file."""
        ...


def site(
    *,
    library: Library,
    health: Health,
    lag: Callable[[], float] = lambda: 0.0,
    hooks: Hooks | None = None,
    mine: Mine | None = None,
    viewing: Viewing | None = None,
    now: Callable[[], int],
    local: LocalStore | None = None,
    behind_proxy: bool = False,
) -> web.Application:
    """The site; ``local`` is the store whose signed links it serves, ``now`` gives ms since 1970 UTC.

    ``lag`` is how late the event loop is, in milliseconds.

    ``behind_proxy``: every request comes through one of the owner's, which says from whom.
    """
    pages = _Pages(library=library, health=health, lag=lag, now=now, local=local)
    visits = Visits(now=now, behind_proxy=behind_proxy)
    app = web.Application(middlewares=[_plain_errors, visits.middleware()], client_max_size=LONGEST)
    app.on_response_prepare.append(_add_headers)
    app.router.add_get(f"/m/{LINK_ID}", pages.model)
    if viewing:
        app.router.add_routes(viewing.routes())
    app.router.add_get(f"/m/{LINK_ID}/{{name}}", pages.file_of_model)
    app.router.add_get("/files/{token:[A-Za-z0-9._-]+}/{name}", pages.signed_file)
    app.router.add_get("/health", pages.state)
    if mine:
        app.router.add_routes(mine.routes())
    if hooks:
        app.router.add_routes(hooks.routes())
    return app


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pages:
    library: Library
    health: Health
    lag: Callable[[], float]
    now: Callable[[], int]
    local: LocalStore | None

    async def model(self, request: web.Request) -> web.StreamResponse:
        """To the best file that a model has by now."""
        files = await self._files(request)
        return await self._redirect(next((file for file in files if file.kind is ArtifactKind.MODEL), None))

    async def file_of_model(self, request: web.Request) -> web.StreamResponse:
        """To one file of a model by its name; the newest, where several have it."""
        wanted = request.match_info["name"]
        named = [file for file in await self._files(request) if file.name == wanted]
        return await self._redirect(max(named, key=lambda file: file.created_at, default=None))

    async def signed_file(self, request: web.Request) -> web.StreamResponse:
        """The bytes behind a signed link of the local store."""
        ticket = self.local.verify(request.match_info["token"], self.now()) if self.local else None
        if self.local is None or ticket is None:
            raise web.HTTPNotFound
        path = self.local.path(ticket.key)
        if not await asyncio.to_thread(path.is_file):
            raise web.HTTPNotFound
        headers = {
            "Content-Type": ticket.content_type,
            "Content-Disposition": _attachment(ticket.filename),
            "Cache-Control": "private, max-age=3600",
        }
        return SentFile(path, headers=headers)

    async def state(self, request: web.Request) -> web.Response:
        """Whether everything works, for whoever restarts or watches the bot."""
        del request
        parts = await self.health()
        well = all(parts.values())
        return web.json_response(
            {"ok": well, "parts": dict(parts), "lag_ms": round(self.lag(), 1)},
            status=HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Cache-Control": "no-store"},
        )

    async def _files(self, request: web.Request) -> Sequence[Artifact]:
        found = await self.library.model_files(request.match_info["link_id"])
        return found[1] if found else ()

    async def _redirect(self, artifact: Artifact | None) -> web.StreamResponse:
        link = await self.library.link(artifact) if artifact else None
        if link is None:
            raise web.HTTPNotFound
        return web.Response(status=HTTPStatus.FOUND, headers={"Location": link, "Cache-Control": "no-store"})


@web.middleware
async def _plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """An error is one line of text that gives nothing away."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        error.text = (
            f"{error.reason}.\n" if error.status != HTTPStatus.NOT_FOUND else "There is nothing here.\n"
        )
        error.headers["Cache-Control"] = "no-store"
        raise
    except StorageError as error:
        log.warning("site_failed", route=_route(request), reason=type(error).__name__)
        raise web.HTTPServiceUnavailable(
            text="This cannot be fetched at the moment; please try again.\n", headers={"Retry-After": "30"}
        ) from error


def _route(request: web.Request) -> str:
    """The pattern of an address, without what was filled in."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else ""


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    del request
    own = response.headers.get(_POLICY, _HEADERS[_POLICY])
    response.headers.update({**_HEADERS, _POLICY: own})


def _attachment(filename: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
