"""How jobs end that do not end well, and how they are stopped."""

from pathlib import Path

import pytest

from providers.base import (
    Failed,
    GenerateRequest,
    Succeeded,
)
from providers.comfyui import ComfyUI
from providers.errors import (
    DownloadFailed,
    TaskNotFound,
    TooLarge,
    Unavailable,
)
from tests.providers.comfyui.building import GRAPH, MANIFEST, write
from tests.providers.comfyui.conftest import OWL, Stage
from tests.providers.stage import first_file
from tests.providers.uploads import picture, upload_of


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("late_failed", "vendor_failed"),
        ("out_of_memory", "vendor_failed"),
        ("late_cancelled", "vendor_cancelled"),
    ],
)
async def test_each_bad_end_has_its_code(stage: Stage, comfyui: ComfyUI, fault: str, code: str) -> None:
    stage.arm(fault)
    handle = await comfyui.submit(OWL, seed=1)

    outcome = await stage.end_of(comfyui, handle.task_id)

    assert isinstance(outcome, Failed)
    assert outcome.code == code
    assert "brass" not in str(outcome.answer)


async def test_an_end_that_nobody_knows_does_no_harm(stage: Stage, comfyui: ComfyUI) -> None:
    stage.arm("unknown_status")
    handle = await comfyui.submit(OWL, seed=1)

    assert isinstance(await stage.end_of(comfyui, handle.task_id), Succeeded | Failed)


async def test_a_success_without_a_model_names_none(stage: Stage, comfyui: ComfyUI) -> None:
    stage.arm("missing_model_url")

    outcome = await stage.result(comfyui, OWL)

    assert [file.kind for file in outcome.files if file.kind == "model"] == []


async def test_a_file_that_is_gone_or_too_large_is_not_fetched(stage: Stage, comfyui: ComfyUI) -> None:
    outcome = await stage.result(comfyui, OWL)
    with pytest.raises(TooLarge):
        await first_file(comfyui, outcome, limit=100)
    stage.arm("expired_links")
    gone = await stage.result(comfyui, OWL, seed=2)
    with pytest.raises(DownloadFailed):
        await first_file(comfyui, gone)


async def test_a_restart_forgets_what_ran(stage: Stage, comfyui: ComfyUI) -> None:
    handle = await comfyui.submit(OWL, seed=1)
    await stage.vendor.restart()

    with pytest.raises(TaskNotFound):
        await comfyui.check(handle.task_id)


async def test_a_server_that_is_away_is_unavailable_and_nothing_is_lost(
    stage: Stage, comfyui: ComfyUI
) -> None:
    handle = await comfyui.submit(OWL, seed=1)
    stage.clock.advance(20)
    await stage.server.close()

    for call in (comfyui.check(handle.task_id), comfyui.submit(OWL, seed=2), comfyui.balance()):
        with pytest.raises(Unavailable):
            await call


async def test_a_waiting_job_is_taken_back_and_leaves_no_trace(stage: Stage, comfyui: ComfyUI) -> None:
    first = await comfyui.submit(OWL, seed=1)
    second = await comfyui.submit(OWL, seed=2)

    assert await comfyui.cancel(second.task_id) is True

    assert isinstance(await stage.end_of(comfyui, first.task_id), Succeeded)
    with pytest.raises(TaskNotFound):
        await comfyui.check(second.task_id)


async def test_a_running_job_is_stopped(stage: Stage, comfyui: ComfyUI) -> None:
    handle = await comfyui.submit(OWL, seed=1)
    stage.clock.advance(2)

    assert await comfyui.cancel(handle.task_id) is True

    outcome = await stage.end_of(comfyui, handle.task_id)
    assert isinstance(outcome, Failed)
    assert outcome.code == "vendor_cancelled"


async def test_an_old_server_is_not_asked_to_stop_what_runs(stage: Stage, tmp_path: Path) -> None:
    stage.vendor.library.version = "0.3.56"
    graph = {
        "1": GRAPH["1"],
        "9:1": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "a"}},
    }
    manifest = MANIFEST.replace('seed = "2.seed"', "")
    owner = stage.client(workflows=write(tmp_path, graph=graph, manifest=manifest))
    front = await owner.upload(upload_of(picture()))
    handle = await owner.submit(GenerateRequest(pictures=(front,)), seed=1)

    assert await owner.cancel(handle.task_id) is False
    assert isinstance(await stage.end_of(owner, handle.task_id), Succeeded)


async def test_what_has_ended_cannot_be_stopped(stage: Stage, comfyui: ComfyUI) -> None:
    handle = await comfyui.submit(OWL, seed=1)
    stage.clock.advance(60)

    assert await comfyui.cancel(handle.task_id) is False
