"""Our Replicate against the sandbox's, over a real socket, with time that stands still."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from providers.base import GenerateRequest, Upload
from providers.replicate import Replicate
from sandbox.vendors.replicate.accounts import KEY
from sandbox.vendors.replicate.server import ReplicateSandbox
from tests.providers.conftest import StillClock
from tests.providers.stage import VendorStage
from tests.providers.uploads import upload_of


class Stage(VendorStage[ReplicateSandbox, Replicate]):
    """The vendor, our clients for it, and what a test needs of both."""

    api, key, stranger = "/v1", KEY, "r8_nobody000000000000000"
    wish = GenerateRequest(prompt="a brass owl")
    nobody = "gm3qorzdhgbfurvjtvhg6dckhu"

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock, ReplicateSandbox(clock), Replicate)

    def accepted(self) -> int:
        return len(self.vendor.book.all())

    def newest(self) -> str:
        return self.vendor.book.all()[-1].id

    def sent(self) -> Any:
        """What the prediction that was accepted last was asked for with."""
        return self.vendor.book.all()[-1].order.input


def glb_of(content: bytes, **parts: Any) -> Upload:
    """A GLB on its way."""
    return replace(upload_of(content, name="owl.glb"), content_type="model/gltf-binary", **parts)


@pytest.fixture
async def stage(clock: StillClock) -> AsyncIterator[Stage]:
    async with Stage(clock) as stage:
        yield stage


@pytest.fixture
def replicate(stage: Stage) -> Replicate:
    return stage.client()


@pytest.fixture
def trellis(stage: Stage) -> Replicate:
    return stage.client(model="firtoz/trellis")
