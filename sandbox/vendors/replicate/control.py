"""The vendor's strings: what a test, or a person with curl, can see and change from outside.

All under ``/sandbox/replicate``, in JSON, without a key:

* ``GET tasks``: every accepted prediction, oldest first: ``task_id, key, type, version, status, input,
  credits, created_at, completed_at``; ``type`` is its model's name, ``credits`` the US dollars taken for it.
* ``POST speed {"factor": 10}``: work ten times as fast from now on; 0 stands still.
* ``GET/POST credits {"balance": 12.5, "account": "main"}``: what an account has left, in US dollars.
* ``POST keys {"key": "r8_...", "account": "main"}``: another key; a new account starts with
  ``balance``. ``{"revoke": "r8_..."}``: the key stops working.
* ``GET/POST/DELETE faults``: see ``faults``.
* ``POST webhooks {"secret": "whsec_...", "account": "main"}``: sign with another secret; without one,
  with a new one. Who is called is said with each prediction.
* ``GET/POST settings``: see ``ways``.
* ``POST models {"model": "firtoz/trellis", "renames": {"images": "pictures"}, "retire": true}``: the model
  drifts: a new version in which some fields have other names. With ``retire`` the older ones are gone.
"""

from decimal import Decimal
from typing import Any

from aiohttp import web
from pydantic import Field

from sandbox.vendors import control
from sandbox.vendors.control import Strict, wished
from sandbox.vendors.replicate.accounts import Account, new_secret
from sandbox.vendors.replicate.predictions import Prediction
from sandbox.vendors.replicate.vendor import Vendor
from sandbox.vendors.replicate.ways import Ways
from sandbox.vendors.wire import parsed, read_object


class Credits(control.Credits):
    """What an account is to have."""

    balance: Decimal


class NewKey(control.NewKey):
    """A key to add or to take away."""

    key: str = Field("", pattern="^(r8_[A-Za-z0-9]{20,})?$")
    balance: Decimal = Decimal(100)


class Secret(Strict):
    """What to sign with."""

    secret: str = Field("", pattern="^(whsec_[A-Za-z0-9+/]+=*)?$")
    account: str = "main"


class Drift(Strict):
    """How a model changes."""

    model: str
    renames: dict[str, str] = Field(default_factory=dict)
    retire: bool = False


class Control(control.PaidControl[Account]):
    """Handlers of the strings, with this vendor's own."""

    credits_form = Credits
    key_form = NewKey

    def __init__(self, vendor: Vendor) -> None:
        super().__init__("replicate", pace=vendor.pace, faults=vendor.faults, keys=vendor.keys)
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            *super().routes(),
            web.post(f"{self.root}/webhooks", self.webhooks),
            web.get(f"{self.root}/settings", self.show_settings),
            web.post(f"{self.root}/settings", self.settings),
            web.post(f"{self.root}/models", self.models),
        ]

    def books(self) -> list[dict[str, Any]]:
        """Every accepted prediction, oldest first."""
        return [_entry(one) for one in self._vendor.book.all()]

    def purse(self, account: Account) -> dict[str, Any]:
        """This vendor sets nothing aside, so that nothing is ever frozen."""
        return {"balance": float(account.balance), "frozen": 0.0}

    async def webhooks(self, request: web.Request) -> web.Response:
        """Sign with another secret."""
        wish = await wished(Secret, request)
        account = self._vendor.keys.account(wish.account)
        account.webhook_secret = wish.secret or new_secret()
        return web.json_response({"secret": account.webhook_secret})

    async def show_settings(self, _: web.Request) -> web.Response:
        """How the vendor is played."""
        return web.json_response(self._vendor.ways.model_dump(mode="json"))

    async def settings(self, request: web.Request) -> web.Response:
        """Change how the vendor is played."""
        ways = self._vendor.ways
        for name, value in parsed(Ways, {**ways.model_dump(), **await read_object(request)}):
            setattr(ways, name, value)
        return await self.show_settings(request)

    async def models(self, request: web.Request) -> web.Response:
        """Let a model drift; the new version's id."""
        wish = await wished(Drift, request)
        version = self._vendor.hub.drift(wish.model, wish.renames, retire=wish.retire)
        return web.json_response({"version": version.id})


def _entry(one: Prediction) -> dict[str, Any]:
    return {
        "task_id": one.id,
        "key": one.order.key.secret,
        "type": one.order.model,
        "version": one.order.version.id,
        "status": one.status,
        "input": dict(one.order.input),
        "credits": float(one.charged),
        "created_at": one.created_at,
        "completed_at": one.completed_at,
    }
