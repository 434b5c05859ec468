import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from sandbox import models
from sandbox.models import Design
from sandbox.vendors.replicate.accounts import KEY
from sandbox.vendors.replicate.server import ReplicateSandbox
from tests.clock import StillClock
from tests.sandbox.vendors.wire import VendorWire

FLUX = "black-forest-labs/flux-schnell"
HUNYUAN = "tencent/hunyuan-3d-3.1"
RODIN = "hyper3d/rodin"
TRELLIS = "e8f6c45206993f297372f5436b90350817bd9b4a0d52d2a76df50c1c8afa2b3c"
UNIRIG = "9ee496eafcc6ab9789a110a6357e43e5ee8b93cee9ab653bdc6f06a29341ee86"
SHAP_E = "5957069d5c509126a73c7cb68abcddbb985aeefa4d318e7c63ec1352ce6da68c"
OTHER_KEY = "r8_AnotherKeyOfSomebodyElse0000000000000"


class Wire(VendorWire):
    """A client of the vendor with a key, and its clock."""

    vendor = "replicate"
    key = KEY

    async def ask(self) -> ClientResponse:
        return await self.call(
            "POST", "/predictions", json={"version": HUNYUAN, "input": {"prompt": "a brass owl"}}
        )

    async def call(self, method: str, path: str, **more: Any) -> ClientResponse:
        headers = {"Authorization": f"Bearer {self.key}"} | more.pop("headers", {})
        return await self.client.request(method, f"/v1{path}", headers=headers, **more)

    async def post(self, path: str, body: Any, **headers: str) -> dict[str, Any]:
        """An answer's body; its HTTP status under ``http``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self.call("POST", path, json=body, headers=named)
        return {"http": answer.status, **await answer.json(content_type=None)}

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self.call("GET", path)
        return {"http": answer.status, **await answer.json(content_type=None)}

    async def run(self, version: str, given: dict[str, Any], **headers: str) -> dict[str, Any]:
        """A new prediction."""
        data = await self.post("/predictions", {"version": version, "input": given}, **headers)
        assert data["http"] in {201, 202}, data
        return data

    async def owl(self, **headers: str) -> str:
        """A model from words, as an id."""
        return str((await self.run(HUNYUAN, {"prompt": "a brass owl"}, **headers))["id"])

    async def prediction(self, prediction_id: str) -> dict[str, Any]:
        return await self.get(f"/predictions/{prediction_id}")

    async def done(self, version: str, given: dict[str, Any]) -> dict[str, Any]:
        """A prediction at its end."""
        found = await self.run(version, given)
        self.clock.advance(seconds=30)
        return await self.prediction(found["id"])

    async def file(self, link: str) -> bytes:
        answer = await self.download(link)
        assert answer.status == 200, await answer.text()
        return await answer.read()

    async def balance(self) -> float:
        return (await (await self.client.get("/sandbox/replicate/credits")).json())["balance"]

    def address(self, path: str) -> str:
        return str(self.client.make_url(path))


@pytest.fixture
async def wire(clock: StillClock) -> AsyncIterator[Wire]:
    async with TestClient(TestServer(ReplicateSandbox(clock).app())) as client:
        yield Wire(client, clock)


@pytest.fixture(scope="session")
def owl_glb() -> bytes:
    return models.build(Design(prompt="a brass owl", seed=7))


@pytest.fixture(scope="session")
def red_png() -> bytes:
    file = io.BytesIO()
    picture = Image.new("RGB", (300, 300), "white")
    picture.paste("red", (80, 80, 220, 220))
    picture.save(file, "PNG")
    return file.getvalue()
