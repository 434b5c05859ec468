"""Our Replicate against the sandbox's, over a real socket, with time that stands still."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from providers.base import Outcome, Request, Running, Succeeded, TaskRef, Upload
from providers.replicate import Replicate
from sandbox.vendors.faults import Fault
from sandbox.vendors.replicate.accounts import KEY
from sandbox.vendors.replicate.server import ReplicateSandbox
from tests.providers.conftest import StillClock
from tests.providers.uploads import upload_of


class Stage:
    """The vendor, our client for it, and what a test needs of both."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.vendor = ReplicateSandbox(clock)
        self.server = TestServer(self.vendor.app())
        self.clients: list[Replicate] = []

    def client(self, *, key: str = KEY, **options: Any) -> Replicate:
        client = Replicate(
            api_key=key,
            api_url=str(self.server.make_url("/v1")),
            file_hosts=(f"{self.server.host}:{self.server.port}",),
            now=self.clock.now,
            sleep=self.clock.sleep,
            **options,
        )
        self.clients.append(client)
        return client

    def arm(self, name: str, **details: Any) -> None:
        self.vendor.faults.arm(Fault(name=name, **details))

    def accepted(self) -> int:
        """How many predictions the vendor ever accepted."""
        return len(self.vendor.book.all())

    def newest(self) -> Any:
        """The prediction that it accepted last."""
        return self.vendor.book.all()[-1]

    def pass_time(self, seconds: float) -> None:
        self.clock.at += int(seconds * 1000)

    async def end_of(self, replicate: Replicate, task_id: str) -> Outcome:
        """How a task ends, some minutes later."""
        self.pass_time(120)
        outcome = await replicate.check(task_id)
        assert not isinstance(outcome, Running)
        return outcome


async def made(
    stage: Stage, replicate: Replicate, request: Request, seed: int = 1
) -> tuple[TaskRef, Succeeded]:
    """A task that was asked for and came to a good end."""
    handle = await replicate.submit(request, seed=seed)
    outcome = await stage.end_of(replicate, handle.task_id)
    assert isinstance(outcome, Succeeded)
    return TaskRef(task_id=handle.task_id), outcome


async def first_file(replicate: Replicate, outcome: Succeeded, limit: int = 50_000_000) -> bytes:
    async with replicate.fetch(outcome.files[0], limit=limit) as pieces:
        return b"".join([piece async for piece in pieces])


def glb_of(content: bytes, **parts: Any) -> Upload:
    """A GLB on its way."""
    return replace(upload_of(content, name="owl.glb"), content_type="model/gltf-binary", **parts)


@pytest.fixture
async def stage(clock: StillClock) -> AsyncIterator[Stage]:
    stage = Stage(clock)
    async with stage.server:
        yield stage
        for client in stage.clients:
            await client.aclose()


@pytest.fixture
def replicate(stage: Stage) -> Replicate:
    return stage.client()


@pytest.fixture
def trellis(stage: Stage) -> Replicate:
    return stage.client(model="firtoz/trellis")
