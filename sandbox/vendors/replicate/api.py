"""The routes that create, show, list and cancel predictions."""

import contextlib
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.vendors.faults import (
    AROUND_THE_ANSWER,
    IN_PLACE_OF_AN_ANSWER,
    LATER,
    Fault,
    in_prompt,
)
from sandbox.vendors.moderation import fails_at_once, fails_later
from sandbox.vendors.replicate import headers, lists
from sandbox.vendors.replicate.faults import ABOUT_THE_TASK, REFUSALS, refused
from sandbox.vendors.replicate.hub import Version
from sandbox.vendors.replicate.orders import BY_NAME, BY_VERSION, checked
from sandbox.vendors.replicate.predictions import Order, Prediction
from sandbox.vendors.replicate.refusals import Refusal, out_of_credit
from sandbox.vendors.replicate.vendor import Vendor
from sandbox.vendors.replicate.wire import OPENED, answer, body_of
from sandbox.vendors.spoiling import bad_gateway, cut, instead_of_an_answer
from sandbox.vendors.wire import origin

CREATING = ("/v1/predictions", "/v1/models/{owner}/{name}/predictions")


class Api:
    """Handlers of everything about predictions."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where. There are no deployments here."""
        return [
            web.post(CREATING[0], self.by_version),
            web.post(CREATING[1], self.by_name),
            web.get("/v1/predictions", self.several),
            web.get("/v1/predictions/{prediction_id}", self.one),
            web.post("/v1/predictions/{prediction_id}/cancel", self.cancel),
        ]

    async def by_version(self, request: web.Request) -> web.Response:
        """Run a version, or an official model by its name."""
        body = await body_of(request)
        if response := self._refused(request, body):
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
        if response := self._refused(request, body):
            return response
        checked(body, BY_NAME)
        return await self._create(request, body, version)

    def _refused(self, request: web.Request, body: Mapping[str, Any]) -> web.Response | None:
        kind = self._vendor.hub.kind(request.match_info, body)
        armed = self._vendor.faults.take(REFUSALS, kind=kind)
        fault = armed or in_prompt(_prompt(body.get("input")), REFUSALS | IN_PLACE_OF_AN_ANSWER)
        return instead_of_an_answer(fault, request, refused) if fault else None

    async def _create(self, request: web.Request, body: Mapping[str, Any], version: Version) -> web.Response:
        order = await self._vendor.orders.order(request, body, version)
        if order.key.account.balance <= 0:
            raise out_of_credit()
        prompt = _prompt(order.input)
        if fault := self._vendor.faults.take(LATER, kind=order.model) or in_prompt(prompt, LATER):
            self._vendor.background.begin(self._accepted_after(fault.seconds, order))
            return cut(request)
        return await self._answered(request, self._accepted(order))

    async def _accepted_after(self, seconds: float, order: Order) -> None:
        """Nobody hears any more whether it was."""
        await self._vendor.clock.sleep(seconds)
        with contextlib.suppress(Refusal):
            self._accepted(order)

    def _accepted(self, order: Order) -> Prediction:
        armed = self._vendor.faults.take(ABOUT_THE_TASK, kind=order.model)
        prompt = _prompt(order.input)
        fault = armed or in_prompt(prompt, ABOUT_THE_TASK) or _moderated(prompt)
        one = self._vendor.book.accept(order, fault)
        self._vendor.hub.named(order.version).runs += 1
        self._vendor.webhooks.follow(one)
        return one

    async def _answered(self, request: web.Request, one: Prediction) -> web.Response:
        armed = self._vendor.faults.take(AROUND_THE_ANSWER, kind=one.order.model)
        fault = armed or in_prompt(_prompt(one.order.input), AROUND_THE_ANSWER)
        if fault is None:
            return await self._shown(request, one)
        if fault.name == "listed_late":
            one.listed_at = self._vendor.clock.now() + round(fault.seconds * 1000)
            return await self._shown(request, one)
        return cut(request) if fault.name == "cut_after_accept" else bad_gateway()

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


def _prompt(given: Any) -> str:
    return str(given.get("prompt", "")) if isinstance(given, dict) else ""


def _moderated(prompt: str) -> Fault | None:
    """The vendor takes every prompt on; it is the model that will not."""
    if fails_at_once(prompt):
        return Fault(name="moderated")
    return Fault(name="late_moderated") if fails_later(prompt) else None
