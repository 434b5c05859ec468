"""The weather over HTTP: sockets, faults and time."""

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.discord.control import forms
from sandbox.discord.control.routing import NOTHING, read, route
from sandbox.discord.faults import Fault
from sandbox.discord.intents import Intent
from sandbox.discord.refusals import Json

if TYPE_CHECKING:
    from sandbox.discord.server import DiscordSandbox


class Weather:
    """What nobody does on purpose."""

    def __init__(self, sandbox: "DiscordSandbox") -> None:
        self._sandbox = sandbox

    def routes(self) -> list[web.RouteDef]:
        """Where it is served."""
        return [
            route("POST", "gateway", self._gateway),
            route("PUT", "sharding", self._sharding),
            route("PUT", "intents", self._intents),
            route("GET", "faults", self._faults),
            route("POST", "faults", self._add_fault),
            route("DELETE", "faults", self._clear_faults),
            route("POST", "advance", self._advance),
        ]

    async def _gateway(self, request: web.Request) -> object:
        form = await read(request, forms.GatewayAct)
        gateway = self._sandbox.gateway
        match form.action:
            case "cut":
                gateway.cut()
            case "reconnect":
                gateway.reconnect()
            case "invalidate":
                gateway.invalidate(resumable=form.resumable)
            case "close":
                gateway.close(form.code)
            case "ask_heartbeat":
                gateway.ask_heartbeat()
            case "mute":
                gateway.muted = form.muted
        return NOTHING

    async def _sharding(self, request: web.Request) -> Json:
        form = await read(request, forms.ShardingForm)
        sharding = replace(self._sandbox.gateway.sharding, **form.model_dump(exclude_none=True))
        self._sandbox.gateway.sharding = sharding
        return asdict(sharding)

    async def _intents(self, request: web.Request) -> object:
        form = await read(request, forms.Grant)
        self._sandbox.gateway.grant(sum(getattr(Intent, one.upper()) for one in set(form.privileged)))
        return NOTHING

    async def _faults(self, _request: web.Request) -> list[Json]:
        return [fault.shown() for fault in self._sandbox.faults.all()]

    async def _add_fault(self, request: web.Request) -> Json:
        form = await read(request, forms.NewFault)
        return self._sandbox.faults.add(Fault(**form.model_dump())).shown()

    async def _clear_faults(self, _request: web.Request) -> object:
        self._sandbox.faults.clear()
        return NOTHING

    async def _advance(self, request: web.Request) -> Json:
        form = await read(request, forms.Advance)
        return {"now": self._sandbox.advance(form.seconds)}
