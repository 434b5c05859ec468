"""From an order to a prediction, with everything that can go wrong around it."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.vendors.faults import AROUND_THE_ANSWER, IN_PLACE_OF_AN_ANSWER, LATER, Fault
from sandbox.vendors.moderation import fails_at_once, fails_later
from sandbox.vendors.replicate.faults import ABOUT_THE_TASK, REFUSALS, refused
from sandbox.vendors.replicate.predictions import Order, Prediction
from sandbox.vendors.replicate.refusals import Refusal, out_of_credit
from sandbox.vendors.replicate.vendor import Vendor
from sandbox.vendors.spoiling import bad_gateway, cut, instead_of_an_answer

Shown = Callable[[web.Request, Prediction], Awaitable[web.Response]]
"""The answer to a creation."""


class Creation:
    """Takes orders on."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def refused(self, request: web.Request, body: Mapping[str, Any]) -> web.Response | None:
        """What is answered instead, where that was asked for; a ``Refusal`` may be raised."""
        kind = self._vendor.hub.kind(request.match_info, body)
        spoken = REFUSALS | IN_PLACE_OF_AN_ANSWER
        fault = self._vendor.faults.asked(REFUSALS, _prompt(body.get("input")), kind=kind, spoken=spoken)
        return instead_of_an_answer(fault, request, refused) if fault else None

    async def take(self, request: web.Request, order: Order, shown: Shown) -> web.Response:
        """Take an order on, and answer; 402 where it cannot be paid."""
        if order.key.account.balance <= 0:
            raise out_of_credit()
        if fault := self._vendor.faults.asked(LATER, _prompt(order.input), kind=order.model):
            self._vendor.background.begin(self._accepted_after(fault.seconds, order))
            return cut(request)
        return await self._answered(request, self._accepted(order), shown)

    async def _accepted_after(self, seconds: float, order: Order) -> None:
        """Nobody hears any more whether it was."""
        await self._vendor.clock.sleep(seconds)
        with contextlib.suppress(Refusal):
            self._accepted(order)

    def _accepted(self, order: Order) -> Prediction:
        prompt = _prompt(order.input)
        fault = self._vendor.faults.asked(ABOUT_THE_TASK, prompt, kind=order.model) or _moderated(prompt)
        one = self._vendor.book.accept(order, fault)
        self._vendor.webhooks.follow(one)
        self._vendor.hub.ran(order.model)
        return one

    async def _answered(self, request: web.Request, one: Prediction, shown: Shown) -> web.Response:
        prompt, model = _prompt(one.order.input), one.order.model
        fault = self._vendor.faults.asked(AROUND_THE_ANSWER, prompt, kind=model)
        if fault is None:
            return await shown(request, one)
        if fault.name == "listed_late":
            one.listed_at = self._vendor.clock.now() + round(fault.seconds * 1000)
            return await shown(request, one)
        return cut(request) if fault.name == "cut_after_accept" else bad_gateway()


def _prompt(given: Any) -> str:
    return str(given.get("prompt", "")) if isinstance(given, dict) else ""


def _moderated(prompt: str) -> Fault | None:
    """The vendor takes every prompt on; it is the model that will not."""
    if fails_at_once(prompt):
        return Fault(name="moderated")
    return Fault(name="late_moderated") if fails_later(prompt) else None
