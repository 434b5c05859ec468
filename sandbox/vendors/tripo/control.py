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
  ``unauthorised_code``, ``pools`` and ``limits`` (by name).
"""

from dataclasses import asdict
from decimal import Decimal
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from sandbox.vendors.tripo.bodies import parsed
from sandbox.vendors.tripo.faults import Fault
from sandbox.vendors.tripo.refusals import bad
from sandbox.vendors.tripo.vendor import Vendor
from sandbox.vendors.tripo.webhooks import Subscription
from sandbox.vendors.tripo.wire import origin, read_object

ROOT = "/sandbox/tripo"


class Strict(BaseModel):
    """A control's body: a misspelt name is an error here."""

    model_config = ConfigDict(extra="forbid")


class Speed(Strict):
    """How fast to work."""

    factor: float = Field(ge=0)


class Credits(Strict):
    """What an account is to have."""

    balance: Decimal = Field(ge=0)
    account: str = "main"


class NewKey(Strict):
    """A key to add or to take away."""

    key: str = Field("", pattern="^(tsk_.+)?$")
    account: str = "main"
    balance: Decimal = Decimal(3000)
    revoke: str = ""


class Settings(Strict):
    """What sources disagree on, and limits."""

    link_seconds: float | None = Field(None, gt=0)
    usage_shape: Literal["array", "items"] | None = None
    usage_shows_unfinished: bool | None = None
    unauthorised_code: int | None = None
    pools: dict[str, int] = {}
    limits: dict[str, int] = {}


class NewFault(Strict):
    """A fault to arm."""

    fault: str
    times: int = Field(1, ge=1)
    type: str | None = None
    on: str = "create"
    status: int = Field(400, ge=400, le=599)
    code: int | None = None
    seconds: float = Field(30.0, ge=0)


class Hook(Strict):
    """Whom to call."""

    url: str = Field(pattern="^(https?://.+)?$")
    secret: str = Field("whsec_sandbox", pattern="^whsec_.+")
    low_balance: Decimal = Field(Decimal(0), ge=0)


class Control:
    """Handlers of the strings."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    def routes(self) -> list[web.RouteDef]:
        """What is served where."""
        return [
            web.get(f"{ROOT}/tasks", self.tasks),
            web.post(f"{ROOT}/speed", self.speed),
            web.get(f"{ROOT}/credits", self.show_credits),
            web.post(f"{ROOT}/credits", self.set_credits),
            web.post(f"{ROOT}/keys", self.keys),
            web.get(f"{ROOT}/faults", self.show_faults),
            web.post(f"{ROOT}/faults", self.arm),
            web.delete(f"{ROOT}/faults", self.clear_faults),
            web.post(f"{ROOT}/webhooks", self.webhooks),
            web.post(f"{ROOT}/settings", self.settings),
        ]

    async def tasks(self, _: web.Request) -> web.Response:
        """The books."""
        return web.json_response(
            [
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
        )

    async def speed(self, request: web.Request) -> web.Response:
        """Work faster or slower."""
        wish = parsed(Speed, await read_object(request))
        self._vendor.pace.set(wish.factor)
        return web.json_response({"factor": wish.factor})

    async def show_credits(self, request: web.Request) -> web.Response:
        """What an account has."""
        return self._credits(request.query.get("account", "main"))

    async def set_credits(self, request: web.Request) -> web.Response:
        """Make an account poor or rich."""
        wish = parsed(Credits, await read_object(request))
        self._vendor.keys.account(wish.account).balance = wish.balance
        return self._credits(wish.account)

    def _credits(self, name: str) -> web.Response:
        account = self._vendor.keys.account(name)
        return web.json_response({"balance": float(account.balance), "frozen": float(account.frozen)})

    async def keys(self, request: web.Request) -> web.Response:
        """Give out a key, or take one away."""
        wish = parsed(NewKey, await read_object(request))
        if bool(wish.key) == bool(wish.revoke):
            raise bad("give either key or revoke")
        if wish.revoke:
            self._vendor.keys.revoke(wish.revoke)
        else:
            self._vendor.keys.add(wish.key, account=wish.account, amount=wish.balance)
        return web.json_response({"done": True})

    async def show_faults(self, _: web.Request) -> web.Response:
        """What is still to go wrong."""
        return web.json_response([asdict(fault) for fault in self._vendor.faults.armed()])

    async def arm(self, request: web.Request) -> web.Response:
        """Let something go wrong."""
        wish = parsed(NewFault, await read_object(request)).model_dump()
        self._vendor.faults.arm(Fault(name=wish.pop("fault"), **wish))
        return await self.show_faults(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Let nothing go wrong."""
        self._vendor.faults.clear()
        return await self.show_faults(request)

    async def webhooks(self, request: web.Request) -> web.Response:
        """Call somebody else, or nobody."""
        wish, base = parsed(Hook, await read_object(request)), origin(request)
        subscription = Subscription(**wish.model_dump()) if wish.url else None
        self._vendor.webhooks.subscribe(subscription, lambda task: self._vendor.shown(task, base))
        return web.json_response({"url": wish.url})

    async def settings(self, request: web.Request) -> web.Response:
        """Change how the vendor is played."""
        wish = parsed(Settings, await read_object(request))
        vendor = self._vendor
        vendor.results.link_seconds = wish.link_seconds or vendor.results.link_seconds
        vendor.keys.unauthorised_code = wish.unauthorised_code or vendor.keys.unauthorised_code
        vendor.ways.usage_shape = wish.usage_shape or vendor.ways.usage_shape
        if wish.usage_shows_unfinished is not None:
            vendor.ways.usage_shows_unfinished = wish.usage_shows_unfinished
        _change(vendor.tasks.pools, wish.pools)
        _change(vendor.keys.limits, wish.limits)
        return web.json_response(wish.model_dump(exclude_none=True))


def _change(known: dict[str, Any], wished: dict[str, int]) -> None:
    if unknown := wished.keys() - known.keys():
        raise bad(f"not known: {', '.join(sorted(unknown))}")
    known.update(wished)
