"""Our Meshy against the sandbox's, over a real socket, with time that stands still."""

from collections.abc import AsyncIterator

import pytest

from providers.base import DraftRequest
from providers.meshy import Meshy
from sandbox.vendors.meshy.accounts import KEY
from sandbox.vendors.meshy.server import MeshySandbox
from tests.providers.conftest import StillClock
from tests.providers.stage import VendorStage


class Stage(VendorStage[MeshySandbox, Meshy]):
    """The vendor, our clients for it, and what a test needs of both."""

    key, stranger = KEY, "msy_nobody_at_all"
    wish = DraftRequest(prompt="a brass knight", polycount=3_000)
    nobody = "text-to-3d/0196f4ce-7c1b-7b0e-9a52-3f0d6a5c8e11"

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock, MeshySandbox(clock), Meshy)

    def accepted(self) -> int:
        return len(self.vendor.tasks.all())

    def newest(self) -> str:
        task = self.vendor.tasks.all()[-1]
        return f"{task.plan.resource}/{task.task_id}"


@pytest.fixture
async def stage(clock: StillClock) -> AsyncIterator[Stage]:
    async with Stage(clock) as stage:
        yield stage


@pytest.fixture
def meshy(stage: Stage) -> Meshy:
    return stage.client()
