from base64 import b64encode
from collections.abc import AsyncIterator
from hmac import digest
from typing import Any

import pytest

from providers.errors import ContractChanged, Forged, Unauthorised
from providers.replicate import Replicate
from tests.providers.conftest import ScriptedVendor, StillClock, json_reply

KEY = b"0123456789abcdef01234567"
OTHER = b"another one, changed today"
BODY = b'{"id":"gm3qorzdhgbfurvjtvhg6dckhu","status":"succeeded"}'


@pytest.fixture
async def replicate(vendor: ScriptedVendor, clock: StillClock) -> AsyncIterator[Replicate]:
    vendor.answers(secret(KEY))
    replicate = Replicate(api_key="r8_made_up", api_url=vendor.url, now=clock.now, sleep=clock.sleep)
    yield replicate
    await replicate.aclose()


def secret(key: bytes) -> Any:
    return json_reply({"key": f"whsec_{b64encode(key).decode()}"})


def signed(clock: StillClock, body: bytes = BODY, *, call: str = "msg_1", key: bytes = KEY) -> dict[str, str]:
    stamp = str(clock.at // 1000)
    proof = b64encode(digest(key, f"{call}.{stamp}.".encode() + body, "sha256")).decode()
    return {"webhook-id": call, "webhook-timestamp": stamp, "webhook-signature": f"v1,{proof}"}


async def test_the_signature_of_the_official_client_is_taken(
    replicate: Replicate, vendor: ScriptedVendor, clock: StillClock
) -> None:
    clock.at = 1_700_000_010_000
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": "1700000000",
        "Webhook-Signature": "v1a,bm8= v1,???? v1,WUgAXU8H0NQ1/7M+TtMwKma2b74a3/TCgekiM3YUdN8=",
    }

    assert await replicate.heard(headers, b'{"a":1}') is None  # it is about no prediction
    with pytest.raises(Forged):
        await replicate.heard(headers, b'{"a":2}')
    assert vendor.seen[0].path == "/webhooks/default/secret"


async def test_a_call_says_which_prediction_to_look_at(replicate: Replicate, clock: StillClock) -> None:
    assert await replicate.heard(signed(clock), BODY) == "gm3qorzdhgbfurvjtvhg6dckhu"


async def test_the_same_call_again_is_about_nothing_new(replicate: Replicate, clock: StillClock) -> None:
    await replicate.heard(signed(clock), BODY)

    assert await replicate.heard(signed(clock), BODY) is None
    assert await replicate.heard(signed(clock, call="msg_2"), BODY)


async def test_a_forged_call_does_not_keep_the_real_one_out(replicate: Replicate, clock: StillClock) -> None:
    with pytest.raises(Forged):
        await replicate.heard(signed(clock, key=OTHER), BODY)

    assert await replicate.heard(signed(clock), BODY)


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_a_call_of_long_ago_or_of_the_future_is_forged(
    replicate: Replicate, clock: StillClock, seconds: int
) -> None:
    headers = signed(clock)
    clock.at += seconds * 1000

    with pytest.raises(Forged):
        await replicate.heard(headers, BODY)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_a_call_that_lacks_a_header_is_forged(
    replicate: Replicate, clock: StillClock, name: str
) -> None:
    headers = signed(clock)
    del headers[name]

    with pytest.raises(Forged):
        await replicate.heard(headers, BODY)


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"{}", b'{"id":7}'])
async def test_a_body_without_an_id_is_about_nothing(
    replicate: Replicate, clock: StillClock, body: bytes
) -> None:
    assert await replicate.heard(signed(clock, body), body) is None


async def test_the_secret_is_asked_for_once_and_again_when_it_has_changed(
    replicate: Replicate, vendor: ScriptedVendor, clock: StillClock
) -> None:
    for number in range(3):
        await replicate.heard(signed(clock, call=f"msg_{number}"), BODY)
    assert len(vendor.seen) == 1

    vendor.answers(secret(OTHER))
    clock.at += 61_000
    assert await replicate.heard(signed(clock, call="msg_new", key=OTHER), BODY)
    assert len(vendor.seen) == 2


async def test_forged_calls_make_us_ask_once_a_minute_at_most(
    replicate: Replicate, vendor: ScriptedVendor, clock: StillClock
) -> None:
    for _ in range(5):
        with pytest.raises(Forged):
            await replicate.heard(signed(clock, key=OTHER), BODY)
        clock.at += 15_000

    assert len(vendor.seen) == 2


async def test_a_secret_that_cannot_be_had_is_an_error_and_then_none_is_believed(
    replicate: Replicate, vendor: ScriptedVendor, clock: StillClock
) -> None:
    vendor.answers(json_reply({"detail": "no"}, status=401), json_reply({"key": "whsec_?"}))

    with pytest.raises(Unauthorised):
        await replicate.heard(signed(clock), BODY)
    with pytest.raises(Forged):
        await replicate.heard(signed(clock), BODY)
    clock.at += 61_000
    with pytest.raises(ContractChanged):
        await replicate.heard(signed(clock), BODY)


async def test_another_key_has_another_secret(
    replicate: Replicate, vendor: ScriptedVendor, clock: StillClock
) -> None:
    await replicate.heard(signed(clock), BODY)
    vendor.answers(secret(OTHER))

    assert await replicate.behind("r8_other").heard(signed(clock, key=OTHER), BODY)
    assert vendor.seen[-1].headers["Authorization"] == "Bearer r8_other"
