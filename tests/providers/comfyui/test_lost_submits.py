"""Submits whose answer was lost."""

from typing import Any

import pytest

from providers.base import (
    Absent,
    Found,
    Succeeded,
)
from providers.comfyui import ComfyUI
from providers.comfyui.requests import prompt_id_of
from providers.errors import (
    AnswerLost,
    ProviderError,
)
from tests.providers.comfyui.conftest import OWL, Stage


async def found(stage: Stage, comfyui: ComfyUI, seed: int = 1) -> Any:
    now = stage.clock.now()
    return await comfyui.find(OWL, seed=seed, since=now - 30_000, now=now, known=())


@pytest.mark.parametrize("fault", ["cut_after_accept", "html_502_after_accept"])
@pytest.mark.parametrize("later", [0, 60])
async def test_a_job_whose_answer_was_lost_is_found_by_its_id(
    stage: Stage, comfyui: ComfyUI, fault: str, later: float
) -> None:
    stage.arm(fault)
    with pytest.raises(AnswerLost):
        await comfyui.submit(OWL, seed=1)
    stage.clock.advance(later)

    answer = await found(stage, comfyui)

    assert isinstance(answer, Found)
    assert answer.handle.task_id == stage.newest() == f"text_to_3d/{prompt_id_of(1)}"
    assert isinstance(await stage.end_of(comfyui, answer.handle.task_id), Succeeded)
    assert stage.accepted() == 1


@pytest.mark.parametrize("fault", ["cut_before_accept", "html_502", "html_page"])
async def test_a_job_that_was_never_accepted_is_absent(stage: Stage, comfyui: ComfyUI, fault: str) -> None:
    stage.arm(fault)
    with pytest.raises(ProviderError):
        await comfyui.submit(OWL, seed=1)

    assert await found(stage, comfyui) == Absent()
    assert stage.accepted() == 0


async def test_two_members_who_ask_the_same_in_the_same_second_get_their_own(
    stage: Stage, comfyui: ComfyUI
) -> None:
    stage.arm("cut_after_accept", times=2)
    for seed in (1, 2):
        with pytest.raises(AnswerLost):
            await comfyui.submit(OWL, seed=seed)

    answers = [await found(stage, comfyui, seed) for seed in (1, 2, 3)]

    assert [answer.handle.task_id for answer in answers[:2]] == [
        f"text_to_3d/{prompt_id_of(seed)}" for seed in (1, 2)
    ]
    assert answers[2] == Absent()


async def test_a_submit_that_a_restart_swallowed_is_absent(stage: Stage, comfyui: ComfyUI) -> None:
    stage.arm("cut_after_accept")
    with pytest.raises(AnswerLost):
        await comfyui.submit(OWL, seed=1)
    await stage.vendor.restart()

    assert await found(stage, comfyui) == Absent()
