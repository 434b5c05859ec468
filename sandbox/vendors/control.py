"""The vendor's strings: what a test, or a person with curl, can see and change from outside.

All under ``/sandbox/<vendor>``, in JSON, without a key. Every vendor has

* ``GET tasks``: every accepted task, oldest first, in the vendor's fields;
* ``POST speed {"factor": 10}``: work ten times as fast from now on; 0 stands still;
* ``GET/POST/DELETE faults``: see ``faults``;

and adds its own: ``keys``, ``webhooks``, ``settings`` where it has them.
"""

from abc import ABC, abstractmethod
from dataclasses import asdict
from decimal import Decimal
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

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


Wish = TypeVar("Wish", bound=Strict)


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


async def wished(kind: type[Wish], request: web.Request) -> Wish:
    """A control's body; a ``Refusal`` (400, 415) says what is wrong with it."""
    return parsed(kind, await read_object(request))


def change(known: dict[str, int], wished: dict[str, int]) -> None:
    """Set numbers by name, such as limits; a ``Refusal`` (400) for a name that is not there."""
    if unknown := wished.keys() - known.keys():
        raise Refusal(400, f"not known: {', '.join(sorted(unknown))}")
    known.update(wished)
