"""The vendor's strings: what a test, or a person with curl, can see and change from outside.

All under ``/sandbox/<vendor>``, in JSON, without a key. Every vendor has

* ``GET tasks``: every accepted task, oldest first, in the vendor's fields;
* ``POST speed {"factor": 10}``: work ten times as fast from now on; 0 stands still;
* ``GET/POST/DELETE faults``: see ``faults``;

and adds its own: ``webhooks``, ``settings`` where it has them. Those that are paid have

* ``GET/POST credits {"balance": 12, "account": "main"}``: what an account has left;
* ``POST keys {"key": "...", "account": "main"}``: another key; a new account starts with ``balance``.
  ``{"revoke": "..."}``: the key stops working.
"""

from abc import ABC, abstractmethod
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Generic, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.vendors.accounts import Account, Keyring
from sandbox.vendors.faults import Fault, Faults
from sandbox.vendors.pace import Pace
from sandbox.vendors.refusals import Refusal
from sandbox.vendors.wire import parsed, read_object


class Strict(BaseModel):
    """A control's body: a misspelt name is an error here."""

    model_config = ConfigDict(extra="forbid")


class Speed(Strict):
    """How fast to work."""

    factor: float = Field(ge=0)


class NewFault(Strict):
    """A fault to arm."""

    fault: str
    times: int = Field(1, ge=1)
    type: str | None = None
    on: str = "create"
    status: int = Field(400, ge=400, le=599)
    code: int | None = None
    seconds: float = Field(30.0, ge=0)


class NewKey(Strict):
    """A key to add or to take away; a new account starts with ``balance``."""

    key: str = ""
    account: str = "main"
    balance: Decimal = Decimal(0)
    revoke: str = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> "NewKey":
        if bool(self.key) == bool(self.revoke):
            raise ValueError("give either key or revoke")
        return self


class Credits(Strict):
    """What an account is to have, in the vendor's unit."""

    balance: Any
    account: str = "main"


Wish = TypeVar("Wish", bound=Strict)
Owner = TypeVar("Owner", bound=Account)
Value = TypeVar("Value")


class Control(ABC):
    """Handlers of the strings that every vendor has."""

    def __init__(self, name: str, *, pace: Pace, faults: Faults) -> None:
        self.root = f"/sandbox/{name}"
        self._pace = pace
        self._faults = faults

    @abstractmethod
    def books(self) -> list[dict[str, Any]]:
        """Every accepted task, oldest first, as JSON."""

    def routes(self) -> list[web.RouteDef]:
        """What is served where; a vendor adds its own."""
        return [
            web.get(f"{self.root}/tasks", self.tasks),
            web.post(f"{self.root}/speed", self.speed),
            web.get(f"{self.root}/faults", self.show_faults),
            web.post(f"{self.root}/faults", self.arm),
            web.delete(f"{self.root}/faults", self.clear_faults),
        ]

    async def tasks(self, _: web.Request) -> web.Response:
        """The books."""
        return web.json_response(self.books())

    async def speed(self, request: web.Request) -> web.Response:
        """Work faster or slower."""
        wish = await wished(Speed, request)
        self._pace.set(wish.factor)
        return web.json_response({"factor": wish.factor})

    async def show_faults(self, _: web.Request) -> web.Response:
        """What is still to go wrong."""
        return web.json_response([asdict(fault) for fault in self._faults.armed()])

    async def arm(self, request: web.Request) -> web.Response:
        """Let something go wrong."""
        wish = (await wished(NewFault, request)).model_dump()
        self._faults.arm(Fault(name=wish.pop("fault"), **wish))
        return await self.show_faults(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Let nothing go wrong."""
        self._faults.clear()
        return await self.show_faults(request)


class PaidControl(Control, Generic[Owner]):
    """Also the handlers of a vendor that is paid, and gives out keys."""

    credits_form: type[Credits] = Credits
    key_form: type[NewKey] = NewKey

    def __init__(self, name: str, *, pace: Pace, faults: Faults, keys: Keyring[Owner]) -> None:
        super().__init__(name, pace=pace, faults=faults)
        self._keys = keys

    @abstractmethod
    def purse(self, account: Owner) -> dict[str, Any]:
        """What an account has, as JSON."""

    def routes(self) -> list[web.RouteDef]:
        """What is served where; a vendor adds its own."""
        return [
            *super().routes(),
            web.get(f"{self.root}/credits", self.show_credits),
            web.post(f"{self.root}/credits", self.set_credits),
            web.post(f"{self.root}/keys", self.keys),
        ]

    async def show_credits(self, request: web.Request) -> web.Response:
        """What an account has."""
        return web.json_response(self.purse(self._keys.account(request.query.get("account", "main"))))

    async def set_credits(self, request: web.Request) -> web.Response:
        """Make an account poor or rich."""
        wish = await wished(self.credits_form, request)
        account = self._keys.account(wish.account)
        account.balance = wish.balance
        return web.json_response(self.purse(account))

    async def keys(self, request: web.Request) -> web.Response:
        """Give out a key, or take one away."""
        wish = await wished(self.key_form, request)
        if wish.revoke:
            self._keys.revoke(wish.revoke)
        else:
            self._keys.add(wish.key, account=wish.account, amount=wish.balance)
        return web.json_response({"done": True})


async def wished(kind: type[Wish], request: web.Request) -> Wish:
    """A control's body; a ``Refusal`` (400, 415) says what is wrong with it."""
    return parsed(kind, await read_object(request))


def change(known: dict[str, Value], wished: dict[str, Value]) -> None:
    """Set values by name, such as limits; a ``Refusal`` (400) for a name that is not there."""
    if unknown := wished.keys() - known.keys():
        raise Refusal(400, f"not known: {', '.join(sorted(unknown))}")
    known.update(wished)
