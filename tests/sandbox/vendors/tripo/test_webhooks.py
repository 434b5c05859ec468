"""The vendor calls back, at the wire: signed, tried again, and badly where that was asked for."""

import hashlib
import hmac
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from sandbox.vendors.tripo.server import TripoSandbox
from sandbox.vendors.webhooks import OLD
from tests.sandbox.vendors.receiver import Receiver
from tests.sandbox.vendors.tripo.conftest import Wire

SECRET = "whsec_for_this_test"


def signed(receiver: Receiver) -> tuple[int, bool]:
    """The first call's timestamp in seconds, and whether its signature is the secret's."""
    headers, body = receiver.calls[0]
    at, proof = (part.partition("=")[2] for part in headers["Tripo-Webhook-Signature"].split(","))
    right = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return int(at), proof == right


@pytest.fixture
async def hooked(receiver: Receiver) -> AsyncIterator[Wire]:
    """A vendor that calls the receiver."""
    async with TestClient(TestServer(TripoSandbox(receiver.clock).app())) as client:
        wire = Wire(client, receiver.clock)
        await wire.control("webhooks", {"url": receiver.url, "secret": SECRET})
        yield wire


async def test_a_finished_task_is_told_with_all_that_a_read_would_give(
    hooked: Wire, receiver: Receiver
) -> None:
    task_id = await hooked.text()

    (event,) = await receiver.have(1)

    assert (event["id"], event["type"]) == (f"{task_id}:task.completed", "task.completed")
    read = await hooked.task(task_id)
    assert event["data"]["status"] == read["status"] == "success"
    assert (await hooked.download(event["data"]["output"]["model_url"])).status == 200
    at, genuine = signed(receiver)
    assert genuine
    assert abs(receiver.clock.now() // 1000 - at) < 300
    assert receiver.calls[0][0]["Tripo-Webhook-Event"] == "task.completed"


async def test_a_failed_task_is_told_with_its_code(hooked: Wire, receiver: Receiver) -> None:
    await hooked.text(prompt="an owl late-failed")

    (event,) = await receiver.have(1)

    assert event["type"] == "task.failed"
    assert event["data"]["error_code"] == 1000


async def test_nobody_answers_so_the_same_delivery_comes_again(hooked: Wire, receiver: Receiver) -> None:
    receiver.answers = [500, 503]
    await hooked.text()

    events = await receiver.have(3)

    assert events[0] == events[1] == events[2]
    assert len({headers["Tripo-Webhook-Delivery"] for headers, _ in receiver.calls}) == 1


async def test_an_account_that_becomes_poor_is_told_once(hooked: Wire, receiver: Receiver) -> None:
    await hooked.control("webhooks", {"url": receiver.url, "secret": SECRET, "low_balance": 2970})
    for _ in range(3):
        await hooked.text()

    events = await receiver.have(4)

    (low,) = [event for event in events if event["type"] == "balance.low"]
    assert low["data"]["threshold"] == 2970
    assert "status" not in low["data"]


async def test_a_delivery_may_come_twice(hooked: Wire, receiver: Receiver) -> None:
    await hooked.text(prompt="an owl webhook-twice")

    first, second = await receiver.have(2)

    assert first == second


async def test_events_may_come_out_of_order(hooked: Wire, receiver: Receiver) -> None:
    await hooked.control("faults", {"fault": "webhook_after_the_next"})
    first = await hooked.text()
    second = await hooked.text(prompt="another owl")

    events = await receiver.have(2)

    assert [event["data"]["task_id"] for event in events] == [second, first]


@pytest.mark.parametrize(
    ("fault", "age", "genuine"), [("webhook_old", OLD, True), ("webhook_forged", 0, False)]
)
async def test_a_receiver_has_to_look_at_time_and_signature(
    hooked: Wire, receiver: Receiver, fault: str, age: int, genuine: object
) -> None:
    await hooked.control("faults", {"fault": fault})
    await hooked.text()
    await receiver.have(1)

    at, proven = signed(receiver)

    assert proven is genuine
    assert receiver.clock.now() // 1000 - at >= age


async def test_nobody_is_called_any_more_after_that_was_said(hooked: Wire, receiver: Receiver) -> None:
    first = await hooked.text()
    await receiver.have(1)
    await hooked.control("webhooks", {"url": ""})

    unheard = await hooked.text()
    receiver.clock.advance(60)
    assert (await hooked.task(unheard))["status"] == "success"
    await hooked.control("webhooks", {"url": receiver.url, "secret": SECRET})
    heard = await hooked.text()

    events = await receiver.have(2)
    assert [event["data"]["task_id"] for event in events] == [first, heard]
