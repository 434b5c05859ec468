"""Work with a member's own key: on their account, for no credits, and never with the owner's key instead."""

from dataclasses import replace

import pytest

from bot.jobs.choosing import AUTO
from bot.jobs.circuits import Trouble
from bot.jobs.clock import HOUR
from bot.jobs.errors import KeyUnusable, VendorInTrouble
from bot.jobs.orders import AnimateOrder, RetryOrder, RigOrder
from bot.jobs.plan import OWNER_KEY
from providers.base import AnimateRequest, FileRef, GenerateRequest, RigRequest
from providers.errors import OutOfCredit, Unauthorised
from storage.models import JobState, ModelState, RunState
from tests.bot.jobs.conftest import ADA, BEN, CHAIN, OWL, Workshop
from tests.bot.jobs.vendor import ScriptedVendor

KEY = "adas-own-key"


async def key_of(workshop: Workshop, secret: str = KEY, vendor: str = "tripo") -> ScriptedVendor:
    """Ada brings a key; the vendor as that key sees it."""
    await workshop.core.keys.set(ADA, vendor, secret)
    kinds = {one.name: one for one in (workshop.vendor, *workshop.others)}
    return kinds[vendor].keyed[secret]


async def test_nothing_is_charged_for_what_a_member_pays_at_the_vendor(workshop: Workshop) -> None:
    own = await key_of(workshop)
    assert await workshop.core.jobs.check(ADA, CHAIN) == 0

    view = await workshop.make(CHAIN)

    assert (view.job.state, view.charged, await workshop.left()) == (JobState.DONE, 0, 10)
    assert len(own.submitted(AnimateRequest)) == 2
    assert workshop.vendor.tasks == {}
    assert not any([await workshop.books(run) for run in await workshop.runs(view.job)])


async def test_another_member_pays_with_credits_as_before(workshop: Workshop) -> None:
    own = await key_of(workshop)

    view = await workshop.make(OWL, BEN)

    assert view.charged == 2
    assert own.tasks == {}


async def test_who_has_no_credits_left_can_still_make_with_their_own_key(workshop: Workshop) -> None:
    for _ in range(5):
        await workshop.make()
    await key_of(workshop)

    assert (await workshop.make(CHAIN)).job.state is JobState.DONE


async def test_a_vendor_without_the_owners_key_serves_those_who_have_one(workshop: Workshop) -> None:
    workshop.others, workshop.unowned = [ScriptedVendor(name="meshy", title="Meshy")], {"meshy"}
    workshop.restart()
    own = await key_of(workshop, vendor="meshy")

    view = await workshop.make(replace(OWL, provider="meshy"))

    assert view.job.state is JobState.DONE
    assert len(own.tasks) == 1


async def test_auto_prefers_what_costs_no_credits(workshop: Workshop) -> None:
    workshop.others = [ScriptedVendor(name="meshy", title="Meshy", usd_micros=900_000)]
    workshop.restart()
    own = await key_of(workshop, vendor="meshy")

    await workshop.make(replace(OWL, provider=AUTO))

    assert len(own.tasks) == 1


@pytest.mark.parametrize("name", [None, "tripo", AUTO])
async def test_the_owners_key_does_not_stand_in_for_a_refused_one(
    workshop: Workshop, name: str | None
) -> None:
    own = await key_of(workshop)
    own.refuse.append(Unauthorised("tripo"))
    view = await workshop.make()
    assert (view.stages[0].failure, view.stages[0].can_retry) == ("own_key_refused", False)
    (run,) = await workshop.runs(view.job)
    assert workshop.troubles == [("tripo", run.credential, Trouble.REFUSED)]
    await workshop.core.keys.refused(run.credential)
    workshop.restart()

    with pytest.raises(VendorInTrouble) as refusal:
        await workshop.ask(replace(OWL, provider=name))

    assert (refusal.value.trouble, workshop.vendor.tasks) == ("refused", {})
    assert workshop.circuits.trouble("tripo", OWNER_KEY) is None


async def test_after_its_removal_the_owners_key_serves_again_for_credits(workshop: Workshop) -> None:
    own = await key_of(workshop)
    own.refuse.append(Unauthorised("tripo"))
    await workshop.make()
    await workshop.core.keys.remove(ADA, "tripo")

    assert (await workshop.make()).charged == 2


async def test_a_new_key_serves_after_a_refused_one(workshop: Workshop) -> None:
    own = await key_of(workshop)
    own.refuse.append(Unauthorised("tripo"))
    await workshop.make()

    another = await key_of(workshop, "adas-new-key")

    assert (await workshop.make()).charged == 0
    assert len(another.tasks) == 1


async def test_an_empty_account_of_ones_own_is_told_as_such_and_stays_ones_own_trouble(
    workshop: Workshop,
) -> None:
    own = await key_of(workshop)
    own.refuse.append(OutOfCredit("tripo"))

    view = await workshop.make()

    assert view.stages[0].failure == "own_key_empty"
    assert (await workshop.make(OWL, BEN)).job.state is JobState.DONE
    with pytest.raises(VendorInTrouble):
        await workshop.ask()


async def test_a_key_removed_while_it_is_used_serves_to_the_end_and_is_then_empty(workshop: Workshop) -> None:
    own = await key_of(workshop)
    job = await workshop.ask(CHAIN)
    await workshop.core.engine.start()
    while not own.tasks:
        await workshop.core.engine.run_once()

    await workshop.core.keys.remove(ADA, "tripo")
    await workshop.core.engine.run_until_idle()

    view = await workshop.view(job)
    assert (view.job.state, view.charged, workshop.vendor.tasks) == (JobState.DONE, 0, {})
    async with workshop.db.read() as tx:
        key = await tx.vendor_keys.get((await workshop.runs(job))[0].credential)
    assert key is not None
    assert key.secret == ""


async def test_what_one_key_made_another_gets_as_our_file(workshop: Workshop) -> None:
    own = await key_of(workshop)
    made = await workshop.make()

    rigged = await workshop.make(RigOrder(model_id=made.model.id), BEN)

    assert len(own.submitted(GenerateRequest)) == 1
    (task,) = workshop.vendor.submitted(RigRequest)
    assert isinstance(task.request, RigRequest)
    assert isinstance(task.request.source, FileRef)
    assert (rigged.state, rigged.charged) == (ModelState.RIGGED, 1)


async def test_nobody_moves_a_rig_with_another_members_key(workshop: Workshop) -> None:
    own = await key_of(workshop)
    made = await workshop.make(replace(OWL, rig=True))

    with pytest.raises(KeyUnusable) as refusal:
        await workshop.ask(AnimateOrder(model_id=made.model.id, clips=("walk",)), BEN)

    assert refusal.value.vendor == "Tripo"
    assert own.submitted(AnimateRequest) == []


async def test_a_rig_of_a_key_that_is_gone_can_be_made_anew(workshop: Workshop) -> None:
    await key_of(workshop)
    made = await workshop.make(replace(OWL, rig=True))
    await workshop.core.keys.remove(ADA, "tripo")
    with pytest.raises(KeyUnusable):
        await workshop.ask(AnimateOrder(model_id=made.model.id, clips=("walk",)))

    rigged = await workshop.make(RigOrder(model_id=made.model.id))
    moved = await workshop.make(AnimateOrder(model_id=made.model.id, clips=("walk",)))

    assert (rigged.charged, moved.charged, moved.state) == (1, 1, ModelState.COMPLETE)


async def test_a_retry_is_made_with_the_key_of_the_first_try_or_not_at_all(workshop: Workshop) -> None:
    own = await key_of(workshop)
    own.refuse.append(OutOfCredit("tripo"))
    failed = await workshop.make()
    retry = RetryOrder(run_id=failed.stages[0].run_id)
    workshop.circuits.went_well("tripo", (await workshop.runs(failed.job))[0].credential)

    await workshop.core.keys.remove(ADA, "tripo")
    with pytest.raises(KeyUnusable):
        await workshop.ask(retry)

    assert workshop.vendor.tasks == {}


async def test_a_key_that_stops_working_amid_a_task_ends_the_task_and_no_other(workshop: Workshop) -> None:
    own = await key_of(workshop)
    bens = await workshop.ask(OWL, BEN)
    job = await workshop.ask()
    await workshop.core.engine.start()
    while not own.tasks:
        await workshop.core.engine.run_once()

    def refuse(_: object) -> None:
        raise Unauthorised("tripo")

    own.judge = refuse
    await workshop.core.engine.run_until_idle()

    (run,) = await workshop.runs(job)
    assert (run.state, run.failure) == (RunState.FAILED, "own_key_refused")
    assert ("tripo", run.credential, Trouble.REFUSED) in workshop.troubles
    assert (await workshop.view(bens)).job.state is JobState.DONE


async def test_the_owners_key_that_stops_working_amid_a_task_is_waited_for(workshop: Workshop) -> None:
    job = await workshop.ask()
    await workshop.core.engine.start()
    while not workshop.vendor.tasks:
        await workshop.core.engine.run_once()
    mended_at = workshop.clock.now() + 5 * 60_000

    def refuse(_: object) -> None:
        if workshop.clock.now() < mended_at:
            raise Unauthorised("tripo")

    workshop.vendor.judge = refuse
    await workshop.core.engine.run_until_idle()

    assert (await workshop.view(job)).job.state is JobState.DONE


async def test_what_waits_for_a_key_that_nobody_can_open_any_more_ends(workshop: Workshop) -> None:
    await key_of(workshop)
    job = await workshop.ask(OWL)
    await empty(workshop, (await workshop.runs(job))[0].credential)
    workshop.restart()

    await workshop.finish()

    view = await workshop.view(job)
    assert (view.stages[0].failure, workshop.vendor.tasks) == ("own_key_refused", {})


@pytest.mark.parametrize("fate", ["running", "lost"])
async def test_what_was_sent_with_a_key_that_nobody_can_open_any_more_frees_its_place(
    workshop: Workshop, fate: str
) -> None:
    own = await key_of(workshop)
    own.looks_needed = 10**6
    if fate == "lost":
        own.lose.append("accepted")
    job = await workshop.ask(OWL)
    await workshop.core.engine.start()
    while not own.tasks:
        await workshop.core.engine.run_once()
    await empty(workshop, (await workshop.runs(job))[0].credential)
    workshop.restart()
    begun = workshop.clock.now()

    await workshop.finish()

    (stage,) = (await workshop.view(job)).stages
    told = {"running": (RunState.FAILED, "deadline"), "lost": (RunState.UNSURE, "unsure")}
    assert (stage.state, stage.failure) == told[fate]
    assert workshop.clock.now() - begun < HOUR


async def empty(workshop: Workshop, key_id: str) -> None:
    """As a key looks that was sealed with a secret key that is lost."""
    async with workshop.db.begin() as tx:
        await tx.vendor_keys._change(key_id, secret="")


async def test_no_key_is_in_any_row_of_a_run(workshop: Workshop) -> None:
    await key_of(workshop)

    view = await workshop.make(CHAIN)

    assert KEY not in repr(await workshop.runs(view.job))
    assert KEY not in repr(view)
