"""Our Tripo against the sandbox's, over a real socket, with time that stands still."""

from collections.abc import AsyncIterator

import pytest

from providers.base import GenerateRequest
from providers.tripo import Tripo
from sandbox.vendors.tripo.accounts import KEY
from sandbox.vendors.tripo.server import TripoSandbox
from tests.providers.conftest import StillClock
from tests.providers.stage import VendorStage


class Stage(VendorStage[TripoSandbox, Tripo]):
    """The vendor, our clients for it, and what a test needs of both."""

    api, key, stranger = "/v3", KEY, "tsk_nobody"
    wish = GenerateRequest(prompt="a brass owl")
    nobody = "0196f4ce-7c1b-7b0e-9a52-3f0d6a5c8e11"

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock, TripoSandbox(clock), Tripo)

    def accepted(self) -> int:
        return len(self.vendor.tasks.all())

    def newest(self) -> str:
        return self.vendor.tasks.all()[0].task_id


@pytest.fixture
async def stage(clock: StillClock) -> AsyncIterator[Stage]:
    async with Stage(clock) as stage:
        yield stage


@pytest.fixture
def tripo(stage: Stage) -> Tripo:
    return stage.client()
