"""A call to our webhook is believed to come from Tripo when it proves it, and then only as a hint."""

import hmac
import json

import pytest

from providers.errors import Forged
from providers.tripo.webhook import heard

SECRET = "whsec_very_secret"
NOW = 1_763_632_800_000
BODY = json.dumps({"type": "task.completed", "data": {"task_id": "t-1", "status": "success"}}).encode()


def signed(body: bytes, stamp: int = NOW // 1000, secret: str = SECRET) -> dict[str, str]:
    mac = hmac.new(secret.encode(), f"{stamp}.".encode() + body, "sha256").hexdigest()
    return {"Tripo-Webhook-Signature": f"t={stamp},v1={'0' * 64},v1={mac}"}


def test_a_signed_call_names_its_task() -> None:
    assert heard(signed(BODY), BODY, secret=SECRET, now=NOW) == "t-1"


@pytest.mark.parametrize("late", [-300, 300])
def test_clocks_may_differ_by_five_minutes(late: int) -> None:
    assert heard(signed(BODY, NOW // 1000 + late), BODY, secret=SECRET, now=NOW) == "t-1"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Tripo-Webhook-Signature": "t=abc,v1=00"},
        {"Tripo-Webhook-Signature": f"t={NOW // 1000},v1=nothex"},
        {"Tripo-Webhook-Signature": f"t={NOW // 1000}"},
        signed(b"another body"),
        signed(BODY, secret="whsec_of_another"),
        signed(BODY, NOW // 1000 - 301),
        signed(BODY, NOW // 1000 + 301),
    ],
)
def test_what_tripo_did_not_say_just_now_is_forged(headers: dict[str, str]) -> None:
    with pytest.raises(Forged):
        heard(headers, BODY, secret=SECRET, now=NOW)


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(Forged):
        heard(signed(BODY, secret=""), BODY, secret="", now=NOW)


@pytest.mark.parametrize(
    "body", [b"[]", b"not json", b'{"data": {"balance": 3}}', b'{"data": {"task_id": 7}}']
)
def test_a_call_about_no_task_names_none(body: bytes) -> None:
    assert heard(signed(body), body, secret=SECRET, now=NOW) is None
