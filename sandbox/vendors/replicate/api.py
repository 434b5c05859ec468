"""The routes that create, show, list and cancel predictions."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.vendors.replicate import headers, lists
from sandbox.vendors.replicate.creating import Creation
from sandbox.vendors.replicate.hub import Version
from sandbox.vendors.replicate.orders import BY_NAME, BY_VERSION, checked
from sandbox.vendors.replicate.predictions import Prediction
from sandbox.vendors.replicate.refusals import Refusal
from sandbox.vendors.replicate.vendor import Vendor
from sandbox.vendors.replicate.wire import OPENED, answer, body_of
from sandbox.vendors.wire import origin

BY_ITS_VERSION = "/v1/predictions"
BY_ITS_NAME = "/v1/models/{owner}/{name}/predictions"


class Api:
    """Handlers of everything about predictions."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor
        self._creation = Creation(vendor)

    def routes(self) -> list[web.RouteDef]:
        """What is served where. There are no deployments here."""
        return [
            web.post(BY_ITS_VERSION, self.by_version),
            web.post(BY_ITS_NAME, self.by_name),
            web.get("/v1/predictions", self.several),
            web.get("/v1/predictions/{prediction_id}", self.one),
            web.post("/v1/predictions/{prediction_id}/cancel", self.cancel),
        ]

    async def by_version(self, request: web.Request) -> web.Response:
        """Run a version, or an official model by its name."""
        body = await body_of(request)
        if response := self._creation.refused(request, body):
            return response
        checked(body, BY_VERSION)
        version = self._vendor.hub.version(
            body["version"],
            request[OPENED].account,
            community_by_name=self._vendor.ways.community_by_name,
        )
        return await self._create(request, body, version)

    async def by_name(self, request: web.Request) -> web.Response:
        """Run an official model."""
        name = "{owner}/{name}".format(**request.match_info)
        version = self._vendor.hub.official(name, request[OPENED].account)
        body = await body_of(request)
        if response := self._creation.refused(request, body):
            return response
        checked(body, BY_NAME)
        return await self._create(request, body, version)

    async def _create(self, request: web.Request, body: Mapping[str, Any], version: Version) -> web.Response:
        order = await self._vendor.orders.order(request, body, version)
        return await self._creation.take(request, order, self._shown)

    async def _shown(self, request: web.Request, one: Prediction) -> web.Response:
        seconds = headers.wait(request.headers.get("Prefer", ""))
        if not seconds:
            data = self._vendor.views.shown(one, origin(request))
            if self._vendor.ways.sparse_new:
                del data["output"]
            return answer(data, self._vendor.ways.create_status)
        await self._vendor.waiting.until_done(one, seconds)
        data = await self._vendor.waiting.shown(one, origin(request))
        applied = {"Preference-Applied": f"wait={seconds}"}
        return answer(data, 202 if one.live else 201, headers=applied)

    async def one(self, request: web.Request) -> web.Response:
        """One prediction of this account."""
        return answer(self._vendor.views.shown(self._found(request), origin(request)))

    async def cancel(self, request: web.Request) -> web.Response:
        """Stop one; what that says of one that is over is not known."""
        one, ways = self._found(request), self._vendor.ways
        if not one.live and ways.cancel_finished == "refused":
            raise Refusal(422, "The prediction has already finished")
        before = self._vendor.views.shown(one, origin(request))
        self._vendor.book.cancel(one)
        return answer(before if ways.cancel_lags else self._vendor.views.shown(one, origin(request)))

    def _found(self, request: web.Request) -> Prediction:
        return self._vendor.book.get(request[OPENED].account, request.match_info["prediction_id"])

    async def several(self, request: web.Request) -> web.Response:
        """This account's, the newest first; those of the web site, of which there are none, on request."""
        after = lists.time_in(request.query, "created_after")
        before = lists.time_in(request.query, "created_before")
        if request.query.get("source", "web") != "web":
            raise Refusal(400, "source must be web")
        found = [
            one
            for one in self._vendor.book.listed(request[OPENED].account)
            if (after is None or one.created_at >= after)
            and (before is None or one.created_at < before)
            and "source" not in request.query
        ]
        base = origin(request)
        return answer(
            lists.page(
                request, found, key=lambda one: one.id, show=lambda one: self._vendor.views.row(one, base)
            )
        )
