"""The simulator's calls, over the wire, as our client takes them."""

import asyncio

import pytest
from aiohttp import web

from providers.base import GenerateRequest, Succeeded
from providers.errors import Forged
from tests.providers.conftest import ScriptedVendor, StillClock
from tests.providers.replicate.conftest import Stage

Calls = asyncio.Queue[tuple[dict[str, str], bytes]]
"""Headers and body of each."""
OWL = GenerateRequest(prompt="a brass owl")


class RunningClock(StillClock):
    """Runs as fast as somebody sleeps by it."""

    async def sleep(self, seconds: float) -> None:
        self.at += int(seconds * 1000)
        await asyncio.sleep(0)


@pytest.fixture
async def heard(vendor: ScriptedVendor) -> Calls:
    calls: Calls = asyncio.Queue()

    async def receive(request: web.Request) -> web.StreamResponse:
        calls.put_nowait((dict(request.headers), await request.read()))
        return web.Response()

    vendor.answers(receive)
    return calls


@pytest.fixture
def clock() -> StillClock:
    return RunningClock()


async def test_the_start_and_the_end_of_a_prediction_are_heard(
    stage: Stage, vendor: ScriptedVendor, heard: Calls
) -> None:
    replicate = stage.client(webhook_url=f"{vendor.url}/hooks/replicate")

    task_id = (await replicate.submit(OWL, seed=1)).task_id
    async with asyncio.timeout(10):
        told = [await replicate.heard(*await heard.get()) for _ in range(2)]

    assert told == [task_id, task_id]
    assert isinstance(await replicate.check(task_id), Succeeded)


@pytest.mark.parametrize("fault", ["webhook_forged", "webhook_old"])
async def test_a_call_that_is_not_the_vendors_or_old_is_not_believed(
    stage: Stage, vendor: ScriptedVendor, heard: Calls, fault: str
) -> None:
    replicate = stage.client(webhook_url=f"{vendor.url}/hooks/replicate")
    stage.arm(fault)

    await replicate.submit(OWL, seed=1)
    async with asyncio.timeout(10):
        start, end = await heard.get(), await heard.get()

    assert await replicate.heard(*start)
    with pytest.raises(Forged):
        await replicate.heard(*end)


async def test_the_same_call_twice_is_heard_once(stage: Stage, vendor: ScriptedVendor, heard: Calls) -> None:
    replicate = stage.client(webhook_url=f"{vendor.url}/hooks/replicate")
    stage.arm("webhook_twice")

    task_id = (await replicate.submit(OWL, seed=1)).task_id
    async with asyncio.timeout(10):
        told = [await replicate.heard(*await heard.get()) for _ in range(3)]

    assert told == [task_id, task_id, None]


async def test_without_an_address_of_ours_nobody_is_called(stage: Stage) -> None:
    await stage.client().submit(OWL, seed=1)

    assert stage.vendor.book.all()[-1].order.hook is None
