"""Models and jobs of a vendor that is no longer there: shown, found, built on, and never in the way."""

from dataclasses import replace

import pytest

from bot.jobs.errors import KeyUnusable, UnknownVendor
from bot.jobs.orders import AnimateOrder, RetryOrder, RigOrder
from providers.base import FileRef, RigRequest
from providers.errors import Moderated
from storage.models import JobState, ModelState, RunState, Stage
from tests.bot.jobs.conftest import ADA, CHAIN, OWL, Workshop
from tests.bot.jobs.vendor import ScriptedVendor


@pytest.fixture
def workshop(workshop: Workshop) -> Workshop:
    """With a second vendor, for now."""
    workshop.others = [ScriptedVendor(name="atelier", title="Atelier")]
    workshop.restart()
    return workshop


def close_down(workshop: Workshop) -> None:
    workshop.others = []
    workshop.restart()


RIGGED = replace(OWL, rig=True, provider="atelier")


async def test_its_models_are_shown_listed_and_found_as_before(workshop: Workshop) -> None:
    made = await workshop.make(replace(CHAIN, provider="atelier"))
    close_down(workshop)
    shelf = workshop.core.shelf

    view = await workshop.view(made.job)
    listed = await shelf.models(ADA)
    offered = await shelf.suggest_models(ADA, "", for_stage=Stage.ANIMATE)

    assert (view.vendor, view.stages[0].vendor, view.state) == ("Atelier", "Atelier", ModelState.COMPLETE)
    assert [one.state for one in listed] == [ModelState.COMPLETE]
    assert [one.model.id for one in offered] == [made.model.id]
    assert await shelf.suggest_clips(ADA, made.model.id, "walk") == []


async def test_its_rig_plays_no_more_and_another_can_be_made_of_our_file(workshop: Workshop) -> None:
    made = await workshop.make(RIGGED)
    close_down(workshop)
    animate = AnimateOrder(model_id=made.model.id, clips=("walk",))
    with pytest.raises(KeyUnusable) as refusal:
        await workshop.ask(animate)
    assert refusal.value.vendor == "Atelier"

    await workshop.make(RigOrder(model_id=made.model.id))

    (task,) = workshop.vendor.submitted(RigRequest)
    assert isinstance(task.request, RigRequest)
    assert isinstance(task.request.source, FileRef)
    assert (await workshop.make(animate)).state is ModelState.COMPLETE


async def test_what_failed_there_is_not_retried_elsewhere(workshop: Workshop) -> None:
    workshop.others[0].refuse.append(Moderated("atelier"))
    failed = await workshop.make(RIGGED)
    close_down(workshop)

    with pytest.raises(KeyUnusable):
        await workshop.ask(RetryOrder(run_id=failed.stages[0].run_id))
    again = await workshop.core.recipes.order(ADA, failed.model.id)
    with pytest.raises(UnknownVendor):
        await workshop.ask(again)

    assert workshop.vendor.tasks == {}


async def test_what_is_queued_there_fails_and_comes_back(workshop: Workshop) -> None:
    job = await workshop.ask(RIGGED)
    close_down(workshop)

    await workshop.finish()

    view = await workshop.view(job)
    assert (view.job.state, view.stages[0].failure) == (JobState.FAILED, "unauthorised")
    assert await workshop.left() == 10


async def test_what_runs_there_waits_for_its_return_until_the_deadline(workshop: Workshop) -> None:
    workshop.others[0].looks_needed = 10**6
    job = await workshop.ask(RIGGED)
    await workshop.core.engine.start()
    while not workshop.others[0].tasks:
        await workshop.core.engine.run_once()
    close_down(workshop)
    begun = workshop.clock.now()

    await workshop.finish()

    view = await workshop.view(job)
    assert (view.stages[0].state, view.stages[0].failure) == (RunState.FAILED, "deadline")
    assert 14 * 60_000 <= workshop.clock.now() - begun <= 17 * 60_000
    assert await workshop.left() == 10


async def test_what_runs_there_goes_on_when_it_is_back(workshop: Workshop) -> None:
    atelier = workshop.others[0]
    atelier.looks_needed = 5
    job = await workshop.ask(RIGGED)
    await workshop.core.engine.start()
    while not atelier.tasks:
        await workshop.core.engine.run_once()
    close_down(workshop)
    await workshop.core.engine.start()
    await workshop.core.engine.run_once()
    workshop.others = [atelier]
    workshop.restart()

    await workshop.finish()

    assert (await workshop.view(job)).job.state is JobState.DONE


async def test_a_result_is_waited_for_in_vain_and_then_given_up(workshop: Workshop) -> None:
    atelier = workshop.others[0]
    atelier.looks_needed = 0
    job = await workshop.ask(replace(RIGGED, rig=False))
    await workshop.core.engine.start()
    while (await workshop.runs(job))[0].state is not RunState.COLLECTING:
        await workshop.core.engine.run_once()
    close_down(workshop)

    await workshop.finish()

    (run,) = await workshop.runs(job)
    assert (run.failure, await workshop.left()) == ("download", 10)


async def test_a_late_look_there_is_left_out(workshop: Workshop) -> None:
    atelier = workshop.others[0]
    atelier.looks_needed = 10**6
    view = await workshop.make(replace(RIGGED, rig=False))
    assert view.stages[0].failure == "deadline"
    close_down(workshop)
    workshop.clock.advance(hours=2)
    await workshop.core.engine.start()

    await workshop.core.engine.run_once()

    (run,) = await workshop.runs(view.job)
    assert (run.state, run.due_at) == (RunState.FAILED, None)


async def test_its_running_job_can_be_cancelled(workshop: Workshop) -> None:
    job = await workshop.ask(RIGGED)
    await workshop.core.engine.start()
    while not workshop.others[0].tasks:
        await workshop.core.engine.run_once()
    close_down(workshop)

    terms = await workshop.core.jobs.cancel_terms(ADA, job.id)
    await workshop.core.jobs.cancel(ADA, job.id)
    await workshop.finish()

    assert (terms.returned, terms.charged) == (1, 2)
    assert (await workshop.view(job)).job.state is not JobState.LIVE
