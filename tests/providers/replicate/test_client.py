from dataclasses import replace
from typing import Any

import pytest

from providers.base import (
    Cost,
    DraftRequest,
    Failed,
    FileRef,
    GenerateRequest,
    RigRequest,
    Running,
    Succeeded,
    TaskRef,
)
from providers.capabilities import Estimate
from providers.errors import (
    DownloadFailed,
    HostRefused,
    NotHandedOver,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TaskNotFound,
    Unauthorised,
)
from providers.replicate import GENERATORS, Replicate
from providers.replicate.models import FLUX, TRELLIS, UNIRIG
from providers.styles import WORDS
from tests.providers.conftest import Reply, ScriptedVendor
from tests.providers.replicate.conftest import Stage, glb_of
from tests.providers.stage import first_file
from tests.providers.uploads import picture, upload_of

OWL = GenerateRequest(prompt="a brass owl")


# The main job


@pytest.mark.parametrize("model", ["tencent/hunyuan-3d-3.1", "hyper3d/rodin"])
async def test_words_become_a_model_and_a_rig(stage: Stage, model: str) -> None:
    replicate = stage.client(model=model)

    source, generated = await stage.made(replicate, replace(OWL, polycount=40_000))
    rig, rigged = await stage.made(replicate, RigRequest(source=source))

    for outcome in (generated, rigged):
        assert [(file.kind, file.extension) for file in outcome.files] == [("model", ".glb")]
        assert (await first_file(replicate, outcome)).startswith(b"glTF")
    assert generated.cost == Cost(micros=1_000_000, unit="replicate run")
    assert rigged.cost
    assert rigged.cost.unit == "replicate second"
    assert rigged.answer["id"] == rig.task_id
    assert replicate.clips(rigged.facts) == ()


async def test_words_for_trellis_become_a_picture_and_the_picture_a_model(
    stage: Stage, trellis: Replicate
) -> None:
    assert trellis.expand("generate") == ("draft", "generate")
    draft, drawn = await stage.made(trellis, DraftRequest(prompt="a brass owl"), seed=7)
    _, generated = await stage.made(trellis, replace(OWL, draft=draft), seed=8)

    assert [(file.kind, file.extension) for file in drawn.files] == [("preview", ".png")]
    assert (await first_file(trellis, drawn)).startswith(b"\x89PNG")
    assert [(file.kind, file.extension) for file in generated.files] == [("model", ".glb")]
    assert (await first_file(trellis, generated)).startswith(b"glTF")
    assert stage.sent()["images"] == [drawn.files[0].url]


@pytest.mark.parametrize("model", GENERATORS)
async def test_a_picture_becomes_a_model(stage: Stage, model: str) -> None:
    replicate = stage.client(model=model)
    assert replicate.expand("generate", pictures=1) == ("generate",)

    front = await replicate.upload(upload_of(picture("red")))
    _, generated = await stage.made(replicate, GenerateRequest(pictures=(front,)))

    assert (await first_file(replicate, generated)).startswith(b"glTF")


@pytest.mark.parametrize("model", ["hyper3d/rodin", "firtoz/trellis"])
async def test_several_pictures_become_a_model(stage: Stage, model: str) -> None:
    replicate = stage.client(model=model)
    front = await replicate.upload(upload_of(picture("red")))
    back = await replicate.upload(upload_of(picture("blue")))

    await stage.made(replicate, GenerateRequest(pictures=(front, None, back)))

    assert len(stage.sent()["images"]) == 2


@pytest.mark.parametrize("model", GENERATORS)
@pytest.mark.parametrize("style", WORDS)
async def test_every_style_is_taken_and_its_longest_prompt_fits(stage: Stage, model: str, style: str) -> None:
    replicate = stage.client(model=model)
    prompt = "owl " * (replicate.capabilities().prompt_max // 4)
    step = DraftRequest if replicate.expand("generate")[0] == "draft" else GenerateRequest

    await replicate.submit(step(prompt=prompt, style=style), seed=1)

    sent = stage.sent()["prompt"]
    assert WORDS[style] in sent
    assert len(sent) <= 1024


# Files on their way to it


async def test_a_glb_of_another_vendor_is_rigged_from_a_link(
    stage: Stage, replicate: Replicate, vendor: ScriptedVendor
) -> None:
    _, generated = await stage.made(replicate, OWL)
    vendor.answers(Reply(body=await first_file(replicate, generated)))

    file = await replicate.upload(glb_of(b"", link=f"{vendor.url}/files/owl.glb?sig=x"))
    await stage.made(replicate, RigRequest(source=file))

    assert file == FileRef(token=f"{vendor.url}/files/owl.glb?sig=x", content_type="model/gltf-binary")


@pytest.mark.parametrize("link", [None, "http://127.0.0.1:9/files/owl", "ftp://127.0.0.1:9/owl.glb"])
async def test_a_glb_goes_into_the_request_where_no_link_says_what_it_is(
    stage: Stage, replicate: Replicate, link: str | None
) -> None:
    _, generated = await stage.made(replicate, OWL)

    file = await replicate.upload(glb_of(await first_file(replicate, generated), link=link))
    _, rigged = await stage.made(replicate, RigRequest(source=file))

    assert stage.sent()["input_mesh"].startswith("data:model/gltf-binary;base64,")
    assert (await first_file(replicate, rigged)).startswith(b"glTF")


async def test_a_file_too_large_for_a_request_is_not_handed_over(replicate: Replicate) -> None:
    with pytest.raises(NotHandedOver):
        await replicate.upload(glb_of(b"glTF", size=11 * 1024 * 1024))


# What can go wrong with a submit


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"name": "reject"}, Rejected),
        ({"name": "reject", "status": 422}, Rejected),
        ({"name": "reject", "status": 403}, Unauthorised),
        ({"name": "reject", "status": 413}, NotHandedOver),
        ({"name": "version_gone"}, Rejected),
        ({"name": "out_of_credit"}, OutOfCredit),
        ({"name": "unauthorised"}, Unauthorised),
        ({"name": "rate_limited"}, RateLimited),
        ({"name": "low_credit_throttled"}, RateLimited),
    ],
)
async def test_a_refusal_says_what_it_is_and_leaves_nothing_behind(
    stage: Stage, replicate: Replicate, fault: dict[str, Any], kind: type[ProviderError]
) -> None:
    stage.arm(**fault)

    with pytest.raises(ProviderError) as caught:
        await replicate.submit(OWL, seed=1)

    assert type(caught.value) is kind
    assert stage.accepted() == 0


@pytest.mark.parametrize("throttling", ["retry_after", "resets", "available"])
async def test_an_account_that_is_low_is_throttled_and_nobody_is_told_why(
    stage: Stage, replicate: Replicate, throttling: Any
) -> None:
    stage.vendor.ways.throttling = throttling
    stage.vendor.keys.account("main").balance -= 96
    await replicate.submit(OWL, seed=1)

    with pytest.raises(RateLimited) as caught:
        await replicate.submit(OWL, seed=2)

    assert caught.value.retry_after == 10
    assert "credit" not in f"{caught.value} {caught.value.detail}"


async def test_the_key_is_proven_and_no_balance_is_told(stage: Stage, replicate: Replicate) -> None:
    stage.vendor.keys.account("main").balance -= 96

    await replicate.balance()  # answers, so the key is good


# How tasks go and end


async def test_a_task_starts_then_runs_then_ends(stage: Stage, trellis: Replicate) -> None:
    stage.vendor.ways.cold_seconds = 60
    front = await trellis.upload(upload_of(picture("red")))
    handle = await trellis.submit(GenerateRequest(pictures=(front,)), seed=1)

    starting = await trellis.check(handle.task_id)
    stage.pass_time(64)
    running = await trellis.check(handle.task_id)

    assert starting == Running(progress=0, started=False)
    assert isinstance(running, Running)
    assert running.started
    assert 10 < running.progress < 90


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("moderated", "moderated"),
        ("late_moderated", "moderated"),
        ("late_failed", "vendor_failed"),
        ("late_cancelled", "vendor_cancelled"),
        ("late_aborted", "vendor_expired"),
    ],
)
async def test_a_task_that_fails_has_its_code(
    stage: Stage, replicate: Replicate, fault: str, code: str
) -> None:
    stage.arm(fault)
    handle = await replicate.submit(OWL, seed=1)

    outcome = await stage.end_of(replicate, handle.task_id)

    assert isinstance(outcome, Failed)
    assert outcome.code == code


async def test_a_task_that_never_wakes_ends_by_itself_at_the_deadline(
    stage: Stage, trellis: Replicate
) -> None:
    stage.vendor.ways.cold_seconds = 3_600
    front = await trellis.upload(upload_of(picture("red")))
    handle = await trellis.submit(GenerateRequest(pictures=(front,)), seed=1)

    stage.pass_time(trellis.deadline("generate") / 1000 - 1)
    before = await trellis.check(handle.task_id)
    stage.pass_time(2)
    after = await trellis.check(handle.task_id)

    assert before == Running(progress=0, started=False)
    assert isinstance(after, Failed)
    assert after.code == "vendor_expired"


async def test_a_result_lives_for_an_hour_and_is_not_built_on_to_the_last(
    stage: Stage, replicate: Replicate
) -> None:
    handle = await replicate.submit(OWL, seed=1)
    assert handle.expires_at == stage.clock.at + 40 * 60_000
    done = await stage.end_of(replicate, handle.task_id)
    assert isinstance(done, Succeeded)
    stage.pass_time(3_600)

    with pytest.raises(TaskNotFound):
        await replicate.check(handle.task_id)
    with pytest.raises(TaskNotFound):
        await replicate.submit(RigRequest(source=TaskRef(task_id=handle.task_id)), seed=2)
    with pytest.raises(DownloadFailed):
        await first_file(replicate, done)
    assert stage.accepted() == 1


async def test_a_success_without_a_model_has_no_files(stage: Stage, replicate: Replicate) -> None:
    stage.arm("missing_model_url")

    _, outcome = await stage.made(replicate, OWL)

    assert outcome.files == ()


async def test_a_new_prediction_may_lack_fields(stage: Stage, replicate: Replicate) -> None:
    stage.vendor.ways.sparse_new = True
    stage.vendor.ways.create_status = 202

    await stage.made(replicate, OWL)


# Stopping


async def test_a_task_that_waits_for_a_machine_is_stopped_for_nothing(
    stage: Stage, replicate: Replicate
) -> None:
    source, _ = await stage.made(replicate, OWL)
    stage.vendor.ways.cold_seconds = 600
    before = stage.vendor.keys.account("main").balance
    handle = await replicate.submit(RigRequest(source=source), seed=2)

    assert await replicate.cancel(handle.task_id)

    stopped = await replicate.check(handle.task_id)
    assert isinstance(stopped, Failed)
    assert stage.vendor.keys.account("main").balance == before


async def test_a_task_that_runs_is_left_to_its_end(stage: Stage, replicate: Replicate) -> None:
    handle = await replicate.submit(OWL, seed=1)
    stage.pass_time(8)

    assert not await replicate.cancel(handle.task_id)

    assert isinstance(await stage.end_of(replicate, handle.task_id), Succeeded)


# Fetching


@pytest.mark.parametrize("needed", [False, True])
async def test_files_are_fetched_whether_or_not_the_key_is_asked_for(
    stage: Stage,
    replicate: Replicate,
    needed: bool,  # noqa: FBT001
) -> None:
    stage.vendor.ways.delivery_needs_key = needed
    _, outcome = await stage.made(replicate, OWL)

    assert (await first_file(replicate, outcome)).startswith(b"glTF")


async def test_files_of_a_host_that_nobody_named_are_not_fetched(stage: Stage, replicate: Replicate) -> None:
    stage.vendor.ways.delivery_origin = "http://127.0.0.2:9"
    _, outcome = await stage.made(replicate, OWL)

    with pytest.raises(HostRefused):
        await first_file(replicate, outcome)


# What the models say of themselves


@pytest.mark.parametrize("model", GENERATORS)
async def test_models_as_they_are_recorded_give_nothing_to_say(stage: Stage, model: str) -> None:
    assert await stage.client(model=model).inspect() == []


async def test_a_field_that_an_official_model_renamed_is_told(stage: Stage, replicate: Replicate) -> None:
    stage.vendor.hub.drift("tencent/hunyuan-3d-3.1", {"face_count": "triangles"}, retire=False)

    assert await replicate.inspect() == ["tencent/hunyuan-3d-3.1 has no field face_count any more"]


async def test_a_newer_version_of_a_published_model_is_no_news_until_ours_is_gone(
    stage: Stage, trellis: Replicate
) -> None:
    stage.vendor.hub.drift(TRELLIS.name, {"images": "pictures"}, retire=False)
    assert await trellis.inspect() == []

    stage.vendor.hub.drift(TRELLIS.name, {}, retire=True)
    assert await trellis.inspect() == [
        f"firtoz/trellis at version {TRELLIS.version} is gone, or not for this key"
    ]


# What is known without asking


def test_what_it_can_do_follows_from_the_model_in_use(stage: Stage) -> None:
    able = {model: stage.client(model=model).capabilities() for model in GENERATORS}

    assert [one.max_pictures for one in able.values()] == [1, 4, 4]
    assert [one.polycount for one in able.values()] == [
        range(40_000, 1_500_001),
        range(500, 1_000_001),
        range(0),
    ]
    for one in able.values():
        assert (one.words, one.rig, one.animate, one.echoes) == (True, True, False, False)
        assert (one.can_stop, one.stops_started) == (True, False)


def test_every_step_has_a_price_a_time_a_pool_and_a_deadline(trellis: Replicate) -> None:
    estimates = {step: trellis.estimate(step) for step in ("draft", "generate", "rig")}

    assert estimates == {
        "draft": Estimate(seconds=FLUX.seconds, usd_micros=3_000),
        "generate": Estimate(seconds=TRELLIS.seconds, usd_micros=60_000),
        "rig": Estimate(seconds=UNIRIG.seconds, usd_micros=70_000),
    }
    for step in estimates:
        assert trellis.pool(step).size > 0
        assert trellis.deadline(step) >= 10 * 60_000
    assert trellis.expand("rig", triangles=2_000_000) == ("rig",)
