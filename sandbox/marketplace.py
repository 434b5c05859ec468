"""All vendors in one process, each at a port of its own, with an account for the bot and one for a member."""

import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.clock import SystemClock
from sandbox.vendors.comfyui.server import ComfyUISandbox
from sandbox.vendors.faults import Faults
from sandbox.vendors.meshy import accounts as meshy
from sandbox.vendors.meshy.server import MeshySandbox
from sandbox.vendors.pace import Pace
from sandbox.vendors.replicate import accounts as replicate
from sandbox.vendors.replicate.server import ReplicateSandbox
from sandbox.vendors.tripo import accounts as tripo
from sandbox.vendors.tripo.server import TripoSandbox

HOST = "127.0.0.1"
TRIES = 50
WEBHOOK_SECRET = "whsec_of_the_sandbox"
MEMBER = "member"
"""The account behind the keys that a member may bring."""
MEMBER_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "tripo": "tsk_sandbox_key_of_a_member_0000000000000000000",
        "meshy": "msy_sandbox_key_of_a_member_000000000000",
        "replicate": "r8_SandboxKeyOfAMember000000000000000000",
    }
)


class Sandbox(Protocol):
    """What every vendor's sandbox has."""

    pace: Pace
    faults: Faults

    def app(self) -> web.Application:
        """The vendor as an application."""
        ...


Observer = Callable[[str, web.Request, float, float], None]
"""Told of each request before its answer leaves: the vendor, the request, from when to when (seconds)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A vendor, and what a bot is told to find it: settings, in which ``{host}`` is where it listens."""

    make: Callable[[float], Sandbox]
    """Takes how many times as fast as usual it works."""
    port: int
    settings: Mapping[str, str]
    console: Mapping[str, str] = field(default_factory=dict)
    """What its console wants to know beside a webhook's address."""


def _tripo(speed: float) -> TripoSandbox:
    vendor = TripoSandbox(SystemClock(), speed=speed)
    vendor.keys.add(MEMBER_KEYS["tripo"], account=MEMBER, amount=Decimal(500))
    return vendor


def _meshy(speed: float) -> MeshySandbox:
    vendor = MeshySandbox(SystemClock(), speed=speed)
    vendor.keys.add(MEMBER_KEYS["meshy"], account=MEMBER, amount=500)
    return vendor


def _replicate(speed: float) -> ReplicateSandbox:
    vendor = ReplicateSandbox(SystemClock(), speed=speed)
    vendor.keys.add(MEMBER_KEYS["replicate"], account=MEMBER, amount=Decimal(20))
    return vendor


def _comfyui(speed: float) -> ComfyUISandbox:
    return ComfyUISandbox(SystemClock(), speed=speed)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "tripo": Kind(
            make=_tripo,
            port=8802,
            settings={
                "TRIPO_API_KEY": tripo.KEY,
                "TRIPO_API_URL": "http://{host}/v3",
                "TRIPO_WEBHOOK_SECRET": WEBHOOK_SECRET,
            },
            console={"secret": WEBHOOK_SECRET},
        ),
        "meshy": Kind(
            make=_meshy,
            port=8803,
            settings={"MESHY_API_KEY": meshy.KEY, "MESHY_API_URL": "http://{host}"},
        ),
        "replicate": Kind(
            make=_replicate,
            port=8804,
            settings={"REPLICATE_API_KEY": replicate.KEY, "REPLICATE_API_URL": "http://{host}/v1"},
        ),
        "comfyui": Kind(make=_comfyui, port=8805, settings={"COMFYUI_API_URL": "http://{host}"}),
    }
)


@dataclass(slots=True, kw_only=True)
class Stand:
    """One vendor at work, or switched off."""

    name: str
    sandbox: Sandbox
    port: int
    _runner: web.AppRunner
    _site: web.TCPSite | None = None

    async def switch_on(self) -> None:
        """Listen."""
        self._site = web.TCPSite(self._runner, HOST, self.port)
        await self._site.start()

    async def switch_off(self) -> None:
        """Nobody is there any more, until it is switched on again; what it knows it keeps."""
        if self._site and self._runner.server:
            await self._site.stop()
            await self._runner.server.shutdown(0.1)

    @property
    def host(self) -> str:
        """Host and port."""
        return f"{HOST}:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What a bot is told."""
        return {name: value.format(host=self.host) for name, value in KINDS[self.name].settings.items()}

    async def books(self) -> list[dict[str, Any]]:
        """Every task that was accepted, oldest first, with what was taken for it."""
        async with aiohttp.ClientSession() as session, session.get(self._string("tasks")) as answer:
            found: list[dict[str, Any]] = await answer.json()
            return found

    async def tell(self, string: str, **wish: Any) -> None:
        """Pull one of the vendor's strings: ``faults``, ``credits``, ``speed`` and others."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._string(string), json=wish) as answer,
        ):
            answer.raise_for_status()

    async def call(self, address: str) -> None:
        """Tell its console whom to call when there is news."""
        await self.tell("webhooks", url=address, **KINDS[self.name].console)

    def _string(self, name: str) -> str:
        return f"http://{self.host}/sandbox/{self.name}/{name}"


@asynccontextmanager
async def marketplace(
    speed: float, notes: list[str], observer: Observer | None = None
) -> AsyncIterator[dict[str, Stand]]:
    """Every vendor, listening; where one could not have its port, ``notes`` gets a line."""
    async with AsyncExitStack() as stack:
        stands = {}
        for name, kind in KINDS.items():
            sandbox = kind.make(speed)
            runner = _runner(name, sandbox, observer)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            port = free_port(kind.port, f"vendor {name}", notes)
            stands[name] = Stand(name=name, sandbox=sandbox, port=port, _runner=runner)
            await stands[name].switch_on()
        yield stands


def _runner(name: str, sandbox: Sandbox, observer: Observer | None) -> web.AppRunner:
    app = sandbox.app()
    if observer:
        app.middlewares.insert(0, observing(name, observer))
    return web.AppRunner(app, access_log=None, shutdown_timeout=1)


def observing(name: str, observer: Observer) -> Middleware:
    """Tells the observer of each request, after it was done and before it is answered."""

    @web.middleware
    async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
        begun = time.time()
        try:
            return await handler(request)
        finally:
            observer(name, request, begun, time.time())

    return observe


def free_port(wanted: int, what: str, notes: list[str]) -> int:
    """``wanted``, or the next one that nobody uses, of which ``notes`` gets a line.

    Raises:
        OSError: none of fifty is free.
    """
    for port in range(wanted, wanted + TRIES):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        if port != wanted:
            notes.append(f"Port {wanted} is in use; the {what} is at {port} instead.")
        return port
    raise OSError(f"none of the ports {wanted} to {wanted + TRIES - 1} is free for the {what}")
