"""The routes of trainings: like predictions, but what comes out is a version of a model of one's own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from sandbox.vendors.replicate import lists
from sandbox.vendors.replicate.catalogue import trained
from sandbox.vendors.replicate.creating import Creation
from sandbox.vendors.replicate.hub import Model, Version
from sandbox.vendors.replicate.orders import BY_NAME, checked
from sandbox.vendors.replicate.predictions import Order, Prediction
from sandbox.vendors.replicate.refusals import Refusal, not_found
from sandbox.vendors.replicate.training import WEIGHTS
from sandbox.vendors.replicate.validation import Schema
from sandbox.vendors.replicate.vendor import Vendor
from sandbox.vendors.replicate.views import urls
from sandbox.vendors.replicate.wire import OPENED, answer, body_of
from sandbox.vendors.wire import origin

TRAIN = "/v1/models/{owner}/{name}/versions/{version}/trainings"
BODY: Schema = {
    **BY_NAME,
    "required": ["destination", "input"],
    "properties": {"destination": {"type": "string"}, **BY_NAME["properties"]},
}


class Trainings:
    """Handlers of everything about trainings."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor
        self._creation = Creation(vendor)

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            web.post(TRAIN, self.create),
            web.get("/v1/trainings", self.several),
            web.get("/v1/trainings/{training_id}", self.one),
            web.post("/v1/trainings/{training_id}/cancel", self.cancel),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Train; the destination must be there, and one's own."""
        body = await body_of(request)
        if response := self._creation.refused(request, body):
            return response
        checked(body, BODY)
        trainer, destination = self._trainer(request), self._destination(request, body)
        order = await self._vendor.orders.order(request, body, trainer)
        return await self._creation.take(request, self._training(order, destination), self._shown)

    def _trainer(self, request: web.Request) -> Version:
        name = "{owner}/{name}".format(**request.match_info)
        for version in self._vendor.hub.model(name, request[OPENED].account).versions:
            if version.id == request.match_info["version"] and version.recipe.trains:
                return version
        raise not_found()

    def _destination(self, request: web.Request, body: Mapping[str, Any]) -> Model:
        account = request[OPENED].account
        owned = (model for model in self._vendor.hub.all(account) if model.owner == account.name)
        for model in owned:
            if model.full_name == body["destination"]:
                return model
        raise Refusal(404, "The specified training destination does not exist")

    def _training(self, order: Order, destination: Model) -> Order:
        recipe = trained(self._vendor.studio, destination.full_name)
        output = {"version": f"{destination.full_name}:{recipe.version}", "weights": WEIGHTS}
        return replace(
            order,
            training=True,
            product=order.product and replace(order.product, output=output),
            then=lambda: self._vendor.hub.release(destination, recipe),
        )

    async def _shown(self, request: web.Request, one: Prediction) -> web.Response:
        """A new one; its addresses are a prediction's, as they are at the vendor."""
        base = origin(request)
        return answer(self._vendor.views.shown(one, base) | {"urls": urls(one, base)}, 201)

    async def one(self, request: web.Request) -> web.Response:
        """One training of this account."""
        return answer(self._vendor.views.shown(self._found(request), origin(request)))

    async def cancel(self, request: web.Request) -> web.Response:
        """Stop one."""
        one = self._found(request)
        self._vendor.book.cancel(one)
        return answer(self._vendor.views.shown(one, origin(request)))

    async def several(self, request: web.Request) -> web.Response:
        """This account's, the newest first."""
        found, base = self._vendor.book.listed(request[OPENED].account, trainings=True), origin(request)
        page = lists.page(
            request, found, key=lambda one: one.id, show=lambda one: self._vendor.views.row(one, base)
        )
        return answer(page)

    def _found(self, request: web.Request) -> Prediction:
        one = self._vendor.book.get(request[OPENED].account, request.match_info["training_id"])
        if not one.order.training:
            raise not_found()
        return one
