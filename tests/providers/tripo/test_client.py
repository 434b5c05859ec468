from typing import Any

import pytest

from providers.base import (
    AnimateRequest,
    Balance,
    Cost,
    Failed,
    FileRef,
    GenerateRequest,
    RigCheckRequest,
    RigRequest,
    Running,
    Succeeded,
    TaskRef,
)
from providers.errors import (
    ContractChanged,
    LinkExpired,
    Moderated,
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
from providers.tripo import Tripo
from providers.tripo.models import FACES, STYLES
from tests.providers.stage import first_file
from tests.providers.tripo.conftest import Stage
from tests.providers.uploads import picture, upload_of

OWL = GenerateRequest(prompt="a brass owl")


# The main job


async def test_words_become_a_model_a_rig_and_a_clip(stage: Stage, tripo: Tripo) -> None:
    stage.vendor.results.links.seconds = 3600
    model, generated = await stage.made(tripo, OWL)
    _, checked = await stage.made(tripo, RigCheckRequest(source=model))
    rig, rigged = await stage.made(tripo, RigRequest(source=model, rig_type="biped"))
    _, animated = await stage.made(tripo, AnimateRequest(source=rig, clips=("walk",), rig=rigged.facts))

    assert checked.facts == {"riggable": True, "rig_type": "biped"}
    assert checked.files == ()
    assert rigged.facts == {"rig_model": "v1.0-20240301", "rig_type": "biped"}
    for outcome in (generated, rigged, animated):
        assert (await first_file(tripo, outcome)).startswith(b"glTF")
        assert [file.extension for file in outcome.files] == [".glb", ".webp"]
    costs = [outcome.cost for outcome in (generated, checked, rigged, animated)]
    assert [cost.micros // 1_000_000 for cost in costs if cost] == [20, 0, 25, 10]
    assert await tripo.balance() == Balance(available=3000 - 55, frozen=0, unit="tripo credit")


async def test_a_task_is_queued_then_runs_then_ends(stage: Stage, tripo: Tripo) -> None:
    handle = await tripo.submit(OWL, seed=1)

    queued = await tripo.check(handle.task_id)
    stage.pass_time(8)
    running = await tripo.check(handle.task_id)

    assert queued == Running(progress=0, started=False)
    assert isinstance(running, Running)
    assert running.started
    assert 10 < running.progress < 90
    assert (await tripo.balance()).frozen == 20


async def test_pictures_are_handed_over_and_become_models(stage: Stage, tripo: Tripo) -> None:
    front = await tripo.upload(upload_of(picture("red")))
    back = await tripo.upload(upload_of(picture("blue"), name='sp\u00e4t "1".png'))

    _, one = await stage.made(tripo, GenerateRequest(pictures=(front,)))
    _, several = await stage.made(tripo, GenerateRequest(pictures=(front, None, back)))

    assert [one.answer["type"], several.answer["type"]] == ["image_to_model", "multiview_to_model"]
    assert front != back


async def test_our_own_file_stands_in_for_a_task_that_is_gone(stage: Stage, tripo: Tripo) -> None:
    _, generated = await stage.made(tripo, OWL)
    glb = await first_file(tripo, generated)

    file = await tripo.upload(upload_of(glb, name="owl.glb"))
    _, rigged = await stage.made(tripo, RigRequest(source=file))

    assert (await first_file(tripo, rigged)).startswith(b"glTF")


async def test_a_large_file_goes_to_a_presigned_address(stage: Stage, tripo: Tripo) -> None:
    large = b"glTF" + bytes(50 * 1024 * 1024)

    file = await tripo.upload(upload_of(large, name="Large.GLB"))

    assert len(stage.vendor.uploads.read(file.token)) == len(large)


@pytest.mark.parametrize("model", FACES)
@pytest.mark.parametrize("style", [None, *STYLES])
async def test_every_style_is_taken_by_every_model(stage: Stage, model: str, style: str | None) -> None:
    tripo = stage.client(model=model)

    await tripo.submit(GenerateRequest(prompt="an owl", style=style, polycount=3_000), seed=1)

    assert stage.accepted() == 1


async def test_a_skeleton_of_another_kind_plays_its_own_clip(stage: Stage, tripo: Tripo) -> None:
    model, _ = await stage.made(tripo, OWL)
    rig, rigged = await stage.made(tripo, RigRequest(source=model, rig_type="quadruped"))

    clips = tripo.clips(rigged.facts)
    await tripo.submit(AnimateRequest(source=rig, clips=(clips[0],), rig=rigged.facts), seed=1)

    assert clips == ("walk",)
    assert stage.vendor.tasks.all()[0].input["animation"] == "preset:quadruped:walk"


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
        ({"name": "reject", "status": 400, "code": 2009}, Rejected),
        ({"name": "reject", "status": 400, "code": 2015}, Rejected),
        ({"name": "reject", "status": 400, "code": 2018}, SourceUnusable),
        ({"name": "reject", "status": 404, "code": 2019}, SourceUnusable),
        ({"name": "reject", "status": 403, "code": 2013}, Unauthorised),
        ({"name": "reject", "status": 404, "code": 4001}, ContractChanged),
        ({"name": "reject", "status": 400, "code": 2014}, Unavailable),
    ],
)
async def test_a_refusal_says_what_it_is_and_leaves_nothing_behind(
    stage: Stage, tripo: Tripo, fault: dict[str, Any], kind: type[ProviderError]
) -> None:
    stage.arm(**fault)

    with pytest.raises(ProviderError) as caught:
        await tripo.submit(OWL, seed=1)

    assert type(caught.value) is kind
    assert caught.value.reference
    assert stage.accepted() == 0
    assert (await tripo.balance()).available == 3000


async def test_a_full_pool_and_an_exceeded_rate_say_when_to_come_back(stage: Stage, tripo: Tripo) -> None:
    stage.vendor.tasks.pools = dict.fromkeys(stage.vendor.tasks.pools, 1)
    await tripo.submit(OWL, seed=1)

    with pytest.raises(PoolFull) as full:
        await tripo.submit(OWL, seed=2)
    stage.vendor.keys.limits["create"] = 2
    with pytest.raises(RateLimited) as limited:
        await tripo.submit(OWL, seed=3)

    assert full.value.retry_after == 2
    assert limited.value.retry_after == 60


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (RigCheckRequest(source=TaskRef(task_id="0196f4ce-7c1b-7b0e-9a52-3f0d6a5c8e11")), TaskNotFound),
        (RigRequest(source=FileRef(token="file_gone")), Rejected),
        (AnimateRequest(source=FileRef(token="file_gone"), clips=("walk",)), SourceUnusable),
        (GenerateRequest(prompt="a nude owl"), Moderated),
        (GenerateRequest(prompt="an owl \ud83e"), Rejected),
    ],
)
async def test_a_request_that_cannot_be_done_is_refused_clearly(
    tripo: Tripo, request_: Any, kind: type[ProviderError]
) -> None:
    with pytest.raises(ProviderError) as caught:
        await tripo.submit(request_, seed=1)

    assert type(caught.value) is kind


async def test_an_unfinished_model_is_no_source(tripo: Tripo) -> None:
    model = TaskRef(task_id=(await tripo.submit(OWL, seed=1)).task_id)

    with pytest.raises(SourceUnusable):
        await tripo.submit(RigCheckRequest(source=model), seed=2)
    with pytest.raises(SourceUnusable):
        await tripo.submit(AnimateRequest(source=model, clips=("walk",)), seed=3)


async def test_an_answer_without_a_status_is_an_answer(stage: Stage, tripo: Tripo) -> None:
    stage.arm("missing_status")

    assert (await tripo.submit(OWL, seed=1)).task_id


async def test_a_task_of_another_key_is_not_found(stage: Stage, tripo: Tripo) -> None:
    stage.vendor.keys.add("tsk_second", account="main")
    handle = await tripo.submit(OWL, seed=1)

    with pytest.raises(TaskNotFound):
        await stage.client(key="tsk_second").check(handle.task_id)


# How tasks end


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"name": "late_failed"}, "vendor_failed"),
        ({"name": "late_failed", "code": 2018}, "vendor_expired"),
        ({"name": "late_moderated"}, "moderated"),
        ({"name": "late_cancelled"}, "vendor_cancelled"),
    ],
)
async def test_a_task_that_fails_later_has_its_code_and_costs_nothing(
    stage: Stage, tripo: Tripo, fault: dict[str, Any], code: str
) -> None:
    stage.arm(**fault)
    handle = await tripo.submit(OWL, seed=1)

    outcome = await stage.end_of(tripo, handle.task_id)

    assert isinstance(outcome, Failed)
    assert outcome.code == code
    assert (await tripo.balance()).available == 3000


async def test_a_model_that_comes_in_a_list_is_found(stage: Stage, tripo: Tripo) -> None:
    stage.arm("model_urls_only")
    _, outcome = await stage.made(tripo, OWL)

    assert (await first_file(tripo, outcome)).startswith(b"glTF")


async def test_a_success_without_a_model_has_only_the_picture(stage: Stage, tripo: Tripo) -> None:
    stage.arm("missing_model_url")
    _, outcome = await stage.made(tripo, OWL)

    assert {file.kind for file in outcome.files} <= {"preview"}
    assert outcome.cost == Cost(micros=20_000_000, unit="tripo credit")


async def test_a_shape_without_a_skeleton_is_no_error(stage: Stage, tripo: Tripo) -> None:
    model, _ = await stage.made(tripo, GenerateRequest(prompt="a wooden barrel"))
    _, checked = await stage.made(tripo, RigCheckRequest(source=model))

    assert checked.facts["riggable"] is False


async def test_the_record_of_an_answer_holds_no_link_and_no_key(stage: Stage, tripo: Tripo) -> None:
    _, outcome = await stage.made(tripo, OWL)

    assert "://" not in str(outcome.answer)
    assert "tsk_" not in str(outcome.answer)
    assert outcome.answer["input"]["prompt"] == "a brass owl"


# Files


async def test_a_dead_link_is_replaced_by_looking_again(stage: Stage, tripo: Tripo) -> None:
    model, outcome = await stage.made(tripo, OWL)
    stage.pass_time(301)

    with pytest.raises(LinkExpired):
        await first_file(tripo, outcome)

    fresh = await tripo.check(model.task_id)
    assert isinstance(fresh, Succeeded)
    assert (await first_file(tripo, fresh)).startswith(b"glTF")


@pytest.mark.parametrize("content", [b"", b"just words"])
async def test_a_file_that_the_vendor_cannot_use_is_rejected(tripo: Tripo, content: bytes) -> None:
    with pytest.raises(Rejected):
        await tripo.upload(upload_of(content, name="x.png"))


# Looking at many


async def test_more_than_a_hundred_are_looked_at_in_batches(tripo: Tripo) -> None:
    ids = [f"0196f4ce-7c1b-7b0e-9a52-3f0d6a5c8{n:03d}" for n in range(150)]

    outcomes = await tripo.check_many(ids)

    assert [type(outcome) for outcome in outcomes.values()] == [TaskNotFound] * 150


# What is known without asking


def test_what_tripo_can_do_fits_what_it_takes(tripo: Tripo) -> None:
    capabilities = tripo.capabilities()

    assert capabilities.styles == ("realistic", "cartoon", "low_poly")
    assert (capabilities.max_pictures, capabilities.can_stop) == (4, False)
    assert 500 < capabilities.prompt_max < 1024
    assert capabilities.polycount == range(1_000, 1_500_001)


async def test_a_task_cannot_be_stopped(tripo: Tripo) -> None:
    assert not await tripo.cancel("x")


def test_a_rig_is_checked_first_and_other_stages_are_one_step(tripo: Tripo) -> None:
    assert tripo.expand("rig") == ("rig_check", "rig")
    assert tripo.expand("generate") == ("generate",)
    assert tripo.expand("animate") == ("animate",)


@pytest.mark.parametrize(
    ("model", "stage_name", "pool"),
    [
        ("v3.1-20260211", "generate", ("h-series", 10)),
        ("P1-20260311", "generate", ("p-series", 5)),
        ("P1-20260311", "rig", ("animation", 10)),
        ("v3.1-20260211", "animate", ("animation", 10)),
        ("v3.1-20260211", "rig_check", ("animation", 10)),
    ],
)
def test_every_stage_knows_its_pool(stage: Stage, model: str, stage_name: str, pool: tuple[str, int]) -> None:
    found = stage.client(model=model).pool(stage_name)

    assert (found.name, found.size) == pool


def test_every_stage_has_a_deadline(tripo: Tripo) -> None:
    minutes = [tripo.deadline(name) // 60_000 for name in ("generate", "rig_check", "rig", "animate")]

    assert minutes == [15, 5, 10, 10]
