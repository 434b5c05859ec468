from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from sandbox.vendors.tripo.accounts import KEY
from sandbox.vendors.tripo.server import TripoSandbox
from tests.clock import StillClock
from tests.sandbox.vendors.wire import VendorWire

MODEL = "v3.1-20260211"
OWL = {"prompt": "a brass owl", "model": MODEL, "model_seed": 7}


class Wire(VendorWire):
    """A client of the vendor with a key, and its clock."""

    vendor = "tripo"
    key = KEY

    async def ask(self) -> ClientResponse:
        return await self.call("POST", "/generation/text-to-model", json=OWL)

    async def call(self, method: str, path: str, **more: Any) -> ClientResponse:
        headers = {"Authorization": f"Bearer {self.key}"} | more.pop("headers", {})
        return await self.client.request(method, f"/v3{path}", headers=headers, **more)

    async def post(self, path: str, body: Any) -> dict[str, Any]:
        """A creation's or list's answer; its HTTP status under ``http``."""
        answer = await self.call("POST", path, json=body)
        return {"http": answer.status, **await answer.json()}

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self.call("GET", path)
        return {"http": answer.status, **await answer.json()}

    async def created(self, path: str, body: Any) -> str:
        answer = await self.post(path, body)
        assert answer["http"] == 200, answer
        return answer["data"]["task_id"]

    async def text(self, **changes: Any) -> str:
        return await self.created("/generation/text-to-model", OWL | changes)

    async def task(self, task_id: str) -> dict[str, Any]:
        return (await self.get(f"/tasks/{task_id}"))["data"]

    async def finished(self, task_id: str) -> dict[str, Any]:
        self.clock.advance(seconds=60)
        return await self.task(task_id)

    async def model(self, **changes: Any) -> str:
        """A finished model's task."""
        task_id = await self.text(**changes)
        await self.finished(task_id)
        return task_id

    async def rig(self, source: str, **changes: Any) -> str:
        task_id = await self.created("/animations/rig", {"input": source, **changes})
        await self.finished(task_id)
        return task_id

    async def balance(self) -> tuple[float, float]:
        data = (await self.get("/account/balance"))["data"]
        return data["balance"], data["frozen"]


@pytest.fixture
async def wire(clock: StillClock) -> AsyncIterator[Wire]:
    async with TestClient(TestServer(TripoSandbox(clock).app())) as client:
        yield Wire(client, clock)
