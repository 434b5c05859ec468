"""A vendor's sandbox on a socket, with our client for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer

from providers.base import Provider
from sandbox.vendors.faults import Fault
from tests.clock import HandClock
from tests.contracts.vendors.table import Row


@dataclass(slots=True, kw_only=True)
class Vendor:
    """One of the vendors: its sandbox, where that is, and our client for it."""

    row: Row
    clock: HandClock
    sandbox: Any
    host: str
    folder: Path
    clients: list[Provider] = field(default_factory=list)
    waiting: int = 0
    """How many of our calls wait for some time to pass."""

    @property
    def provider(self) -> Provider:
        """Behind the owner's key; there is always this one."""
        return self.clients[0]

    def client(self, **options: Any) -> Provider:
        """One more client of ours."""
        own = self.folder / f"{self.row.name}-{len(self.clients)}"
        own.mkdir()
        parts = {
            "api_key": self.row.key,
            "api_url": self.row.api.format(host=self.host),
            "file_hosts": (self.host,),
            "now": self.clock.now,
            "sleep": self._sleep,
        }
        made = self.row.client(folder=own, **{**parts, **self.row.options, **options})
        self.clients.append(made)
        return made

    async def hurry(self, seconds: float) -> None:
        """A sleep that passes time itself, for clients without an engine around them."""
        await asyncio.sleep(0)
        self.clock.advance(seconds)

    async def _sleep(self, seconds: float) -> None:
        self.waiting += 1
        try:
            await self.clock.sleep(seconds)
        finally:
            self.waiting -= 1

    def arm(self, fault: str, *, step: str | None = None, **details: Any) -> Fault:
        """Let something go wrong, perhaps only with the tasks of one of our steps."""
        kind = self.row.types[step] if step else None
        armed = Fault(name=fault, type=kind, **details)
        self.sandbox.faults.arm(armed)
        return armed

    async def control(self, path: str, **body: Any) -> Any:
        """Pull one of the sandbox's strings; without a body, read it."""
        address = f"http://{self.host}/sandbox/{self.row.vendor}/{path}"
        async with aiohttp.ClientSession() as session:
            asked = session.post(address, json=body) if body else session.get(address)
            async with asked as answer:
                answer.raise_for_status()
                return await answer.json()

    async def books(self, step: str | None = None) -> list[dict[str, Any]]:
        """The tasks that it ever accepted, oldest first; perhaps of one of our steps."""
        tasks: list[dict[str, Any]] = await self.control("tasks")
        return [task for task in tasks if step is None or task["type"] == self.row.types[step]]


@asynccontextmanager
async def played(row: Row, clock: HandClock, folder: Path) -> AsyncIterator[Vendor]:
    """A vendor on a port of its own, and a client behind the owner's key."""
    sandbox = row.sandbox(clock)
    async with TestServer(sandbox.app()) as server:
        vendor = Vendor(
            row=row, clock=clock, sandbox=sandbox, host=f"{server.host}:{server.port}", folder=folder
        )
        vendor.client()
        try:
            yield vendor
        finally:
            for client in vendor.clients:
                await client.aclose()
