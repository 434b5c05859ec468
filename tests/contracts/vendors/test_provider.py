"""What ``providers.base.Provider`` promises, asked of every vendor's client over a real socket."""

import inspect
from dataclasses import replace
from pathlib import Path

import pytest

from bot.files.formats import check_format
from bot.files.glb import check_glb
from providers.base import (
    Absent,
    CannotTell,
    ConvertRequest,
    Found,
    Provider,
    RemeshRequest,
    RetextureRequest,
    RigRequest,
    Running,
    Succeeded,
)
from providers.errors import AnswerLost, TaskNotFound
from providers.registry import FACTORIES, KEY_SHAPES
from tests.contracts.vendors.alone import LISTED, LONG_ENOUGH, Alone
from tests.contracts.vendors.table import KEYED, MESHY, ROWS, TRIPO, Row
from tests.providers.uploads import upload_of

EVERY = pytest.mark.parametrize("row", ROWS, ids=str)


# What there is


def test_every_vendor_of_the_registry_is_held_to_it() -> None:
    assert {row.vendor for row in ROWS} == set(FACTORIES)
    assert {row.vendor for row in ROWS if row.key} == set(KEY_SHAPES)


@pytest.mark.parametrize("row", KEYED, ids=str)
def test_a_key_is_known_by_its_shape(row: Row) -> None:
    for key in (row.key, row.another_key):
        assert KEY_SHAPES[row.vendor](key) is None
        assert KEY_SHAPES[row.vendor](f"{key} {key}")


@pytest.mark.parametrize("client", FACTORIES.values(), ids=FACTORIES)
def test_a_client_is_called_in_the_words_of_the_protocol(client: type) -> None:
    for name, promised in inspect.getmembers(Provider, inspect.isfunction):
        if not name.startswith("_"):
            has = inspect.signature(getattr(client, name)).parameters.values()
            wants = inspect.signature(promised).parameters.values()
            assert [(one.name, one.kind) for one in has] == [(one.name, one.kind) for one in wants], name


@EVERY
async def test_every_step_has_its_time_price_place_and_deadline(alone: Alone) -> None:
    provider = alone.provider
    can = provider.capabilities()
    offered = {"generate": can.words, "rig": can.rig, "animate": can.animate}

    for stage in [stage for stage, offers in offered.items() if offers]:
        steps = provider.expand(stage)
        assert steps[-1] == stage
        for step in steps:
            estimate = provider.estimate(step)
            assert provider.deadline(step) > 1000 * estimate.seconds > 0
            assert estimate.usd_micros >= 0
            assert provider.pool(step).size > 0
    assert bool(provider.clips({})) is can.animate
    assert set(can.rig_clips) <= set(provider.clips({}))


# Asking


@EVERY
async def test_it_takes_what_it_says_it_takes(alone: Alone) -> None:
    can = alone.provider.capabilities()
    requests = [
        *[await alone.first(style=style) for style in (None, *can.styles)],
        *[await alone.first(polycount=can.polycount[end]) for end in (0, -1) if can.polycount],
        *[await alone.first(pictures=count) for count in {1, can.max_pictures}],
        *[replace(await alone.first(style=style), prompt="k" * can.prompt_max) for style in can.styles],
    ]

    for seed, request in enumerate(requests):
        await alone.provider.submit(request, seed=seed)
        alone.vendor.clock.advance(LONG_ENOUGH)

    assert len(await alone.vendor.books()) == len(requests)


@EVERY
async def test_it_makes_models_and_rigs_a_file_that_it_is_handed(alone: Alone, tmp_path: Path) -> None:
    glb = await alone.content(await alone.model())
    upload = replace(upload_of(glb, name="knight.glb"), content_type="model/gltf-binary")
    file = await alone.provider.upload(upload)

    _, outcome = await alone.made(RigRequest(source=file, rig_type="biped"), seed=3)

    (tmp_path / "plain.glb").write_bytes(glb)
    (tmp_path / "rigged.glb").write_bytes(await alone.content(outcome))
    assert check_glb(tmp_path / "plain.glb").joints == 0
    assert check_glb(tmp_path / "rigged.glb").joints > 0


@pytest.mark.parametrize("row", [TRIPO, MESHY], ids=str)
async def test_it_makes_of_a_file_what_it_says_it_makes(alone: Alone, tmp_path: Path) -> None:
    can = alone.provider.capabilities()
    upload = upload_of(await alone.content(await alone.model()), name="knight.glb")
    file = await alone.provider.upload(replace(upload, content_type="model/gltf-binary"))
    asked = {
        "retexture": [RetextureRequest(source=file, prompt="made of moss")],
        "remesh": [RemeshRequest(source=file, polycount=can.remesh[end]) for end in (0, -1)],
        "convert": [ConvertRequest(source=file, format=kind) for kind in can.formats],
    }

    for step, requests in asked.items():
        estimate = alone.provider.estimate(step)
        assert alone.provider.deadline(step) > 1000 * estimate.seconds > 0
        assert alone.provider.pool(step).size > 0
        for seed, request in enumerate(requests, start=10):
            _, outcome = await alone.made(request, seed=seed)
            kind = getattr(request, "format", "glb")
            assert f".{kind}" in [one.extension for one in outcome.files if one.kind == "model"]
            (tmp_path / "made").write_bytes(await alone.content(outcome))
            if kind == "glb":
                check_glb(tmp_path / "made")
            else:
                check_format(tmp_path / "made", kind)


# Looking


@EVERY
async def test_several_looks_at_once_see_what_single_ones_see(alone: Alone) -> None:
    ended, _ = await alone.made(await alone.first())
    others = [(await alone.provider.submit(await alone.first(), seed=seed)).task_id for seed in range(2, 6)]
    tasks = [ended, *others]

    at_once = await alone.provider.check_many([*tasks, tasks[0][:-12] + "000000000000"])
    singly = {task_id: await alone.provider.check(task_id) for task_id in tasks}

    assert {task_id: type(at_once[task_id]) for task_id in tasks} == {
        task_id: type(outcome) for task_id, outcome in singly.items()
    }
    assert [type(one) for one in singly.values()] == [Succeeded, *[Running] * len(others)]
    assert isinstance(list(at_once.values())[-1], TaskNotFound)


@EVERY
async def test_a_task_that_the_vendor_forgot_is_not_found(alone: Alone) -> None:
    alone.vendor.arm("forgotten")
    task_id = (await alone.provider.submit(await alone.first(), seed=1)).task_id
    alone.vendor.clock.advance(LONG_ENOUGH)

    with pytest.raises(TaskNotFound):
        await alone.provider.check(task_id)


@EVERY
async def test_a_submit_whose_answer_was_cut_is_found_at_once(alone: Alone) -> None:
    request, since = await alone.first(), alone.vendor.clock.now()
    alone.vendor.arm("cut_after_accept")
    with pytest.raises(AnswerLost):
        await alone.provider.submit(request, seed=7)

    found = await alone.find(request, since=since)

    assert isinstance(found, Found)
    assert isinstance(await alone.provider.check(found.handle.task_id), Running)


@EVERY
async def test_a_submit_that_never_arrived_is_not_found_and_absent_in_the_end(alone: Alone) -> None:
    request, since = await alone.first(), alone.vendor.clock.now()

    at_once = await alone.find(request, since=since)
    alone.vendor.clock.advance(LISTED)

    assert isinstance(at_once, Absent | CannotTell)
    assert await alone.find(request, since=since) == Absent()


# Stopping


@EVERY
async def test_what_it_says_it_stopped_costs_nothing(alone: Alone) -> None:
    await alone.vendor.control("speed", factor=0)
    task_id = (await alone.provider.submit(await alone.first(), seed=1)).task_id

    stopped = await alone.provider.cancel(task_id)
    await alone.vendor.control("speed", factor=1)
    alone.vendor.clock.advance(LONG_ENOUGH)

    assert stopped is alone.provider.capabilities().can_stop
    (task,) = await alone.vendor.books()
    assert (task["credits"] == 0) is (stopped or not alone.vendor.row.key)


@EVERY
async def test_what_has_ended_is_not_stopped_and_not_lost(alone: Alone) -> None:
    task_id, _ = await alone.made(await alone.first())
    before = await alone.vendor.books()

    assert not await alone.provider.cancel(task_id)

    assert isinstance(await alone.provider.check(task_id), Succeeded)
    assert await alone.vendor.books() == before
