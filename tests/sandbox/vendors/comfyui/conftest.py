import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import ClientResponse, FormData
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from sandbox.vendors.comfyui.server import ComfyUISandbox
from tests.clock import StillClock
from tests.sandbox.vendors.comfyui import graphs
from tests.sandbox.vendors.comfyui.graphs import Graph
from tests.sandbox.vendors.wire import VendorWire


def picture(colour: str = "#20c040") -> bytes:
    """A coloured square on white."""
    drawn = Image.new("RGB", (300, 300), "white")
    drawn.paste(colour, (75, 75, 225, 225))
    file = io.BytesIO()
    drawn.save(file, "PNG")
    return file.getvalue()


class Wire(VendorWire):
    """A client of the server, and its clock."""

    vendor = "comfyui"

    async def ask(self) -> ClientResponse:
        return await self.client.post("/prompt", json={"prompt": graphs.image()})

    async def get(self, path: str, **more: Any) -> Any:
        return await (await self.client.get(path, **more)).json()

    async def submit(self, graph: Graph, **more: Any) -> dict[str, Any]:
        """The answer to a prompt; its HTTP status under ``http``."""
        answer = await self.client.post("/prompt", json={"prompt": graph, **more})
        return {"http": answer.status, **await answer.json()}

    async def queued(self, graph: Graph, **more: Any) -> str:
        """A prompt's id, chosen here."""
        prompt_id = more.pop("prompt_id", str(uuid4()))
        answer = await self.submit(graph, prompt_id=prompt_id, **more)
        assert answer["http"] == 200, answer
        assert answer["prompt_id"] == prompt_id
        return prompt_id

    async def entry(self, prompt_id: str) -> dict[str, Any]:
        """What the history says of it; empty where it says nothing."""
        return (await self.get(f"/history/{prompt_id}")).get(prompt_id, {})

    async def finished(self, prompt_id: str, *, seconds: float = 11) -> dict[str, Any]:
        self.clock.advance(seconds=seconds)
        return await self.entry(prompt_id)

    async def made(self, graph: Graph, **more: Any) -> dict[str, Any]:
        return await self.finished(await self.queued(graph, **more))

    async def upload(self, data: bytes, name: str = "owl.png", **fields: str) -> ClientResponse:
        form = FormData()
        form.add_field("image", io.BytesIO(data), filename=name, content_type="application/octet-stream")
        for key, value in fields.items():
            form.add_field(key, value)
        return await self.client.post("/upload/image", data=form)

    async def view(self, file: dict[str, str]) -> ClientResponse:
        return await self.client.get("/view", params=file)

    async def model(self, graph: Graph, **more: Any) -> bytes:
        """The bytes that a graph's ``save`` node leaves."""
        entry = await self.made(graph, **more)
        return await (await self.view(entry["outputs"]["save"]["3d"][0])).read()

    async def queue(self) -> tuple[list[str], list[str]]:
        """The ids of what runs and of what waits."""
        found = await self.get("/queue")
        running, pending = found["queue_running"], found["queue_pending"]
        return [row[1] for row in running], [row[1] for row in pending]


@pytest.fixture
async def wire(clock: StillClock) -> AsyncIterator[Wire]:
    server = ComfyUISandbox(clock, custom_nodes=["ComfyUI-UniRig", "Sandbox-FBX2glTF"])
    async with TestClient(TestServer(server.app())) as client:
        yield Wire(client, clock)
