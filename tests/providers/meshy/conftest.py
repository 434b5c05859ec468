"""Our Meshy against the sandbox's, over a real socket, with time that stands still."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from providers.base import Outcome, Running
from providers.meshy import Meshy
from sandbox.vendors.faults import Fault
from sandbox.vendors.meshy.accounts import KEY
from sandbox.vendors.meshy.server import MeshySandbox
from tests.providers.conftest import StillClock


class Stage:
    """The vendor, our client for it, and what a test needs of both."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.vendor = MeshySandbox(clock)
        self.server = TestServer(self.vendor.app())
        self.clients: list[Meshy] = []

    def client(self, *, key: str = KEY, **options: Any) -> Meshy:
        client = Meshy(
            api_key=key,
            api_url=str(self.server.make_url("")),
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
        """How many tasks the vendor ever accepted."""
        return len(self.vendor.tasks.all())

    def newest(self) -> str:
        """Our id of the task that was accepted last."""
        task = self.vendor.tasks.all()[-1]
        return f"{task.plan.resource}/{task.task_id}"

    def pass_time(self, seconds: float) -> None:
        self.clock.at += int(seconds * 1000)

    async def end_of(self, meshy: Meshy, task_id: str) -> Outcome:
        """How a task ends, some minutes later."""
        self.pass_time(120)
        outcome = await meshy.check(task_id)
        assert not isinstance(outcome, Running)
        return outcome


@pytest.fixture
async def stage(clock: StillClock) -> AsyncIterator[Stage]:
    stage = Stage(clock)
    async with stage.server:
        yield stage
        for client in stage.clients:
            await client.aclose()


@pytest.fixture
def meshy(stage: Stage) -> Meshy:
    return stage.client()
