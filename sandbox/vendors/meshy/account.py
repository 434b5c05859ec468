"""What belongs to no resource: credits, the library of animations, and the files behind links."""

from typing import Any

from aiohttp import web

from sandbox.vendors.meshy.actions import ACTIONS, Action
from sandbox.vendors.meshy.vendor import Vendor
from sandbox.vendors.meshy.wire import OPENED
from sandbox.vendors.refusals import Refusal
from sandbox.vendors.wire import origin


class AccountAndFiles:
    """Handlers of the other routes."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            web.get("/openapi/v1/balance", self.balance),
            web.get("/openapi/v1/usage/tasks", self.usage),
            web.get("/openapi/v1/animations/library", self.library),
            web.get("/web/public/animations/resources", self.catalogue),
            web.get("/assets/{account}/tasks/{task_id}/output/{name}", self.asset),
        ]

    async def balance(self, request: web.Request) -> web.Response:
        """What the account has left."""
        return web.json_response({"balance": request[OPENED].account.balance})

    async def usage(self, _: web.Request) -> web.Response:
        """Only for the vendor's larger customers."""
        raise Refusal(403, "This endpoint is not part of your plan")

    async def library(self, request: web.Request) -> web.Response:
        """The animations by word and category, with their numbers."""
        base, word = origin(request), request.query.get("search", "").lower()
        rows = [
            {
                "action_id": action.action_id,
                "name": action.name,
                "key": action.key,
                "category": action.category,
                "sub_category": action.motion,
                "preview_url": f"{base}/web/public/animations/{action.key}.gif",
            }
            for action in _of(request.query.get("category", ""))
            if word in action.key
        ]
        return self._rows(rows)

    async def catalogue(self, request: web.Request) -> web.Response:
        """The same for everybody, without a key, in other words."""
        rows = [
            {
                "id": action.action_id,
                "name": action.name,
                "key": action.key,
                "category": action.category,
                "subCategory": action.motion,
            }
            for action in _of(request.query.get("category", ""))
        ]
        return self._rows(rows)

    def _rows(self, rows: list[dict[str, Any]]) -> web.Response:
        return web.json_response(rows if self._vendor.ways.library_shape == "array" else {"result": rows})

    async def asset(self, request: web.Request) -> web.Response:
        """A file of a finished task, behind a signed link."""
        self._vendor.results.admit(request.path, request.query)
        task = self._vendor.tasks.any(request.match_info["task_id"])
        data, kind = await self._vendor.results.download(task, request.match_info["name"])
        return web.Response(body=data, content_type=kind)


def _of(category: str) -> list[Action]:
    return [action for action in ACTIONS.values() if category in {"", action.category}]
