"""The vendor's strings: what a test, or a person with curl, can see and change from outside.

All under ``/sandbox/meshy``, in JSON, without a key:

* ``GET tasks``: every accepted task, oldest first: ``task_id, key, type, status, input, credits,
  created_at, completed_at``; ``credits`` is what was taken for it and not given back. Files in a
  request are cut short.
* ``POST speed {"factor": 10}``: work ten times as fast from now on; 0 stands still.
* ``GET/POST credits {"balance": 12, "account": "main"}``: what an account has left.
* ``POST keys {"key": "msy_...", "account": "main"}``: another key; a new account starts with
  ``balance``. ``{"revoke": "msy_..."}``: the key stops working.
* ``GET/POST/DELETE faults``: see ``faults``.
* ``POST webhooks {"url": "http://..."}``: call there whenever a task's status changes, as one does in
  the vendor's console. ``{"url": ""}``: call nobody.
* ``POST settings``: ``link_seconds``, ``limits`` (by name: ``requests``, ``tasks``), ``retry_after``,
  ``test_key`` (the key that is said to be good for everybody; it has credits without end), and by their
  names all of ``ways.Ways``.
"""

from typing import Any

from aiohttp import web
from pydantic import ConfigDict, Field

from sandbox.vendors import control
from sandbox.vendors.control import Strict, change, wished
from sandbox.vendors.meshy.accounts import TEST_KEY, Account
from sandbox.vendors.meshy.vendor import Vendor
from sandbox.vendors.meshy.ways import Ways
from sandbox.vendors.wire import origin, parsed

WITHOUT_END = 10**9


class Credits(control.Credits):
    """What an account is to have."""

    balance: int = Field(ge=0)


class Settings(Strict):
    """Limits; whatever has another name is one of ``Ways``."""

    model_config = ConfigDict(extra="allow")

    link_seconds: float | None = Field(None, gt=0)
    limits: dict[str, int] = Field(default_factory=dict)
    retry_after: bool | None = None
    test_key: bool | None = None


class Hook(Strict):
    """Whom to call."""

    url: str = Field(pattern="^(https?://.+)?$")


class Control(control.PaidControl[Account]):
    """Handlers of the strings, with this vendor's own."""

    credits_form = Credits

    def __init__(self, vendor: Vendor) -> None:
        super().__init__("meshy", pace=vendor.pace, faults=vendor.faults, keys=vendor.keys)
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
                "type": task.plan.type,
                "status": task.status,
                "input": dict(task.plan.body),
                "credits": task.charged,
                "created_at": task.created_at,
                "completed_at": task.finished_at or None,
            }
            for task in self._vendor.tasks.all()
        ]

    def purse(self, account: Account) -> dict[str, Any]:
        """What is left; those of tasks under way are taken already."""
        return {"balance": account.balance}

    async def webhooks(self, request: web.Request) -> web.Response:
        """Call somebody else, or nobody."""
        wish, base = await wished(Hook, request), origin(request)
        self._vendor.webhooks.subscribe(wish.url, lambda task: self._vendor.shown(task, base))
        return web.json_response({"url": wish.url})

    async def settings(self, request: web.Request) -> web.Response:
        """Change how the vendor is played."""
        wish, vendor = await wished(Settings, request), self._vendor
        ways = parsed(Ways, vendor.ways.model_dump() | (wish.model_extra or {}))
        for name, way in ways:
            setattr(vendor.ways, name, way)
        vendor.results.links.seconds = wish.link_seconds or vendor.results.links.seconds
        change(vendor.keys.limits, wish.limits)
        if wish.retry_after is not None:
            vendor.keys.says_when = wish.retry_after
        if wish.test_key is not None:
            vendor.keys.add(TEST_KEY, account="test", amount=WITHOUT_END).revoked = not wish.test_key
        return web.json_response(wish.model_dump(exclude_none=True) | vendor.ways.model_dump())
