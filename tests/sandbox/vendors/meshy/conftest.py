import base64
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from sandbox.shapes.glb import Glb, read
from sandbox.vendors.meshy.accounts import KEY
from sandbox.vendors.meshy.server import MeshySandbox
from tests.clock import StillClock
from tests.sandbox.vendors.wire import VendorWire

TEXT = "v2/text-to-3d"
OWL = {"mode": "preview", "prompt": "a brass owl", "seed": 7}
KNIGHT = {"prompt": "a knight", "should_remesh": True, "pose_mode": "t-pose"}


class Wire(VendorWire):
    """A client of the vendor with a key, and its clock."""

    vendor = "meshy"
    key = KEY

    async def ask(self) -> ClientResponse:
        return await self.call("POST", TEXT, json=OWL)

    async def call(self, method: str, path: str, **more: Any) -> ClientResponse:
        """One request, a twentieth of a second after the one before."""
        self.clock.advance(seconds=0.05)
        headers = {"Authorization": f"Bearer {self.key}"} | more.pop("headers", {})
        return await self.client.request(method, f"/openapi/{path}", headers=headers, **more)

    async def post(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        answer = await self.call("POST", path, json=body)
        return answer.status, await answer.json()

    async def get(self, path: str) -> Any:
        answer = await self.call("GET", path)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    async def status(self, method: str, path: str, **more: Any) -> int:
        return (await self.call(method, path, **more)).status

    async def created(self, path: str, body: Any) -> str:
        status, answer = await self.post(path, body)
        assert status == 202, answer
        return answer["result"]

    async def text(self, **changes: Any) -> str:
        return await self.created(TEXT, OWL | changes)

    async def finished(self, path: str, body: Any) -> dict[str, Any]:
        """The task that this makes, in the end."""
        task_id = await self.created(path, body)
        self.clock.advance(seconds=30)
        return await self.get(f"{path}/{task_id}")

    async def preview(self, **changes: Any) -> dict[str, Any]:
        return await self.finished(TEXT, OWL | changes)

    async def rig(self, **changes: Any) -> dict[str, Any]:
        """A rig of a knight that was painted before."""
        preview = await self.preview(**KNIGHT | changes)
        model = await self.finished(TEXT, {"mode": "refine", "preview_task_id": preview["id"]})
        return await self.finished("v1/rigging", {"input_task_id": model["id"]})

    async def glb(self, link: str) -> Glb:
        answer = await self.download(link)
        assert answer.status == 200, await answer.text()
        return read(await answer.read())

    async def balance(self) -> int:
        return (await self.get("v1/balance"))["balance"]


def picture(colour: str = "red", *, form: str = "png") -> str:
    """A picture as it goes into a request."""
    target = io.BytesIO()
    image = Image.new("RGB", (300, 300), "white")
    image.paste(colour, (80, 80, 220, 220))
    image.save(target, form)
    return f"data:image/{form};base64," + base64.b64encode(target.getvalue()).decode()


@pytest.fixture
async def wire(clock: StillClock) -> AsyncIterator[Wire]:
    async with TestClient(TestServer(MeshySandbox(clock).app())) as client:
        yield Wire(client, clock)
