from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.files.glb import GlbFacts, check_glb
from providers.base import (
    AnimateRequest,
    Balance,
    DraftRequest,
    Failed,
    FileRef,
    GenerateRequest,
    Provider,
    RemeshRequest,
    Request,
    RetextureRequest,
    RigRequest,
    Running,
    Succeeded,
    TaskRef,
)
from providers.errors import (
    Moderated,
    NotHandedOver,
    NotRiggable,
    OutOfCredit,
    PoolFull,
    ProviderError,
    RateLimited,
    Rejected,
    SourceUnusable,
    TaskNotFound,
    Unauthorised,
    Unavailable,
)
from providers.http import Timing
from providers.meshy import Meshy, verify_key_shape
from providers.meshy.clips import ACTIONS
from providers.styles import WORDS
from tests.providers.meshy.conftest import Stage
from tests.providers.stage import fetched
from tests.providers.uploads import picture, upload_of

KNIGHT = Stage.wish


def glb_upload(data: bytes) -> Any:
    return replace(upload_of(data, name="knight.glb"), content_type="model/gltf-binary")


async def knight(stage: Stage, meshy: Meshy) -> TaskRef:
    draft, _ = await stage.made(meshy, KNIGHT)
    model, _ = await stage.made(meshy, GenerateRequest(draft=draft))
    return model


async def result(meshy: Meshy, outcome: Succeeded, kind: str = "model") -> bytes:
    """The bytes of the only file of a kind."""
    [file] = [file for file in outcome.files if file.kind == kind]
    return await fetched(meshy, file)


async def facts(folder: Path, meshy: Meshy, outcome: Succeeded, kind: str = "model") -> GlbFacts:
    """What our own check says of a result."""
    path = folder / "result.glb"
    path.write_bytes(await result(meshy, outcome, kind))
    return check_glb(path)


def test_meshy_is_a_vendor() -> None:
    _: type[Provider] = Meshy


# The main job


async def test_words_become_a_draft_a_model_a_rig_and_clips(
    stage: Stage, meshy: Meshy, tmp_path: Path
) -> None:
    draft, drafted = await stage.made(meshy, KNIGHT)
    model, generated = await stage.made(meshy, GenerateRequest(draft=draft))
    rig, rigged = await stage.made(meshy, RigRequest(source=model))
    _, animated = await stage.made(meshy, AnimateRequest(source=rig, clips=("wave_goodbye_01", "backflip")))

    assert (await result(meshy, drafted, "preview")).startswith(b"\x89PNG")
    assert [(file.kind, file.clip, file.extension) for file in rigged.files] == [
        ("model", "", ".glb"),
        ("clip", "walk", ".glb"),
        ("clip", "run", ".glb"),
    ]
    shape, skinned = await facts(tmp_path, meshy, generated), await facts(tmp_path, meshy, rigged)
    assert (shape.triangles, shape.joints) == (skinned.triangles, 0)
    assert skinned.joints > 0
    assert len((await facts(tmp_path, meshy, animated)).clips) == 2
    costs = [one.cost.micros // 1_000_000 for one in (drafted, generated, rigged, animated) if one.cost]
    assert costs == [20, 10, 5, 6]
    assert await meshy.balance() == Balance(available=1000 - 41, frozen=0, unit="meshy credit")


async def test_a_task_is_queued_then_runs_then_ends(stage: Stage, meshy: Meshy) -> None:
    handle = await meshy.submit(KNIGHT, seed=1)

    queued = await meshy.check(handle.task_id)
    stage.pass_time(4)
    running = await meshy.check(handle.task_id)

    assert queued == Running(progress=0, started=False)
    assert isinstance(running, Running)
    assert running.started
    assert 10 < running.progress < 90


async def test_a_task_is_known_for_three_days(stage: Stage, meshy: Meshy) -> None:
    handle = await meshy.submit(KNIGHT, seed=1)
    assert handle.expires_at == stage.clock.at + 3 * 24 * 3600 * 1000

    await stage.end_of(meshy, handle.task_id)
    stage.clock.at = handle.expires_at
    assert isinstance(await meshy.check(handle.task_id), Succeeded)
    stage.pass_time(3600)
    with pytest.raises(TaskNotFound):
        await meshy.check(handle.task_id)
    with pytest.raises(TaskNotFound):
        await meshy.submit(RigRequest(source=TaskRef(task_id=handle.task_id)), seed=2)


@pytest.mark.parametrize(
    ("kinds", "resource"),
    [(("PNG",), "image-to-3d"), (("JPEG",), "image-to-3d"), (("PNG", "JPEG"), "multi-image-to-3d")],
)
async def test_pictures_go_along_in_the_request(
    stage: Stage, meshy: Meshy, kinds: tuple[str, ...], resource: str
) -> None:
    uploads = [
        replace(upload_of(picture("red", kind)), content_type=f"image/{kind.lower()}") for kind in kinds
    ]
    files = [await meshy.upload(upload) for upload in uploads]

    _, outcome = await stage.made(meshy, GenerateRequest(pictures=tuple(files), polycount=3_000))

    assert stage.newest().startswith(f"{resource}/")
    assert [file.kind for file in outcome.files] == ["model", "preview"]


async def test_a_link_of_ours_is_fetched_by_meshy_itself(stage: Stage, meshy: Meshy) -> None:
    _, drafted = await stage.made(meshy, KNIGHT)
    [preview] = [file for file in drafted.files if file.kind == "preview"]
    upload = replace(upload_of(b"not read"), link=preview.url)

    file = await meshy.upload(upload)
    await stage.made(meshy, GenerateRequest(pictures=(file,), polycount=3_000))

    assert file.inline is None
    assert stage.vendor.tasks.all()[-1].plan.body["image_url"] == preview.url


async def test_a_link_that_meshy_cannot_reach_is_told_apart(stage: Stage, meshy: Meshy) -> None:
    file = await meshy.upload(replace(upload_of(b""), link="https://maquette.invalid/f/1.png"))

    with pytest.raises(NotHandedOver):
        await meshy.submit(GenerateRequest(pictures=(file,)), seed=1)

    assert stage.accepted() == 0


async def test_a_picture_that_meshy_does_not_take_is_not_sent(stage: Stage, meshy: Meshy) -> None:
    with pytest.raises(NotHandedOver, match="webp"):
        await meshy.upload(replace(upload_of(picture("red", "WEBP")), content_type="image/webp"))


async def test_our_own_file_is_rigged_repainted_and_lightened(
    stage: Stage, meshy: Meshy, tmp_path: Path
) -> None:
    _, drafted = await stage.made(meshy, KNIGHT)
    file = await meshy.upload(glb_upload(await result(meshy, drafted)))

    for request in (
        RigRequest(source=file),
        RetextureRequest(source=file, prompt="rusty iron"),
        RemeshRequest(source=file, polycount=1_000),
    ):
        _, outcome = await stage.made(meshy, request)
        assert (await facts(tmp_path, meshy, outcome)).triangles > 0


async def test_a_model_too_heavy_to_rig_is_remeshed_first(stage: Stage, meshy: Meshy) -> None:
    stage.arm("too_many_faces", type="text-to-3d-preview")
    heavy, _ = await stage.made(meshy, KNIGHT)
    with pytest.raises(SourceUnusable):
        await meshy.submit(RigRequest(source=heavy), seed=1)

    light, _ = await stage.made(meshy, RemeshRequest(source=heavy, polycount=3_000))
    _, rigged = await stage.made(meshy, RigRequest(source=light))

    assert meshy.expand("rig", triangles=300_001) == ("remesh", "rig")
    assert len(rigged.files) == 3


async def test_what_is_no_person_is_not_rigged_and_costs_nothing(stage: Stage, meshy: Meshy) -> None:
    barrel, _ = await stage.made(meshy, DraftRequest(prompt="a wooden barrel", polycount=3_000))
    before = await meshy.balance()

    with pytest.raises(NotRiggable):
        await meshy.submit(RigRequest(source=barrel), seed=1)

    assert await meshy.balance() == before


@pytest.mark.parametrize("style", [None, *WORDS])
async def test_every_style_goes_all_the_way(stage: Stage, meshy: Meshy, style: str | None) -> None:
    front = await meshy.upload(upload_of(picture("red")))
    draft, _ = await stage.made(meshy, replace(KNIGHT, style=style))

    await stage.made(meshy, GenerateRequest(draft=draft, style=style))
    await stage.made(meshy, GenerateRequest(pictures=(front,), style=style))
    await stage.made(meshy, GenerateRequest(pictures=(front, front), style=style))

    assert stage.accepted() == 4


async def test_the_longest_prompt_fits_the_shorter_of_two_documented_limits(
    stage: Stage, meshy: Meshy
) -> None:
    stage.vendor.ways.prompt_most = 600
    longest = "x" * meshy.capabilities().prompt_max

    for style in WORDS:
        await meshy.submit(DraftRequest(prompt=longest, style=style), seed=1)

    assert stage.accepted() == len(WORDS)


async def test_ten_clips_come_in_one_file_in_the_order_asked_for(
    stage: Stage, meshy: Meshy, tmp_path: Path
) -> None:
    rig, _ = await stage.made(meshy, RigRequest(source=await knight(stage, meshy)))

    _, animated = await stage.made(meshy, AnimateRequest(source=rig, clips=tuple(ACTIONS)[9::-1]))

    clips = (await facts(tmp_path, meshy, animated)).clips
    assert (len(clips), clips[2], clips[-1]) == (10, "Victory_Cheer", "Idle")


# What can go wrong with a submit


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"name": "reject"}, Rejected),
        ({"name": "moderated"}, Moderated),
        ({"name": "out_of_credit"}, OutOfCredit),
        ({"name": "unauthorised"}, Unauthorised),
        ({"name": "rate_limited"}, RateLimited),
        ({"name": "pool_full"}, PoolFull),
        ({"name": "no_plan"}, Unauthorised),
    ],
)
async def test_a_refusal_says_what_it_is_and_leaves_nothing_behind(
    stage: Stage, meshy: Meshy, fault: dict[str, Any], kind: type[ProviderError]
) -> None:
    stage.arm(**fault)

    with pytest.raises(ProviderError) as caught:
        await meshy.submit(KNIGHT, seed=1)

    assert type(caught.value) is kind
    assert caught.value.reference
    assert stage.accepted() == 0
    assert (await meshy.balance()).available == 1000


async def test_a_full_queue_and_an_exceeded_rate_say_when_to_come_back(stage: Stage, meshy: Meshy) -> None:
    stage.vendor.keys.limits["tasks"] = 1
    await meshy.submit(KNIGHT, seed=1)

    with pytest.raises(PoolFull) as full:
        await meshy.submit(KNIGHT, seed=2)
    stage.vendor.keys.limits["requests"] = 2
    with pytest.raises(RateLimited) as limited:
        await meshy.submit(KNIGHT, seed=3)

    assert full.value.retry_after == 12
    assert limited.value.retry_after == 1


@pytest.mark.parametrize("at", ["task", "request"])
async def test_words_that_are_not_allowed_are_moderated_sooner_or_later(
    stage: Stage, meshy: Meshy, at: Any
) -> None:
    stage.vendor.ways.moderation = at

    try:
        handle = await meshy.submit(DraftRequest(prompt="a gruesome knight"), seed=1)
    except Moderated:
        assert at == "request"
    else:
        outcome = await stage.end_of(meshy, handle.task_id)
        assert isinstance(outcome, Failed)
        assert (at, outcome.code) == ("task", "moderated")

    assert (await meshy.balance()).available == 1000


async def test_a_request_that_cannot_be_done_is_refused_clearly(stage: Stage, meshy: Meshy) -> None:
    unfinished = TaskRef(task_id=(await meshy.submit(KNIGHT, seed=1)).task_id)
    requests: list[tuple[Request, type[ProviderError]]] = [
        (GenerateRequest(draft=TaskRef(task_id=Stage.nobody)), TaskNotFound),
        (GenerateRequest(draft=unfinished), SourceUnusable),
        (RigRequest(source=unfinished), SourceUnusable),
        (AnimateRequest(source=TaskRef(task_id=Stage.nobody), clips=("walk",)), TaskNotFound),
        (RigRequest(source=TaskRef(task_id="text-to-3d/x")), TaskNotFound),
        (RigRequest(source=FileRef(token="x", inline=b"no model")), Rejected),
    ]

    for request, kind in requests:
        with pytest.raises(ProviderError) as caught:
            await meshy.submit(request, seed=2)
        assert type(caught.value) is kind
    assert stage.accepted() == 1


# How tasks end


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("late_failed", "vendor_failed"),
        ("late_timeout", "vendor_failed"),
        ("late_invalid", "vendor_failed"),
        ("late_moderated", "moderated"),
        ("late_cancelled", "vendor_cancelled"),
    ],
)
async def test_a_task_that_fails_later_has_its_code_and_costs_nothing(
    stage: Stage, meshy: Meshy, fault: str, code: str
) -> None:
    stage.arm(fault)
    handle = await meshy.submit(KNIGHT, seed=1)

    outcome = await stage.end_of(meshy, handle.task_id)

    assert isinstance(outcome, Failed)
    assert outcome.code == code
    assert (await meshy.balance()).available == 1000


async def test_a_success_without_a_model_has_no_file_of_one(stage: Stage, meshy: Meshy) -> None:
    stage.arm("missing_model_url")
    _, outcome = await stage.made(meshy, KNIGHT)

    assert not [file for file in outcome.files if file.kind == "model"]


@pytest.mark.parametrize("kind", ["animate", "animation"])
async def test_an_animation_is_one_whatever_its_type_is_called(stage: Stage, meshy: Meshy, kind: Any) -> None:
    stage.vendor.ways.animation_type = kind
    rig, _ = await stage.made(meshy, RigRequest(source=await knight(stage, meshy)))

    _, animated = await stage.made(meshy, AnimateRequest(source=rig, clips=("walk",)))

    assert [file.kind for file in animated.files] == ["model"]


async def test_the_record_of_an_answer_holds_no_link_and_no_key(stage: Stage, meshy: Meshy) -> None:
    rig, rigged = await stage.made(meshy, RigRequest(source=await knight(stage, meshy)))

    assert "://" not in str(rigged.answer)
    assert "msy_" not in str(rigged.answer)
    assert rigged.answer["id"] == rig.task_id.removeprefix("rigging/")


# Files


async def test_a_dead_link_is_replaced_by_looking_again(stage: Stage, meshy: Meshy) -> None:
    model, outcome = await stage.made(meshy, KNIGHT)
    stage.pass_time(25 * 3600)

    with pytest.raises(ProviderError, match="LinkExpired"):
        await result(meshy, outcome)

    fresh = await meshy.check(model.task_id)
    assert isinstance(fresh, Succeeded)
    assert (await result(meshy, fresh)).startswith(b"glTF")


async def test_the_key_stays_away_from_the_files(stage: Stage, meshy: Meshy) -> None:
    """The sandbox refuses a link that is called with a key."""
    _, outcome = await stage.made(meshy, KNIGHT)

    assert (await result(meshy, outcome)).startswith(b"glTF")


# Looking at many


async def test_a_vendor_that_does_not_answer_is_unavailable(stage: Stage) -> None:
    hasty = stage.client(timing=Timing(call=0.000_001))

    with pytest.raises(Unavailable):
        await hasty.check(Stage.nobody)


# Stopping


async def test_a_task_in_the_queue_is_deleted_and_paid_back(stage: Stage, meshy: Meshy) -> None:
    handle = await meshy.submit(KNIGHT, seed=1)

    assert await meshy.cancel(handle.task_id)
    assert (await meshy.balance()).available == 1000
    assert await meshy.cancel(handle.task_id)


@pytest.mark.parametrize("seconds", [4, 120])
async def test_a_task_that_has_begun_or_ended_is_left_as_it_is(
    stage: Stage, meshy: Meshy, seconds: float
) -> None:
    handle = await meshy.submit(KNIGHT, seed=1)
    stage.pass_time(seconds)

    assert not await meshy.cancel(handle.task_id)
    assert isinstance(await stage.end_of(meshy, handle.task_id), Succeeded)
    assert (await meshy.balance()).available == 980


# Webhooks and the library


async def test_a_call_names_a_task_that_can_be_looked_at(stage: Stage, meshy: Meshy) -> None:
    handle = await meshy.submit(KNIGHT, seed=1)
    task = stage.vendor.tasks.all()[-1]
    body = f'{{"id": "{task.task_id}", "type": "{task.plan.type}", "status": "FAILED"}}'

    task_id = await meshy.heard({}, body.encode())

    assert task_id == handle.task_id
    assert isinstance(await meshy.check(task_id), Running)


@pytest.mark.parametrize("shape", ["array", "result"])
async def test_the_library_is_as_we_know_it(stage: Stage, meshy: Meshy, shape: Any) -> None:
    stage.vendor.ways.library_shape = shape

    assert await meshy.inspect() == []


async def test_a_library_that_cannot_be_read_is_nothing_to_tell(stage: Stage, meshy: Meshy) -> None:
    stage.arm("html_502", on="read", times=3)

    assert await meshy.inspect() == ()


# What is known without asking


def test_what_meshy_can_do(meshy: Meshy) -> None:
    capabilities = meshy.capabilities()

    assert capabilities.styles == ("realistic", "cartoon", "low_poly")
    assert (capabilities.max_pictures, capabilities.negative_prompt_max) == (4, 0)
    assert (capabilities.can_stop, capabilities.stops_started, capabilities.echoes) == (True, False, False)
    assert (capabilities.rig_clips, capabilities.clips_at_once) == (("walk", "run"), 10)
    assert capabilities.polycount == range(100, 300_001)
    assert 500 < capabilities.prompt_max < 600


@pytest.mark.parametrize(
    ("stage_name", "facts", "steps"),
    [
        ("generate", {}, ("draft", "generate")),
        ("generate", {"pictures": 1}, ("generate",)),
        ("generate", {"pictures": 4}, ("generate",)),
        ("rig", {}, ("rig",)),
        ("rig", {"triangles": 300_000}, ("rig",)),
        ("rig", {"triangles": 300_001}, ("remesh", "rig")),
        ("animate", {"triangles": 900_000}, ("animate",)),
        ("retexture", {}, ("retexture",)),
    ],
)
def test_a_stage_is_done_in_these_steps(
    meshy: Meshy, stage_name: str, facts: dict[str, int], steps: tuple[str, ...]
) -> None:
    assert meshy.expand(stage_name, **facts) == steps
    for step in steps:
        assert meshy.deadline(step) >= 10 * 60_000
        assert meshy.deadline(step) > 3 * meshy.estimate(step).seconds * 1000
        assert meshy.estimate(step).usd_micros > 0
        assert (meshy.pool(step).name, meshy.pool(step).size) == ("tasks", 10)


def test_every_rig_plays_the_whole_library(meshy: Meshy) -> None:
    assert meshy.clips({}) == meshy.clips({"anything": 1}) == tuple(ACTIONS)


@pytest.mark.parametrize("key", ["msy_abcdefghijkl", "msy-abcdefghijkl", "something_newer"])
def test_a_key_may_begin_in_any_way(key: str) -> None:
    assert verify_key_shape(key) is None


@pytest.mark.parametrize(
    "key", ["", "msy", "msy_ abcdefghijkl", "msy_abcdefghijkl\n", "m\u00fcy_abcdefghijk"]
)
def test_something_that_is_no_key_is_told(key: str) -> None:
    said = verify_key_shape(key)

    assert said
    assert key not in said or len(key) < 4
