"""The vendor calls back, at the wire: signed, tried again at the end, and badly where that was asked for."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from replicate.webhook import InvalidSignatureError, Webhooks, WebhookSigningSecret

from sandbox.vendors.replicate.server import ReplicateSandbox
from sandbox.vendors.replicate.webhooks import signature
from sandbox.vendors.webhooks import OLD
from tests.sandbox.vendors.receiver import LOOKS, Receiver
from tests.sandbox.vendors.replicate.conftest import HUNYUAN, SHAP_E, Wire

ALL = ["start", "output", "logs", "completed"]


async def have_ends(receiver: Receiver, number: int) -> list[dict[str, Any]]:
    """What was told, when so much of it was told of an end."""
    for _ in range(LOOKS):
        if sum(one["status"] == "succeeded" for one in receiver.told()) >= number:
            break
        await receiver.pass_time(1)
    return receiver.told()


class Hooked(Wire):
    """A client that wants to be called."""

    receiver: Receiver

    async def hook(self, version: str, prompt: str, *events: str) -> str:
        body: dict[str, Any] = {"version": version, "input": {"prompt": prompt}}
        body["webhook"] = self.receiver.url
        if events:
            body["webhook_events_filter"] = list(events)
        return str((await self.post("/predictions", body))["id"])

    async def secret(self) -> WebhookSigningSecret:
        return WebhookSigningSecret(key=(await self.get("/webhooks/default/secret"))["key"])


@pytest.fixture
async def hooked(receiver: Receiver) -> AsyncIterator[Hooked]:
    async with TestClient(TestServer(ReplicateSandbox(receiver.clock).app())) as client:
        wire = Hooked(client, receiver.clock)
        wire.receiver = receiver
        yield wire


def test_a_signature_is_as_the_standard_has_it() -> None:
    secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"

    signed = signature(secret, "msg_1", 1_700_000_000, b'{"a":1}')

    assert signed == "WUgAXU8H0NQ1/7M+TtMwKma2b74a3/TCgekiM3YUdN8="


async def test_the_end_is_told_with_all_that_a_read_would_give(hooked: Hooked, receiver: Receiver) -> None:
    prediction_id = await hooked.hook(HUNYUAN, "an owl", "completed")

    (told,) = await receiver.have(1)

    read = await hooked.prediction(prediction_id)
    assert {"http": 200, **told} == read
    assert read["status"] == "succeeded"


async def test_the_vendors_own_client_finds_the_signature_good(hooked: Hooked, receiver: Receiver) -> None:
    await hooked.hook(HUNYUAN, "an owl", "completed")
    await receiver.have(1)
    headers, body = receiver.calls[0]

    Webhooks.validate(headers=headers, body=body.decode(), secret=await hooked.secret())
    with pytest.raises(InvalidSignatureError):
        Webhooks.validate(headers=headers, body=body.decode() + " ", secret=await hooked.secret())


async def test_every_event_can_be_asked_for(hooked: Hooked, receiver: Receiver) -> None:
    await hooked.hook(SHAP_E, "an owl", *ALL)

    told = await have_ends(receiver, 2)

    assert (told[0]["status"], told[0]["output"]) == ("processing", None)
    logs = [one["logs"] for one in told[1:-2]]
    assert logs == sorted(set(logs), key=len)
    assert 4 < len(logs) <= 4500 / 500


async def test_only_the_output_and_the_end_are_told_where_nobody_said_what(
    hooked: Hooked, receiver: Receiver
) -> None:
    await hooked.hook(SHAP_E, "an owl")

    await receiver.have(2)
    await receiver.pass_time(40)

    assert [one["status"] for one in receiver.told()] == ["succeeded", "succeeded"]


async def test_a_failure_is_told_once_and_has_no_output(hooked: Hooked, receiver: Receiver) -> None:
    await hooked.hook(HUNYUAN, "an owl late-failed")

    (told,) = await receiver.have(1)

    assert (told["status"], told["output"]) == ("failed", None)


async def test_a_cancel_is_told(hooked: Hooked, receiver: Receiver) -> None:
    prediction_id = await hooked.hook(HUNYUAN, "an owl", "completed")
    await hooked.post(f"/predictions/{prediction_id}/cancel", {})

    (told,) = await receiver.have(1)

    assert told["status"] == "canceled"


async def test_the_end_is_told_again_for_a_minute_until_it_is_heard(
    hooked: Hooked, receiver: Receiver
) -> None:
    receiver.answers = [500, 404, 302]
    await hooked.hook(HUNYUAN, "an owl", "completed")

    first, *others = await receiver.have(4)

    assert others == [first] * 3
    assert len({headers["webhook-id"] for headers, _ in receiver.calls}) == 1
    assert len({headers["webhook-timestamp"] for headers, _ in receiver.calls}) > 1


async def test_who_never_answers_is_given_up_after_a_minute(hooked: Hooked, receiver: Receiver) -> None:
    receiver.answers = [503] * 99
    await hooked.hook(HUNYUAN, "an owl", "completed")
    await receiver.have(5)
    await receiver.pass_time(200)

    assert len(receiver.calls) == 5
    assert receiver.times[-1] - receiver.times[0] >= 55_000


async def test_a_start_that_nobody_heard_is_not_told_again(hooked: Hooked, receiver: Receiver) -> None:
    receiver.answers = [503]
    await hooked.hook(HUNYUAN, "an owl", "start", "completed")

    await receiver.have(2)
    await receiver.pass_time(100)

    assert [one["status"] for one in receiver.told()] == ["processing", "succeeded"]


async def test_a_call_may_come_twice_under_one_id(hooked: Hooked, receiver: Receiver) -> None:
    await hooked.hook(HUNYUAN, "an owl webhook-twice", "completed")

    first, second = await receiver.have(2)

    assert first == second
    assert len({headers["webhook-id"] for headers, _ in receiver.calls}) == 1


async def test_the_start_may_come_after_the_end(hooked: Hooked, receiver: Receiver) -> None:
    await hooked.hook(HUNYUAN, "an owl start-after-completed", "start", "completed")

    told = await receiver.have(2)

    assert [one["status"] for one in told] == ["succeeded", "processing"]


async def test_ends_may_come_out_of_order_whatever_the_path(hooked: Hooked, receiver: Receiver) -> None:
    await hooked.control("faults", {"fault": "webhook_after_the_next"})
    first = await hooked.hook(HUNYUAN, "an owl", "completed")
    receiver.url = receiver.url.replace("/7", "/8")
    await receiver.pass_time(5)
    second = await hooked.hook(HUNYUAN, "another owl", "completed")

    told = await receiver.have(2)

    assert [one["id"] for one in told] == [second, first]


async def test_a_call_may_be_old(hooked: Hooked, receiver: Receiver) -> None:
    await hooked.hook(HUNYUAN, "an owl webhook-old", "completed")
    await receiver.have(1)
    headers, body = receiver.calls[0]

    assert receiver.times[0] // 1000 - int(headers["webhook-timestamp"]) >= OLD
    Webhooks.validate(headers=headers, body=body.decode(), secret=await hooked.secret())


async def test_a_call_may_be_forged(hooked: Hooked, receiver: Receiver) -> None:
    await hooked.hook(HUNYUAN, "an owl webhook-forged", "completed")
    await receiver.have(1)
    headers, body = receiver.calls[0]

    with pytest.raises(InvalidSignatureError):
        Webhooks.validate(headers=headers, body=body.decode(), secret=await hooked.secret())


async def test_a_secret_can_be_changed(hooked: Hooked, receiver: Receiver) -> None:
    old = await hooked.secret()
    new = (await hooked.control("webhooks", {}))["secret"]
    await hooked.hook(HUNYUAN, "an owl", "completed")
    await receiver.have(1)
    headers, body = receiver.calls[0]

    assert (await hooked.secret()).key == new != old.key
    Webhooks.validate(headers=headers, body=body.decode(), secret=await hooked.secret())


async def test_nobody_beyond_this_machine_is_called(hooked: Hooked, receiver: Receiver) -> None:
    here, receiver.url = receiver.url, "https://bot.example/hook"
    unheard = await hooked.hook(HUNYUAN, "an owl", "completed")
    receiver.url = here
    heard = await hooked.hook(HUNYUAN, "an owl", "completed")

    told = await receiver.have(1)

    assert [one["id"] for one in told] == [heard]
    assert (await hooked.prediction(unheard))["status"] == "succeeded"
