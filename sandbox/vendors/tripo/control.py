"""The vendor's strings: what a test, or a person with curl, can see and change from outside.

All under ``/sandbox/tripo``, in JSON, without a key:

* ``GET tasks``: every accepted task, oldest first: ``task_id, key, type, status, input, credits,
  created_at, completed_at``; ``credits`` is what was taken for it.
* ``POST speed {"factor": 10}``: work ten times as fast from now on; 0 stands still.
* ``GET/POST credits {"balance": 12.5, "account": "main"}``: what an account has left.
* ``POST keys {"key": "tsk_...", "account": "main"}``: another key; a new account starts with
  ``balance``. ``{"revoke": "tsk_..."}``: the key stops working.
* ``GET/POST/DELETE faults``: see ``faults``.
* ``POST webhooks {"url": "http://...", "secret": "whsec_...", "low_balance": 50}``: call there whenever a
  task ends, and when an account falls below so many credits. ``{"url": ""}``: call nobody.
* ``POST settings``: ``link_seconds``, ``usage_shape`` (array | items), ``usage_shows_unfinished``,
  ``unauthorised_code``, ``pools`` and ``limits`` (by name), ``model_bytes`` (how large finished models
  are at least when they are fetched).
"""

from decimal import Decimal
from typing import Any, Literal

from aiohttp import web
from pydantic import Field

from sandbox.vendors import control
from sandbox.vendors.control import Strict, change, wished
from sandbox.vendors.tripo.accounts import Account
from sandbox.vendors.tripo.vendor import Vendor
from sandbox.vendors.tripo.webhooks import Subscription
from sandbox.vendors.wire import origin


class Credits(control.Credits):
    """What an account is to have."""

    balance: Decimal = Field(ge=0)


class NewKey(control.NewKey):
    """A key to add or to take away."""

    key: str = Field("", pattern="^(tsk_.+)?$")
    balance: Decimal = Decimal(3000)


class Settings(Strict):
    """What sources disagree on, and limits."""

    link_seconds: float | None = Field(None, gt=0)
    usage_shape: Literal["array", "items"] | None = None
    usage_shows_unfinished: bool | None = None
    unauthorised_code: int | None = None
    model_bytes: int | None = Field(None, ge=0)
    pools: dict[str, int] = Field(default_factory=dict)
    limits: dict[str, int] = Field(default_factory=dict)


class Hook(Strict):
    """Whom to call."""

    url: str = Field(pattern="^(https?://.+)?$")
    secret: str = Field("whsec_sandbox", pattern="^whsec_.+")
    low_balance: Decimal = Field(Decimal(0), ge=0)


class Control(control.PaidControl[Account]):
    """Handlers of the strings, with this vendor's own."""

    credits_form = Credits
    key_form = NewKey

    def __init__(self, vendor: Vendor) -> None:
        super().__init__("tripo", pace=vendor.pace, faults=vendor.faults, keys=vendor.keys)
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            *super().routes(),
            web.post(f"{self.root}/webhooks", self.webhooks),
            web.post(f"{self.root}/settings", self.settings),
        ]

    def books(self) -> list[dict[str, Any]]:
        """Every accepted task, oldest first."""
        return [
            {
                "task_id": task.task_id,
                "key": task.key.secret,
                "type": task.type,
                "status": task.status,
                "input": dict(task.input),
                "credits": float(task.charged),
                "created_at": task.created_at,
                "completed_at": task.completed_at,
            }
            for task in reversed(self._vendor.tasks.all())
        ]

    def purse(self, account: Account) -> dict[str, Any]:
        """What is free to use, and what is set aside for tasks under way."""
        return {"balance": float(account.balance), "frozen": float(account.frozen)}

    async def webhooks(self, request: web.Request) -> web.Response:
        """Call somebody else, or nobody."""
        wish, base = await wished(Hook, request), origin(request)
        subscription = Subscription(**wish.model_dump()) if wish.url else None
        self._vendor.webhooks.subscribe(subscription, lambda task: self._vendor.shown(task, base))
        return web.json_response({"url": wish.url})

    async def settings(self, request: web.Request) -> web.Response:
        """Change how the vendor is played."""
        wish = await wished(Settings, request)
        vendor = self._vendor
        vendor.results.links.seconds = wish.link_seconds or vendor.results.links.seconds
        vendor.keys.unauthorised_code = wish.unauthorised_code or vendor.keys.unauthorised_code
        vendor.ways.usage_shape = wish.usage_shape or vendor.ways.usage_shape
        if wish.usage_shows_unfinished is not None:
            vendor.ways.usage_shows_unfinished = wish.usage_shows_unfinished
        if wish.model_bytes is not None:
            vendor.results.weight = wish.model_bytes
        change(vendor.tasks.pools, wish.pools)
        change(vendor.keys.limits, wish.limits)
        return web.json_response(wish.model_dump(exclude_none=True))
