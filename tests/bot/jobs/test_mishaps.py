"""What goes wrong amid a step, by somebody's mistake or nobody's: it costs a pause, never the engine."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.files.clips import combine_clips
from bot.files.errors import CannotCombine
from bot.jobs import collecting
from bot.jobs.engine import AFTER_A_BREAK, BREAKS
from providers.errors import LinkExpired, TaskNotFound, Unavailable
from storage.errors import StoreUnavailable
from storage.models import JobState, ModelState, RunState
from tests.bot.jobs.conftest import CHAIN, OWL, Workshop


async def test_a_look_that_fails_as_a_whole_is_taken_again(workshop: Workshop) -> None:
    ask, troubles = workshop.vendor.check_many, [Unavailable("tripo"), TaskNotFound("tripo")]

    async def down(task_ids: Sequence[str]) -> Any:
        if troubles:
            raise troubles.pop(0)
        return await ask(task_ids)

    workshop.vendor.check_many = down  # type: ignore[method-assign]

    assert (await workshop.make()).job.state is JobState.DONE
    assert troubles == []


async def test_a_step_that_breaks_is_taken_again_after_a_pause(workshop: Workshop) -> None:
    ask, mistakes = workshop.vendor.check_many, [KeyError("ours")]

    async def broken(task_ids: Sequence[str]) -> Any:
        if mistakes:
            raise mistakes.pop()
        return await ask(task_ids)

    workshop.vendor.check_many = broken  # type: ignore[method-assign]
    begun = workshop.clock.now()

    assert (await workshop.make()).job.state is JobState.DONE
    assert workshop.clock.now() - begun >= AFTER_A_BREAK


async def test_a_step_that_keeps_breaking_ends_its_run_and_no_other(workshop: Workshop) -> None:
    breaks = []

    async def broken(task_ids: Sequence[str]) -> Any:
        breaks.append(task_ids)
        raise KeyError("ours")

    workshop.vendor.check_many = broken  # type: ignore[method-assign]

    view = await workshop.make(CHAIN)

    assert (view.stages[0].failure, len(breaks)) == ("internal", BREAKS)
    assert await workshop.left() == 10


async def test_what_breaks_as_it_is_searched_for_stays_unsure(workshop: Workshop) -> None:
    workshop.vendor.lose.append("accepted")

    async def broken(*_: object, **__: object) -> Any:
        raise KeyError("ours")

    workshop.vendor.find = broken  # type: ignore[method-assign]

    view = await workshop.make()

    assert (view.stages[0].state, len(workshop.vendor.tasks)) == (RunState.UNSURE, 1)


async def test_a_link_that_expired_is_asked_for_anew(workshop: Workshop) -> None:
    workshop.vendor.looks_needed = 0
    workshop.vendor.unfetchable = LinkExpired("tripo")
    job = await workshop.ask()
    await workshop.core.engine.start()
    while not workshop.vendor.fetches:
        await workshop.core.engine.run_once()
    workshop.vendor.unfetchable = None
    looks = workshop.vendor.tasks["task-1"].looks

    await workshop.core.engine.run_until_idle()

    assert (await workshop.view(job)).job.state is JobState.DONE
    assert workshop.vendor.tasks["task-1"].looks > looks


async def test_clips_that_cannot_be_joined_stay_apart_and_nobody_pays_less_or_more(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def apart(*_: object, **__: object) -> None:
        raise CannotCombine("not takes of one rig")

    monkeypatch.setattr(collecting, "combine_clips", apart)

    view = await workshop.make(CHAIN)

    assert (view.job.state, view.state, view.charged) == (JobState.DONE, ModelState.COMPLETE, 5)
    assert [file.clip for file in view.clip_files] == ["walk", "idle"]


async def test_a_store_that_fails_as_clips_are_joined_is_tried_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = [True]

    def once(paths: Sequence[Path], *rest: Any, **more: Any) -> Any:
        if fails:
            fails.clear()
            raise StoreUnavailable("folder", "the disk is gone")
        return combine_clips(paths, *rest, **more)

    monkeypatch.setattr(collecting, "combine_clips", once)

    view = await workshop.make(CHAIN)

    assert view.model_file is not None
    assert view.model_file.artifact.facts["clips"] == ["walk", "idle"]


async def test_a_late_look_that_fails_is_not_taken_again(workshop: Workshop) -> None:
    workshop.vendor.looks_needed = 10**6
    view = await workshop.make(OWL)
    workshop.vendor.forgotten.update(workshop.vendor.tasks)
    workshop.clock.advance(hours=2)

    await workshop.core.engine.run_once()

    (run,) = await workshop.runs(view.job)
    assert (run.failure, run.due_at, run.cost_micros) == ("deadline", None, None)
