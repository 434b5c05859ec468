"""The vendor calls back about every change: bare, unsigned, and badly where that was asked for."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from sandbox.vendors.meshy.server import MeshySandbox
from tests.clock import HandClock
from tests.sandbox.vendors.meshy.conftest import OWL, TEXT, Wire
from tests.sandbox.vendors.receiver import Receiver


@pytest.fixture
async def hooked(receiver: Receiver) -> AsyncIterator[Wire]:
    """A vendor that calls the receiver."""
    async with TestClient(TestServer(MeshySandbox(receiver.clock).app())) as client:
        wire = Wire(client, HandClock())  # it moves no clock but its own
        await wire.control("webhooks", {"url": receiver.url})
        yield wire


async def test_every_change_is_told_with_all_that_a_read_would_give(hooked: Wire, receiver: Receiver) -> None:
    task_id = await hooked.text()

    calls = {call["status"]: call for call in await receiver.have(2)}

    assert calls.keys() == {"IN_PROGRESS", "SUCCEEDED"}
    assert {call["id"] for call in calls.values()} == {task_id}
    done = calls["SUCCEEDED"]
    read = await hooked.get(f"{TEXT}/{task_id}")
    assert done.keys() == read.keys()
    assert (await hooked.download(done["model_urls"]["glb"])).status == 200
    assert not [name for name in receiver.calls[0][0] if "signature" in name.lower()]


async def test_changes_that_were_missed_are_told_all_the_same(hooked: Wire, receiver: Receiver) -> None:
    await hooked.text()
    receiver.clock.advance(60)

    calls = await receiver.have(2)

    assert {call["status"] for call in calls} == {"IN_PROGRESS", "SUCCEEDED"}


async def test_a_task_that_was_taken_back_is_told(hooked: Wire, receiver: Receiver) -> None:
    task_id = await hooked.text()
    await hooked.call("DELETE", f"{TEXT}/{task_id}")

    (told,) = await receiver.have(1)

    assert (told["status"], told["consumed_credits"]) == ("CANCELED", 0)


async def test_nobody_answers_so_the_same_comes_again(hooked: Wire, receiver: Receiver) -> None:
    receiver.answers = [500, 503]
    task_id = await hooked.text()
    await hooked.call("DELETE", f"{TEXT}/{task_id}")

    first, second, third = await receiver.have(3)

    assert first == second == third


async def test_a_call_may_come_twice(hooked: Wire, receiver: Receiver) -> None:
    await hooked.control("faults", {"fault": "webhook_twice"})
    await hooked.text()

    calls = await receiver.have(3)

    assert sorted(call["status"] for call in calls) == ["IN_PROGRESS", "IN_PROGRESS", "SUCCEEDED"]


async def test_calls_may_come_out_of_order(hooked: Wire, receiver: Receiver) -> None:
    await hooked.control("faults", {"fault": "webhook_after_the_next"})
    await hooked.text()

    calls = await receiver.have(2)

    assert [call["status"] for call in calls] == ["SUCCEEDED", "IN_PROGRESS"]


async def test_nobody_should_believe_a_call(hooked: Wire, receiver: Receiver) -> None:
    await hooked.control("faults", {"fault": "webhook_forged"})
    task_id = await hooked.text(prompt="an owl never-finishes")

    (untrue,) = await receiver.have(1)

    assert (untrue["id"], untrue["status"]) == (task_id, "FAILED")
    assert (await hooked.get(f"{TEXT}/{task_id}"))["status"] == "IN_PROGRESS"


async def test_nobody_is_called_any_more_after_that_was_said(hooked: Wire, receiver: Receiver) -> None:
    await hooked.text()
    await receiver.have(2)
    await hooked.control("webhooks", {"url": ""})

    unheard = await hooked.text(**OWL)
    receiver.clock.advance(60)
    assert (await hooked.get(f"{TEXT}/{unheard}"))["status"] == "SUCCEEDED"
    await hooked.control("webhooks", {"url": receiver.url})
    heard = await hooked.text()

    calls = await receiver.have(4)
    assert {call["id"] for call in calls[2:]} == {heard}
