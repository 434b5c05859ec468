"""What goes wrong with a call when it is asked to, in the same way at every vendor's simulator."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from sandbox.vendors.comfyui.server import ComfyUISandbox
from sandbox.vendors.meshy.server import MeshySandbox
from sandbox.vendors.replicate.server import ReplicateSandbox
from sandbox.vendors.tripo.server import TripoSandbox
from tests.clock import HandClock
from tests.sandbox.vendors.comfyui.conftest import Wire as ComfyUIWire
from tests.sandbox.vendors.meshy.conftest import Wire as MeshyWire
from tests.sandbox.vendors.replicate.conftest import Wire as ReplicateWire
from tests.sandbox.vendors.tripo.conftest import Wire as TripoWire
from tests.sandbox.vendors.wire import VendorWire

VENDORS = {
    "tripo": (TripoSandbox, TripoWire),
    "meshy": (MeshySandbox, MeshyWire),
    "replicate": (ReplicateSandbox, ReplicateWire),
    "comfyui": (ComfyUISandbox, ComfyUIWire),
}
LOOKS = 20
"""More than enough turns of the loop for what has just woken."""


@pytest.fixture(params=VENDORS)
async def wire(request: pytest.FixtureRequest) -> AsyncIterator[VendorWire]:
    sandbox, wire = VENDORS[request.param]
    clock = HandClock()
    async with TestClient(TestServer(sandbox(clock).app())) as client:
        yield wire(client, clock)


async def test_a_gateways_page_is_html_and_nothing_was_accepted(wire: VendorWire) -> None:
    await wire.control("faults", {"fault": "html_502"})

    answer = await wire.ask()

    assert (answer.status, answer.content_type) == (502, "text/html")
    assert await wire.books() == []


async def test_the_same_page_can_hide_that_the_task_was_accepted(wire: VendorWire) -> None:
    await wire.control("faults", {"fault": "html_502_after_accept"})

    assert (await wire.ask()).status == 502
    assert len(await wire.books()) == 1


@pytest.mark.parametrize(("fault", "accepted"), [("cut_before_accept", 0), ("cut_after_accept", 1)])
async def test_a_cut_connection_tells_nothing_of_what_was_accepted(
    wire: VendorWire, fault: str, accepted: int
) -> None:
    await wire.control("faults", {"fault": fault})

    with pytest.raises(aiohttp.ClientError):
        await wire.ask()

    assert len(await wire.books()) == accepted


async def test_a_task_can_be_accepted_long_after_the_connection_was_cut(wire: VendorWire) -> None:
    await wire.control("faults", {"fault": "accepted_late", "seconds": 20})
    with pytest.raises(aiohttp.ClientError):
        await wire.ask()
    wire.clock.advance(19)
    before = [len(await wire.books()) for _ in range(LOOKS)]
    wire.clock.advance(1)
    after = [len(await wire.books()) for _ in range(LOOKS)]

    assert (before[-1], after[-1]) == (0, 1)
