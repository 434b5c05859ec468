"""A vendor's simulator, served over a real socket, and our clients for it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from types import TracebackType
from typing import Any, ClassVar, Generic, Self, TypeVar

from aiohttp.test_utils import TestServer

from providers.base import Outcome, Provider, RemoteFile, Request, Running, Succeeded, TaskRef
from sandbox.vendors.faults import Fault
from tests.clock import HandClock
from tests.providers.conftest import StillClock

LIMIT = 50_000_000

Sandbox = TypeVar("Sandbox")
Client = TypeVar("Client", bound=Provider)


class VendorStage(ABC, Generic[Sandbox, Client]):
    """The vendor, our clients for it, and what a test needs of both."""

    api: ClassVar[str] = "/"
    key: ClassVar[str] = ""
    stranger: ClassVar[str] = ""
    """A key that the vendor does not know, until a test makes it known."""
    wish: ClassVar[Request]
    """What it makes without more ado."""
    nobody: ClassVar[str]
    """An id of ours that no task has."""

    def __init__(self, clock: StillClock | HandClock, vendor: Any, provider: Callable[..., Client]) -> None:
        self.clock: Any = clock
        self.vendor: Sandbox = vendor
        self.server = TestServer(vendor.app())
        self._provider = provider
        self._clients: list[Client] = []

    async def __aenter__(self) -> Self:
        await self.server.start_server()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients:
            await client.aclose()
        await self.server.close()

    def client(self, *, key: str | None = None, **options: Any) -> Client:
        """One more, closed with the stage."""
        client = self._provider(
            api_key=self.key if key is None else key,
            api_url=str(self.server.make_url(self.api)),
            file_hosts=(f"{self.server.host}:{self.server.port}",),
            now=self.clock.now,
            sleep=self.sleep,
            **options,
        )
        self._clients.append(client)
        return client

    async def sleep(self, seconds: float) -> None:
        """What our clients do when they wait."""
        await self.clock.sleep(seconds)

    def arm(self, name: str, **details: Any) -> None:
        self.vendor.faults.arm(Fault(name=name, **details))  # type: ignore[attr-defined]

    @abstractmethod
    def accepted(self) -> int:
        """How many tasks the vendor ever accepted."""

    @abstractmethod
    def newest(self) -> str:
        """Our id of the task that was accepted last."""

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)

    async def end_of(self, client: Client, task_id: str) -> Outcome:
        """How a task ends, some minutes later."""
        self.pass_time(120)
        outcome = await client.check(task_id)
        assert not isinstance(outcome, Running)
        return outcome

    async def made(self, client: Client, request: Request, seed: int = 1) -> tuple[TaskRef, Succeeded]:
        """A task that was asked for and came to a good end."""
        handle = await client.submit(request, seed=seed)
        outcome = await self.end_of(client, handle.task_id)
        assert isinstance(outcome, Succeeded)
        return TaskRef(task_id=handle.task_id), outcome


async def fetched(client: Provider, file: RemoteFile, limit: int = LIMIT) -> bytes:
    """The bytes of a result."""
    async with client.fetch(file, limit=limit) as pieces:
        return b"".join([piece async for piece in pieces])


async def first_file(client: Provider, outcome: Succeeded, limit: int = LIMIT) -> bytes:
    """The bytes of the first of the results."""
    return await fetched(client, outcome.files[0], limit)
