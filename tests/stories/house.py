"""The whole house in one process: a Discord, vendors, and the bot between them, on one clock.

They talk over real sockets, and write to a real database and a real folder. Time alone is
ours: it stands still while somebody acts, and moves only where a story waits for something.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.app import App, build
from bot.jobs.clock import RandomIds
from bot.jobs.plan import OWNER_KEY
from bot.parts import hook_address, hook_words, secrets_of
from bot.settings import Settings
from sandbox.discord import DiscordSandbox
from sandbox.vendors.comfyui.server import ComfyUISandbox
from sandbox.vendors.faults import Fault
from sandbox.vendors.meshy import accounts as meshy
from sandbox.vendors.meshy.server import MeshySandbox
from sandbox.vendors.replicate import accounts as replicate
from sandbox.vendors.replicate.server import ReplicateSandbox
from sandbox.vendors.tripo import accounts as tripo
from sandbox.vendors.tripo.server import TripoSandbox
from tests.clock import HandClock
from tests.stories.family import Family
from tests.stories.person import Person, Said

HOST = "127.0.0.1"
SECRET = "whsec_of_the_owner"
SANDBOXES: Mapping[str, Callable[[HandClock], Any]] = {
    "tripo": TripoSandbox,
    "meshy": MeshySandbox,
    "replicate": ReplicateSandbox,
    "comfyui": ComfyUISandbox,
}
SETTINGS = {
    "tripo": {
        "tripo_api_key": tripo.KEY,
        "tripo_api_url": "http://{host}/v3",
        "tripo_webhook_secret": SECRET,
    },
    "meshy": {"meshy_api_key": meshy.KEY, "meshy_api_url": "http://{host}"},
    "replicate": {"replicate_api_key": replicate.KEY, "replicate_api_url": "http://{host}/v1"},
    "comfyui": {"comfyui_api_url": "http://{host}"},
}
SETTLE = 0.004
"""Real seconds that sockets get before time moves on."""
LOOKS = 60
"""How often in a row we look whether the bot has done its work, before time moves on all the same."""
LONGEST_STEP = 1.0
STEPS = 400
REAL_PATIENCE = 30.0
"""Real seconds; a busy machine may need more than a story should."""


@dataclass(slots=True, kw_only=True)
class House:
    """What a story needs: people, the vendor's books, time, and the bot's life and death."""

    clock: HandClock
    discord: DiscordSandbox
    vendors: Mapping[str, Any]
    """The vendors' sandboxes by name; those that the story asked for."""
    hosts: Mapping[str, str]
    """Where they are."""
    settings: Settings
    family: Family
    app: App | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _life: asyncio.Task[None] | None = None

    @property
    def tripo(self) -> TripoSandbox:
        """The vendor that is always there."""
        sandbox: TripoSandbox = self.vendors["tripo"]
        return sandbox

    def hook(self, vendor: str) -> str:
        """The address that an owner tells a vendor's console."""
        return str(hook_address(self.settings, hook_words(secrets_of(self.settings)), vendor))

    def person(self, name: str, *, channel: int | None = None) -> Person:
        """Somebody in the server's general channel, or elsewhere."""
        user = self.discord.world.user_named(name)
        assert user is not None
        here = channel or self.discord.world.channel_named("Workshop", "general").id
        return Person(discord=self.discord, id=user.id, channel=here)

    def alone(self, name: str) -> Person:
        """Somebody in direct messages with the bot."""
        return self.person(name, channel=self.discord.world.direct(self.person(name).id).id)

    # Time -------------------------------------------------------------------

    async def until(self, condition: Callable[[], object]) -> None:
        """Let time pass until something holds."""
        patience = asyncio.get_running_loop().time() + REAL_PATIENCE
        for _ in range(STEPS):
            await self._settle()
            if condition():
                return
            if asyncio.get_running_loop().time() > patience:
                break
            self.clock.advance_to_next(LONGEST_STEP)
        raise AssertionError("it did not come to that; the chat reads:\n" + self.chat())

    async def reads(self, message: Said, *words: str) -> None:
        """Let time pass until a message says all of this."""
        await self.until(lambda: all(word in message.text for word in words))

    async def pass_time(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let so much time pass, step by step."""
        end = self.clock.now() + (seconds + 60 * minutes + 3600 * hours) * 1000
        while self.clock.now() < end:
            await self._settle()
            self.clock.advance_to_next(min(30.0, (end - self.clock.now()) / 1000))

    async def _settle(self) -> None:
        """Let work be done that takes real time, so that a slow machine does not make slow stories."""
        for _ in range(LOOKS):
            await asyncio.sleep(SETTLE)
            if not self._at_work():
                break
        self._alive()

    def _at_work(self) -> bool:
        """Whether a step or an edit is under way that does not itself wait for time to pass."""
        if self.app is None:
            return False
        under_way = (*self.app.core.engine._tasks, *self.app.presenter._writers.values())
        return not all(self.clock.holds(task) for task in under_way)

    # The bot ----------------------------------------------------------------

    async def start(self) -> None:
        """Bring the bot to life; comes back when it knows everybody and everybody knows it."""
        self._stop = asyncio.Event()
        self._life = self.family.begin(self._live())
        async with asyncio.timeout(REAL_PATIENCE):
            while not (self.app and self.app.client.is_ready()):
                self._alive()
                await asyncio.sleep(SETTLE)

    async def stop(self) -> None:
        """Ask the bot to stop, and see that it does."""
        self._stop.set()
        async with asyncio.timeout(REAL_PATIENCE):
            while self._life and not self._life.done():
                await asyncio.sleep(SETTLE)
                self.clock.advance_to_next(LONGEST_STEP)
        self._alive()
        self._life = self.app = None

    async def restart(self) -> None:
        """A new life of the bot on the same data."""
        await self.stop()
        await self.start()

    async def crash(self) -> None:
        """Cut the bot off in the middle of whatever it does."""
        await self.family.end()
        if self.app:
            await self.app.client.close()  # its socket and its thread, as the system would
        self._life = self.app = None

    async def _live(self) -> None:
        async with build(self.settings, self.clock, RandomIds()) as self.app:
            await self.app.run(self._stop)

    def _alive(self) -> None:
        """Whatever ended the bot is the story's end too."""
        if self._life and self._life.done():
            self._life.result()

    # The world --------------------------------------------------------------

    def arm(self, fault: str, *, at: str = "tripo", **details: Any) -> None:
        """Let something go wrong at a vendor."""
        self.vendors[at].faults.arm(Fault(name=fault, **details))

    async def books(self, vendor: str) -> list[dict[str, Any]]:
        """Every task that a vendor accepted, oldest first."""
        address = f"http://{self.hosts[vendor]}/sandbox/{vendor}/tasks"
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            found: list[dict[str, Any]] = await answer.json()
            return found

    async def subscribe(self, vendor: str) -> None:
        """Tell a vendor's console where the bot listens; Replicate is told with each request."""
        if vendor == "replicate":
            return
        told = {"url": self.hook(vendor)} | ({"secret": SECRET} if vendor == "tripo" else {})
        address = f"http://{self.hosts[vendor]}/sandbox/{vendor}/webhooks"
        async with aiohttp.ClientSession() as session, session.post(address, json=told) as answer:
            answer.raise_for_status()

    def trouble(self, vendor: str) -> object:
        """What the bot thinks is wrong with a vendor at present."""
        return self.app and self.app.core.jobs.proposals.choosing.circuits.trouble(vendor, OWNER_KEY)

    async def well_again(self, vendor: str = "tripo") -> None:
        """Let time pass until the bot has looked, and found a vendor that was in trouble well."""
        await self.until(lambda: not self.trouble(vendor))

    def at_vendor(self, kind: str | None = None) -> list[Any]:
        """The vendor's tasks, oldest first; perhaps of one type."""
        self.tripo.tasks.advance()
        return [task for task in reversed(self.tripo.tasks.all()) if kind in {None, task.type}]

    def paid(self) -> int:
        """Vendor credits that were really taken."""
        return int(sum(task.charged for task in self.at_vendor()))

    async def download(self, address: str) -> bytes:
        """Fetch what a link leads to, as anybody would."""
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def status_of(self, address: str) -> int:
        """The HTTP status behind a link."""
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            return answer.status

    def chat(self) -> str:
        """Everything that stands in the channels, as plain text."""
        people = [user for user in self.discord.world.users.values() if not user.bot]
        rooms = [self.person(user.name) for user in people] + [self.alone(user.name) for user in people]
        return "\n---\n".join(dict.fromkeys(text for room in rooms for text in room.read()))


@asynccontextmanager
async def open_house(
    folder: Path,
    *,
    vendors: Sequence[str] = ("tripo",),
    record: Path | None = None,
    overheard: Middleware | None = None,
    **settings: Any,
) -> AsyncIterator[House]:
    """Put everything up; ``settings`` are more of the bot's, or others. Nothing is left running.

    ``record`` is where Discord keeps what was said, ``overheard`` is told of each request to a vendor.
    """
    clock = HandClock()
    sandboxes = {name: SANDBOXES[name](clock) for name in vendors}
    async with DiscordSandbox(clock, record=record) as discord, AsyncExitStack() as stack:
        hosts = {
            name: await stack.enter_async_context(_served(one, overheard)) for name, one in sandboxes.items()
        }
        family = Family()
        asyncio.get_running_loop().set_task_factory(family)
        house = House(
            clock=clock,
            discord=discord,
            vendors=sandboxes,
            hosts=hosts,
            settings=_settings(discord, hosts, folder, settings),
            family=family,
        )
        await house.start()
        try:
            yield house
        finally:
            await house.stop()
            asyncio.get_running_loop().set_task_factory(None)


@asynccontextmanager
async def _served(sandbox: Any, overheard: Middleware | None) -> AsyncIterator[str]:
    app = sandbox.app()
    if overheard:
        app.middlewares.append(overheard)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        yield f"{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _settings(
    discord: DiscordSandbox, hosts: Mapping[str, str], folder: Path, more: dict[str, Any]
) -> Settings:
    site = _free_port()
    of_vendors = {
        name: value.format(host=host)
        for vendor, host in hosts.items()
        for name, value in SETTINGS[vendor].items()
    }
    return Settings.model_validate(
        {
            "discord_token": discord.token,
            "discord_api_url": discord.rest_url,
            "discord_gateway_url": discord.gateway.url,
            "discord_cdn_hosts": discord.address.removeprefix("http://"),
            **of_vendors,
            "download_hosts": ",".join(hosts.values()),
            "data_dir": folder,
            "public_url": f"http://{HOST}:{site}",
            "web_port": site,
            "previews": False,
            **more,
        }
    )


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])
