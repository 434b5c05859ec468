"""What a client of any vendor's simulator can do at the wire, and with its strings."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from tests.clock import HandClock, StillClock


class VendorWire(ABC):
    """A client of the vendor, and its clock."""

    vendor: ClassVar[str]
    """As its strings are called."""

    def __init__(self, client: TestClient[Any, Any], clock: StillClock | HandClock) -> None:
        self.client = client
        self.clock: Any = clock

    @abstractmethod
    async def ask(self) -> ClientResponse:
        """Ask for a task, whatever it makes."""

    async def download(self, link: str, **headers: str) -> ClientResponse:
        return await self.client.get(link[link.index("/", 8) :], headers=headers)

    async def control(self, path: str, body: Any) -> Any:
        answer = await self.client.post(f"/sandbox/{self.vendor}/{path}", json=body)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    async def books(self) -> list[dict[str, Any]]:
        return await (await self.client.get(f"/sandbox/{self.vendor}/tasks")).json()
