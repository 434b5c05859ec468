"""Answers that Replicate should not give, and what must not come of them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from providers.base import (
    CannotTell,
    Failed,
    Found,
    GenerateRequest,
    Provider,
    RigRequest,
    Running,
    TaskRef,
)
from providers.errors import (
    AnswerLost,
    ContractChanged,
    ProviderError,
    Rejected,
    SourceUnusable,
    Unauthorised,
    Unavailable,
)
from providers.replicate import Replicate, verify_key_shape
from providers.replicate.models import UNIRIG
from tests.providers.conftest import Handler, Reply, ScriptedVendor, StillClock, cut, json_reply

OWL = GenerateRequest(prompt="a brass owl")
ID = "gm3qorzdhgbfurvjtvhg6dckhu"
HTML = Reply(body=b"<html>", headers={"Content-Type": "text/html"})


@pytest.fixture
async def replicate(vendor: ScriptedVendor, clock: StillClock) -> AsyncIterator[Replicate]:
    replicate = Replicate(
        api_key="r8_made_up",
        api_url=vendor.url,
        file_hosts=(vendor.host,),
        now=clock.now,
        sleep=clock.sleep,
    )
    yield replicate
    await replicate.aclose()


def prediction(status: str, **parts: Any) -> Reply:
    return json_reply({"id": ID, "status": status, "version": "hidden", **parts})


def test_it_is_a_provider() -> None:
    _: type[Provider] = Replicate  # mypy compares them

    assert (Replicate.name, Replicate.title) == ("replicate", "Replicate")


def test_a_model_without_a_record_is_refused_by_name(clock: StillClock) -> None:
    with pytest.raises(ValueError, match="firtoz/trellis"):
        Replicate(api_key="r8_made_up", model="somebody/new", now=clock.now, sleep=clock.sleep)


@pytest.mark.parametrize("key", ["r8_" + "aB3" * 12, "r8_" + "a" * 20])
def test_tokens_of_different_lengths_look_right(key: str) -> None:
    assert verify_key_shape(key) is None


@pytest.mark.parametrize("key", ["", "r8_short", "sk-abcdefghijklmnopqrstuvwx", "r8_" + "a" * 20 + "\n"])
def test_what_is_no_token_is_told_by_its_look(key: str) -> None:
    assert "r8_" in (verify_key_shape(key) or "")


@pytest.mark.parametrize(
    "reply",
    [
        json_reply(None, status=201),
        json_reply({}, status=201),
        json_reply({"id": None}, status=202),
        HTML,
        Reply(status=502, body=b"<html>"),
        Reply(status=302, headers={"Location": "https://elsewhere.example/"}),
        cut,
    ],
)
async def test_an_acceptance_that_makes_no_sense_may_still_be_one(
    replicate: Replicate, vendor: ScriptedVendor, reply: Reply | Handler
) -> None:
    vendor.answers(reply)

    with pytest.raises(AnswerLost):
        await replicate.submit(OWL, seed=1)

    assert len(vendor.seen) == 1


async def test_an_answer_that_echoes_a_large_file_is_read(
    replicate: Replicate, vendor: ScriptedVendor
) -> None:
    vendor.answers(prediction("starting", input={"image": "data:image/png;base64," + "A" * 14_000_000}))

    assert (await replicate.submit(OWL, seed=1)).task_id == ID
    assert await replicate.check(ID) == Running(progress=0, started=False)


async def test_a_model_that_is_not_official_makes_nothing(
    replicate: Replicate, vendor: ScriptedVendor
) -> None:
    vendor.answers(json_reply({"detail": "not found", "status": 404}, status=404))

    with pytest.raises(Rejected):
        await replicate.submit(OWL, seed=1)


@pytest.mark.parametrize(
    "source",
    [
        prediction("processing"),
        prediction("failed"),
        prediction("succeeded"),
        prediction("succeeded", output="https://replicate.delivery/xezq/a/model.zip"),
        prediction("succeeded", output="https://replicate.delivery/xezq/a/model"),
    ],
)
async def test_a_task_that_left_no_glb_is_rigged_from_our_own_file_instead(
    replicate: Replicate, vendor: ScriptedVendor, source: Reply
) -> None:
    vendor.answers(source)

    with pytest.raises(SourceUnusable):
        await replicate.submit(RigRequest(source=TaskRef(task_id=ID)), seed=1)

    assert [seen.method for seen in vendor.seen] == ["GET"]


async def test_an_unknown_state_is_waited_for_and_then_given_up(
    replicate: Replicate, vendor: ScriptedVendor
) -> None:
    vendor.answers(prediction("pondering", logs="a brass owl"))

    for _ in range(10):
        assert await replicate.check(ID) == Running(progress=0)
    ended = await replicate.check(ID)

    assert isinstance(ended, Failed)
    assert ended.code == "contract_changed"
    assert "owl" not in str(ended.answer)


async def test_one_unreadable_task_does_not_spoil_the_rest(
    replicate: Replicate, vendor: ScriptedVendor
) -> None:
    vendor.answers(HTML, prediction("processing"))

    outcomes = await replicate.check_many(["a", "b"])

    kinds = sorted(type(outcome).__name__ for outcome in outcomes.values())
    assert kinds == ["ContractChanged", "Running"]


async def test_a_list_that_does_not_end_is_read_so_far_and_no_further(
    replicate: Replicate, vendor: ScriptedVendor, clock: StillClock
) -> None:
    vendor.answers(json_reply({"results": [], "next": "https://evil.example/v1/steal?cursor=abc"}))

    answer = await replicate.find(OWL, seed=1, since=clock.at, now=clock.at + 600_000, known=())

    assert answer == CannotTell()
    assert len(vendor.seen) == 10
    assert vendor.seen[0].path.startswith("/predictions?created_after=")
    assert {seen.path for seen in vendor.seen[1:]} == {"/predictions?cursor=abc"}


async def test_a_lost_rig_whose_source_is_gone_can_still_be_found(
    replicate: Replicate, vendor: ScriptedVendor, clock: StillClock
) -> None:
    row = {"id": ID, "status": "starting", "model": UNIRIG.name, "version": UNIRIG.version}
    echo = {"input_mesh": "https://replicate.delivery/xezq/a/model.glb"}
    vendor.answers(
        json_reply({"detail": "no"}, status=404), json_reply({"results": [{**row, "input": echo}]})
    )
    lost = RigRequest(source=TaskRef(task_id="gone"))

    found = await replicate.find(lost, seed=1, since=clock.at, now=clock.at, known=())

    assert isinstance(found, Found)


@pytest.mark.parametrize("content", [None, [], {}, {"username": 7}])
async def test_an_account_of_another_shape_is_a_changed_contract(
    replicate: Replicate, vendor: ScriptedVendor, content: Any
) -> None:
    vendor.answers(json_reply(content))

    with pytest.raises(ContractChanged):
        await replicate.balance()


async def test_an_id_of_theirs_cannot_lead_to_another_route(
    replicate: Replicate, vendor: ScriptedVendor
) -> None:
    vendor.answers(json_reply({}))

    with pytest.raises(ProviderError):
        await replicate.check("../account?x=1")

    assert vendor.seen[0].path == "/predictions/..%2Faccount%3Fx%3D1"


# Stopping


async def test_a_prediction_that_runs_is_left_alone(replicate: Replicate, vendor: ScriptedVendor) -> None:
    vendor.answers(prediction("processing"))

    assert await replicate.cancel(ID) is False
    assert [seen.method for seen in vendor.seen] == ["GET"]


async def test_a_cancel_that_shows_late_is_looked_for_again(
    replicate: Replicate, vendor: ScriptedVendor
) -> None:
    starting = prediction("starting")
    vendor.answers(starting, starting, starting, prediction("canceled"))

    assert await replicate.cancel(ID) is True
    assert [seen.method for seen in vendor.seen] == ["GET", "POST", "GET", "GET"]


@pytest.mark.parametrize(
    "after",
    [
        prediction("canceled", started_at="2026-04-09T10:11:12Z"),
        prediction("succeeded", started_at="2026-04-09T10:11:12Z"),
        prediction("starting"),
    ],
)
async def test_a_cancel_that_came_too_late_gives_nothing_back(
    replicate: Replicate, vendor: ScriptedVendor, after: Reply
) -> None:
    vendor.answers(prediction("starting"), json_reply({"detail": "?"}, status=409), after)

    assert await replicate.cancel(ID) is False


# What the models say of themselves


async def test_models_that_are_gone_are_told(replicate: Replicate, vendor: ScriptedVendor) -> None:
    vendor.answers(json_reply({"detail": "not found", "status": 404}, status=404))

    assert await replicate.inspect() == [
        "tencent/hunyuan-3d-3.1 is gone, or not for this key",
        f"aaronjmars/unirig-ai at version {UNIRIG.version} is gone, or not for this key",
    ]


async def test_models_that_cannot_be_read_are_told(replicate: Replicate, vendor: ScriptedVendor) -> None:
    vendor.answers(HTML)

    assert "could not be read" in (await replicate.inspect())[0]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Reply(status=503, body=b"{}"), Unavailable),
        (json_reply({"detail": "no"}, status=401), Unauthorised),
        (cut, Unavailable),
    ],
)
async def test_a_trouble_that_the_proof_of_the_key_meets_too_is_left_to_it(
    replicate: Replicate, vendor: ScriptedVendor, trouble: Reply | Handler, kind: type[ProviderError]
) -> None:
    vendor.answers(trouble)

    assert await replicate.inspect() == []
    with pytest.raises(kind):
        await replicate.balance()
